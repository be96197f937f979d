"""The flags --as-far-as and --how-sure: what a score means, for the commands that print or write one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from explorer.analysis.tables import table
from explorer.cli.progress import ProgressBar
from explorer.images import Picture, resize

if TYPE_CHECKING:
    from explorer.analysis.ladder import Scores
    from explorer.analysis.readings import Readings
    from explorer.analysis.stability import Stability
    from explorer.metrics import Method


@dataclass(frozen=True)
class Meaning:
    """What a score means; None for what was not asked for."""

    readings: "Readings | None" = None
    stability: "Stability | None" = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, under the keys that stand behind a measurement's."""
        both = {"as_far_as": self.readings, "how_sure": self.stability}
        return {key: found.to_dict() for key, found in both.items() if found is not None}


@dataclass(frozen=True)
class Wanted:
    """Which of the two flags are given."""

    readings: bool
    stability: bool

    def __bool__(self) -> bool:
        return self.readings or self.stability

    @property
    def flag(self) -> str:
        """The first one, for an error."""
        return "--as-far-as" if self.readings else "--how-sure"

    @cached_property
    def scores(self) -> "Scores":
        """What is measured of ladders, which all images of a command share where their reference is one."""
        from explorer.analysis.ladder import Scores  # brings torch
        from explorer.analysis.questions import LADDER_BYTES

        return Scores(LADDER_BYTES)


NOTHING = Wanted(readings=False, stability=False)


def meaning_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command both flags; it takes them as `as_far_as` and `how_sure`."""
    readings = click.option(
        "--as-far-as",
        is_flag=True,
        help="Also tell which Gaussian blur, JPEG quality, noise, shift and contrast of the reference have "
        "the same score; some hundred measurements.",
    )
    stability = click.option(
        "--how-sure",
        is_flag=True,
        help="Also tell what the score becomes where both images are changed as nobody sees: moved by up to "
        "3 pixels, mirrored, dithered, scaled by 1%.",
    )
    return readings(stability(command))


def meaning_of(method: "Method", pair: tuple[Picture, Picture], wanted: Wanted) -> Meaning:
    """Find what is asked for of a pair of one size, as given, with its progress on standard error."""
    if not wanted:
        return Meaning()

    from explorer.analysis.readings import read_ladders  # these bring torch
    from explorer.analysis.stability import stability

    small = [resize(each, method.size) for each in pair]
    readings = found = None
    if wanted.readings:
        with ProgressBar(0, lambda done, total: f"{done} of {total} ladders' curves") as bar:
            readings = read_ladders(*small, method, wanted.scores, told=bar.at)
    if wanted.stability:
        with ProgressBar(0, lambda done, total: f"{done} of {total} measurements, changed") as bar:
            found = stability(*small, method, bar.at)
    return Meaning(readings, found)


def meaning_text(found: Meaning) -> str:
    """Both answers for a terminal; "" where nothing was asked for."""
    parts = []
    if found.readings is not None:
        rows = [(each.label, each.strength, each.note) for each in found.readings.readings]
        parts += [found.readings.sentence, *([table(rows, "<><")] if rows else [])]
    if found.stability is not None:
        rows = [(f"{each.score:.4f}", each.label) for each in found.stability.changed]
        parts += [found.stability.sentence, table([("score", "where both are"), *rows], "><")]
    return "\n\n".join(parts)

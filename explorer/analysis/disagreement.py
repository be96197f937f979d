"""On which two versions of a picture do two metrics disagree most?

Of a grid of versions (`version_grid`) those pairs are found that one metric orders one way and the other
metric the other way round, the clearest first.

How clearly one metric orders two versions is told in ranks: the number of places between them in the
metric's order of the whole grid, as a part of all places, 0..1. Ranks have no unit, so that decibels and
distances can be held against each other; they are the same for PSNR and for mean squared error, and for any
other stretch of a metric; and an infinite PSNR is the first rank and no more. Equal values share their mean
rank, and so are never ordered. What ranks cannot say is how far apart two neighbours are; over a grid of
dozens of versions a lead of a third of all places is no near tie.

How clearly two metrics *disagree* on a pair is the smaller of the two leads: each of the metrics must be
sure of it. A sum would put a pair first on which one metric is very sure and the other one nearly undecided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np

from explorer.analysis.candidates import PSNR as PSNR_METRIC
from explorer.analysis.candidates import Metric, texts
from explorer.analysis.correlation import leads
from explorer.analysis.rulers import PSNR, Rulers, is_similarity, label_of, text_of
from explorer.analysis.version_grid import GridRow, GridVersion
from explorer.analysis.wording import counted, percent
from explorer.distortions import find_distortion
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method

MOST = 12  # cards
CLEAR = 0.25  # of all ranks: what is less clear is not shown before the whole grid is measured
Side = Literal["A", "B"]


@dataclass(frozen=True)
class Preference:
    """What one metric says of the two versions A and B.

    Attributes:
        metric: Its label.
        values: Of A and of B, as they are shown.
        prefers: Which it finds closer to the reference.
    """

    metric: str
    values: tuple[str, str]
    prefers: Side


@dataclass(frozen=True, eq=False)
class Disagreement:
    """Two versions that two metrics order differently.

    Attributes:
        first: The version that the first metric finds closer to the reference, and the second one farther.
        second: The other way round.
        leads: How clearly each metric orders the two, 0..1: ranks between them, as a part of all ranks.
        shown: What each metric says of each version, as it is shown: [metric][version], with so many digits
            that different values look different.
    """

    first: GridVersion
    second: GridVersion
    leads: tuple[float, float]
    shown: tuple[tuple[str, str], tuple[str, str]]

    @property
    def clarity(self) -> float:
        """How clearly the metrics disagree, 0..1: the smaller of the leads."""
        return min(self.leads)

    @property
    def key(self) -> str:
        """Tells it from all others of its reference, whichever metric comes first."""
        return "|".join(sorted((self.first.link, self.second.link)))

    def sides(self, seed: int = 0) -> tuple[GridVersion, GridVersion]:
        """The two as they are laid out, A on the left; a seed's draw for this pair, which tells nothing."""
        drawn = blake2b(f"{seed}|{self.key}".encode(), digest_size=1).digest()[0] & 1
        ordered = sorted((self.first, self.second), key=lambda version: version.link)
        return (ordered[1], ordered[0]) if drawn else (ordered[0], ordered[1])

    def agreeing(self, chosen: GridVersion) -> int:
        """Which of the two metrics, 0 or 1, prefers the version that somebody chose."""
        return 0 if chosen.link == self.first.link else 1

    def verdicts(self, rulers: Rulers, seed: int = 0) -> "tuple[Preference, Preference]":
        """What each metric says of the two as they are laid out."""
        left, _ = self.sides(seed)
        found = []
        for place, ruler in enumerate(rulers):
            one, other = self.shown[place]
            is_straight = left.link == self.first.link
            prefers_first = place == 0
            found.append(
                Preference(
                    label_of(ruler),
                    (one, other) if is_straight else (other, one),
                    "A" if prefers_first == is_straight else "B",
                )
            )
        return found[0], found[1]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: the version that each metric prefers, in the metrics' order."""
        return {
            "preferred": [self.first.to_dict(), self.second.to_dict()],
            "leads": list(self.leads),
            "clarity": self.clarity,
        }


@dataclass(frozen=True, eq=False)
class Disagreements:
    """What two metrics disagree on, over a grid of one picture.

    Attributes:
        reference: At the size that was measured.
        rulers: The two metrics.
        versions: All that were measured, each pixels' once, in the grid's order.
        cards: The clearest disagreements, on which no version and no two distortions come twice.
        ordered: Pairs of versions that both metrics order, and that do not tie.
        reversed: Those among them that they order the other way round.
        left_out: A sentence for each distortion that could not be made.
    """

    reference: Picture
    rulers: Rulers
    versions: tuple[GridVersion, ...]
    cards: tuple[Disagreement, ...]
    ordered: int
    reversed: int
    left_out: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Disagreements of {' and '.join(map(label_of, self.rulers))}: {len(self.cards)} pairs>"

    @property
    def clear(self) -> tuple[Disagreement, ...]:
        """The cards that can be shown while versions are still to come."""
        return tuple(card for card in self.cards if card.clarity >= CLEAR)

    @property
    def sentence(self) -> str:
        """How often they disagree, in one sentence, which tells nothing of a single pair."""
        one, other = map(label_of, self.rulers)
        name = self.reference.name
        if len(self.versions) < 2:
            return f"There are no two versions of {name} that could be ordered."
        what = f"{counted(len(self.versions), 'version', 'versions')} of {name}"
        if not self.ordered:
            return f"No two of {what} are ordered by both {one} and {other}."
        if not self.reversed:
            return f"{one} and {other} order all pairs of {what} alike."
        share = percent(self.reversed / self.ordered)
        return f"{one} and {other} contradict each other on {share} of all pairs of {what}."

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an infinite PSNR is None."""
        return {
            "reference": {"name": self.reference.name, "digest": self.reference.digest},
            "size": list(self.reference.size),
            "metrics": [text_of(ruler) for ruler in self.rulers],
            "methods": [each.to_dict() if isinstance(each, Method) else None for each in self.rulers],
            "versions": len(self.versions),
            "ordered": self.ordered,
            "reversed": self.reversed,
            "disagreements": [card.to_dict() for card in self.cards],
            "left_out": list(self.left_out),
        }


def check_rulers(rulers: Sequence[Any]) -> None:
    """Raise `SettingError` unless these are two different metrics."""
    if len(rulers) != 2 or rulers[0] == rulers[1]:
        names = ", ".join(label_of(each) for each in rulers)
        raise SettingError(f"Two different metrics can disagree, and these are {names or 'none'}; name two.")


def disagreements(
    reference: Picture, rulers: Rulers, rows: Sequence[GridRow], most: int = MOST
) -> Disagreements:
    """Find the pairs of versions on which two metrics disagree most clearly.

    Args:
        reference: At the size that was measured.
        rulers: The two metrics by which the rows were measured, in this order.
        rows: As much of the grid as is measured.
        most: How many pairs.

    Raises:
        SettingError: the metrics are one.
    """
    check_rulers(rulers)
    versions = _distinct(rows)
    left_out = tuple(
        f"{find_distortion(row.name).label} is left out: {row.problem}" for row in rows if row.problem
    )
    if len(versions) < 2:
        return Disagreements(reference, rulers, versions, (), 0, 0, left_out)
    one, other = (
        leads([version.values[place] for version in versions], is_similarity(ruler))
        for place, ruler in enumerate(rulers)
    )
    product = one * other
    ordered, opposed = (int(np.count_nonzero(np.triu(part, 1))) for part in (product, product < 0))
    places = _clearest(versions, one, other, most)
    shown = [_texts(ruler, versions, place) for place, ruler in enumerate(rulers)]
    cards = tuple(
        Disagreement(
            versions[i],
            versions[j],
            (float(one[i, j]), float(other[j, i])),
            ((shown[0][i], shown[0][j]), (shown[1][i], shown[1][j])),
        )
        for i, j in places
    )
    return Disagreements(reference, rulers, versions, cards, ordered, opposed, left_out)


def _distinct(rows: Sequence[GridRow]) -> tuple[GridVersion, ...]:
    """All versions in the grid's order, of those with equal pixels the first."""
    found: dict[str, GridVersion] = {}
    for row in rows:
        for version in row.versions:
            found.setdefault(version.digest, version)
    return tuple(found.values())


def _clearest(
    versions: Sequence[GridVersion], one: np.ndarray, other: np.ndarray, most: int
) -> list[tuple[int, int]]:
    """Places of the clearest pairs: (preferred by the one, by the other); nothing is shown twice."""
    clarity = np.minimum(one, -other)
    first, second = np.nonzero(clarity > 0)
    # Of equally clear pairs first the one of which the surer metric is surer; then in the grid's order.
    surer = np.maximum(one, -other)[first, second]
    order = np.lexsort((second, first, -surer, -clarity[first, second]))
    found, seen, kinds = [], set(), set()
    for i, j in zip(first[order].tolist(), second[order].tolist(), strict=True):
        kind = frozenset((versions[i].name, versions[j].name))
        if len(found) == most:
            break
        if i in seen or j in seen or kind in kinds:
            continue
        found.append((i, j))
        seen |= {i, j}
        kinds.add(kind)
    return found


def _texts(ruler: Any, versions: Sequence[GridVersion], place: int) -> list[str]:
    metric = PSNR_METRIC if ruler == PSNR else Metric(text_of(ruler), label_of(ruler))
    return texts(metric, [version.values[place] for version in versions])

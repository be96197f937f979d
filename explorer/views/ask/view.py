"""What the page Ask sets up, as one value; and its link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, get_args

from explorer.errors import SettingError
from explorer.judgments.asking.drafts import Setup
from explorer.judgments.asking.drawing import MOST_VERSIONS
from explorer.judgments.asking.limits import LONGEST_TITLE, MOST_SENTINELS, MOST_TRIALS
from explorer.judgments.asking.trial import Kind
from explorer.names import harmless
from explorer.samples import SAMPLES
from explorer.views.common.settings import in_vain, quoted, read_seed

OF_SAMPLES, OF_REFERENCE, OWN, CARDS = "samples", "reference", "own", "cards"
SOURCES = (OF_SAMPLES, OF_REFERENCE, OWN, CARDS)


@dataclass(frozen=True)
class AskView:
    """What a link of the page carries.

    Attributes:
        kind: Of all trials.
        source: Where trials come from, one of `SOURCES`.
        samples: Names of those that patches are cut from; none for all.
        count: Trials beside the sentinels, where they are drawn.
        versions: Of each patch, in 2AFC.
        sentinels: Obvious trials among them.
        each: Trials of one participant; 0 for all.
        seed: Of what is drawn.
        choosing: How the next trial is chosen: "random", or "active" where most is learned.
        title: In the teacher's words.
    """

    PAGE: ClassVar[str] = "ask"

    kind: Kind = "2afc"
    source: str = OF_SAMPLES
    samples: tuple[str, ...] = ()
    count: int = 12
    versions: int = 2
    sentinels: int = 2
    each: int = 0
    seed: int = 0
    choosing: Literal["random", "active"] = "random"
    title: str = ""

    @property
    def setup(self) -> Setup:
        """What is said of a session, whatever its trials are.

        Raises:
            SettingError: a number out of its range.
        """
        return Setup(self.title, self.each or None, self.sentinels, self.seed, self.choosing)

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default."""
        usual = AskView()
        return {
            name: ",".join(value) if isinstance(value, tuple) else str(value)
            for name, (field, _) in READERS.items()
            if (value := getattr(self, field)) != getattr(usual, field)
        }

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["AskView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = cls(), []
        for name in (name for name in READERS if name in link):
            field, read = READERS[name]
            try:
                view = replace(view, **{field: read(link[name])})
            except (SettingError, ValueError) as error:
                problems.append(in_vain(name, link[name], error))
        return view, tuple(problems)


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"choose one of {', '.join(choices)}.")
        return text

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 9 and least <= int(text) <= most):
            raise ValueError(f"it must be a whole number from {least} to {most}.")
        return int(text)

    return read


def _samples(text: str) -> tuple[str, ...]:
    names = text.split(",")[: len(SAMPLES) + 1]
    unknown = next((name for name in names if name not in SAMPLES), None)
    if unknown is not None:
        raise ValueError(f"there is no sample {quoted(unknown)}; choose of {', '.join(SAMPLES)}.")
    return tuple(name for name in SAMPLES if name in names)


def _title(text: str) -> str:
    return harmless(text.strip())[:LONGEST_TITLE]


READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "asks": ("kind", _one_of(*get_args(Kind))),
    "trials_of": ("source", _one_of(*SOURCES)),
    "cut_from": ("samples", _samples),
    "trials": ("count", _whole(1, MOST_TRIALS)),
    "of_each": ("versions", _whole(2, MOST_VERSIONS)),
    "sentinels": ("sentinels", _whole(0, MOST_SENTINELS)),
    "each": ("each", _whole(0, MOST_TRIALS + MOST_SENTINELS)),
    "trial_seed": ("seed", read_seed),
    "choosing": ("choosing", _one_of("random", "active")),
    "title": ("title", _title),
}

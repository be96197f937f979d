"""What the page Sweep sweeps, and what of it is looked at, as one value; and the link that carries it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from explorer.analysis.sweep import USUAL_POINTS, Axis, parameter_axis, severity_axis
from explorer.distortions import CATALOGUE, Distortion
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.errors import SettingError
from explorer.viewer.sweep.sweep import SweepDisplay
from explorer.views.common.settings import read_own

SEVERITY = "severity"
POINTS = (11, 21, 41)
SEEDS = (3, 4, 5)
OF_SEEDS = "seeds:"  # what "beside" begins with where it is a number of seeds


@dataclass(frozen=True)
class SweepView:
    """What is swept, and what of it is looked at.

    Attributes:
        distortion: A key of the catalogue.
        over: "severity", or the name of one of its parameters.
        start, stop: The ends of that parameter; None where its severities begin and end.
        beside: Another distortion, over severity; "seeds:3" for a band of seeds; "" for nothing.
        points: How many, one of `POINTS`.
        display: Where the playhead is.
    """

    PAGE = "sweep"

    distortion: str = "gaussian_blur"
    over: str = SEVERITY
    start: float | None = None
    stop: float | None = None
    beside: str = ""
    points: int = USUAL_POINTS
    display: SweepDisplay = field(default_factory=SweepDisplay)

    @property
    def entry(self) -> Distortion:
        """The distortion's row of the catalogue."""
        return CATALOGUE[self.distortion]

    @property
    def seeds(self) -> int:
        """How many seeds make a band; 0 where none does."""
        return int(self.beside.removeprefix(OF_SEEDS)) if self.beside.startswith(OF_SEEDS) else 0

    @property
    def seen(self) -> int:
        """How many of the axes have pictures that are seen."""
        return 2 if self.beside and not self.seeds else 1

    @property
    def is_random(self) -> bool:
        """Whether a seed matters to what is swept."""
        return self.entry.random or (self.seen == 2 and CATALOGUE[self.beside].random)

    def axes(self, seed: int) -> tuple[Axis, ...]:
        """What is measured: the distortion by each seed, or with the other beside it.

        Args:
            seed: Of random distortions, and the first of several; others have one axis for all.

        Raises:
            SettingError: ends that make no axis.
        """
        seeds = [(seed + number) % (HIGHEST_SEED + 1) for number in range(max(1, self.seeds))]
        own = tuple(self._axis(each) for each in seeds)
        if self.seen == 1:
            return own
        return (*own, severity_axis(self.beside, self.points, CATALOGUE[self.beside].seed_of(seed)))

    def _axis(self, seed: int) -> Axis:
        seed = self.entry.seed_of(seed)
        if self.over == SEVERITY:
            return severity_axis(self.distortion, self.points, seed)
        return parameter_axis(self.distortion, self.over, self.start, self.stop, self.points, seed)

    def to_link(self) -> dict[str, str]:
        """The page's own parameters: those that are not as on a first visit."""
        first, display = SweepView(), self.display
        link = {
            "swept": self.distortion,
            "over": self.over,
            "beside": self.beside,
            "points": str(self.points),
        }
        usual = (first.distortion, first.over, first.beside, str(first.points))
        link = {name: text for (name, text), own in zip(link.items(), usual, strict=True) if text != own}
        for name, end in (("from", self.start), ("to", self.stop)):
            link |= {} if end is None else {name: f"{end:.6g}"}
        link |= {} if display.at is None else {"at": str(display.at)}
        link |= {"overlaid": "1"} if display.sweep else {}
        return link | ({"mapped": display.layer} if display.layer else {})

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["SweepView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = read_own(cls(), READERS, link)
        try:
            _ = view.axes(0)
        except SettingError as error:
            view = replace(view, start=None, stop=None)
            problems.append(
                f"The link asks for ends that cannot be had, and the usual ones were taken: {error}"
            )
        return view, tuple(problems)


def _swept(view: SweepView, text: str) -> SweepView:
    if text not in CATALOGUE:
        raise ValueError("there is no such distortion.")
    return replace(view, distortion=text)


def _over(view: SweepView, text: str) -> SweepView:
    names = (SEVERITY, *(parameter.name for parameter in view.entry.parameters))
    if text not in names:
        raise ValueError(f"choose one of {', '.join(names)}.")
    return replace(view, over=text)


def _end(name: str, view: SweepView, text: str) -> SweepView:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("it must be a number.") from None
    if not math.isfinite(value):
        raise ValueError("it must be a finite number.")
    if view.over == SEVERITY:
        raise ValueError("only a parameter has ends, and severity is swept.")
    (row,) = (row for row in view.entry.parameters if row.name == view.over)
    row.checked(value, view.distortion)
    return replace(view, **{name: value})


def _beside(view: SweepView, text: str) -> SweepView:
    if text.startswith(OF_SEEDS):
        if text not in {f"{OF_SEEDS}{count}" for count in SEEDS}:
            raise ValueError(f"choose {SEEDS[0]} to {SEEDS[-1]} seeds.")
        if not view.entry.random:
            raise ValueError(f"{view.entry.label} has no seed.")
    elif text not in CATALOGUE or text == view.distortion:
        raise ValueError("choose another distortion of the catalogue, or seeds:3.")
    elif view.over != SEVERITY:
        raise ValueError("another distortion can be laid beside a sweep over severity alone.")
    return replace(view, beside=text)


def _points(view: SweepView, text: str) -> SweepView:
    if text not in map(str, POINTS):
        raise ValueError(f"choose one of {', '.join(map(str, POINTS))}.")
    return replace(view, points=int(text))


def _at(view: SweepView, text: str) -> SweepView:
    if not (text.isascii() and text.isdecimal()) or len(text) > 4:
        raise ValueError("it must be the number of a point, counted from 0.")
    return replace(view, display=replace(view.display, at=int(text)))


def _overlaid(view: SweepView, text: str) -> SweepView:
    if text not in ("0", "1"):
        raise ValueError("choose one of 0, 1.")
    return replace(view, display=replace(view.display, sweep=int(text)))


def _mapped(view: SweepView, text: str) -> SweepView:
    return replace(view, display=replace(view.display, layer=text))


# In this order: what may follow depends on the distortion and on what is swept.
READERS = {
    "swept": _swept,
    "over": _over,
    "from": lambda view, text: _end("start", view, text),
    "to": lambda view, text: _end("stop", view, text),
    "beside": _beside,
    "points": _points,
    "at": _at,
    "overlaid": _overlaid,
    "mapped": _mapped,
}

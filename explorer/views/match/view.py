"""What the page Match shows, as one value; and the link that carries it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from explorer.analysis.match import USUAL
from explorer.analysis.versions import EQUAL_BY, LPIPS, Equality
from explorer.distortions import CATALOGUE
from explorer.errors import SettingError
from explorer.views.common.settings import quoted

ALL, NO_ONE = "all", "none"  # of the catalogue, in a link
MOST = 12  # that are chosen one by one
ORDERS = tuple(name for name in EQUAL_BY if name != "severity")


@dataclass(frozen=True)
class Range:
    """What can be asked for: the ends, the slider's step, how a value is written, and what is asked first."""

    low: float
    high: float
    step: float
    form: str
    first: float


RANGES = {
    "severity": Range(0.01, 1.0, 0.01, "%.2f", 0.5),
    "psnr": Range(10.0, 50.0, 0.1, "%.1f dB", 26.0),
    "ssim": Range(0.05, 0.99, 0.01, "%.2f", 0.7),
    LPIPS: Range(0.005, 2.0, 0.005, "%.3f", 0.2),
}


@dataclass(frozen=True)
class MatchView:
    """What a link of the page carries.

    Attributes:
        equal: By what the versions are equal, one of `EQUAL_BY`.
        target: How much of it they have; None for what is asked first.
        versions: Names of the distortions; None for the usual ones, and all of the catalogue is a gallery.
        ordered: By which metric they are ordered; "" for one by which they are not equal.
        picked: The chosen version; "" for none.
    """

    PAGE: ClassVar[str] = "match"

    equal: str = "psnr"
    target: float | None = None
    versions: tuple[str, ...] | None = None
    ordered: str = ""
    picked: str = ""

    @property
    def equality(self) -> Equality:
        """What is asked for."""
        first = RANGES[self.equal].first
        return Equality(self.equal, first if self.target is None else self.target)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the distortions."""
        return USUAL if self.versions is None else self.versions

    @property
    def is_gallery(self) -> bool:
        """Whether they are all that there are."""
        return self.versions == tuple(CATALOGUE)

    @property
    def order(self) -> str:
        """By which metric they are ordered."""
        return self.ordered or ("ssim" if self.equal == LPIPS else LPIPS)

    def with_target(self, target: float) -> "MatchView":
        """The same with another target."""
        return replace(self, target=None if target == RANGES[self.equal].first else target)

    def with_versions(self, names: tuple[str, ...]) -> "MatchView":
        """The same of other distortions."""
        return replace(self, versions=None if set(names) == set(USUAL) else names)

    def with_shown(self, order: str, picked: str) -> "MatchView":
        """The same ordered by a metric, and with a version chosen; what is none is left as it was."""
        is_first = order == replace(self, ordered="").order
        ordered = "" if is_first else order if order in ORDERS else self.ordered
        return replace(self, ordered=ordered, picked=picked if picked in CATALOGUE else "")

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the first view."""
        link = {} if self.equal == MatchView.equal else {"equal": self.equal}
        if self.target is not None:
            link["target"] = f"{self.target:.6g}"
        if self.versions is not None:
            link["versions"] = ALL if self.is_gallery else ",".join(self.versions) or NO_ONE
        link |= {"ordered": self.ordered} if self.ordered else {}
        return link | ({"picked": self.picked} if self.picked else {})

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["MatchView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = cls(), []
        for name in ("equal", "target", "versions", "ordered", "picked"):
            if name not in link:
                continue
            try:
                view = _READERS[name](view, link[name])
            except SettingError as error:
                problems.append(f"The link asks for {name} {quoted(link[name])}, which was left out: {error}")
        return view, tuple(problems)


def _equal(view: MatchView, text: str) -> MatchView:
    if text not in EQUAL_BY:
        raise SettingError(f"choose one of {', '.join(EQUAL_BY)}.")
    return replace(view, equal=text)


def _target(view: MatchView, text: str) -> MatchView:
    limits = RANGES[view.equal]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not limits.low <= value <= limits.high:  # NaN fails the comparison
        raise SettingError(f"choose a number from {limits.low:g} to {limits.high:g}.")
    return view.with_target(value)


def _versions(view: MatchView, text: str) -> MatchView:
    if text == ALL:
        return view.with_versions(tuple(CATALOGUE))
    if text == NO_ONE:
        return view.with_versions(())
    names = tuple(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in CATALOGUE]:
        raise SettingError(f"there is no distortion {quoted(unknown[0])}.")
    if len(names) > MOST:
        raise SettingError(f"name at most {MOST}, or “{ALL}”.")
    return view.with_versions(names)


def _ordered(view: MatchView, text: str) -> MatchView:
    if text not in ORDERS:
        raise SettingError(f"choose one of {', '.join(ORDERS)}.")
    return view.with_shown(text, view.picked)


def _picked(view: MatchView, text: str) -> MatchView:
    if text not in view.names:
        raise SettingError("it is none of the distortions that are shown.")
    return replace(view, picked=text)


_READERS = {
    "equal": _equal,
    "target": _target,
    "versions": _versions,
    "ordered": _ordered,
    "picked": _picked,
}

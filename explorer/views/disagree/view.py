"""What the page Disagree asks, and whether it hides the answer, as one value; and its link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from explorer.analysis.match import USUAL
from explorer.analysis.rulers import Rulers, read_ruler, text_of
from explorer.analysis.version_grid import named_distortions
from explorer.distortions import CATALOGUE
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.views.common.settings import in_vain, read_seed

USUAL_ONES, ALL = "usual", "all"
LONGEST = 3000  # letters of a list of distortions; all names take a fifth of it


@dataclass(frozen=True)
class DisagreeView:
    """What a link of the page carries.

    Attributes:
        between: The two metrics, as `text_of` writes them.
        over: The distortions: `USUAL_ONES`, `ALL`, or names of the catalogue separated by commas.
        seed: Of random distortions, and of the draw that lays out a pair.
        shows_verdicts: Whether the metrics' verdicts are shown before an answer.
    """

    PAGE: ClassVar[str] = "disagree"

    between: tuple[str, str] = ("psnr", "alexnet:lpips-0.1")
    over: str = USUAL_ONES
    seed: int = 0
    shows_verdicts: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The distortions' names, in the order in which they are measured."""
        return {USUAL_ONES: USUAL, ALL: tuple(CATALOGUE)}.get(self.over) or tuple(self.over.split(","))

    def rulers(self, common: Method) -> Rulers:
        """The two metrics, on the device and as exact as `common`."""
        first, second = (read_ruler(text, replace(common, size=None)) for text in self.between)
        return first, second

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default."""
        link = {
            "between": ",".join(self.between),
            "grid": self.over,
            "grid_seed": str(self.seed),
            "verdicts": "shown" if self.shows_verdicts else "hidden",
        }
        usual = DEFAULTS
        return {name: text for name, text in link.items() if text != usual[name]}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["DisagreeView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = cls(), []
        for name in (name for name in READERS if name in link):
            field, read = READERS[name]
            try:
                view = replace(view, **{field: read(link[name])})
            except (SettingError, ValueError) as error:
                problems.append(in_vain(name, link[name], error))
        return view, tuple(problems)


DEFAULTS = {
    "between": ",".join(DisagreeView.between),
    "grid": DisagreeView.over,
    "grid_seed": str(DisagreeView.seed),
    "verdicts": "hidden",
}


def _between(text: str) -> tuple[str, str]:
    parts = text.split(",") if len(text) <= LONGEST else []
    if len(parts) != 2:
        raise ValueError("name two metrics, such as psnr,alexnet:lpips-0.1.")
    first, second = (text_of(read_ruler(part, Method())) for part in parts)
    if first == second:
        raise ValueError("name two different metrics.")
    return first, second


def _over(text: str) -> str:
    if text in (USUAL_ONES, ALL):
        return text
    if len(text) > LONGEST:
        raise ValueError("name each distortion once.")
    return ",".join(named_distortions(text.split(",")))


def _verdicts(text: str) -> bool:
    if text not in ("hidden", "shown"):
        raise ValueError("choose one of hidden, shown.")
    return text == "shown"


READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "between": ("between", _between),
    "grid": ("over", _over),
    "grid_seed": ("seed", read_seed),
    "verdicts": ("shows_verdicts", _verdicts),
}

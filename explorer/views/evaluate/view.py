"""What the page Evaluate shows, as one value: which judgments, which metrics, which trials; and its link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from explorer.analysis.rulers import read_ruler, text_of
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.views.common.settings import in_vain

PAPER, UPLOAD, FOLDER = "paper", "upload", "folder"
SOURCES = (PAPER, UPLOAD, FOLDER)
ORDERS = ("first", "second", "between")  # as of `Contest`
SIDES = (64, 128, 256)  # longest sides that are offered; links may name any
SMALLEST, LARGEST = 16, 1024
MOST_METRICS = 8  # that have a colour of their own
LONGEST = 2000  # letters of a parameter
FIRST_RULERS = ("psnr", "ssim", "alexnet:lpips-0.1")


@dataclass(frozen=True)
class EvaluateView:
    """What a link of the page carries.

    Attributes:
        source: Where the judgments come from: one of `SOURCES`.
        path: Of the folder or table below the root.
        rulers: What a set of pictures is measured by, as `text_of` writes it.
        side: The longest side that its pictures are measured at, in pixels.
        subsets: Those that are shown; none for all.
        metrics: Those that are shown; none for the first ones.
        contest: The two metrics that are compared; empty for the best and the last.
        column: The subset that is told by training, and whose trials are listed; "" for all.
        order: What the trials are sorted by, one of `ORDERS`.
        leaf: Which part of the list, from 0.
        trial: The trial that is open, as "SUBSET/NAME"; "" for none.
    """

    PAGE: ClassVar[str] = "evaluate"

    source: str = PAPER
    path: str = ""
    rulers: tuple[str, ...] = FIRST_RULERS
    side: int = 64
    subsets: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    contest: tuple[str, ...] = ()
    column: str = ""
    order: str = "first"
    leaf: int = 0
    trial: str = ""

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default."""
        link = {name: write(getattr(self, field)) for name, (field, _, write) in PARAMETERS.items()}
        usual = {name: write(getattr(EvaluateView, field)) for name, (field, _, write) in PARAMETERS.items()}
        return {name: text for name, text in link.items() if text != usual[name]}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["EvaluateView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = cls(), []
        for name in (name for name in PARAMETERS if name in link):
            field, read, _ = PARAMETERS[name]
            try:
                if len(link[name]) > LONGEST:
                    raise ValueError(f"it has more than {LONGEST:,} letters.")
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


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unquote(part) for part in text.split(",") if part))


def _written(names: tuple[str, ...]) -> str:
    return ",".join(quote(name, safe=" /:") for name in names)  # a comma parts names


def _two(text: str) -> tuple[str, ...]:
    names = _names(text)
    if len(names) != 2:
        raise ValueError("name two different metrics, parted by a comma.")
    return names


def _rulers(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text_of(read_ruler(part, Method())) for part in text.split(",") if part))
    if not 0 < len(names) <= MOST_METRICS:
        raise ValueError(f"name 1 to {MOST_METRICS} metrics, such as psnr,alexnet:lpips-0.1.")
    return names


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"choose a whole number from {least} to {most}.")
        return int(text)

    return read


# Parameter of the link -> the view's field, how it is read, how it is written.
PARAMETERS: dict[str, tuple[str, Callable[[str], Any], Callable[[Any], str]]] = {
    "judgments": ("source", _one_of(*SOURCES), str),
    "set": ("path", str, str),
    "rulers": ("rulers", _rulers, ",".join),
    "rulers_at": ("side", _number(SMALLEST, LARGEST), str),
    "subsets": ("subsets", _names, _written),
    "judged_by": ("metrics", _names, _written),
    "contest": ("contest", _two, _written),
    "part": ("column", str, str),
    "disputed": ("order", _one_of(*ORDERS), str),
    "leaf": ("leaf", _number(0, 999_999), str),
    "trial": ("trial", str, str),
}

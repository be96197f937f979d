"""What the page Results shows, as one value; and its link.

A link may hold the teacher's key, as the one of Ask does. Those that the page writes name the session by its
code: they stand in an address bar that a class sees.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from explorer.analysis.rulers import Ruler, read_ruler, text_of
from explorer.errors import SettingError
from explorer.judgments.asking.limits import MOST_FAILED
from explorer.judgments.store.keys import typed_code
from explorer.metrics import Method
from explorer.views.common.settings import in_vain

METRICS, DISPUTES, SCALE, PEOPLE = "metrics", "disputes", "scale", "people"
PARTS = {METRICS: "Metrics", DISPUTES: "Disputes", SCALE: "Scale", PEOPLE: "Participants"}
RECIPES, FAMILIES = "conditions", "families"
SCALED = {RECIPES: "Conditions", FAMILIES: "Families"}
USUAL = ("psnr", "ssim", "alexnet:lpips-0.1", "alexnet:uniform")
MOST_METRICS = 8
LONGEST_KEY = 200  # letters; the store's keys have 32
LONGEST = 1000  # letters of a list of metrics


@dataclass(frozen=True)
class ResultsView:
    """What a link of the page carries.

    Attributes:
        teacher: The key of the session; "" where there is none. It is read from a link and never written.
        code: Of the session, as participants know it; "" until it is known.
        shows: Which part is shown, a key of `PARTS`.
        held: The metrics that are held against the class, as `text_of` writes them; none for the usual ones.
        dispute: The metric whose disputes are shown; "" for the first one.
        leave_out: Who has failed so many sentinels is left out; 0 leaves out nobody.
        scaled: What is scaled, a key of `SCALED`.
    """

    PAGE: ClassVar[str] = "results"

    teacher: str = ""
    code: str = ""
    shows: str = METRICS
    held: tuple[str, ...] = ()
    dispute: str = ""
    leave_out: int = 0
    scaled: str = RECIPES

    def texts(self, common: Method) -> tuple[str, ...]:
        """The metrics: those chosen, or the usual ones with the session's method."""
        return self.held or tuple(dict.fromkeys((*USUAL[:2], common.text, *USUAL[2:])))

    def rulers(self, common: Method) -> tuple[Ruler, ...]:
        """The same as metrics, on the device and as exact as `common`; pictures are never resized."""
        return tuple(read_ruler(text, replace(common, size=None)) for text in self.texts(common))

    @property
    def at_most(self) -> int | None:
        """How many sentinels somebody may fail; None for any number."""
        return self.leave_out - 1 if self.leave_out else None

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default."""
        link = {
            "class": self.code,
            "shows": self.shows,
            "held": ",".join(self.held),
            "dispute": self.dispute,
            "leave_out": str(self.leave_out),
            "scaled": self.scaled,
        }
        return {name: text for name, text in link.items() if text != DEFAULTS[name]}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["ResultsView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = cls(), []
        for name in (name for name in READERS if name in link):
            try:
                view = replace(view, **{FIELDS.get(name, name): READERS[name](link[name])})
            except (SettingError, ValueError) as error:
                problems.append(in_vain(name, link[name], error))
        return view, tuple(problems)


DEFAULTS = {
    "class": "",
    "shows": METRICS,
    "held": "",
    "dispute": "",
    "leave_out": "0",
    "scaled": RECIPES,
}
FIELDS = {"class": "code"}  # where they have another name than the link's parameter


def _one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"choose one of {', '.join(choices)}.")
        return text

    return read


def _metric(text: str) -> str:
    return text_of(read_ruler(text, Method()))


def _held(text: str) -> tuple[str, ...]:
    names = text.split(",") if len(text) <= LONGEST else []
    if not 0 < len(names) <= MOST_METRICS:
        raise ValueError(f"name 1 to {MOST_METRICS} metrics, such as psnr,alexnet:lpips-0.1.")
    return tuple(dict.fromkeys(map(_metric, names)))


def _leave_out(text: str) -> int:
    if text not in map(str, range(MOST_FAILED + 1)):
        raise ValueError(f"write a number of sentinels, 0 to {MOST_FAILED}.")
    return int(text)


def _teacher(text: str) -> str:
    if len(text) > LONGEST_KEY:
        raise ValueError("a key is shorter; copy the link from Ask again.")
    return text


def _code(text: str) -> str:
    code = typed_code(text)
    if code is None:
        raise ValueError("a code is six letters and digits, such as C4P7XM.")
    return code


READERS: dict[str, Callable[[str], Any]] = {
    "teacher": _teacher,
    "class": _code,
    "shows": _one_of(PARTS),
    "held": _held,
    "dispute": _metric,
    "leave_out": _leave_out,
    "scaled": _one_of(SCALED),
}

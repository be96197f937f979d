"""What the page Learn heads asks, as one value; and its link."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from explorer.errors import SettingError
from explorer.files.below import below
from explorer.judgments.asking.limits import MOST_FAILED
from explorer.judgments.calibration.sources import FromFolder, FromSession, Simulated, Source
from explorer.judgments.store import opened_store
from explorer.judgments.store.keys import typed_code
from explorer.places import opened_root
from explorer.views.common.settings import in_vain, read_seed

SIMULATED, CLASS, UPLOAD, FOLDER = KINDS = ("simulated", "class", "upload", "folder")
LONGEST = 1000  # letters of a path


@dataclass(frozen=True)
class CalibrateView:
    """What a link of the page carries.

    Attributes:
        votes: Whose: `SIMULATED`, those of a `CLASS`, of an `UPLOAD`, or of a `FOLDER` below the root.
        folder: Its path from the root.
        code: Of the class.
        teacher: The key that opens it, as on Results; never in a link, which a projector shows.
        leave_out: Of the class, who has failed so many sentinels is left out; 0 leaves out nobody.
        seed: Of all draws.
    """

    PAGE: ClassVar[str] = "calibrate"

    votes: str = SIMULATED
    folder: str = ""
    code: str = ""
    teacher: str = ""
    leave_out: int = 0
    seed: int = 0

    @property
    def source(self) -> Source | None:
        """Where the votes come from; None while that is still to be named, and of an upload.

        Raises:
            ExplorerError: the folder cannot be opened, or the key opens no class.
        """
        if self.votes == SIMULATED:
            return Simulated(self.seed)
        if self.votes == CLASS:
            if not self.teacher:
                return None
            return FromSession(opened_store().by_teacher(self.teacher).code, self.leave_out)
        if self.votes == UPLOAD:
            return None
        root = opened_root()
        if root is None:
            raise SettingError(
                "The link asks for a folder of this machine, of which this server opens none; start it with "
                "lpips-explorer --root FOLDER."
            )
        return FromFolder(below(root, self.folder)) if self.folder else None

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default."""
        usual = CalibrateView()
        fields = {name: field for name, (field, _) in READERS.items()}
        return {
            name: str(getattr(self, field))
            for name, field in fields.items()
            if getattr(self, field) != getattr(usual, field)
        }

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["CalibrateView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = cls(), []
        for name in (name for name in READERS if name in link):
            field, read = READERS[name]
            try:
                view = replace(view, **{field: read(link[name])})
            except ValueError as error:
                problems.append(in_vain(name, link[name], error))
        return view, tuple(problems)


def _votes(text: str) -> str:
    if text not in KINDS:
        raise ValueError(f"choose one of {', '.join(KINDS)}.")
    return text


def _folder(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError("no path is as long.")
    return text


def _code(text: str) -> str:
    code = typed_code(text)
    if code is None:
        raise ValueError("a code is six letters and digits, such as C4P7XM.")
    return code


def _leave_out(text: str) -> int:
    if text not in map(str, range(MOST_FAILED + 1)):
        raise ValueError(f"write a number of sentinels, 0 to {MOST_FAILED}.")
    return int(text)


# Parameter of the link -> the view's field, and how it is read.
READERS = {
    "votes": ("votes", _votes),
    "votes_set": ("folder", _folder),
    "votes_of": ("code", _code),
    "votes_without": ("leave_out", _leave_out),
    "learn_seed": ("seed", read_seed),
}

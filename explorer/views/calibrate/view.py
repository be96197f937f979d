"""What the page Learn heads asks, as one value; and its link."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from explorer.errors import SettingError
from explorer.files.below import below
from explorer.judgments.calibration.job import FromFolder, Simulated, Source
from explorer.places import opened_root
from explorer.views.common.settings import quoted, read_seed

SIMULATED, FOLDER = "simulated", "folder"
LONGEST = 1000  # letters of a path


@dataclass(frozen=True)
class CalibrateView:
    """What a link of the page carries.

    Attributes:
        votes: Whose: `SIMULATED`, or those of a `FOLDER` below the root.
        folder: Its path from the root.
        seed: Of all draws.
    """

    PAGE: ClassVar[str] = "calibrate"

    votes: str = SIMULATED
    folder: str = ""
    seed: int = 0

    @property
    def source(self) -> Source | None:
        """Where the votes come from; None while no folder is chosen.

        Raises:
            SettingError: the folder cannot be opened.
        """
        if self.votes == SIMULATED:
            return Simulated(self.seed)
        root = opened_root()
        if root is None:
            raise SettingError(
                "The link asks for a folder of this machine, of which this server opens none; start it with "
                "lpips-explorer --root FOLDER."
            )
        return FromFolder(below(root, self.folder)) if self.folder else None

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default."""
        link = {"votes": self.votes, "votes_set": self.folder, "learn_seed": str(self.seed)}
        usual = {"votes": SIMULATED, "votes_set": "", "learn_seed": "0"}
        return {name: text for name, text in link.items() if text != usual[name]}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["CalibrateView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = cls(), []
        for name in (name for name in READERS if name in link):
            field, read = READERS[name]
            try:
                view = replace(view, **{field: read(link[name])})
            except ValueError as error:
                problems.append(
                    f"The link asks for {name} {quoted(link[name])}, and the default was taken: {error}"
                )
        return view, tuple(problems)


def _votes(text: str) -> str:
    if text not in (SIMULATED, FOLDER):
        raise ValueError(f"choose one of {SIMULATED}, {FOLDER}.")
    return text


def _folder(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError("no path is as long.")
    return text


READERS = {"votes": ("votes", _votes), "votes_set": ("folder", _folder), "learn_seed": ("seed", read_seed)}

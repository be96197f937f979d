"""What the page Evaluate keeps in a session: an uploaded set, the work on its pictures, what was clicked."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from explorer.files.zips import HeldFolder
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause


@dataclass
class EvaluateState(PageState):
    """What the page keeps.

    Attributes:
        seen: The file that was uploaded last, and why it was refused, "" where it was not.
        uploaded: The set that was read from it.
        upload: The file that `uploaded` was made from.
        folder: Where its pictures lie, as long as the session holds it.
        loaded: The set below the root that is shown, by its folder or file and its time.
        reading: The work on reading it, or an upload, running or over.
        measuring: The work on the pictures of a set, running or over.
        rows: What was measured of it, by the set and how; stays where another metric joins.
        evaluating, contest: The work on the scores, and on the comparison of two metrics.
        found: The numbers that are shown, for the files as well.
        scene: The open trial as the viewer shows it.
        display: How it shows that.
        listed: Names of the trials in the rows of the list, as it was drawn last.
        table: The key of that list.
        clicked: What was clicked in it last.
    """

    seen: tuple[str, str] = ("", "")
    uploaded: Kept[Any] = field(default_factory=Kept)
    upload: str = ""
    folder: Kept[HeldFolder | None] = field(default_factory=Kept)
    loaded: Kept[Any] = field(default_factory=Kept)
    reading: Kept[Any] = field(default_factory=Kept)
    measuring: Kept[Any] = field(default_factory=Kept)
    rows: Kept[Any] = field(default_factory=Kept)
    evaluating: Kept[Any] = field(default_factory=Kept)
    contest: Kept[Any] = field(default_factory=Kept)
    found: Kept[Any] = field(default_factory=Kept)
    scene: Kept[Any] = field(default_factory=Kept)
    display: CandidatesDisplay | None = None
    listed: tuple[str, ...] = ()
    table: str = ""
    clicked: tuple[str, list] = ("", [])

    def leave(self) -> None:
        """Want no more what is measured for the page; a run that comes back finds what was."""
        for work in (self.reading, self.measuring, self.evaluating, self.contest):
            pause(work)

    def is_new(self, key: Hashable, rows: list) -> bool:
        """Whether these rows of the list were not clicked before; what is gone is no click."""
        before, self.clicked = self.clicked, (key, rows)
        return bool(rows) and (key, rows) != before

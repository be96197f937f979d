"""What the page keeps in a session: an uploaded table, the work on two folders, what was clicked."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from explorer.analysis.dataset import Dataset
from explorer.analysis.rows import Row
from explorer.jobs import Job
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause


@dataclass
class DatasetState(PageState):
    """What the page keeps.

    Attributes:
        uploaded: The table that was uploaded last, by its file.
        seen: That file, and why it was refused, "" where it was not.
        loaded: The data set that is shown, by what it was made from.
        lost: Places of its pairs whose files are not to be found.
        measuring: The work on two folders, running or over.
        pictures: The work on small pictures.
        rows: Places of the pairs in the table's rows, as it was drawn last.
        scatter: The key of the scatter that was drawn last.
        clicked: What was clicked in either last, as far as they know.
        widgets: Key of a widget -> what it showed last.
    """

    uploaded: Kept[Dataset] = field(default_factory=Kept)
    seen: tuple[str, str] = ("", "")
    loaded: Kept[Dataset] = field(default_factory=Kept)
    lost: Kept[tuple[int, ...]] = field(default_factory=Kept)
    measuring: Kept[Job[Row]] = field(default_factory=Kept)
    pictures: Kept[Job[tuple[Hashable, str]]] = field(default_factory=Kept)
    rows: tuple[int, ...] = ()
    scatter: str = ""
    clicked: dict[str, Any] = field(default_factory=dict)
    widgets: dict[str, Any] = field(default_factory=dict)

    def leave(self) -> None:
        """Want no more what is measured for the page; a run that comes back finds what was."""
        pause(self.measuring)
        pause(self.pictures)

    def is_new(self, name: str, clicked: Any) -> bool:
        """Whether this is a click that was not there before; what is gone is none."""
        before, self.clicked[name] = self.clicked.get(name), clicked
        return bool(clicked) and clicked != before

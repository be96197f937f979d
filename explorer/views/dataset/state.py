"""What the page keeps in a session: an uploaded table, the work on two folders, what was clicked."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from explorer.analysis.dataset import Dataset
from explorer.analysis.pairing import Pairing
from explorer.analysis.rows import Row
from explorer.jobs import Job
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause

T = TypeVar("T")
Timed = Kept[tuple[float, T]]  # with the time at which it was made


@dataclass
class DatasetState(PageState):
    """What the page keeps.

    Attributes:
        uploaded: The table that was uploaded last, by its file.
        seen: That file, and why it was refused, "" where it was not.
        upload: The file that `uploaded` was made from.
        loaded: The data set that is shown, by what it was made from.
        lost: Places of its pairs whose files are not to be found.
        pairing: The pairs of the two folders that are shown.
        measuring: The work on two folders, running or over.
        pictures: The work on small pictures.
        rows: Places of the pairs in the table's rows, as it was drawn last.
        scatter, table: The keys of the scatter and the table that were drawn last.
        clicked: What was clicked in either last, as far as they know.
    """

    uploaded: Kept[Dataset] = field(default_factory=Kept)
    seen: tuple[str, str] = ("", "")
    upload: str = ""
    loaded: Kept[Dataset] = field(default_factory=Kept)
    lost: Timed[tuple[int, ...]] = field(default_factory=Kept)
    pairing: Timed[Pairing] = field(default_factory=Kept)
    measuring: Kept[Job[Row]] = field(default_factory=Kept)
    pictures: Kept[Job[tuple[Hashable, str]]] = field(default_factory=Kept)
    rows: tuple[int, ...] = ()
    scatter: str = ""
    table: str = ""
    clicked: dict[str, Any] = field(default_factory=dict)

    def leave(self) -> None:
        """Want no more what is measured for the page; a run that comes back finds what was."""
        pause(self.measuring)
        pause(self.pictures)

    def is_new(self, name: str, key: str, clicked: list[int]) -> bool:
        """Whether this is a click that was not there before; what is gone is none.

        Args:
            name: Tells the table's clicks from those of the scatter.
            key: Of the table or scatter in which it was clicked: in another one all clicks are new.
            clicked: Places of the pairs that are selected there.
        """
        before, self.clicked[name] = self.clicked.get(name), (key, clicked)
        return bool(clicked) and (key, clicked) != before


def within(seconds: float, kept: Timed[T], key: Hashable, make: Callable[[], T]) -> T:
    """What was made from a key, if that was within so many seconds; else it is made anew."""
    found = kept.get(key)
    if found is None or time.monotonic() - found[0] > seconds:
        made = make()
        found = kept.keep(key, (time.monotonic(), made))
    return found[1]

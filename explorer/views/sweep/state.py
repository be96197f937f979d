"""What the page Sweep keeps in a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from explorer.analysis.sweep_job import Found
from explorer.images import Picture
from explorer.jobs import Job
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause
from explorer.views.sweep.shown import Shown


@dataclass
class SweepState(PageState):
    """What was measured, and what was clicked.

    Attributes:
        reference: The last one there was; it stays on screen where another choice is none.
        measuring: The work on the sweep, running or over.
        shown: What is on screen, of which files are made.
        opening: The point that is to be opened in Inspect: {"sweep", "place"}.
    """

    reference: Picture | None = None
    measuring: Kept[Job[Found]] = field(default_factory=Kept)
    shown: Kept[Shown] = field(default_factory=Kept)
    opening: Mapping[str, int] | None = None

    def open(self, point: Mapping[str, int]) -> None:
        """Take a click; the page then opens the point."""
        self.opening = point

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.measuring)

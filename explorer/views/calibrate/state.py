"""What the page Learn heads keeps in a session: the work, and what was learned last."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from explorer.jobs import Job
from explorer.judgments.calibration import Learned
from explorer.judgments.calibration.sources import FromSet
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause


@dataclass
class CalibrateState(PageState):
    """What the page keeps.

    Attributes:
        learning: The work, running or over, by what is chosen.
        learned: The heads that are shown, by the same.
        asked: For which folder, network and seed the button was clicked; None before.
        kept: The full name of those that were kept last; "" for none.
        seen: The file that was uploaded last, and why it was refused, "" where it was not.
        uploaded: What was read from the last good one.
        refused: Why they could not be kept; "" where they could.
    """

    learning: Kept[Job[Learned]] = field(default_factory=Kept)
    learned: Kept[Learned] = field(default_factory=Kept)
    asked: Hashable = None
    kept: str = ""
    seen: tuple[str, str] = ("", "")
    uploaded: FromSet | None = None
    refused: str = ""

    def leave(self) -> None:
        """Want no more what is learned for the page; what is finished stays."""
        pause(self.learning)

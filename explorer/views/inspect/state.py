"""What the Inspect page keeps in a session."""

from dataclasses import dataclass, field

from explorer.analysis.rulers import Ruler
from explorer.jobs import Job
from explorer.views.common.compute import Measuring
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause


@dataclass
class InspectState(PageState):
    """What the page keeps.

    Attributes:
        following: The measurement as given, while numbers of a smaller size are shown.
        ladder: The work on the ladder of the reference, running or over.
    """

    following: Kept[Measuring] = field(default_factory=Kept)
    ladder: Kept[Job[Ruler]] = field(default_factory=Kept)

    def leave(self) -> None:
        """End the measurement that goes on; one that was cancelled is not started when one comes back."""
        pause(self.following)
        pause(self.ladder)

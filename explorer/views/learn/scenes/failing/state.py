"""What the scene keeps: what it has measured, and the work on a picture that is being made."""

from dataclasses import dataclass, field

from explorer.jobs import Job
from explorer.lessons.turning import Nudged, Turned
from explorer.viewer.failing.failing import FailingScene
from explorer.views.common.kept import Kept
from explorer.views.common.progress import pause
from explorer.views.learn.stage import SceneState


@dataclass
class FailingState(SceneState):
    """One session's.

    Attributes:
        scenes: What was shown last.
        making: The work on the changed version, running or over.
        is_leaving: Whether the button that opens another page was pressed.
    """

    scenes: Kept[FailingScene] = field(default_factory=lambda: Kept(most=12))
    making: Kept[Job[Nudged | Turned]] = field(default_factory=Kept)
    is_leaving: bool = False

    def leave(self) -> None:
        """The work ends where the page is left."""
        pause(self.making)

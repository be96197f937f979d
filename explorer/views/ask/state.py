"""What the page Ask keeps in a tab: the work on its trials, own pictures, and the session that runs."""

from dataclasses import dataclass, field

from explorer.jobs import Job
from explorer.judgments.asking.drafts import Drawn
from explorer.judgments.asking.drawing import Brought
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause


@dataclass
class AskState(PageState):
    """What the page keeps.

    Attributes:
        drawing: The work on the trials of what is chosen.
        own: Trials of uploaded pictures, and what was wrong with others, by the files' digests.
        teacher: The key of the session that is shown; "" for none.
    """

    drawing: Kept[Job[Drawn]] = field(default_factory=Kept)
    own: Kept[tuple[tuple[Brought, ...], tuple[str, ...]]] = field(default_factory=Kept)
    teacher: str = ""

    def leave(self) -> None:
        """Want no more what is drawn for the page."""
        pause(self.drawing)

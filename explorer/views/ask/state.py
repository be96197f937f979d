"""What the page Ask keeps in a tab: the work on its trials, own pictures, and the session that runs."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from explorer.jobs import Job
from explorer.judgments.asking.drafts import Drawn
from explorer.judgments.asking.drawing import Brought
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.often import DAY, Often
from explorer.views.common.progress import pause

MOST_RUNNING = 1000  # browsers of which it is known what they show
MOST_STARTED = 20  # sessions a day of one browser


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


class Started:
    """Which session the page shows in each browser, so that a reload comes back to it; see `TeacherKeys`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: OrderedDict[str, str] = OrderedDict()

    def keep(self, browser: str, teacher: str) -> None:
        """A browser, by the key that it alone holds, shows a session."""
        with self._lock:
            self._keys[browser] = teacher
            self._keys.move_to_end(browser)
            while len(self._keys) > MOST_RUNNING:
                self._keys.popitem(last=False)

    def find(self, browser: str) -> str:
        """The teacher's key of its session; "" where none is known."""
        with self._lock:
            return self._keys.get(browser, "")

    def forget(self, browser: str) -> None:
        """It sets up another one."""
        with self._lock:
            self._keys.pop(browser, None)


started = Started()
starts = Often(MOST_STARTED, DAY)

"""Whether a page is still open in a browser, which is who work in the background is for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.jobs import always

GRACE = 5.0  # seconds without a browser after which its page counts as closed, not as reconnecting


@dataclass(unsafe_hash=True)
class Browser:
    """An owner of jobs: one tab, which is the same one in each of its runs. Any thread may call it."""

    session_id: str
    _away_since: float | None = field(default=None, compare=False)

    def __call__(self) -> bool:
        """Whether the tab is open."""
        # A script that was started without a server has no tab that could be closed.
        if not runtime.exists() or runtime.get_instance().is_active_session(self.session_id):
            self._away_since = None
            return True
        now = time.monotonic()
        self._away_since = self._away_since or now
        return now - self._away_since < GRACE


def browser_is_there() -> Callable[[], bool]:
    """Whether this run's page is still open in a browser; may be asked from any thread."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():  # a script that no server runs
        return always
    return Browser(context.session_id)

"""Which browser a page is open in, and whether it still is: work in the background is for somebody."""

import re
import secrets
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.jobs import always

GRACE = 5.0  # seconds without a browser after which its page counts as closed, not as reconnecting
COOKIE = "explorer_uploads"  # holds the key of a browser's shelf
KEPT_SECONDS = 20.0  # seconds without a browser after which the results that it showed are let go


@dataclass(unsafe_hash=True)
class Browser:
    """An owner of jobs: one tab, which is the same one in each of its runs. Any thread may call it."""

    session_id: str
    _away_since: float | None = field(default=None, compare=False)

    def __call__(self) -> bool:
        """Whether the tab is open."""
        return self.seconds_away() < GRACE

    def seconds_away(self) -> float:
        """For how long the tab has been without a browser, since this was first asked then; 0 while open."""
        # A script that was started without a server has no tab that could be closed.
        if not runtime.exists() or runtime.get_instance().is_active_session(self.session_id):
            self._away_since = None
            return 0.0
        now = time.monotonic()
        self._away_since = self._away_since or now
        return now - self._away_since


class Tabs:
    """Which tabs hold results, so that these can be let go some time after a tab was closed."""

    def __init__(self):
        self._lock = threading.Lock()
        self._let_go: dict[Browser, weakref.WeakMethod] = {}

    def watch(self, tab: Browser, let_go: Callable[[], None]) -> None:
        """Have a bound method called once the tab has been closed; to be called again if it comes back."""
        with self._lock:
            self._let_go.setdefault(tab, weakref.WeakMethod(let_go))

    def let_closed_go(self) -> None:
        """Call what was given to `watch` for the tabs that were closed; any tab's run does it for all."""
        with self._lock:
            closed = [tab for tab in self._let_go if tab.seconds_away() > KEPT_SECONDS]
            waiting = [self._let_go.pop(tab)() for tab in closed]
        for let_go in waiting:
            if let_go is not None:  # the session may be gone, too
                let_go()


tabs = Tabs()


def this_tab() -> Browser | None:
    """The tab that this run draws; None for a script that no server runs."""
    context = get_script_run_ctx()
    return Browser(context.session_id) if context is not None and runtime.exists() else None


def browser_is_there() -> Callable[[], bool]:
    """Whether this run's page is still open in a browser; may be asked from any thread."""
    return this_tab() or always


def sent_key() -> str | None:
    """The key that this browser alone holds, 256 random bits; None where it has sent none.

    It comes with the connection, before anything is drawn, so that a reload shows nothing else first.
    """
    sent = str(st.context.cookies.get(COOKIE)) if this_tab() is not None else ""
    return sent if re.fullmatch("[0-9a-f]{64}", sent) else None


def new_key() -> str:
    """A key that nobody holds yet."""
    return secrets.token_hex(32)


def came_by_history() -> bool:
    """Whether the user has come to this run's address by Back or Forward.

    Streamlit knows, and says so to its own parts alone.
    """
    return getattr(get_script_run_ctx(), "is_history_navigation", False)

"""A session of questions for a class: begun from any page, kept by browser, and shown with its code."""

import html
import threading
from collections import OrderedDict
from collections.abc import Mapping

import streamlit as st
from streamlit import runtime

from explorer.errors import SettingError, StoreError
from explorer.judgments.asking.trial import Plan
from explorer.judgments.store import Keys, SessionInfo, opened_store
from explorer.sharing import THIS_MACHINE
from explorer.views.common.links import Place, place_of, qr, without_scheme
from explorer.views.common.often import DAY, Often
from explorer.views.common.session import Session
from explorer.views.common.teacher import teacher_keys

MOST_RUNNING = 1000  # browsers of which it is known what they show
MOST_STARTED = 20  # sessions a day of one browser
NOT_REACHABLE = (
    "Phones cannot open this link: it is of this machine alone. Start the explorer with `lpips-explorer "
    "--share` and open it at the address that it prints."
)


class Started:
    """Which session is shown in each browser, so that a reload comes back to it; see `TeacherKeys`."""

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


def begin(session: Session, plan: Plan, pictures: Mapping[str, bytes]) -> Keys | None:
    """Make a session that asks a plan, and have this browser show it.

    Args:
        session: Of the teacher's tab, to which is reported why it cannot be made.
        plan, pictures: As of `Store.create`.

    Returns:
        Its keys; None where it could not be made.
    """
    if starts.seconds_to_wait(session.key):
        session.report(
            f"This browser has started {MOST_STARTED} sessions within a day. Go on with one of them, or "
            "start others tomorrow."
        )
        return None
    try:
        keys = opened_store().create(plan, pictures)
    except (SettingError, StoreError) as error:
        session.report(error)
        return None
    starts.note(session.key)
    show(session, keys.code, keys.teacher)
    return keys


def show(session: Session, code: str, teacher: str) -> None:
    """Have this browser show a session."""
    started.keep(session.key, teacher)
    teacher_keys.keep(session.key, code, teacher)


def place_now() -> Place:
    """Where phones find this server."""
    return place_of(st.context.url, st.get_option("server.address") if runtime.exists() else THIS_MACHINE)


def invitation(place: Place, code: str) -> str:
    """HTML of what a class scans or types."""
    return (
        f'<div class="invite"><img class="qr" alt="QR code of the link" src="{qr(place.vote(code))}">'
        f'<div><p>Scan, or open</p><p class="address">{html.escape(without_scheme(place.base))}/vote</p>'
        f'<p>and type</p><p class="code">{html.escape(code)}</p></div></div>'
    )


def standing(info: SessionInfo) -> str:
    """How a session stands, in a sentence."""
    if not info.is_open:
        return "The session is closed: it takes no more answers, and keeps those that it has."
    if not info.participants:
        return "It is open, and waits for the first participant."
    return "It is open. Results follow the answers as they come."

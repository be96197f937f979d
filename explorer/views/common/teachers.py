"""Teachers' keys by browser: what opens a session stands in no address bar, which the class may see.

A page takes a key from its link once, and writes the session's code there instead. What is known here is
forgotten when the server ends; the teacher's own link is not.
"""

import threading
from collections import OrderedDict
from urllib.parse import parse_qs, urlsplit

MOST_BROWSERS = 1000
MOST_SESSIONS = 50  # of a browser


def teacher_in(text: str) -> str:
    """The teacher's key in a link, or the key itself; "" where there is none."""
    text = text.strip()
    named = parse_qs(urlsplit(text).query).get("teacher")
    return named[0] if named else "" if "/" in text or "?" in text else text


class Teachers:
    """Which sessions each browser has opened as their teacher; any thread may call it.

    A browser is named by the key that it alone holds, `Session.key`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: OrderedDict[str, OrderedDict[str, str]] = OrderedDict()

    def keep(self, browser: str, code: str, teacher: str) -> None:
        """A browser has opened the session of a code by a teacher's key."""
        with self._lock:
            sessions = self._keys.setdefault(browser, OrderedDict())
            sessions[code] = teacher
            for known, key, most in ((self._keys, browser, MOST_BROWSERS), (sessions, code, MOST_SESSIONS)):
                known.move_to_end(key)
                while len(known) > most:
                    known.popitem(last=False)

    def find(self, browser: str, code: str) -> str:
        """The key of a session; "" where this browser has opened none of that code."""
        with self._lock:
            return self._keys.get(browser, {}).get(code, "")

    def of(self, browser: str) -> dict[str, str]:
        """All its sessions, the last one first: code -> key."""
        with self._lock:
            return dict(reversed(self._keys.get(browser, OrderedDict()).items()))

    def forget(self, browser: str, teacher: str) -> None:
        """A key opens nothing any more."""
        with self._lock:
            sessions = self._keys.get(browser, OrderedDict())
            for code in [code for code, key in sessions.items() if key == teacher]:
                del sessions[code]


teachers = Teachers()

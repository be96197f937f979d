"""A teacher's key: found in what is pasted, and kept by browser, so that it need not stand in an address bar.

What a page's link holds is shown to the class by a projector. So the link names the session by its code, and
the key to it is kept here for the browser that has once shown it. It is forgotten when the server ends; the
teacher's own link is not.
"""

import threading
from collections import OrderedDict
from urllib.parse import parse_qs, urlsplit

MOST_BROWSERS = 1000
MOST_SESSIONS = 50  # of one browser


def teacher_in(text: str) -> str:
    """The teacher's key in a link, or the key itself; "" where there is none."""
    text = text.strip()
    named = parse_qs(urlsplit(text).query).get("teacher")
    return named[0] if named else "" if "/" in text or "?" in text else text


class TeacherKeys:
    """The teachers' keys that each browser has shown, by the sessions' codes; of use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: OrderedDict[str, OrderedDict[str, str]] = OrderedDict()

    def keep(self, browser: str, code: str, teacher: str) -> None:
        """A browser, by the key that it alone holds, has opened a session."""
        with self._lock:
            own = self._keys.setdefault(browser, OrderedDict())
            own[code] = teacher
            for kept, key, most in ((own, code, MOST_SESSIONS), (self._keys, browser, MOST_BROWSERS)):
                kept.move_to_end(key)
                while len(kept) > most:
                    kept.popitem(last=False)

    def find(self, browser: str, code: str) -> str:
        """The teacher's key of a session; "" where this browser has not shown it."""
        with self._lock:
            return self._keys.get(browser, {}).get(code, "")

    def of(self, browser: str) -> dict[str, str]:
        """All that a browser has shown, the last one first: code -> key."""
        with self._lock:
            return dict(reversed(self._keys.get(browser, OrderedDict()).items()))

    def forget(self, browser: str, code: str) -> None:
        """The session is gone."""
        with self._lock:
            self._keys.get(browser, {}).pop(code, None)


teacher_keys = TeacherKeys()

"""What is kept for each browser: a reload is another session to the server, and somebody has worked."""

import threading
from collections import OrderedDict
from functools import partial
from typing import Generic, TypeVar

from explorer.views.common.kept import Kept

T = TypeVar("T")

MOST_BROWSERS = 1000
MOST_RUNS = 16  # of a browser, that wait to be gone on with, or to be looked at again

lasting = partial(Kept, MOST_RUNS, is_lasting=True)


class ByBrowser(Generic[T]):
    """What browsers keep until the server ends, of which the longest unused are let go; for any thread.

    A browser is named by the key that it alone holds, `Session.key`.
    """

    def __init__(self, most: int = MOST_BROWSERS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept[T]] = OrderedDict()

    def of(self, browser: str) -> Kept[T]:
        """What a browser keeps; all its tabs have the same."""
        with self._lock:
            kept = self._kept.setdefault(browser, lasting())
            self._kept.move_to_end(browser)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return kept

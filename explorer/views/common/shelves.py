"""Uploads that a browser finds again: after Back, and after a reload, which is another session to the server.

A shelf is opened by a long random key that one browser alone holds, in a cookie. What a link says of a file,
its name and the beginning of its digest, opens nothing: it chooses among what lies on the own shelf.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from weakref import WeakValueDictionary

from explorer.cache import budget_from_environment
from explorer.shares import Share, Shares

KEPT_SECONDS = 3600.0  # after the last run of the browser's last tab


@dataclass(frozen=True)
class File:
    """A file as it was uploaded."""

    name: str
    data: bytes


class Shelf:
    """The files of one browser, within its share of the budget; safe to use from many threads."""

    def __init__(self, shares: Shares):
        self._shares = shares
        self._share = Share()
        self._lock = threading.Lock()
        self._files: OrderedDict[str, File] = OrderedDict()  # the one that was wanted last at the end

    def put(self, digest: str, file: File) -> None:
        """Keep a file, and let go of the oldest where there is no room; one that is too large is not kept.

        Args:
            digest: Of its bytes, whole.
        """
        with self._lock:
            self._files.pop(digest, None)
            others = sum(len(each.data) for each in self._files.values())
            while not self._shares.take(self._share, others + len(file.data)):
                if not self._files:
                    self._shares.take(self._share, 0)
                    return
                others -= len(self._files.popitem(last=False)[1].data)
            self._files[digest] = file

    def find(self, digest: str) -> File | None:
        """The file whose digest begins so, if it is still kept."""
        with self._lock:
            found = next((each for each in reversed(self._files) if each.startswith(digest)), None)
            if found is None:
                return None
            self._files.move_to_end(found)
            return self._files[found]

    def files(self) -> dict[str, File]:
        """All files by their digests, the one that was wanted last at the end."""
        with self._lock:
            return dict(self._files)

    def drop(self, digest: str) -> None:
        """Let go of the file whose digest begins so."""
        with self._lock:
            for found in [each for each in self._files if each.startswith(digest)]:
                del self._files[found]
            self._shares.take(self._share, sum(len(each.data) for each in self._files.values()))


class Shelves:
    """All browsers' shelves; those that nobody has opened for long are let go."""

    def __init__(self, budget: int, seconds: float = KEPT_SECONDS):
        """Args: budget, in bytes of files; seconds, for which a shelf is kept that no session holds."""
        self._shares = Shares(budget)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._all: WeakValueDictionary[str, Shelf] = WeakValueDictionary()
        # The reference that keeps a shelf when its sessions have gone, and when it was opened last.
        self._kept: OrderedDict[str, tuple[Shelf, float]] = OrderedDict()

    def open(self, key: str) -> Shelf:
        """The shelf of a browser, by the key that it alone holds; a session calls it in each run."""
        now = time.monotonic()
        with self._lock:
            shelf = self._all.get(key) or Shelf(self._shares)
            self._all[key] = shelf
            self._kept[key] = shelf, now
            self._kept.move_to_end(key)
            while self._kept and now - next(iter(self._kept.values()))[1] > self._seconds:
                self._kept.popitem(last=False)
        return shelf


shelves = Shelves(budget_from_environment("EXPLORER_KEPT_MB", 500))

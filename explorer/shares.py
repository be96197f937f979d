"""Shares of a budget that nobody divides beforehand: each may hold half of what the others leave free.

So who comes alone has half of all, and however many come there is always something left for the next.
"""

import os
import threading
import weakref

PART = 0.5  # of what the others leave


class Share:
    """What one holds of a budget; gone with its last reference."""

    def __init__(self):
        self.held = 0  # bytes


class Shares:
    """One budget of bytes, and all who hold some of it; safe to use from many threads."""

    def __init__(self, budget: int):
        """Args: budget, in bytes."""
        self.budget = budget
        self._lock = threading.Lock()
        self._all: weakref.WeakSet[Share] = weakref.WeakSet()

    def take(self, share: Share, held: int) -> bool:
        """Let one hold so many bytes in all, instead of what it held; False where that would be too many.

        To hold less than before is always possible.
        """
        with self._lock:
            others = sum(each.held for each in tuple(self._all) if each is not share)
            if held > share.held and held > PART * (self.budget - others):
                return False
            self._all.add(share)
            share.held = held
            return True


def half_of_memory() -> int:
    """Half of this machine's memory in bytes, what one program may well take."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):  # where a system does not tell
        return 4_000_000_000

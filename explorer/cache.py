"""A cache bounded by bytes, shared by all users of one process."""

import math
import os
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from explorer.errors import SettingError

T = TypeVar("T")


def megabytes_from_environment(variable: str, default: int) -> int:
    """A budget in bytes from an environment variable that holds megabytes.

    Raises:
        SettingError: it is no number from 0 up.
    """
    text = os.environ.get(variable, str(default))
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = math.nan
    if not 0 <= megabytes < math.inf:
        raise SettingError(f"{variable} is {text!r}; set it to a number of megabytes, such as {default}.")
    return int(megabytes * 1e6)


class ByteBudgetCache(Generic[T]):
    """Least recently used values whose sizes together stay within a budget; safe to use from many threads."""

    def __init__(self, budget: int):
        """Args: budget, in bytes."""
        self.budget = budget
        self._entries: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes held now."""
        return self._used

    def get(self, key: Hashable) -> T | None:
        """Return the value and mark it as just used; None where there is none."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

    def put(self, key: Hashable, value: T, size: int) -> None:
        """Keep a value of `size` bytes, dropping the least recently used; one over the budget is not kept."""
        with self._lock:
            if key in self._entries:
                self._used -= self._entries.pop(key)[1]
            if size > self.budget:
                return
            while self._used + size > self.budget:
                _, (_, dropped) = self._entries.popitem(last=False)
                self._used -= dropped
            self._entries[key] = value, size
            self._used += size

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._entries.clear()
            self._used = 0

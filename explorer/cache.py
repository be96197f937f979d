"""Caches bounded by bytes, each by its own budget and all together by one; all users share them."""

import itertools
import math
import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from explorer.errors import SettingError

T = TypeVar("T")


def budget_from_environment(variable: str, default: int) -> int:
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


# Bytes; a cache of so little holds numbers alone, which have taken long. To let them go would make no room.
SMALL = 16_000_000


class SharedBudget:
    """What several caches may hold together; beyond it the least recently used goes, numbers alone last."""

    def __init__(self, budget: int):
        """Args: budget, in bytes."""
        self.budget = budget
        # One for all of its caches, since a value that comes into one may push out another's.
        self.lock = threading.Lock()
        self._caches: weakref.WeakSet[ByteBudgetCache] = weakref.WeakSet()
        self._uses = itertools.count()

    @property
    def used(self) -> int:
        """Bytes held now by all of its caches."""
        return sum(cache.used for cache in tuple(self._caches))

    def join(self, cache: "ByteBudgetCache") -> None:
        """Count a cache in, as long as it lives."""
        with self.lock:
            self._caches.add(cache)

    def next_use(self) -> int:
        """A number that grows with each use of a value, in whichever cache."""
        return next(self._uses)

    def make_room(self, size: int) -> None:
        """Let values go until `size` bytes fit; to be called with the lock held."""
        while self.used + size > self.budget:
            filled = [cache for cache in tuple(self._caches) if cache.used]
            min(filled, key=lambda cache: (cache.budget <= SMALL, cache.oldest_use)).drop_oldest()


# Of all caches of the program: EXPLORER_MEMORY_MB.
everything = SharedBudget(budget_from_environment("EXPLORER_MEMORY_MB", 3000))


@dataclass
class _Entry(Generic[T]):
    value: T
    size: int
    use: int  # when it was last used, as `SharedBudget.next_use` counts


class ByteBudgetCache(Generic[T]):
    """Least recently used values whose sizes together stay within a budget; safe to use from many threads."""

    def __init__(self, budget: int, together: SharedBudget = everything):
        """Make an empty cache.

        Args:
            budget: In bytes.
            together: Whose budget holds besides, for several caches together.
        """
        self.budget = budget
        self.used = 0  # bytes held now
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._together = together
        together.join(self)

    def get(self, key: Hashable) -> T | None:
        """Return the value and mark it as just used; None where there is none."""
        with self._together.lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            entry.use = self._together.next_use()
            self._entries.move_to_end(key)
            return entry.value

    def put(self, key: Hashable, value: T, size: int) -> None:
        """Keep a value of `size` bytes, dropping the least recently used; one over the budget is not kept."""
        with self._together.lock:
            if key in self._entries:
                self.used -= self._entries.pop(key).size
            if size > min(self.budget, self._together.budget):
                return
            while self.used + size > self.budget:
                self.drop_oldest()
            self._together.make_room(size)
            self._entries[key] = _Entry(value, size, self._together.next_use())
            self.used += size

    @property
    def oldest_use(self) -> int:
        """When the value that goes next was last used."""
        return next(iter(self._entries.values())).use

    def drop_oldest(self) -> None:
        """Let the least recently used value go; to be called with the budget's lock held."""
        _, entry = self._entries.popitem(last=False)
        self.used -= entry.size

    def clear(self) -> None:
        """Drop everything."""
        with self._together.lock:
            self._entries.clear()
            self.used = 0

"""Results that a session keeps until it makes the next of their kind, whatever their size."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The latest results of one kind, each known by what it was made from.

    Caches are shared by all users and bounded by bytes; what is too large for them would be made again in
    every run. So each session holds on to what it shows.
    """

    def __init__(self, most: int = 1, is_lasting: bool = False):
        """Make an empty one.

        Args:
            most: How many are kept; several where the page goes back and forth between them.
            is_lasting: Whether they stay when the tab has been closed: what the user has chosen, and what is
                small but took long.
        """
        self._most = most
        self.is_lasting = is_lasting
        self._results: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        """The result that was made from this key, if it is still kept."""
        return self._results.get(key)

    def keep(self, key: Hashable, result: T) -> T:
        """Keep a result, and let go of the oldest beyond the most."""
        self._results[key] = result
        self._results.move_to_end(key)
        while len(self._results) > self._most:
            self._results.popitem(last=False)
        return result

    def forget(self, key: Hashable) -> None:
        """Let go of the result that was made from this key."""
        self._results.pop(key, None)

    def clear(self) -> None:
        """Let go of all."""
        self._results.clear()

    @property
    def results(self) -> tuple[T, ...]:
        """All that are kept, in the order in which they came."""
        return tuple(self._results.values())

    @property
    def latest(self) -> T | None:
        """The result that was kept last, whatever it was made from."""
        return next(reversed(self._results.values()), None)


def lasting() -> Kept:
    """One result, which stays when the tab has been closed."""
    return Kept(is_lasting=True)


class PageState(ABC):
    """What one page keeps in a session, where something of it goes on in the background."""

    @abstractmethod
    def leave(self) -> None:
        """Want no more what goes on for the page, which is being left; what is finished stays."""

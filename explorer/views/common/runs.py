"""Runs of pages, of which only so many draw at once: the others wait, and come in their order.

What a run does in Python holds Python's one lock. Ten runs that share it are all done at the end; one after
the other, the first is done after a tenth of that time, and the last no later.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from explorer.turns import Turns


class Runs:
    """Places to draw, for the threads that run pages."""

    def __init__(self, places: int):
        """Args: places, how many runs may draw at once."""
        self._places = Turns(places)
        self._thread = threading.local()  # `.draws`: whether this thread has a place

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Wait for a place, and hold it for a run of a page."""
        self._enter()
        try:
            yield
        finally:
            if self._thread.draws:  # it has none where it failed, or was superseded, while it stood aside
                self._leave()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Leave the place to others while this run computes or waits; it then goes before those who begin."""
        if not getattr(self._thread, "draws", False):  # in a callback, or in a script that is no page's
            yield
            return
        self._leave()
        yield
        self._enter(first=True)

    def _enter(self, first: bool = False) -> None:
        self._places.enter(first)
        self._thread.draws = True

    def _leave(self) -> None:
        self._thread.draws = False
        self._places.leave()


runs = Runs(os.cpu_count() or 1)

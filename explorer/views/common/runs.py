"""Runs of pages, of which only so many draw at once: the others wait, and come in their order."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from explorer.turns import Turns, pages


class Runs:
    """Places to draw, for the threads that run pages."""

    def __init__(self, places: Turns):
        """Args: places, for as many runs as may draw at once."""
        self._places = places
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


runs = Runs(pages)

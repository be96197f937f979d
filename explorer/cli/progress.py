"""How far a long command is, on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self, TypeVar

import click

from explorer.pace import Pace, left_words

T = TypeVar("T")

EVERY = 5.0  # seconds between lines where there is no terminal: a log should not be all progress
_CLEAR_LINE = "\r\033[K"


class ProgressBar:
    """A bar with the time left on a terminal; elsewhere a plain line now and then.

    Args:
        total: How many steps there are; 0 where nobody knows yet.
        words: Says how far it is, such as "3 of 8 pairs", from the steps done and all steps.
        every: Seconds from one plain line to the next; the first and the last step are always told.
        clock: Seconds.
    """

    def __init__(
        self,
        total: int,
        words: Callable[[int, int], str],
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._total, self._words, self._every, self._clock = total, words, every, clock
        self._done = self._told = 0
        self._last = clock()
        self._pace = Pace(clock)
        self._bar = None
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=total or 1, label=words(0, total), file=sys.stderr)
            self._bar.length = total or None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.__exit__(kind, error, traceback)
        elif kind is None and self._done != self._told:
            self._tell()

    def at(self, done: int, total: int | None = None) -> None:
        """Tell that so many steps are done, and that there are `total` of them if that has become known."""
        self._total = self._total if total is None else total
        if self._bar:
            self._bar.length = self._total or None
            self._bar.label = self._words(done, self._total)
            if done < self._done:  # a fetch that begins anew
                self._bar.pos, self._bar.finished = 0, False
                self._done = 0
            self._bar.update(done - self._done)
        self._done = done
        self._pace.note(done)
        if not self._bar and (not self._told or self._clock() - self._last >= self._every):
            self._tell()

    def tell(self, done: int, total: int) -> None:
        """As `at`, of work that knows no total before its first step: until then nothing is told."""
        if total:
            self.at(done, total)

    def say(self, line: str) -> None:
        """Write a line of its own, in the place of the bar, which the next step draws again below it."""
        click.echo(f"{_CLEAR_LINE}{line}" if self._bar else line, err=True)

    def _tell(self) -> None:
        self._last, self._told = self._clock(), self._done
        left = self._pace.seconds_left(self._total) if self._done < self._total else None
        text = self._words(self._done, self._total)
        click.echo(text if left is None else f"{text}, {left_words(left)}", err=True)


def told(found: Iterator[T], total: int, unit: str) -> Iterator[T]:
    """What is found one after the other, and a word on how far that is: "3 of 21 points"."""
    with ProgressBar(total, lambda done, total: f"{done} of {total} {unit}") as bar:
        for done, each in enumerate(found, 1):
            bar.at(done)
            yield each

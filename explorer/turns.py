"""Turns at what only so many can use at once: in the order in which they were asked for.

A semaphore of Python wakes whoever comes at the right moment. One who asks again and again, such as a causal
map with its hundred passes, would get it before those who wait.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Hashable
from contextlib import suppress
from types import TracebackType
from typing import Self

from explorer.cores import usable

PATIENCE = 1.0  # seconds that long work lets others go before it, at most
ASIDE = 0.2  # seconds that work in the background waits for pages before each of its steps, at most
NICE = 3  # added to the niceness of a thread that steps back: half of the others' time where all want it

_this_thread = threading.local()


class Turns:
    """A context for one thread at a time, or for as many as there are places; first come, first served.

    Long work can be told from the rest: it waits behind all that is short, and gives way to it.
    """

    def __init__(self, places: int = 1):
        """Args: places, how many threads may be in it at once."""
        self._places = self._free = places
        self._changing = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._waiting_long: deque[tuple[threading.Event, float]] = deque()  # and since when
        self._watching: list[threading.Event] = []

    def __enter__(self) -> Self:
        self.enter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()

    def enter(self, first: bool = False, long: bool = False) -> None:
        """Take a place, or wait for one.

        Args:
            first: Before those who wait, and not behind them.
            long: Behind all who are not long, also those who come later, for `PATIENCE` at most.
        """
        with self._changing:
            if self._free:  # then nobody waits
                self._free -= 1
                return
            called = threading.Event()
            if long:
                self._waiting_long.append((called, time.monotonic()))
            else:
                (self._waiting.appendleft if first else self._waiting.append)(called)
        self._wait(called)

    def leave(self) -> None:
        """Give a place back; the one who waits longest has it."""
        with self._changing:
            self._pass_on()

    def give_way(self) -> None:
        """Let those who wait and are not long go first; called within the context, by long work."""
        with self._changing:
            if not self._waiting:
                return
            called = threading.Event()
            self._waiting_long.appendleft((called, time.monotonic()))
            self._pass_on()
        self._wait(called)

    def wait_until_empty(self, seconds: float) -> bool:
        """Wait until nobody is in it, at most so long, and take no place; tells whether nobody was."""
        with self._changing:
            if self._free == self._places:
                return True
            emptied = threading.Event()
            self._watching.append(emptied)
        try:
            return emptied.wait(seconds)
        finally:
            with self._changing, suppress(ValueError):  # it was told meanwhile
                self._watching.remove(emptied)

    def _pass_on(self) -> None:
        called = self._next()
        if called is not None:
            called.set()
            return
        self._free += 1
        if self._free == self._places:
            for emptied in self._watching:
                emptied.set()
            self._watching.clear()

    def _next(self) -> threading.Event | None:
        """Take the one who comes next out of the queue."""
        if self._waiting_long:
            called, since = self._waiting_long[0]
            if not self._waiting or time.monotonic() - since > PATIENCE:
                self._waiting_long.popleft()
                return called
        return self._waiting.popleft() if self._waiting else None

    def _wait(self, called: threading.Event) -> None:
        try:
            called.wait()
        except BaseException:  # a Ctrl-C; the place may just have been given
            with self._changing:
                if called in self._waiting:
                    self._waiting.remove(called)
                elif any(called is event for event, _ in self._waiting_long):
                    self._waiting_long = deque(each for each in self._waiting_long if each[0] is not called)
                else:
                    self._pass_on()
            raise


# Pages that are being drawn, by all threads of the program that draw some. What they do in Python holds
# Python's one lock: ten that share it are all done at the end; one after the other, the first is done after a
# tenth of that time, and the last no later.
pages = Turns(usable())


class Rounds:
    """The order in which a queue serves those who wait in it: by rounds, in each of which everybody is once.

    Who comes with ten things at once has one in each of the next ten rounds, and who comes after is in the
    round that is being served. Nobody is put off for ever, whoever comes later. This is start-time fair
    queueing (Goyal, Vin, Cheng, 1996) with things of one length. Not safe for threads by itself.
    """

    def __init__(self):
        self._now = 0
        self._last: dict[int, int] = {}  # by the hash of those whose last round has not been served

    def next_of(self, owner: Hashable) -> int:
        """Take the round of this owner's next thing."""
        taken = max(self._now, self._last.get(hash(owner), -1) + 1)
        self._last = {other: last for other, last in self._last.items() if last >= self._now}
        self._last[hash(owner)] = taken
        return taken

    def serve(self, taken: int) -> None:
        """Tell that a thing of this round is being served."""
        self._now = max(self._now, taken)


def step_back() -> None:
    """Put this thread, and those that it starts from now on, behind the others of the program, for good.

    The system runs it where they leave a core free. Elsewhere than on Linux niceness is the whole program's:
    there the thread is only known to be behind.
    """
    _this_thread.is_behind = True
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + NICE)


def stand_aside(*others: Turns) -> None:
    """Called by work in the background before a step: let pages be done first, and who is in the other turns.

    Two that share the cores make each other slow, and niceness alone gives half of the time away. But not for
    ever: a class may leave no gap.
    """
    for turns in (pages, *others):
        turns.wait_until_empty(ASIDE)


def is_behind() -> bool:
    """Whether this thread has stepped back: nobody who has not should wait for it."""
    return getattr(_this_thread, "is_behind", False)

"""Who tries out codes is slowed down: one browser after a few wrong ones, and all together after many."""

import threading
import time
from collections import deque
from collections.abc import Callable

FREE = 3  # wrong codes that cost nothing: a code is misread, or mistyped
LONGEST = 60.0  # seconds to wait at most
MOST_IN_ALL = 120  # wrong codes a minute of all browsers: a class mistypes fewer
MINUTE = 60.0


class Guesses:
    """The wrong codes of one browser's session.

    All sessions share `crowd`: who opens a new session for each guess is met there.
    """

    def __init__(self, crowd: "Crowd", clock: Callable[[], float] = time.monotonic):
        self._crowd = crowd
        self._clock = clock
        self._wrong = 0
        self._until = 0.0

    def seconds_to_wait(self) -> float:
        """How long no code is looked at; 0 where one is at once."""
        return max(self._until - self._clock(), self._crowd.seconds_to_wait(), 0.0)

    def note_wrong(self) -> None:
        """A code was wrong: beyond the free ones the next has to wait, each time twice as long."""
        self._wrong += 1
        self._crowd.note_wrong()
        if self._wrong >= FREE:
            self._until = self._clock() + min(2.0 ** (self._wrong - FREE + 1), LONGEST)

    def note_right(self) -> None:
        """A code was right."""
        self._wrong, self._until = 0, 0.0


class Crowd:
    """The wrong codes of all browsers; any thread may call it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=MOST_IN_ALL)

    def note_wrong(self) -> None:
        """A code was wrong."""
        with self._lock:
            self._times.append(self._clock())

    def seconds_to_wait(self) -> float:
        """How long nobody's code is looked at."""
        with self._lock:
            is_full = len(self._times) == MOST_IN_ALL
            return max(self._times[0] + MINUTE - self._clock(), 0.0) if is_full else 0.0


crowd = Crowd()

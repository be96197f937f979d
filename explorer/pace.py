"""How long work still takes: estimated from its steps of late, and said in words."""

import threading
import time
from collections import deque
from collections.abc import Callable

Clock = Callable[[], float]

WINDOW = 15.0  # seconds of the recent past from which the time left is estimated
SPACING = 0.2  # seconds between two marks of it, at least: bytes come thousands of times a second
ENOUGH = 3  # marks before anything is said


class Pace:
    """How fast steps have come of late, and so how long the others will take. Any thread may read it."""

    def __init__(self, clock: Clock = time.monotonic):
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    def note(self, done: int) -> None:
        """Take down that so many steps are finished now."""
        with self._lock:
            now, marks = self._clock(), self._marks
            if marks and done < marks[-1][1]:
                marks.clear()  # it began anew
            if len(marks) > 1 and now - marks[-2][0] < SPACING:
                marks.pop()
            marks.append((now, done))
            while len(marks) > ENOUGH and now - marks[0][0] > WINDOW:
                marks.popleft()

    def seconds_left(self, total: int) -> float | None:
        """How long it takes until so many steps are finished; None where too little is known.

        Time counts from the first finished step: what comes before says nothing of the others.
        """
        with self._lock:
            if len(self._marks) < ENOUGH:
                return None
            (first, start), (last, done) = self._marks[0], self._marks[-1]
            intervals = len(self._marks) - 1
        if done == start:
            return None
        # A step that takes longer than those before counts as if it ended just now.
        each = max((last - first) / intervals, (self._clock() - first) / (intervals + 1))
        return each * intervals / (done - start) * max(0, total - done)


def time_words(seconds: float) -> str:
    """About how long something takes, as it is said: "a second", "8 seconds", "3 minutes"."""
    if seconds < 1.5:
        return "a second"
    for size, name in ((90, "seconds"), (90 * 60, "minutes")):
        if seconds < size:
            return f"{seconds / (1 if name == 'seconds' else 60):.0f} {name}"
    return f"{seconds / 3600:.0f} hours"


def left_words(seconds: float) -> str:
    """About how long something still takes, as the end of a line."""
    return f"about {time_words(seconds)} left"

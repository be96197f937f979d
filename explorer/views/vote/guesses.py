"""Who tries out codes, or takes part again and again, is slowed down: by browser, and by address.

A school has one address, so that an address may do much; and what one does never holds up another.
"""

import time
from collections.abc import Callable

from explorer.views.common.often import MINUTE, Often

FREE = 3  # wrong codes that cost nothing: a code is misread, or mistyped
LONGEST = 60.0  # seconds to wait at most
MOST_WRONG = 120  # wrong codes a minute from one address: a class mistypes fewer
MOST_JOINS = 200  # participants a minute from one address: more than sit in most halls


class Guesses:
    """The wrong codes of one browser's session.

    All sessions share `wrong_codes`: who opens a new session for each guess is met there. Addresses are
    those of `network_of`.
    """

    def __init__(self, of_all: Often, clock: Callable[[], float] = time.monotonic):
        self._of_all = of_all
        self._clock = clock
        self._wrong = 0
        self._until = 0.0

    def seconds_to_wait(self, address: str) -> float:
        """How long no code is looked at; 0 where one is at once."""
        return max(self._until - self._clock(), self._of_all.seconds_to_wait(address), 0.0)

    def note_wrong(self, address: str) -> None:
        """A code was wrong: beyond the free ones the next has to wait, each time twice as long."""
        self._wrong += 1
        self._of_all.note(address)
        if self._wrong >= FREE:
            self._until = self._clock() + min(2.0 ** (self._wrong - FREE + 1), LONGEST)

    def note_right(self) -> None:
        """A code was right."""
        self._wrong, self._until = 0, 0.0


wrong_codes = Often(MOST_WRONG, MINUTE)
joins = Often(MOST_JOINS, MINUTE)

"""Who tries out codes, or takes part again and again, is slowed down: by browser, and by address.

A school has one address, so that an address may do much; and what one does never holds up another.
"""

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

FREE = 3  # wrong codes that cost nothing: a code is misread, or mistyped
LONGEST = 60.0  # seconds to wait at most
MOST_WRONG = 120  # wrong codes a minute from one address: a class mistypes fewer
MOST_JOINS = 200  # participants a minute from one address: more than sit in most halls
MOST_ADDRESSES = 10_000  # of which it is known what they did
MINUTE = 60.0


class Guesses:
    """The wrong codes of one browser's session.

    All sessions share `wrong_codes`: who opens a new session for each guess is met there.
    """

    def __init__(self, of_all: "PerMinute", clock: Callable[[], float] = time.monotonic):
        self._of_all = of_all
        self._clock = clock
        self._wrong = 0
        self._until = 0.0

    def seconds_to_wait(self, address: str | None) -> float:
        """How long no code is looked at; 0 where one is at once."""
        return max(self._until - self._clock(), self._of_all.seconds_to_wait(address), 0.0)

    def note_wrong(self, address: str | None) -> None:
        """A code was wrong: beyond the free ones the next has to wait, each time twice as long."""
        self._wrong += 1
        self._of_all.note(address)
        if self._wrong >= FREE:
            self._until = self._clock() + min(2.0 ** (self._wrong - FREE + 1), LONGEST)

    def note_right(self) -> None:
        """A code was right."""
        self._wrong, self._until = 0, 0.0


class PerMinute:
    """How often each address has done something within a minute; any thread may call it.

    Args:
        most: Times that it may.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic):
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def note(self, address: str | None) -> None:
        """It was done from an address; None for this machine."""
        with self._lock:
            times = self._times.setdefault(_network(address), deque(maxlen=self._most))
            times.append(self._clock())
            self._times.move_to_end(_network(address))
            while len(self._times) > MOST_ADDRESSES:
                self._times.popitem(last=False)

    def seconds_to_wait(self, address: str | None) -> float:
        """How long it is not to be done from an address; 0 where it may."""
        with self._lock:
            times = self._times.get(_network(address), ())
            is_full = len(times) == self._most
            return max(times[0] + MINUTE - self._clock(), 0.0) if is_full else 0.0

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._times.clear()


def _network(address: str | None) -> str:
    """What counts as one address: of IPv6 a network of 64 bits, in which one machine may have any."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.IPv6Network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


wrong_codes = PerMinute(MOST_WRONG)
joins = PerMinute(MOST_JOINS)

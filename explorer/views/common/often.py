"""How often somebody has done something of late: what is bounded by browser, or by address."""

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

MOST_KNOWN = 10_000  # of whom it is known what they did
MINUTE, DAY = 60.0, 86_400.0  # seconds


class Often:
    """Something that each may do so often within a time; any thread may call it.

    Args:
        most: Times.
        seconds: Within which they are counted.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic):
        self.most = most
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def note(self, who: str) -> None:
        """It was done."""
        with self._lock:
            self._times.setdefault(who, deque(maxlen=self.most)).append(self._clock())
            self._times.move_to_end(who)
            while len(self._times) > MOST_KNOWN:
                self._times.popitem(last=False)

    def seconds_to_wait(self, who: str) -> float:
        """How long it is not to be done; 0 where it may be at once."""
        with self._lock:
            times = self._times.get(who, ())
            return max(times[0] + self._seconds - self._clock(), 0.0) if len(times) == self.most else 0.0

    def forget(self) -> None:
        """Begin anew, for all."""
        with self._lock:
            self._times.clear()


def network_of(address: str | None) -> str:
    """What counts as one address: of IPv6 a network of 64 bits, in which one machine may have any.

    Args:
        address: As a browser's connection has it; None for this machine.
    """
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, 64), strict=False))
    return str(found)

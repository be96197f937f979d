"""A causal map in the background: a thread of its own, which a page can look at, cancel or leave."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

from explorer.analysis.region.causal import restore_each, tiles
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.metrics import Method

log = logging.getLogger("explorer.causal")

State = Literal["running", "done", "cancelled", "failed"]

# A pass holds the device. Between two passes those who wait for it, such as a page, get their turn.
GIVE_WAY = 0.001  # seconds


class CausalJob:
    """The restore checks of a grid of tiles, running or over. Any thread may read it.

    Attributes:
        side: Tiles a side.
        total: Tiles in all.
        restored: Scores of the first tiles, in the order of `tiles`; what is finished stays.
        state: "running", "done", "cancelled" (asked to, or not wanted any more) or "failed".
        error: Why it failed; "" otherwise.
    """

    def __init__(
        self,
        reference: Picture,
        distorted: Picture,
        side: int,
        method: Method,
        is_wanted: Callable[[], bool] = lambda: True,
    ):
        """Start it.

        Args:
            reference, distorted: As given, of one size.
            method: How scores are taken.
            is_wanted: Asked before each batch of tiles; work stops where it says no.

        Raises:
            SettingError: the image has fewer pixels than tiles.
        """
        self.side = side
        self._boxes = tiles(reference.size, side)
        self.total = len(self._boxes)
        self.restored: list[float] = []
        self.state: State = "running"
        self.error = ""
        self._cancel = threading.Event()
        self._started = time.monotonic()
        self._over = threading.Event()
        # A daemon: a program that ends does not wait for it, and it writes nothing that could be torn.
        threading.Thread(
            target=self._run, args=(reference, distorted, method, is_wanted), name="causal map", daemon=True
        ).start()

    @property
    def done(self) -> int:
        """Tiles that are finished."""
        return len(self.restored)

    @property
    def cancelling(self) -> bool:
        """Whether it was asked to end."""
        return self._cancel.is_set()

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the tiles so far; None before the first."""
        if not self.done:
            return None
        return (time.monotonic() - self._started) / self.done * (self.total - self.done)

    def cancel(self) -> None:
        """Ask it to end; it does after the tile at hand, and keeps those that are finished."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over, at most this long; tells whether it is."""
        return self._over.wait(seconds)

    def _run(
        self, reference: Picture, distorted: Picture, method: Method, is_wanted: Callable[[], bool]
    ) -> None:
        try:
            for scores in restore_each(reference, distorted, self._boxes, method):
                self.restored += scores
                log.debug("%d of %d tiles", self.done, self.total)
                if self.done < self.total and (self._cancel.is_set() or not is_wanted()):
                    self.state = "cancelled"
                    return
                time.sleep(GIVE_WAY)
            self.state = "done"
        except ExplorerError as error:
            self.error, self.state = str(error), "failed"
        except Exception as error:
            self.error, self.state = f"The causal map could not be measured: {error!r}.", "failed"
            raise  # to the log, where a defect belongs
        finally:
            log.debug("%s after %d of %d tiles", self.state, self.done, self.total)
            self._over.set()

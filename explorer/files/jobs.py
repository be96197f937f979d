"""Fetches in the background, shared by all users: a second click finds the first one's job."""

import atexit
import threading
from collections.abc import Sequence
from typing import Literal

from explorer.errors import ExplorerError, FetchCancelledError
from explorer.files.fetching import fetch
from explorer.files.source import WeightsFile

PATIENCE = 8.0  # seconds that running fetches have to end when the program does

State = Literal["running", "done", "failed", "cancelled"]


class Job:
    """One fetch, running or over. Any thread may read it.

    Attributes:
        name: The backbone's.
        files: Those that would do.
        state: "running", "done", "failed" or "cancelled".
        fetched, total: Bytes that have come, and bytes in all (0: unknown).
        error: Why it failed; "" otherwise.
        cancelling: Whether it was asked to end.
    """

    def __init__(self, name: str, files: Sequence[WeightsFile]):
        self.name = name
        self.files = tuple(files)
        self.state: State = "running"
        self.fetched = self.total = 0
        self.error = ""
        self._cancel = threading.Event()
        # Waited for in the thread's place: a Ctrl-C inside Thread.join() marks the thread as ended.
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"fetch {name}", daemon=True)

    @property
    def cancelling(self) -> bool:
        """Whether it was asked to end."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Ask it to end; it does within about a second, and leaves no process behind."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over, at most this long; tells whether it is."""
        return self._over.wait(seconds)

    def _run(self) -> None:
        try:
            fetch(self.name, self.files, self._progress, self._cancel.is_set)
        except FetchCancelledError:
            self.state = "cancelled"
        except ExplorerError as error:
            self.error, self.state = str(error), "failed"
        except Exception as error:
            self.error = f"The weights of {self.name} could not be fetched: {error!r}."
            self.state = "failed"
            raise  # to the log, where a defect belongs
        else:
            self.state = "done"
        finally:
            self._over.set()

    def _progress(self, fetched: int, total: int) -> None:
        self.fetched, self.total = fetched, total


_jobs: dict[str, Job] = {}
_changing = threading.Lock()


def start(name: str, files: Sequence[WeightsFile]) -> Job:
    """Start a fetch in the background, or return the one that is running for the same weights."""
    with _changing:
        for running in _jobs.values():
            same = running.name == name or running.files == tuple(files)
            if same and running.state == "running" and not running.cancelling:
                _jobs[name] = running
                return running
        started = _jobs[name] = Job(name, files)
        started._thread.start()
        return started


def job(name: str) -> Job | None:
    """The last fetch of these weights in this program, running or over; None if there was none."""
    return _jobs.get(name)


@atexit.register
def _end_all() -> None:
    """End what is running, so that no pip outlives the program."""
    running = [each for each in _jobs.values() if each.state == "running"]
    for each in running:
        each.cancel()
    for each in running:
        each.wait(PATIENCE)

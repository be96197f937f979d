"""Child processes of the tests."""

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.reduction import DupFd
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

ROOT = Path(__file__).parents[1]


@contextmanager
def started(command: Sequence[str], **options) -> Iterator[subprocess.Popen]:
    """A process that Ctrl-C ends, also where the tests themselves ignore it, as in a background job.

    An ignored signal is inherited, so it is put back for the moment in which the child is made. What a failed
    test has left running is killed, since leaving the block waits for its end.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        child = subprocess.Popen(command, **options)
    finally:
        signal.signal(signal.SIGINT, before)
    with child:
        try:
            yield child
        except BaseException:
            child.kill()
            raise


_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["explorer.cli", "explorer.metrics", "explorer.analysis.folders"])


@contextmanager
def _nothing_run_anew() -> Iterator[None]:
    """A forked process runs its parent's main module first, and Streamlit's tests leave a page as that."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class _Handed:
    """An open file that a process is given along: it arrives there as the number that it has there."""

    def __init__(self, number: int):
        self._number = number

    def __reduce__(self):
        return _arrived, (DupFd(self._number),)


def _arrived(handed) -> int:
    return handed.detach()


class Loaded:
    """A process of its own that runs a program, as `python -c` would, and finds torch and the explorer there.

    It is forked from one that has imported them, once for all tests: that takes longer than most programs do
    after it. What it writes goes to files in a folder, or standard error to an open terminal.
    """

    def __init__(self, program: str, arguments: Sequence[object], folder: Path, terminal: int | None = None):
        self._written = [folder / "stdout.txt", folder / "stderr.txt"]
        with self._written[0].open("wb") as stdout, self._written[1].open("wb") as stderr:
            streams = [stdout.fileno(), stderr.fileno() if terminal is None else terminal]
            self._process = _SERVER.Process(
                target=_run,
                args=(program, list(map(str, arguments)), list(map(_Handed, streams)), dict(os.environ)),
                daemon=True,
            )
            with _nothing_run_anew():
                self._process.start()

    @property
    def pid(self) -> int:
        """As that of `subprocess.Popen`."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As that of `subprocess.Popen`."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to it, and to none of its children."""
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def communicate(self) -> tuple[str, str]:
        """Wait for its end; returns what it has written to standard output and to standard error."""
        self._process.join(120)
        if self.returncode is None:
            self.kill()
            raise TimeoutError("the process has not ended in time")
        return tuple(path.read_text(encoding="utf-8") for path in self._written)


@contextmanager
def loaded(program: str, *arguments: object, terminal: int | None = None) -> Iterator[Loaded]:
    """A program in a process that need not import torch; its end is waited for, as by `started`."""
    with TemporaryDirectory() as folder:
        child = Loaded(program, arguments, Path(folder), terminal)
        try:
            yield child
        except BaseException:
            child.kill()
            raise
        finally:
            child.communicate()


def _run(program: str, arguments: list[str], streams: list[int], environment: dict[str, str]) -> None:
    """What the forked process does: become as one that was started anew, and run the program."""
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)
    # The old ones still take the streams for what they were before.
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as where no background job ignores it
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = ["-c", *arguments]
    try:
        exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})
    finally:
        atexit._run_exitfuncs()  # a forked process leaves them to the one that it was forked from

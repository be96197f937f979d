"""Child processes of the tests."""

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


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

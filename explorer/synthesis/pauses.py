"""Pauses within a step or a start that takes many passes of a network, such as the way onto a surface.

Who makes the steps says what is done in a pause: others go first, and work that nobody wants any more is left
by what is raised. A process only says where it could pause, and need not know for whom.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from explorer.metrics.perceptual import turn


def _nothing() -> None:
    """Nobody waits."""


_does: ContextVar[Callable[[], None]] = ContextVar("does", default=_nothing)  # of this thread


def pause() -> None:
    """Called between two passes; it raises what ends the work."""
    _does.get()()


@contextmanager
def pausing(does: Callable[[], None]) -> Iterator[None]:
    """Let pauses of this thread do this inside the block, after what they did before."""
    before = _does.get()

    def both() -> None:
        before()
        does()

    token = _does.set(both)
    try:
        yield
    finally:
        _does.reset(token)


@contextmanager
def own_turn(device: str, size: tuple[int, int]) -> Iterator[None]:
    """Have the device's turn inside the block, and let others go first in its pauses; not within another one.

    Args:
        device: The device.
        size: (width, height) of the pictures.
    """
    with turn(device, size) as give_way, pausing(give_way):
        yield

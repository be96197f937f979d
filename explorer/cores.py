"""Large work cut into parts that all cores do at once: numpy and Pillow compute outside of Python's lock."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T, R = TypeVar("T"), TypeVar("R")

MOST = 8  # threads: beyond these they wait for the memory
LARGE = 1 << 20  # pixels from which the work on a picture is worth the start of threads


def usable() -> int:
    """Cores that this process may use: a container or `taskset` leaves it fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_parts(work: Callable[[T], object], parts: Sequence[T], pixels: int) -> None:
    """Do work on each part of a picture of so many pixels: on all cores where it is large.

    Raises:
        What the work raises, of the first part that failed.
    """
    if pixels >= LARGE:
        on_all_cores(work, parts)
        return
    for part in parts:
        work(part)


def on_all_cores(work: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """Do work on each part, in no order; returns what each gave, in the order of the parts.

    The threads are started for this call: they are as far behind others as the one that calls
    (`turns.step_back`), whoever that is. That takes a tenth of a millisecond, which small work is not worth.

    Raises:
        What the work raises, of the first part that failed.
    """
    with ThreadPoolExecutor(min(MOST, usable())) as threads:
        return list(threads.map(work, parts))

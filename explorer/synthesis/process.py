"""What all that is optimised has in common: a point goes in, the next one comes out.

A process holds no state of a run, so that a run can be paused, gone on with and made longer: it is its last
`Point`, and a run that was interrupted gives the same bits as one that was not.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import torch
from torch import Tensor

from explorer.errors import ExplorerError, SettingError
from explorer.synthesis.levels import pixels_of

MOST_STEPS = 2000  # of one run; what has not come by then hardly does
KEPT = 40  # frames of a run that stay, at most about so many


class StoppedError(ExplorerError):
    """A run met numbers that are not finite; what it had made until then stays."""


@dataclass(frozen=True, eq=False)
class Point:
    """Where a run is.

    Attributes:
        step: From 0, the start.
        levels: The picture, float (1, 3, H, W) in grey levels, which need not be whole.
        value: What the process lowers or raises, of this picture before it is rounded, or where the
            process says so after it.
        slope: Its gradient here; None where the process needs none.
        memory: What the optimiser remembers, such as Adam's two moments.
    """

    step: int
    levels: Tensor
    value: float
    slope: Tensor | None = None
    memory: tuple[Tensor, ...] = ()

    @property
    def pixels(self) -> np.ndarray:
        """The picture in 8 bits, uint8 (H, W, 3)."""
        return pixels_of(self.levels)


class Process(ABC):
    """An optimisation, step by step; pure: nothing in it changes."""

    @abstractmethod
    def begin(self) -> Point:
        """The start, at step 0."""

    @abstractmethod
    def advance(self, point: Point) -> Point:
        """One step more."""

    def is_over(self, point: Point) -> bool:
        """Whether nothing is left to be done, whatever steps are left."""
        return False


def run(process: Process, steps: int, point: Point | None = None) -> Iterator[Point]:
    """Go on from a point, or from the start, which is the first that comes.

    Args:
        process: What is optimised.
        steps: In all, counted from the start.
        point: The last one of an earlier run.

    Raises:
        SettingError: a number of steps that is none, or too large.
        StoppedError: numbers that are not finite, also in the slope; the points that came before are good.
    """
    check_steps(steps)
    if point is None:
        point = process.begin()
        if not _is_finite(point):
            raise StoppedError(
                "The numbers of the start are not finite, so that no picture was made. Start from another "
                "picture, or choose another metric."
            )
        yield point
    while point.step < steps and not process.is_over(point):
        after = process.advance(point)
        if not _is_finite(after):
            raise StoppedError(
                f"The numbers were not finite any more at step {after.step}; the picture of step "
                f"{point.step} is the last good one. Start from another picture, or choose another metric."
            )
        point = after
        yield point


def _is_finite(point: Point) -> bool:
    """Whether a picture can be shown, and the next one made of it."""
    tensors = (point.levels,) if point.slope is None else (point.levels, point.slope)
    return math.isfinite(point.value) and all(bool(torch.isfinite(each).all()) for each in tensors)


def check_steps(steps: int) -> None:
    """Raise SettingError unless this is a number of steps."""
    is_whole = isinstance(steps, Integral) and not isinstance(steps, bool)
    if not is_whole or not 1 <= steps <= MOST_STEPS:
        raise SettingError(f"The number of steps is {steps!r}; choose a whole number from 1 to {MOST_STEPS}.")


def is_kept(step: int) -> bool:
    """Whether the frame of a step stays: all at first, where most happens, then ever fewer.

    It depends on the step alone, so that a run that is gone on with keeps the same as one that is not.
    """
    apart = 1
    while step > 8 * apart:
        apart *= 2
    return step % apart == 0

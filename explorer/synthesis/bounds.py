"""How far a picture may be changed: by grey levels a value, or by the PSNR of the change as a whole.

A bound says how a step is made inside of it: along the steepest way that it knows. For levels that is the
gradient's sign, for PSNR, which is a length, the gradient itself. What it holds is the *rounded* picture.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from numbers import Integral, Real

import torch
from torch import Tensor

from explorer.errors import SettingError
from explorer.synthesis.levels import HIGHEST, rounded
from explorer.synthesis.spheres import radius_of

LARGEST = 16  # levels: more is seen by everybody
LOWEST_PSNR, HIGHEST_PSNR = 20.0, 60.0  # dB: below the first it is seen, above the last hardly a value moves
PARTS = 4  # a step is this part of the bound, so that a pixel can still turn round
HALVINGS = 10  # to find how much of a step stays inside the ball once it is rounded: to a thousandth


class Bound(ABC):
    """How far each step, and all of them together, may go from a picture."""

    @abstractmethod
    def step(self, start: Tensor, levels: Tensor, slope: Tensor) -> Tensor:
        """The picture after one step uphill, inside the bound once it is rounded.

        Args:
            start: The picture as it was, (1, 3, H, W) in whole grey levels.
            levels: Where it is now.
            slope: The gradient there.
        """

    @property
    @abstractmethod
    def text(self) -> str:
        """As links and flags have it; `read_bound` reads it back."""


@dataclass(frozen=True)
class Levels(Bound):
    """No value moves by more than so many grey levels of 255: from 1 to `LARGEST`.

    Raises:
        SettingError: a number that is none of these.
    """

    most: int

    def __post_init__(self) -> None:
        is_whole = isinstance(self.most, Integral) and not isinstance(self.most, bool)
        if not is_whole or not 1 <= self.most <= LARGEST:
            raise SettingError(f"The bound is {self.most!r}; choose a whole number from 1 to {LARGEST}.")

    def step(self, start: Tensor, levels: Tensor, slope: Tensor) -> Tensor:
        """Each value by a part of the bound, along the gradient's sign (Madry et al. 2018)."""
        low, high = (start - self.most).clamp(min=0), (start + self.most).clamp(max=HIGHEST)
        return torch.minimum(torch.maximum(levels + self.most / PARTS * slope.sign(), low), high)

    @property
    def text(self) -> str:
        """Such as "levels:2"."""
        return f"levels:{self.most}"


@dataclass(frozen=True)
class Decibels(Bound):
    """The change as a whole has at least this PSNR from the picture as it was.

    Raises:
        SettingError: it is not from `LOWEST_PSNR` to `HIGHEST_PSNR`.
    """

    psnr: float

    def __post_init__(self) -> None:
        is_number = isinstance(self.psnr, Real) and not isinstance(self.psnr, bool)
        if not is_number or not LOWEST_PSNR <= self.psnr <= HIGHEST_PSNR:  # NaN fails it
            raise SettingError(
                f"The bound is {self.psnr!r} dB; choose a number from {LOWEST_PSNR:g} to {HIGHEST_PSNR:g}."
            )

    def step(self, start: Tensor, levels: Tensor, slope: Tensor) -> Tensor:
        """By a part of the radius along the gradient, and back into the ball."""
        radius, length = radius_of(self.psnr, start.numel()), slope.norm()
        steepest = slope / length.clamp(min=torch.finfo(slope.dtype).tiny)  # 0 where there is no slope
        ahead = levels + radius / PARTS * steepest
        change = ahead.clamp(0, HIGHEST) - start

        def is_inside(part: float) -> bool:
            return float((rounded(start + part * change) - start).norm()) <= radius

        if is_inside(1.0):
            return start + change
        low, high = 0.0, 1.0  # rounded changes grow with the part, by jumps
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if is_inside(middle) else (low, middle)
        return start + low * change

    @property
    def text(self) -> str:
        """Such as "psnr:40"."""
        return f"psnr:{self.psnr:g}"


def read_bound(text: str) -> Bound:
    """The bound that `Bound.text` wrote.

    Raises:
        SettingError: not that form, or not in its range.
    """
    kind, _, number = text.partition(":")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if kind == "levels":
        return Levels(int(value) if value.is_integer() else value)
    if kind == "psnr":
        return Decibels(value)
    raise SettingError(f"{text!r} is no bound; write levels:2 or psnr:40.")

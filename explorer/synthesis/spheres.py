"""The sphere of pictures that have one PSNR from a reference, inside the box of grey levels."""

import math

from torch import Tensor

from explorer.metrics.classic import PEAK
from explorer.synthesis.levels import HIGHEST, rounded

TIMES = 24  # scaled at most: what the box cuts off is made up for by what it leaves
CLOSE = 1e-5  # of the radius, within which it is reached: 0.0001 dB


def radius_of(psnr: float, count: int) -> float:
    """The norm of a change of `count` values, in grey levels, whose PSNR this is in dB."""
    return PEAK * 10 ** (-psnr / 20) * math.sqrt(count)


def psnr_of(radius: float, count: int) -> float:
    """The PSNR in dB of a change of `count` values with this norm, in grey levels; infinite at 0."""
    return math.inf if radius == 0 else -20 * math.log10(radius / (PEAK * math.sqrt(count)))


def on_sphere(reference: Tensor, levels: Tensor, radius: float) -> Tensor:
    """A picture's change scaled until its 8-bit picture lies on the sphere, as far as the box lets it.

    Args:
        reference, levels: (1, 3, H, W) in grey levels; not equal.
        radius: From `radius_of`; that of the result in 8 bits is `reached`, which comes as near as it can.
    """
    change = levels - reference
    change = change * (radius / change.norm())
    for _ in range(TIMES):
        own = reached(reference, reference + change)
        if abs(own / radius - 1) < CLOSE:
            break
        # What is too faint for any level is doubled until it shows.
        change = change * (radius / own if own else 2.0)
    return (reference + change).clamp(0, HIGHEST)


def reached(reference: Tensor, levels: Tensor) -> float:
    """The norm of the change that a picture in 8 bits is, in grey levels."""
    return float((rounded(levels) - reference).norm())


def tangent(gradient: Tensor, normal: Tensor) -> Tensor:
    """The part of a gradient that runs along a surface with this normal: both of one shape."""
    return gradient - normal * ((gradient * normal).sum() / normal.square().sum())

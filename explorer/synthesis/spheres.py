"""The sphere of pictures that have one PSNR from a reference, inside the box of grey levels."""

import math

from torch import Tensor

from explorer.metrics.classic import PEAK
from explorer.synthesis.levels import HIGHEST

TIMES = 3  # scaled and clipped in turn: clipping pulls the picture a little inside


def radius_of(psnr: float, count: int) -> float:
    """The norm of a change of `count` values, in grey levels, whose PSNR this is in dB."""
    return PEAK * 10 ** (-psnr / 20) * math.sqrt(count)


def on_sphere(reference: Tensor, levels: Tensor, radius: float) -> Tensor:
    """The picture nearest to one that lies on the sphere, as far as the box of 0..255 lets it.

    Args:
        reference, levels: (1, 3, H, W) in grey levels; not equal.
        radius: From `radius_of`.
    """
    change = levels - reference
    for _ in range(TIMES):
        change = change * (radius / change.norm())
        change = (reference + change).clamp(0, HIGHEST) - reference
    # Beyond the box by as little as is left, which rounding to 8 bits cuts off.
    return reference + change * (radius / change.norm())


def tangent(gradient: Tensor, normal: Tensor) -> Tensor:
    """The part of a gradient that runs along a surface with this normal: both of one shape."""
    return gradient - normal * ((gradient * normal).sum() / normal.square().sum())

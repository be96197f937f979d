"""Spatial changes that lay displaced copies over each other: of the image, or of its colour channels."""

import numpy as np

from explorer.distortions.base import (
    PERCENT_OF_SIDE,
    Distortion,
    Parameter,
    levels,
    row_strips,
    side_pixels,
)
from explorer.distortions.spatial import shift_right
from explorer.distortions.warping import warp

MAX_OPACITY = 50.0  # %: from there on the copy would be the image, and the image the ghost
GHOST_SHIFT = 5.0  # % of side: 13 px at 256
MAX_FRINGE = 2.0  # % of side, at the corners: 5 px at 256


def ghosting(image: np.ndarray, opacity: float, shift: float) -> np.ndarray:
    """Lay a translucent copy over the image, moved to the right, as an echo of a television signal does.

    The sRGB values, which are what such a signal carries, are mixed in proportion to `opacity` and rounded.
    The copy is that of `shift_right`: it moves by whole pixels, with the mirrored left border in its gap.

    Args:
        image: uint8 (H, W, 3).
        opacity: The copy's part in the mixture, in percent of 0..100.
        shift: How far the copy lies to the right, in percent of the shorter side, 0..50.

    Returns:
        A new uint8 (H, W, 3).
    """
    part = np.float32(opacity / 100)
    copy = shift_right(image, shift)
    mixed = np.empty(image.shape, np.uint8)
    for strip in row_strips(image):
        mixed[strip] = levels((1 - part) * image[strip] + part * copy[strip])
    return mixed


def chromatic_aberration(image: np.ndarray, displacement: float) -> np.ndarray:
    """Magnify red and shrink blue about the centre: the lateral chromatic aberration of a lens.

    Green stays. Red moves outwards and blue inwards, in proportion to the distance from the centre; what was
    in a corner is moved by `displacement`. The sRGB values are interpolated with a cubic spline, rounded and
    clipped; outside, the image is mirrored.

    Args:
        image: uint8 (H, W, 3).
        displacement: At the corners, in percent of the shorter side, -10..10; negative moves red inwards.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    growth = side_pixels(image, displacement) / np.hypot(height / 2, width / 2)
    fringed = image.copy()
    fringed[..., :1] = _magnified(image[..., :1], 1 + growth)
    fringed[..., 2:] = _magnified(image[..., 2:], 1 - growth)
    return fringed


def _magnified(image: np.ndarray, factor: float) -> np.ndarray:
    """An image (H, W, C) magnified about its centre by a factor, in the frame that it had."""
    height, width = image.shape[:2]
    middle_y, middle_x = height / 2, width / 2
    return warp(
        image,
        lambda y, x: (middle_y + (y - middle_y) / factor, middle_x + (x - middle_x) / factor),
    )


ENTRIES = (
    Distortion(
        name="ghosting",
        label="Ghosting",
        family="spatial",
        random=False,
        parameters=(
            Parameter("opacity", "%", 0, 100, at=lambda severity: MAX_OPACITY * severity),
            Parameter("shift", PERCENT_OF_SIDE, 0, 50, at=lambda severity: GHOST_SHIFT),
        ),
        apply=ghosting,
        summary="A translucent copy lies over the image, a little to the right.",
        paper="ghosting",
        left_open="The copy: 5% of the shorter side to the right, mixed in sRGB values up to one half.",
    ),
    Distortion(
        name="chromatic_aberration",
        label="Chromatic aberration",
        family="spatial",
        random=False,
        parameters=(
            Parameter("displacement", PERCENT_OF_SIDE, -10, 10, at=lambda severity: MAX_FRINGE * severity),
        ),
        apply=chromatic_aberration,
        summary="Red magnified and blue shrunk about the centre, as by a lens: colour fringes grow outwards.",
        paper="chromatic aberration",
        left_open="The kind: lateral, linear from the centre outwards, at most 2% of the shorter side.",
    ),
)

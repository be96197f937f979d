"""Spatial changes: the content stays, its place changes."""

from math import ceil

import numpy as np
from PIL import Image

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, levels, side_pixels

MAX_SHIFT = 6.0  # % of side: 15 px at 256
MAX_DISPLACEMENT = 12.0  # % of side, at the corner that moves most: 31 px at 256


def shift_right(image: np.ndarray, shift: float) -> np.ndarray:
    """Move the image to the right; the gap is filled with its mirrored left border.

    Whole pixels only, rounded to the nearest, so that nothing is interpolated and the shift alone is seen:
    a shift that is worth less than half a pixel changes nothing.

    Args:
        image: uint8 (H, W, 3).
        shift: How far, in percent of the shorter side.

    Returns:
        A new uint8 (H, W, 3).
    """
    pixels = round(side_pixels(image, shift))
    return np.pad(image, ((0, 0), (pixels, 0), (0, 0)), mode="reflect")[:, : image.shape[1]].copy()


def affine_warp(image: np.ndarray, displacement: float, rng: np.random.Generator) -> np.ndarray:
    """Rotate, scale and shear the image about its centre, at random; outside, it is mirrored.

    The linear part is drawn first and then scaled until the corner that moves most takes its content
    from `displacement` away: a larger one drives the same warp further. The values, sRGB, are interpolated
    with Pillow's bicubic kernel (a = -0.5), rounded and clipped.

    Args:
        image: uint8 (H, W, 3).
        displacement: How far the corner that moves most is moved, in percent of the shorter side.
        rng: Where the warp is drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    reach = side_pixels(image, displacement)
    direction = rng.standard_normal((2, 2))
    corners = np.array([[width, width], [height, -height]]) / 2  # the other two mirror these
    linear = direction * reach / np.linalg.norm(direction @ corners, axis=0).max()

    # Pillow asks for the place in its input, here the padded image, of each place (x, y) in its output.
    margin = ceil(reach) + 2  # two more pixels for the bicubic kernel
    centre = np.array([width, height]) / 2
    inverse = np.eye(2) + linear
    (a, b), (d, e) = inverse.tolist()
    c, f = (centre + margin - inverse @ centre).tolist()
    warped = np.empty_like(image)
    for channel in range(3):
        # In floats, because Pillow cuts the fractions off 8-bit results; one channel at a time, for memory.
        plane = np.pad(image[..., channel], margin, mode="reflect").astype(np.float32)
        values = Image.fromarray(plane).transform(
            (width, height), Image.Transform.AFFINE, (a, b, c, d, e, f), Image.Resampling.BICUBIC
        )
        warped[..., channel] = levels(np.asarray(values))
    return warped


ENTRIES = (
    Distortion(
        name="shift",
        label="Shift",
        family="spatial",
        random=False,
        parameters=(Parameter("shift", PERCENT_OF_SIDE, 0, 50, at=lambda severity: MAX_SHIFT * severity),),
        apply=shift_right,
        summary="Moved to the right by whole pixels, with the left border mirrored into the gap.",
        paper="shifting",
        left_open="The way: to the right by whole pixels, at most 6% of the shorter side on the slider.",
    ),
    Distortion(
        name="affine_warp",
        label="Affine warp",
        family="spatial",
        random=True,
        parameters=(
            Parameter(
                "displacement", PERCENT_OF_SIDE, 0, 50, at=lambda severity: MAX_DISPLACEMENT * severity
            ),
        ),
        apply=affine_warp,
        summary="Rotated, scaled and sheared at random about the centre; the seed picks the warp.",
        paper="affine warp",
        left_open="The map: Gaussian entries about the centre, corners by at most 12% of the shorter side.",
    ),
)

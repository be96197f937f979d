"""Noise: errors that owe nothing to the image's content."""

import numpy as np

from explorer.distortions.base import Distortion, Parameter

MAX_SIGMA = 48.0  # levels: nearly a fifth of the range; shapes are still seen, textures no longer

_STRIP_VALUES = 1 << 20  # float32 noise drawn at a time: 4 MB, whatever the image's size


def gaussian_noise(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add white Gaussian noise, independent in every pixel and channel, to the sRGB values.

    Sums are rounded to the nearest level and clipped to 0..255, so noise near black and white is smaller
    than `sigma` says. The draw does not depend on `sigma`: a larger one scales the same pattern.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from, row by row.

    Returns:
        A new uint8 (H, W, 3).
    """
    noisy = np.empty(image.shape, np.uint8)
    rows = max(1, _STRIP_VALUES // (image.shape[1] * 3))
    for top in range(0, image.shape[0], rows):
        strip = image[top : top + rows]
        total = rng.standard_normal(strip.shape, np.float32)
        total *= sigma
        total += strip
        np.rint(total, out=total)
        noisy[top : top + rows] = np.clip(total, 0, 255, out=total)
    return noisy


ENTRIES = (
    Distortion(
        name="gaussian_noise",
        label="Gaussian noise",
        family="noise",
        random=True,
        # The square gives the weak noise that a camera makes half of the slider.
        parameters=(Parameter("sigma", "levels", 0, 255, at=lambda severity: MAX_SIGMA * severity**2),),
        apply=gaussian_noise,
        summary="White Gaussian noise, drawn anew for every pixel and colour channel.",
    ),
)

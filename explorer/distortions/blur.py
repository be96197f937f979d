"""Blur: fine detail is lost, everything else stays where it was."""

import numpy as np
from PIL import Image, ImageFilter

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, side_pixels

MAX_SIGMA = 3.0  # % of side: 7.7 px at 256, which leaves a face but not its features
MAX_REDUCTION = 8.0


def gaussian_blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Blur the sRGB values with a Gaussian; beyond the border the edge pixels go on.

    Pillow's filter: three box blurs in place of the Gaussian, so its time does not grow with `sigma`, and
    the result lies within a few levels of the true one.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in percent of the shorter side.

    Returns:
        A new uint8 (H, W, 3).
    """
    return blur_pixels(image, side_pixels(image, sigma))


def blur_pixels(image: np.ndarray, sigma: float) -> np.ndarray:
    """`gaussian_blur` with its standard deviation in pixels."""
    return np.array(Image.fromarray(image).filter(ImageFilter.GaussianBlur(sigma)))


def scaling(image: np.ndarray, reduction: float) -> np.ndarray:
    """Shrink the image and enlarge it again, both bicubic, in sRGB values: detail goes, ringing comes.

    Pillow's resize: a = -0.5, widened for the way down so that nothing aliases; at the border the kernel
    is cut and made to sum to one again; results are rounded and clipped after each way.

    Args:
        image: uint8 (H, W, 3).
        reduction: How many times smaller each side becomes, at least 1; sides are rounded to whole pixels
            and never fall below one.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    small = (max(1, round(width / reduction)), max(1, round(height / reduction)))
    bicubic = Image.Resampling.BICUBIC
    return np.array(Image.fromarray(image).resize(small, bicubic).resize((width, height), bicubic))


ENTRIES = (
    Distortion(
        name="gaussian_blur",
        label="Gaussian blur",
        family="blur",
        random=False,
        # The exponent gives blurs about as wide as a pixel, where LPIPS changes fastest, room on the slider.
        parameters=(
            Parameter("sigma", PERCENT_OF_SIDE, 0, 20, at=lambda severity: MAX_SIGMA * severity**1.5),
        ),
        apply=gaussian_blur,
        summary="Gaussian blur whose width is a percentage of the image's shorter side.",
    ),
    Distortion(
        name="scaling",
        label="Bicubic down-up scaling",
        family="blur",
        random=False,
        # Geometric: each step of the slider loses the same share of the pixels that were left.
        parameters=(Parameter("reduction", "×", 1, 64, at=lambda severity: MAX_REDUCTION**severity),),
        apply=scaling,
        summary="Shrunk and enlarged again with bicubic interpolation, as a simple super-resolution would.",
    ),
)

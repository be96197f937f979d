"""Photometric changes: every pixel gets another value, none gets another place."""

import numpy as np
from PIL import Image

from explorer.distortions.base import Distortion, Parameter

MIN_CONTRAST = 10.0  # %: at none at all, every image would be the same flat grey

# ITU-R BT.601 luma, the weights that Pillow's greyscale uses.
_LUMA = np.array([0.299, 0.587, 0.114])


def lower_contrast(image: np.ndarray, contrast: float) -> np.ndarray:
    """Draw all sRGB values towards the grey of the image's mean luma, which itself stays.

    Values are rounded to the nearest level; none can leave 0..255.

    Args:
        image: uint8 (H, W, 3).
        contrast: What is left of each value's distance from the mean, in percent of 0..100.

    Returns:
        A new uint8 (H, W, 3).
    """
    kept = contrast / 100
    mean_luma = image.mean(axis=(0, 1)) @ _LUMA
    offset = np.full((3, 1), (1 - kept) * mean_luma)
    return _recolour(image, np.hstack([kept * np.eye(3), offset]))


def desaturate(image: np.ndarray, saturation: float) -> np.ndarray:
    """Draw each pixel's sRGB values towards its own luma; greyscale images don't change.

    Values are rounded to the nearest level; none can leave 0..255.

    Args:
        image: uint8 (H, W, 3).
        saturation: What is left of each value's distance from luma, in percent of 0..100.

    Returns:
        A new uint8 (H, W, 3).
    """
    kept = saturation / 100
    luma_of_all = np.tile(_LUMA, (3, 1))
    return _recolour(image, np.hstack([kept * np.eye(3) + (1 - kept) * luma_of_all, np.zeros((3, 1))]))


def _recolour(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Each pixel times a (3, 4) colour matrix whose last column is added, rounded and clipped by Pillow."""
    return np.array(Image.fromarray(image).convert("RGB", tuple(matrix.ravel().tolist())))


ENTRIES = (
    Distortion(
        name="contrast",
        label="Contrast",
        family="photometric",
        random=False,
        parameters=(
            Parameter("contrast", "%", 0, 100, at=lambda severity: 100 - (100 - MIN_CONTRAST) * severity),
        ),
        apply=lower_contrast,
        summary="Contrast lowered around the image's mean brightness.",
    ),
    Distortion(
        name="saturation",
        label="Saturation",
        family="photometric",
        random=False,
        parameters=(Parameter("saturation", "%", 0, 100, at=lambda severity: 100 - 100 * severity),),
        apply=desaturate,
        summary="Colours fade towards grey of the same luma, and are gone at full severity.",
    ),
)

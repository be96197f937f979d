"""Sampling: fewer pixels, and back to as many as before."""

import numpy as np
from PIL import Image

from explorer.distortions.base import Distortion, Parameter

MAX_REDUCTION = 8.0


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
    return _down_up(image, reduction, Image.Resampling.BICUBIC)


def lanczos_scaling(image: np.ndarray, reduction: float) -> np.ndarray:
    """`scaling` with Lanczos's kernel of three lobes in the place of the bicubic: sharper, with more ringing.

    Args:
        image: uint8 (H, W, 3).
        reduction: As for `scaling`.

    Returns:
        A new uint8 (H, W, 3).
    """
    return _down_up(image, reduction, Image.Resampling.LANCZOS)


def nearest_scaling(image: np.ndarray, reduction: float) -> np.ndarray:
    """Shrink and enlarge by taking the nearest pixel: no value is new, fine detail aliases, blocks appear.

    Nothing is averaged before pixels are dropped. The pixel that stands for a block is that in whose square
    the block's centre lies, and at the border nothing from beyond is needed.

    Args:
        image: uint8 (H, W, 3).
        reduction: How many times smaller each side becomes, at least 1; a fraction makes blocks of two
            sizes.

    Returns:
        A new uint8 (H, W, 3).
    """
    return _down_up(image, reduction, Image.Resampling.NEAREST)


def _down_up(image: np.ndarray, reduction: float, kernel: Image.Resampling) -> np.ndarray:
    height, width = image.shape[:2]
    small = (max(1, round(width / reduction)), max(1, round(height / reduction)))
    return np.array(Image.fromarray(image).resize(small, kernel).resize((width, height), kernel))


# Geometric: each step of the slider loses the same share of the pixels that were left.
REDUCTION = Parameter("reduction", "×", 1, 64, at=lambda severity: MAX_REDUCTION**severity)

ENTRIES = (
    Distortion(
        name="scaling",
        label="Bicubic down-up scaling",
        family="sampling",
        random=False,
        parameters=(REDUCTION,),
        apply=scaling,
        summary="Shrunk and enlarged again with bicubic interpolation, as a simple super-resolution would.",
    ),
    Distortion(
        name="lanczos_scaling",
        label="Lanczos down-up scaling",
        family="sampling",
        random=False,
        parameters=(REDUCTION,),
        apply=lanczos_scaling,
        summary="Shrunk and enlarged again with Lanczos's kernel, which keeps more detail and rings more.",
    ),
    Distortion(
        name="nearest_scaling",
        label="Nearest down-up scaling",
        family="sampling",
        random=False,
        parameters=(REDUCTION,),
        apply=nearest_scaling,
        summary="Shrunk and enlarged again by taking the nearest pixel, which leaves blocks and aliases.",
    ),
)

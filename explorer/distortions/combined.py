"""Combinations: one distortion after another, so that errors of different kinds meet in one image."""

from math import ceil

import numpy as np
from PIL import Image, ImageFilter

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, side_pixels
from explorer.distortions.compression import QUALITY, jpeg

MAX_PATCH_SIGMA = 4.0  # % of side
PATCH_RADIUS = 18.0  # % of side: about a tenth of a square image's area

_SOLID = 0.6  # the share of the radius inside which the blur is whole; from there it fades to the rim


def jpeg_local_blur(image: np.ndarray, quality: int, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """JPEG everywhere, then a round patch with a soft edge is blurred at a random place.

    The patch's centre lies in the middle half of both sides. JPEG is 4:2:0, the blur is Pillow's (three box
    blurs in place of the Gaussian), both steps work on sRGB values, and the blend at the patch's edge is
    rounded to the nearest level.

    Args:
        image: uint8 (H, W, 3), at most 65,500 px a side.
        quality: libjpeg's scale, 1 (worst) to 95 (best).
        sigma: The patch's Gaussian blur, in percent of the shorter side.
        rng: Where the patch's place is drawn from.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if a side is longer than a JPEG can hold.
    """
    result = jpeg(image, quality)
    height, width = image.shape[:2]
    centre_x, centre_y = rng.uniform(0.25, 0.75, size=2) * (width, height)
    radius = side_pixels(image, PATCH_RADIUS)
    spread = side_pixels(image, sigma)

    # Blur no more than the patch and what its blur can see, so that large images stay cheap.
    reach = ceil(radius + 3 * spread)
    top, left = max(0, int(centre_y) - reach), max(0, int(centre_x) - reach)
    window = result[top : int(centre_y) + reach + 1, left : int(centre_x) + reach + 1]
    y, x = np.ogrid[: window.shape[0], : window.shape[1]]
    distance = np.hypot(top + y + 0.5 - centre_y, left + x + 0.5 - centre_x)
    fade = np.clip((radius - distance) / (radius * (1 - _SOLID)), 0, 1)
    opacity = (fade * fade * (3 - 2 * fade)).astype(np.float32)[..., None]  # smoothstep: no visible rim
    blurred = np.array(Image.fromarray(window).filter(ImageFilter.GaussianBlur(spread)))
    window[...] = np.rint(window + opacity * (blurred.astype(np.float32) - window))
    return result


ENTRIES = (
    Distortion(
        name="jpeg_local_blur",
        label="JPEG, then local blur",
        family="combined",
        random=True,
        parameters=(
            QUALITY,
            Parameter("sigma", PERCENT_OF_SIDE, 0, 20, at=lambda severity: MAX_PATCH_SIGMA * severity),
        ),
        apply=jpeg_local_blur,
        summary="JPEG all over, then one soft round patch is blurred; the seed picks its place.",
    ),
)

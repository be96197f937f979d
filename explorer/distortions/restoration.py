"""Restoration of what blur, compression and sampling did, by classical algorithms.

They stand in the place of the networks with which the paper (section 3.1 and Table 2, right) restores images:
what is seen are the errors of an inverse problem, which neither the loss alone nor the algorithm makes.
"""

import numpy as np
from PIL import Image

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, levels, side_pixels
from explorer.distortions.blur import defocus
from explorer.distortions.colour import linear_light, stored_values
from explorer.distortions.compression import QUALITY, check_side, jpeg
from explorer.distortions.noise import gaussian_noise
from explorer.distortions.optics import disc, filtered, response
from explorer.distortions.sampling import REDUCTION

MAX_RADIUS = 4.0  # % of side
MAX_NOISE = 4.0  # levels
ITERATIONS = 12  # of Richardson and Lucy: more bring a little more detail, and take as long again

# Of linear light, a third of the step from level 0 to 1: what is divided by less grows without bound.
_DARKEST = np.float32(1e-4)
_SHIFTS = (0, 2, 4, 6)  # px: each way, of the eight at which a JPEG's blocks can lie
_PROJECTIONS = 10


def richardson_lucy(image: np.ndarray, radius: float, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Blur the image as `defocus`, add noise, and deblur it: ringing along edges, and noise made coarse.

    Richardson (1972) and Lucy (1974), 12 steps from the blurred image itself, in linear light, each
    channel by itself, with the very disc that blurred; the noise, `gaussian_noise`, is not known to it.
    Beyond the border the image is mirrored in both directions of the computation. It takes some
    80 ms for 256 x 256.

    Args:
        image: uint8 (H, W, 3).
        radius: Of the disc, in percent of the shorter side.
        sigma: The noise's standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from; a larger `sigma` scales the same noise.

    Returns:
        A new uint8 (H, W, 3).
    """
    noisy = gaussian_noise(defocus(image, radius), sigma, rng)
    factors = response(disc(side_pixels(image, radius)), image.shape[:2])
    for channel in range(3):
        seen = np.maximum(linear_light(noisy[..., channel]), _DARKEST)
        noisy[..., channel] = stored_values(_deconvolved(seen, factors))
    return noisy


def _deconvolved(seen: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Richardson and Lucy's steps on float32 (H, W) above 0, for an even kernel given by its `response`."""
    estimate = seen
    for _ in range(ITERATIONS):
        ratio = seen / np.maximum(filtered(estimate, factors), _DARKEST)
        estimate = estimate * np.maximum(filtered(ratio, factors), 0)
    return estimate


def deblocking(image: np.ndarray, quality: int) -> np.ndarray:
    """Compress as `jpeg`, then remove the blocks: the mean of the JPEG and of its shifted JPEGs.

    Nosratinia's shifted re-application (Journal of VLSI Signal Processing, 2001): the decoded image is
    moved by 0, 2, 4 and 6 pixels each way, compressed again at the same quality, moved back, and the 16
    are averaged, on sRGB values. What it is moved in from is the mirrored image. Blocks and ringing fade,
    and fine texture with them.

    Args:
        image: uint8 (H, W, 3), at most 65,494 px a side.
        quality: libjpeg's scale, 1 (worst) to 95 (best).

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if a side is longer than the format can hold.
    """
    margin = _SHIFTS[-1]
    check_side(image, 65_500 - margin, "A JPEG that is moved about")
    height, width = image.shape[:2]
    decoded = jpeg(image, quality)
    total = decoded.astype(np.uint16)
    for down in _SHIFTS:
        for right in _SHIFTS:
            if down or right:
                moved = np.pad(decoded, ((down, 0), (right, 0), (0, 0)), mode="reflect")
                total += jpeg(moved, quality)[down : down + height, right : right + width]
    count = len(_SHIFTS) ** 2
    return ((total + count // 2) // count).astype(np.uint8)


def super_resolution(image: np.ndarray, reduction: float) -> np.ndarray:
    """Shrink the image, and enlarge it by back-projection: sharper than `scaling`, with halos and stairs.

    Irani and Peleg (1991) with one image: from the bicubic enlargement, 10 times the error that remains
    when it is shrunk again is enlarged and added. The small image has 8 bits; both ways are Pillow's
    bicubic, on sRGB values, in floats, with its borders.

    Args:
        image: uint8 (H, W, 3).
        reduction: How many times smaller each side becomes, at least 1; sides are rounded to whole pixels
            and never fall below one.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    size = (max(1, round(width / reduction)), max(1, round(height / reduction)))
    small = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC)).astype(np.float32)
    result = np.empty_like(image, order="C")
    for channel in range(3):
        estimate = _resized(small[..., channel], (width, height))
        for _ in range(_PROJECTIONS):
            estimate += _resized(small[..., channel] - _resized(estimate, size), (width, height))
        result[..., channel] = levels(estimate)
    return result


def _resized(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A float32 (H, W) plane in another (width, height), bicubic."""
    return np.array(Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC))


ENTRIES = (
    Distortion(
        name="richardson_lucy",
        label="Defocus, Richardson–Lucy",
        family="restoration",
        random=True,
        parameters=(
            Parameter("radius", PERCENT_OF_SIDE, 0, 20, at=lambda severity: MAX_RADIUS * severity),
            Parameter("sigma", "levels", 0, 255, at=lambda severity: MAX_NOISE * severity),
        ),
        apply=richardson_lucy,
        summary="Out of focus with a little noise, and deblurred, which leaves ringing and coarse noise.",
    ),
    Distortion(
        name="deblocking",
        label="JPEG, deblocked",
        family="restoration",
        random=False,
        parameters=(QUALITY,),
        apply=deblocking,
        summary="A JPEG whose blocks are averaged away by compressing it again at other places.",
    ),
    Distortion(
        name="super_resolution",
        label="Super-resolution",
        family="restoration",
        random=False,
        parameters=(REDUCTION,),
        apply=super_resolution,
        summary="Shrunk, and enlarged until it would shrink to the same image, which leaves halos.",
    ),
)

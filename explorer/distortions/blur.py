"""Blur: fine detail is lost, everything else stays where it was."""

from math import ceil

import numpy as np
from PIL import Image

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, side_pixels
from explorer.distortions.colour import linear_light, stored_values
from explorer.distortions.optics import convolved, disc, filtered, line, response, response_of_product

MAX_SIGMA = 3.0  # % of side: 7.7 px at 256, which leaves a face but not its features
MAX_LENGTH = 8.0  # % of side: 20 px at 256
MAX_RADIUS = 3.0  # % of side: 7.7 px at 256
WEAKEST_EDGE = 8  # levels: a sum is taken for each of so many lumas, and more would take seconds
ANGLE = 30.0  # degrees: neither along rows nor along columns

_REACH = 5.0  # standard deviations at which a Gaussian ends: what lies beyond is 6e-7 of it
_COARSE = 4.0  # px: a spatial Gaussian at least this wide is taken on a smaller image


def gaussian_blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Blur the sRGB values with a Gaussian; beyond the border the image is mirrored.

    The sampled Gaussian, cut at five standard deviations and of sum one again, taken on cosines:
    its time does not grow with `sigma`. Results are rounded to the nearest level.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in percent of the shorter side.

    Returns:
        A new uint8 (H, W, 3).
    """
    return blur_pixels(image, side_pixels(image, sigma))


def blur_pixels(image: np.ndarray, sigma: float) -> np.ndarray:
    """`gaussian_blur` with its standard deviation in pixels."""
    factors = response_of_product(_gaussian(sigma), image.shape[:2])
    result = np.empty(image.shape, np.uint8)
    for channel in range(3):
        plane = filtered(image[..., channel].astype(np.float32), factors)
        np.rint(plane, out=plane)
        result[..., channel] = np.clip(plane, 0, 255, out=plane)
    return result


def _gaussian(sigma: float) -> np.ndarray:
    """The weights of a Gaussian at whole pixels, of sum 1."""
    ramp = np.arange(-ceil(_REACH * sigma), ceil(_REACH * sigma) + 1)
    weights = np.exp(-0.5 * (ramp / max(sigma, 1e-9)) ** 2)
    return weights / weights.sum()


def bilateral(image: np.ndarray, sigma: float, edge: float) -> np.ndarray:
    """Average each pixel with those that are near both in place and in brightness, so that edges stay.

    The bilateral filter (Tomasi and Manduchi, ICCV 1998) on sRGB values. A pixel q weighs for the pixel p

        exp(-|p - q|² / 2 sigma²) · exp(-(Y(p) - Y(q))² / 2 edge²)

    in all three channels, with Y the BT.601 luma in whole levels, so that channels do not come apart at an
    edge; colours of equal luma do mix. Pixels beyond the border do not exist, and weights sum to one again.
    As in Yang, Tan and Ahuja (CVPR 2009), the sum is taken for some lumas, `edge` apart at most, and
    interpolated between; where `sigma` exceeds 4 px it is taken on a smaller image, as in Paris and Durand
    (ECCV 2006).

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation in place, in percent of the shorter side.
        edge: Standard deviation in luma, in levels: steps well above it stay, those below are blurred away.

    Returns:
        A new uint8 (H, W, 3).
    """
    return bilateral_pixels(image, side_pixels(image, sigma), edge)


def bilateral_pixels(image: np.ndarray, sigma: float, edge: float) -> np.ndarray:
    """`bilateral` with its standard deviation in place in pixels."""
    luma = np.array(Image.fromarray(image).convert("L"))
    lumas = np.arange(256)
    lowest, highest = int(luma.min()), int(luma.max())
    centres = np.linspace(lowest, highest, 1 + int(np.ceil((highest - lowest) / max(edge, 1.0))))
    spacing = max(1e-6, centres[1] - centres[0]) if len(centres) > 1 else 1.0
    total = np.zeros(image.shape, np.float32)
    for centre in centres:
        near = np.exp(-0.5 * ((lumas - centre) / edge) ** 2).astype(np.float32)[luma]
        share = np.clip(1 - np.abs(lumas - centre) / spacing, 0, 1).astype(np.float32)[luma]
        if not share.any():
            continue
        weight = np.maximum(_windowed(near, sigma), 1e-12)
        share /= weight
        for channel in range(3):
            total[..., channel] += share * _windowed(near * image[..., channel], sigma)
    np.rint(total, out=total)
    return np.clip(total, 0, 255, out=total).astype(np.uint8)


def _windowed(plane: np.ndarray, sigma: float) -> np.ndarray:
    """A float32 (H, W) plane, nought beyond its borders, under a Gaussian of `sigma` pixels."""
    from scipy import ndimage  # here, because it takes a while and most of the catalogue needs none

    factor = int(sigma / (_COARSE / 2))
    if factor < 2 or min(plane.shape) < 2 * factor:
        return ndimage.gaussian_filter(plane, sigma, mode="constant", truncate=3)
    height, width = plane.shape
    size = (-(-width // factor), -(-height // factor))
    small = np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BOX))
    # The way down is a box and the way up a tent: together they blur by a quarter of the factor squared.
    rest = np.sqrt(sigma**2 - factor**2 / 4) / factor
    small = ndimage.gaussian_filter(small, rest, mode="constant", truncate=3)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR))


def motion_blur(image: np.ndarray, length: float, angle: float) -> np.ndarray:
    """Move the camera along a straight line while the shutter is open.

    Linear light is averaged along a centred line of constant weight, drawn between the pixels bilinearly;
    beyond the border the image is mirrored.

    Args:
        image: uint8 (H, W, 3).
        length: Of the line, in percent of the shorter side.
        angle: Of the line, in degrees, anticlockwise from the right.

    Returns:
        A new uint8 (H, W, 3).
    """
    return convolved(image, line(side_pixels(image, length), angle))


def defocus(image: np.ndarray, radius: float) -> np.ndarray:
    """Put the image out of focus, as a lens with a round aperture does: each point becomes a disc.

    Linear light is convolved with a disc of constant weight (the blur of geometrical optics) whose rim fades
    over one pixel; one of a radius below half a pixel changes nothing. Beyond the border the image is
    mirrored.

    Args:
        image: uint8 (H, W, 3).
        radius: Of the disc, in percent of the shorter side.

    Returns:
        A new uint8 (H, W, 3).
    """
    factors = response(disc(side_pixels(image, radius)), image.shape[:2])
    result = np.empty_like(image, order="C")
    for channel in range(3):
        result[..., channel] = stored_values(filtered(linear_light(image[..., channel]), factors))
    return result


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
        paper="Gaussian",
        left_open="How wide the blur is; here up to 3% of the shorter side.",
    ),
    Distortion(
        name="bilateral",
        label="Bilateral filter",
        family="blur",
        random=False,
        parameters=(
            Parameter("sigma", PERCENT_OF_SIDE, 0, 20, at=lambda severity: MAX_SIGMA * severity**1.5),
            Parameter("edge", "levels", WEAKEST_EDGE, 255, at=lambda severity: WEAKEST_EDGE * 10**severity),
        ),
        apply=bilateral,
        summary="Blurred inside surfaces and not across edges: steps of more levels than the edge has stay.",
        paper="bilateral filtering",
        left_open="Both widths, and how colours are compared; here by their luma.",
    ),
    Distortion(
        name="motion_blur",
        label="Motion blur",
        family="blur",
        random=False,
        parameters=(
            Parameter("length", PERCENT_OF_SIDE, 0, 20, at=lambda severity: MAX_LENGTH * severity**1.5),
            Parameter("angle", "°", 0, 180, at=lambda severity: ANGLE),
        ),
        apply=motion_blur,
        summary="Light averaged along a line, as when the camera moves while the shutter is open.",
    ),
    Distortion(
        name="defocus",
        label="Defocus",
        family="blur",
        random=False,
        parameters=(
            Parameter("radius", PERCENT_OF_SIDE, 0, 20, at=lambda severity: MAX_RADIUS * severity**1.5),
        ),
        apply=defocus,
        summary="Each point's light is spread over a disc, as by a lens that is out of focus.",
    ),
)

"""Convolutions of light, as a lens and a shutter make them.

Both add up light, so what they do is computed on linear light (IEC 61966-2-1), in 0..1: a bright point then
spreads as bright as it does in a photograph. One channel is held at a time, as float32.
"""

from math import ceil

import numpy as np

from explorer.distortions.colour import linear_light, stored_values


def disc(radius: float) -> np.ndarray:
    """A disc of constant weight whose rim fades over one pixel, square and of sum 1, float64.

    Args:
        radius: In pixels; one below half a pixel is a single point.
    """
    reach = ceil(radius)
    ramp = np.arange(-reach, reach + 1)
    weights = np.clip(radius + 0.5 - np.hypot(ramp[:, None], ramp), 0, 1)
    return weights / weights.sum()


def line(length: float, angle: float) -> np.ndarray:
    """A centred line of constant weight, drawn between pixels bilinearly, square and of sum 1, float64.

    Args:
        length: In pixels.
        angle: In degrees, anticlockwise from the right as the image is seen.
    """
    count = ceil(8 * length) + 1  # points so dense that no pixel on the line is left out
    along = ((np.arange(count) + 0.5) / count - 0.5) * length
    reach = ceil(length / 2) + 1
    x, y = along * np.cos(np.radians(angle)) + reach, reach - along * np.sin(np.radians(angle))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right_share, lower_share = x - left, y - top
    weights = np.zeros((2 * reach + 2, 2 * reach + 2))  # a row and a column more for the neighbours
    np.add.at(weights, (top, left), (1 - lower_share) * (1 - right_share))
    np.add.at(weights, (top, left + 1), (1 - lower_share) * right_share)
    np.add.at(weights, (top + 1, left), lower_share * (1 - right_share))
    np.add.at(weights, (top + 1, left + 1), lower_share * right_share)
    return weights[:-1, :-1] / count


def convolved(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve linear light with any kernel; beyond the border the image is mirrored at its edge pixels.

    Args:
        image: uint8 (H, W, 3), sRGB.
        kernel: (K, K) with K odd, of sum 1.

    Returns:
        A new uint8 (H, W, 3).
    """
    from scipy import fft  # here, because it takes a while and most of the catalogue needs none

    height, width = image.shape[:2]
    reach = kernel.shape[0] // 2
    shape = [fft.next_fast_len(side + 2 * reach, real=True) for side in (height, width)]
    spectrum = fft.rfft2(kernel.astype(np.float32), shape)
    result = np.empty_like(image, order="C")
    for channel in range(3):
        plane = np.pad(linear_light(image[..., channel]), reach, mode="reflect")
        product = fft.rfft2(plane, shape)
        product *= spectrum
        # What wraps around lies in the first rows and columns, which are left out.
        inside = np.s_[2 * reach : 2 * reach + height, 2 * reach : 2 * reach + width]
        result[..., channel] = stored_values(fft.irfft2(product, shape)[inside])
    return result


def response(kernel: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """What a kernel does to the cosines of an image that is mirrored at its borders' edges.

    A kernel that is even in both directions only scales the cosines of the type-II transform, so `filtered`
    is its convolution with the mirrored image, without a margin, however small the image is.

    Args:
        kernel: (K, K) with K odd, even in both directions.
        shape: The image's (H, W).

    Returns:
        float32 (H, W), the factor of each cosine.
    """
    vertical, horizontal = (_cosines(side, kernel.shape[0]) for side in shape)
    return (vertical @ kernel @ horizontal.T).astype(np.float32)


def response_of_product(weights: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """`response` of the kernel whose rows and columns are both these weights, (K,) with K odd, even."""
    vertical, horizontal = (_response_along(weights, side) for side in shape)
    return np.outer(vertical, horizontal).astype(np.float32)


def _response_along(weights: np.ndarray, side: int) -> np.ndarray:
    """The factor of each cosine of a side, (side,), for even weights, of which it may have fewer pixels."""
    folded = np.zeros(2 * side)  # mirrored at both ends, a side repeats after twice its length
    np.add.at(folded, (np.arange(len(weights)) - len(weights) // 2) % (2 * side), weights)
    return np.fft.rfft(folded).real[:side]


def _cosines(side: int, taps: int) -> np.ndarray:
    """The cosines of a side, a row each, at the places of a kernel: (side, taps)."""
    ramp = np.arange(taps) - taps // 2
    return np.cos(np.pi * np.outer(np.arange(side), ramp) / side)


def filtered(plane: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """A float32 (H, W) plane after a kernel that is given by its `response`."""
    from scipy import fft  # as above

    cosines = fft.dctn(plane, norm="ortho")
    cosines *= factors
    return fft.idctn(cosines, norm="ortho", overwrite_x=True)

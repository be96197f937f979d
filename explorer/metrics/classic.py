"""PSNR and SSIM with their maps, on 8-bit RGB; pure functions of two arrays.

Both follow `skimage.metrics`, which the tests run beside them. Arrays are uint8 of shape (H, W, 3).
"""

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

PEAK = 255.0  # largest value of an 8-bit channel

# Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity",
# 2004: constants K1, K2 (section III-B) and the Gaussian window, 11 x 11 with sigma 1.5 (section III-C).
K1, K2 = 0.01, 0.03
SIGMA = 1.5
RADIUS = 5

BLOCK = 32  # outputs of one matrix product in `_blur`: of 16, 32, 64 and 128 the fastest
# Of a tile. The products are then too small for BLAS to share out among threads: where others compute as well
# those wait for each other, and a product takes 50 times as long.
COLUMNS = 128


def squared_error(reference: np.ndarray, distorted: np.ndarray) -> np.ndarray:
    """Squared error at each pixel, the mean over channels: float32 (H, W), 0..65025."""
    error = np.empty(reference.shape[:2], np.float32)
    for start in range(0, len(error), BLOCK):  # in strips, which stay in the processor's cache
        rows = slice(start, start + BLOCK)
        difference = reference[rows].astype(np.int32) - distorted[rows]
        # The sum of three squared bytes is an exact integer; one rounding, in the division.
        error[rows] = np.einsum("hwc,hwc->hw", difference, difference)
    error /= np.float32(3)
    return error


def psnr(error: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB from the map of `squared_error`; infinite for identical images."""
    mean = float(np.mean(error, dtype=np.float64))
    return math.inf if mean == 0 else 10 * math.log10(PEAK**2 / mean)


def ssim(reference: np.ndarray, distorted: np.ndarray) -> tuple[float, np.ndarray]:
    """Structural similarity (Wang et al. 2004, equation 13) with a Gaussian window.

    Equals `skimage.metrics.structural_similarity(..., channel_axis=2, data_range=255, gaussian_weights=True,
    sigma=1.5, use_sample_covariance=False, full=True)`.

    Returns:
        The score, -1..1, and the map, float64 (H, W), the mean over channels. The score is the map's mean
        without its border of 5 pixels, where the window hangs over the edge; the border is NaN ("no data").

    Raises:
        ValueError: the images are smaller than the window of 11 x 11 pixels.
    """
    height, width = reference.shape[:2]
    if min(height, width) <= 2 * RADIUS:
        raise ValueError(f"SSIM needs at least 11 x 11 pixels, not {width} x {height}")
    inside = np.empty((height - 2 * RADIUS, width - 2 * RADIUS))
    # In tiles the working set stays in the processor's cache: three times as fast as whole planes.
    for top, bottom in _blocks(height):
        for left, right in _blocks(width, COLUMNS):
            seen = slice(top, bottom + 2 * RADIUS), slice(left, right + 2 * RADIUS)
            inside[top:bottom, left:right] = _ssim_of_tile(reference[seen], distorted[seen])
    full = np.full((height, width), np.nan)
    full[RADIUS:-RADIUS, RADIUS:-RADIUS] = inside
    return float(inside.mean()), full


def psnr_and_ssim(reference: np.ndarray, distorted: np.ndarray) -> tuple[float, float | None]:
    """Both scores without their maps; SSIM is None below its window of 11 x 11 pixels."""
    fits = min(reference.shape[:2]) > 2 * RADIUS
    similarity = ssim(reference, distorted)[0] if fits else None
    return psnr(squared_error(reference, distorted)), similarity


def _ssim_of_tile(reference: np.ndarray, distorted: np.ndarray) -> np.ndarray:
    """SSIM where the window lies inside, the mean over channels: (h, w, 3) twice -> (h - 10, w - 10)."""
    # float32 errs up to 2e-3 in flat places, where variances are small differences of large squares.
    planes = np.empty((4, 3, *reference.shape[:2]))
    x, y, xy, squares = planes
    x[:], y[:] = reference.transpose(2, 0, 1), distorted.transpose(2, 0, 1)
    np.multiply(x, y, out=xy)
    # Only the sum of both variances is needed, so both squares are blurred as one.
    np.multiply(x, x, out=squares)
    squares += y * y
    mean_x, mean_y, mean_xy, mean_squares = _blur(planes)

    c1, c2 = (K1 * PEAK) ** 2, (K2 * PEAK) ** 2
    product = mean_x * mean_y
    powers = mean_x**2 + mean_y**2
    similarity = (2 * product + c1) * (2 * (mean_xy - product) + c2)
    similarity /= (powers + c1) * (mean_squares - powers + c2)
    return similarity.mean(axis=0)


def _blur(planes: np.ndarray) -> np.ndarray:
    """Gaussian window over the last two axes, only where it fits: (..., h, w) -> (..., h - 10, w - 10).

    The separable convolution is written as products of slices with a small band matrix: BLAS then does the
    work, five to ten times as fast as adding shifted copies. `h` is at most BLOCK + 10.
    """
    height, width = planes.shape[-2:]
    band = _band_matrix()
    across = np.empty((*planes.shape[:-1], width - 2 * RADIUS))
    for start, stop in _blocks(width):
        columns, size = slice(start, stop + 2 * RADIUS), stop - start
        np.matmul(planes[..., columns], band[: size + 2 * RADIUS, :size], out=across[..., start:stop])
    return band[:height, : height - 2 * RADIUS].T @ across


def _blocks(length: int, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Cut the `length - 10` places along an axis where the window fits into blocks: start, stop."""
    for start in range(0, length - 2 * RADIUS, size):
        yield start, min(start + size, length - 2 * RADIUS)


@cache
def _band_matrix() -> np.ndarray:
    """(BLOCK + 10, BLOCK): column j holds the Gaussian window, shifted down by j."""
    offsets = np.arange(-RADIUS, RADIUS + 1)
    window = np.exp(-(offsets**2) / (2 * SIGMA**2))
    window /= window.sum()
    matrix = np.zeros((BLOCK + 2 * RADIUS, BLOCK))
    for column in range(BLOCK):
        matrix[column : column + window.size, column] = window
    matrix.setflags(write=False)
    return matrix

"""PSNR and SSIM with their maps, on 8-bit RGB; pure functions of two arrays.

Both follow `skimage.metrics`, which the tests run beside them. Arrays are uint8 of shape (H, W, 3).
"""

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

from explorer.cores import in_parts

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

    def strip(rows: slice) -> None:
        difference = reference[rows].astype(np.int32) - distorted[rows]
        # The sum of three squared bytes is an exact integer; one rounding, in the division.
        error[rows] = np.einsum("hwc,hwc->hw", difference, difference)
        error[rows] /= np.float32(3)

    # In strips, which stay in the processor's cache.
    in_parts(strip, [slice(start, start + BLOCK) for start in range(0, len(error), BLOCK)], error.size)
    return error


def psnr(error: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB from the map of `squared_error`; infinite for identical images."""
    mean = float(np.mean(error, dtype=np.float64))
    return math.inf if mean == 0 else 10 * math.log10(PEAK**2 / mean)


def ssim(reference: np.ndarray, distorted: np.ndarray) -> tuple[float, np.ndarray]:
    """Structural similarity (Wang et al. 2004, equation 13) with a Gaussian window.

    Equals `skimage.metrics.structural_similarity(..., channel_axis=2, data_range=255, gaussian_weights=True,
    sigma=1.5, use_sample_covariance=False, full=True)`.

    Args:
        reference, distorted: Of one size.

    Returns:
        The score, -1..1, and the map, float64 (H, W), the mean over channels. The score is the map's mean
        without its border of 5 pixels, where the window hangs over the edge; the border is NaN ("no data").

    Raises:
        ValueError: the images are smaller than the window of 11 x 11 pixels.
    """
    height, width = reference.shape[:2]
    if min(height, width) <= 2 * RADIUS:
        raise ValueError(f"SSIM needs at least 11 x 11 pixels, not {width} x {height}")
    full = np.full((height, width), np.nan)
    inside = full[RADIUS:-RADIUS, RADIUS:-RADIUS]

    def strip(block: tuple[int, int]) -> None:
        seen = slice(block[0], block[1] + 2 * RADIUS)
        _ssim_of_strip(reference[seen], distorted[seen], inside[slice(*block)])

    in_parts(strip, list(_blocks(height)), height * width)
    return float(inside.mean()), full


def psnr_and_ssim(reference: np.ndarray, distorted: np.ndarray) -> tuple[float, float | None]:
    """Both scores without their maps; SSIM is None below its window of 11 x 11 pixels.

    Args:
        reference, distorted: Of one size.
    """
    fits = min(reference.shape[:2]) > 2 * RADIUS
    similarity = ssim(reference, distorted)[0] if fits else None
    return psnr(squared_error(reference, distorted)), similarity


def _ssim_of_strip(reference: np.ndarray, distorted: np.ndarray, out: np.ndarray) -> None:
    """SSIM where the window lies inside, the mean over channels: (h, w, 3) twice -> out, (h - 10, w - 10)."""
    # In tiles the working set stays in the processor's cache: three times as fast as whole planes. They share
    # one piece of memory, since the system takes as long to hand out new pages as the sums take.
    height, width = out.shape
    columns = min(width, COLUMNS)
    planes = np.empty((4, 3, height + 2 * RADIUS, columns + 2 * RADIUS))
    across = np.empty((4, 3, height + 2 * RADIUS, columns))
    means = np.empty((4, 3, height, columns))
    for start, stop in _blocks(width + 2 * RADIUS, COLUMNS):
        seen, size = slice(start, stop + 2 * RADIUS), stop - start
        tile, own = planes[..., : size + 2 * RADIUS], means[..., :size]
        _moments(reference[:, seen], distorted[:, seen], tile)
        _blur(tile, across[..., :size], own)
        out[:, start:stop] = _similarity(*own)


def _moments(reference: np.ndarray, distorted: np.ndarray, out: np.ndarray) -> None:
    """What is blurred of a tile, (h, w, 3) twice: x, y, x y and x² + y² as out, float64 (4, 3, h, w)."""
    # float32 errs up to 2e-3 in flat places, where variances are small differences of large squares.
    x, y, xy, squares = out
    x[:], y[:] = reference.transpose(2, 0, 1), distorted.transpose(2, 0, 1)
    # Only the sum of both variances is needed, so both squares are blurred as one.
    np.multiply(x, x, out=xy)
    np.multiply(y, y, out=squares)
    squares += xy
    np.multiply(x, y, out=xy)


def _similarity(
    mean_x: np.ndarray, mean_y: np.ndarray, mean_xy: np.ndarray, mean_squares: np.ndarray
) -> np.ndarray:
    """Equation 13, the mean over channels: each (3, h, w), all overwritten -> (h, w)."""
    c1, c2 = (K1 * PEAK) ** 2, (K2 * PEAK) ** 2
    similarity = mean_x * mean_y
    mean_xy -= similarity  # the covariance
    mean_xy *= 2
    mean_xy += c2
    similarity *= 2
    similarity += c1
    similarity *= mean_xy
    mean_x *= mean_x
    mean_y *= mean_y
    mean_x += mean_y
    mean_squares -= mean_x  # the sum of both variances
    mean_squares += c2
    mean_x += c1
    mean_squares *= mean_x
    similarity /= mean_squares
    return similarity.mean(axis=0)


def _blur(planes: np.ndarray, across: np.ndarray, out: np.ndarray) -> None:
    """Gaussian window over the last two axes, only where it fits: (..., h, w) -> out, (..., h - 10, w - 10).

    The separable convolution is written as products of slices with a small band matrix: BLAS then does the
    work, five to ten times as fast as adding shifted copies.

    Args:
        planes: `h` is at most BLOCK + 10.
        across: (..., h, w - 10), overwritten.
    """
    height, width = planes.shape[-2:]
    band = band_matrix(BLOCK)
    for start, stop in _blocks(width):
        columns, size = slice(start, stop + 2 * RADIUS), stop - start
        np.matmul(planes[..., columns], band[: size + 2 * RADIUS, :size], out=across[..., start:stop])
    np.matmul(band[:height, : height - 2 * RADIUS].T, across, out=out)


def _blocks(length: int, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Cut the `length - 10` places along an axis where the window fits into blocks: start, stop."""
    for start in range(0, length - 2 * RADIUS, size):
        yield start, min(start + size, length - 2 * RADIUS)


@cache
def band_matrix(size: int) -> np.ndarray:
    """(size + 10, size): column j holds SSIM's Gaussian window, shifted down by j."""
    offsets = np.arange(-RADIUS, RADIUS + 1)
    window = np.exp(-(offsets**2) / (2 * SIGMA**2))
    window /= window.sum()
    matrix = np.zeros((size + 2 * RADIUS, size))
    for column in range(size):
        matrix[column : column + window.size, column] = window
    matrix.setflags(write=False)
    return matrix

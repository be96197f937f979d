"""PSNR and SSIM of many pictures at once: as `classic` has them, in one stack that torch shares among cores.

Python's threads hand its lock to and fro between the small steps of `classic.ssim`, which costs as much as a
second core brings. Torch's threads need no lock.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import repeat

import numpy as np
import torch

from explorer.metrics.classic import K1, K2, PEAK, RADIUS, band_matrix, psnr, squared_error

ROWS, COLUMNS = 32, 24  # outputs of one matrix product, down and across: of 8 to 82 the fastest


def psnr_and_ssim_of(
    reference: np.ndarray, distorted: Sequence[np.ndarray]
) -> list[tuple[float, float | None]]:
    """PSNR and SSIM of each picture against one reference; SSIM is None below its window of 11 x 11 pixels.

    Args:
        reference, distorted: uint8 (H, W, 3), all of one size.

    Returns:
        For each what `classic.psnr_and_ssim` gives: PSNR to the bit, SSIM to 1e-12.
    """
    fits = min(reference.shape[:2]) > 2 * RADIUS
    similarities = _ssim(_rows(reference[None]), _rows(np.stack(distorted))) if fits else repeat(None)
    return [
        (psnr(squared_error(reference, picture)), similarity)
        for picture, similarity in zip(distorted, similarities, strict=False)
    ]


def psnr_and_ssim_of_each(
    references: np.ndarray, distorted: np.ndarray, with_ssim: bool = True
) -> list[tuple[float, float | None]]:
    """The same of many pairs, each with a reference of its own; no pair's numbers depend on the others.

    PSNR is exact, where `classic.psnr` adds rounded errors, which moves it by up to 1e-6 dB.

    Args:
        references, distorted: uint8 (N, H, W, 3), pair by pair.
        with_ssim: False leaves SSIM out, which takes most of the time.
    """
    fits = with_ssim and min(references.shape[1:3]) > 2 * RADIUS
    similarities = _ssim(_rows(references), _rows(distorted)) if fits else repeat(None)
    # Squares of bytes and their sums are whole numbers, which float64 holds exactly.
    errors = np.subtract(references, distorted, dtype=np.float32)
    means = np.einsum("nhwc,nhwc->n", errors, errors, dtype=np.float64) / errors[0].size
    return [
        (math.inf if mean == 0 else 10 * math.log10(PEAK**2 / mean), similarity)
        for mean, similarity in zip(means.tolist(), similarities, strict=False)
    ]


def _rows(pixels: np.ndarray) -> torch.Tensor:
    """(N, H, W, 3) as (H, N, 3, W): rows outside, so that all are blurred downwards in one product."""
    return torch.from_numpy(pixels.transpose(1, 0, 3, 2).copy())


def _ssim(x: torch.Tensor, y: torch.Tensor) -> list[float]:
    """Equation 13 (see `classic.ssim`), its mean where the window is inside: (H, 1 or N, 3, W) twice -> N."""
    height, count, channels, width = y.shape
    own = x.shape[1]  # references: one for all, or one each
    down, across = height - 2 * RADIUS, width - 2 * RADIUS  # places where it lies inside
    size = min(COLUMNS, across)
    starts = [min(start, across - size) for start in range(0, across, size)]
    seen_before = len(starts) * size - across  # columns of the last block
    kinds = 2 * own + 3 * count
    sums = torch.zeros(count, dtype=torch.float64)
    # In strips of rows, whose planes stay in the processor's cache and in one piece of memory.
    planes = torch.empty(ROWS + 2 * RADIUS, kinds, channels, width, dtype=torch.float64)
    blurred = torch.empty(ROWS, kinds * channels * width, dtype=torch.float64)
    means = torch.empty(len(starts), ROWS, kinds, channels, size, dtype=torch.float64)
    with torch.inference_mode():
        for start in range(0, down, ROWS):
            rows = min(ROWS, down - start)
            seen = slice(start, start + rows + 2 * RADIUS)
            tall, inside = planes[: rows + 2 * RADIUS], means[:, :rows]
            _moments(x[seen], y[seen], tall)
            torch.mm(_band(rows).T, tall.view(len(tall), -1), out=blurred[:rows])
            lines = blurred[:rows].view(-1, width)
            for place, left in enumerate(starts):
                right = left + size + 2 * RADIUS
                torch.mm(lines[:, left:right], _band(size), out=inside[place].view(-1, size))
            similarity = _similarity(inside, own, count)
            lengths = similarity.sum(-1)
            lengths[-1] -= similarity[-1, ..., :seen_before].sum(-1)
            # Picture by picture: the order in which torch adds depends on the shape of the whole.
            sums += lengths.permute(2, 0, 1, 3).reshape(count, -1).sum(-1)
    return (sums / (channels * across * down)).tolist()


def _moments(x: torch.Tensor, y: torch.Tensor, out: torch.Tensor) -> None:
    """What is blurred, along the second axis of out: x, x² of the references, then y, x y and y² of all."""
    own, count = x.shape[1], y.shape[1]
    own_x, xx, own_y, xy, yy = out.split((own, own, count, count, count), dim=1)
    own_x.copy_(x)
    own_y.copy_(y)
    torch.mul(own_x, own_x, out=xx)
    torch.mul(own_y, own_x, out=xy)
    torch.mul(own_y, own_y, out=yy)


def _similarity(means: torch.Tensor, own: int, count: int) -> torch.Tensor:
    """Equation 13 at each place, from the blurred moments, which are overwritten.

    Args:
        means: (..., 2 own + 3 count, 3, w), of `own` references and `count` distorted pictures.
        own, count: How many these are.
    """
    c1, c2 = (K1 * PEAK) ** 2, (K2 * PEAK) ** 2
    mean_x, mean_xx, mean_y, mean_xy, mean_yy = means.split((own, own, count, count, count), dim=-3)
    product = mean_x * mean_y
    covariance = mean_xy.sub_(product).mul_(2).add_(c2)
    similarity = product.mul_(2).add_(c1).mul_(covariance)
    squares = mean_y.square_().add_(mean_x.square())
    variances = mean_yy.add_(mean_xx).sub_(squares).add_(c2)
    return similarity.div_(squares.add_(c1).mul_(variances))


@cache
def _band(size: int) -> torch.Tensor:
    """The Gaussian window as a matrix, (size + 10, size)."""
    return torch.tensor(band_matrix(size))

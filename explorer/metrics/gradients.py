"""PSNR and SSIM in plain torch, differentiable: what `classic` computes, for who follows their gradients.

Both take pictures in grey levels of 255 that need not be whole. SSIM is computed in float64, since float32
errs up to 2e-3 in flat places, where variances are small differences of large squares.
"""

from functools import lru_cache

import torch
from torch import Tensor

from explorer.errors import ImageError
from explorer.metrics.classic import K1, K2, PEAK, RADIUS, band_matrix


def psnr(x0: Tensor, x: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB, (N,); infinite at identity, where it has no gradient.

    Args:
        x0, x: Float (N, 3, H, W) in grey levels, 0..255.
    """
    return 10 * torch.log10(PEAK**2 / (x0 - x).square().mean(dim=(1, 2, 3)))


def ssim(x0: Tensor, x: Tensor) -> Tensor:
    """Structural similarity, (N,), float64: equals `classic.ssim` to 1e-6 (Wang et al. 2004, equation 13).

    Args:
        x0, x: As `psnr`.

    Raises:
        ImageError: the pictures are smaller than the window of 11 x 11 pixels.
    """
    height, width = x.shape[2:]
    if min(height, width) <= 2 * RADIUS:
        raise ImageError(f"SSIM needs at least 11 × 11 pixels, not {width} × {height}; take a larger image.")
    if x.device.type == "mps":  # which has no float64
        x0, x = x0.cpu(), x.cpu()
    x0, x = x0.double(), x.double()
    down, across = _band(height, str(x.device)), _band(width, str(x.device))

    def blurred(planes: Tensor) -> Tensor:
        return down.T @ (planes @ across)

    mean_x0, mean_x = blurred(x0), blurred(x)
    covariance = blurred(x0 * x) - mean_x0 * mean_x
    squares = mean_x0.square() + mean_x.square()
    variances = blurred(x0.square() + x.square()) - squares
    c1, c2 = (K1 * PEAK) ** 2, (K2 * PEAK) ** 2
    similarity = (2 * mean_x0 * mean_x + c1) * (2 * covariance + c2) / ((squares + c1) * (variances + c2))
    return similarity.mean(dim=(1, 2, 3))


@lru_cache(16)
def _band(length: int, device: str) -> Tensor:
    """The Gaussian window as a matrix, (length, length - 10)."""
    with torch.inference_mode(False):  # autograd refuses that mode's tensors
        return torch.tensor(band_matrix(length - 2 * RADIUS), device=device)

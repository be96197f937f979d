"""LPIPS in one screen: equation 1 of the paper, in its symbols and in plain torch.

Zhang, Isola, Efros, Shechtman, Wang, *The Unreasonable Effectiveness of Deep Features as a Perceptual
Metric*, CVPR 2018 (arXiv 1801.03924), section 3:

    d(x, x0) = sum over layers l of  1 / (H_l W_l)  sum over places h, w of  || w_l * (y_hw - y0_hw) ||^2

where y and y0 are features of the pictures x and x0, divided at each place by their norm over channels. This
is the text that the fast path (explorer.metrics.perceptual) is tested against, and what gradients are taken
through.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

EPSILON = 1e-10  # `lpips.normalize_tensor`: added to the norm, outside the root


@dataclass(frozen=True, eq=False)
class Distance:
    """Of N pairs of pictures; all of it can be differentiated."""

    score: Tensor  # d, (N,), >= 0: the sum of the layers' distances
    layers: tuple[Tensor, ...]  # each (N,), >= 0: the mean of its map
    maps: tuple[Tensor, ...]  # each (N, H_l, W_l), >= 0: the terms of the sum over places


def lpips(y: Sequence[Tensor], y0: Sequence[Tensor], w: Sequence[Tensor]) -> Distance:
    """The distance of pairs of pictures, from the features of both.

    Args:
        y, y0: For each layer the features of x and of x0, (N, H_l, W_l, C_l) of any range. Half precision is
            computed in float32, in which the epsilon is not 0.
        w: For each layer its channels' weights, (C_l,), >= 0. They multiply *squared* differences, as the
            published files have it: they are the squares of the paper's w. All 1 is the plain baseline.
    """
    maps = tuple(
        ((unit(y_l) - unit(y0_l)).square() * w_l).sum(dim=-1) for y_l, y0_l, w_l in zip(y, y0, w, strict=True)
    )
    layers = tuple(terms.mean(dim=(1, 2)) for terms in maps)
    return Distance(score=torch.stack(layers).sum(dim=0), layers=layers, maps=maps)


def unit(y: Tensor) -> Tensor:
    """Features divided at each place by their norm over channels: (..., C) -> the same, of norm 1, or 0 at 0.

    The gradient of a norm written as sqrt(sum(y^2)) is NaN where all features are 0, as in `lpips`; torch's
    own norm has the gradient 0 there, and the same everywhere else.
    """
    y = y.to(torch.promote_types(y.dtype, torch.float32))
    return y / (torch.linalg.vector_norm(y, dim=-1, keepdim=True) + EPSILON)

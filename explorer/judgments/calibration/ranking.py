"""The small network that turns two distances into the share of people who prefer the second picture.

Zhang et al., CVPR 2018, section 3 and appendix: five numbers, d0, d1, d0 - d1, d0 / (d1 + 0.1) and
d1 / (d0 + 0.1), then two layers of 32 with LeakyReLU 0.2, one number, and a sigmoid. It is `Dist2LogitLayer`
of `lpips`; there its layers are convolutions of 1 x 1, which on N x 1 x 1 are the same products.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

WIDTHS = (5, 32, 32, 1)
SLOPE = 0.2
EPSILON = 0.1  # in the ratios

Layers = Sequence[tuple[Tensor, Tensor]]  # weights (out, in) and biases (out,)


def fresh_ranking(generator: torch.Generator) -> list[tuple[Tensor, Tensor]]:
    """Layers with the first values that torch gives a convolution: uniform within 1 / sqrt(inputs)."""
    layers = []
    for before, after in pairwise(WIDTHS):
        values = (uniform((after, before), before, generator), uniform((after,), before, generator))
        layers.append(tuple(each.requires_grad_() for each in values))
    return layers


def uniform(shape: tuple[int, ...], inputs: int, generator: torch.Generator) -> Tensor:
    """What torch begins a layer of so many inputs with (`kaiming_uniform_` of a = sqrt(5))."""
    bound = 1 / math.sqrt(inputs)
    return torch.empty(shape).uniform_(-bound, bound, generator=generator)


def ranked(layers: Layers, distances: Tensor) -> Tensor:
    """The logit of the share who prefer the second picture, (N,); its sigmoid is the share.

    Args:
        distances: (N, 2): d0 and d1.
    """
    d0, d1 = distances.unbind(dim=1)
    values = torch.stack((d0, d1, d0 - d1, d0 / (d1 + EPSILON), d1 / (d0 + EPSILON)), dim=1)
    for place, (weights, biases) in enumerate(layers):
        values = F.linear(F.leaky_relu(values, SLOPE) if place else values, weights, biases)
    return values[:, 0]


def ranking_loss(layers: Layers, distances: Tensor, judge: Tensor) -> Tensor:
    """Binary cross entropy against the judges' shares (N,), as `lpips.BCERankingLoss` has it."""
    return F.binary_cross_entropy_with_logits(ranked(layers, distances), judge)

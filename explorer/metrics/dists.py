"""DISTS: structure and texture of whole layers, as one distance that adds up.

Ding, Ma, Wang, Simoncelli, *Image Quality Assessment: Unifying Structure and Texture Similarity*, TPAMI 2020
(arXiv 2004.07728), as the `dists-pytorch` package computes it. For each channel of each layer of the pictures

    texture    l = (2 mean(x) mean(y) + c1) / (mean(x)^2 + mean(y)^2 + c1)
    structure  s = (2 cov(x, y) + c2) / (var(x) + var(y) + c2)

with statistics over all places. The distance is 1 - sum(alpha l + beta s) over all channels of all layers,
where the weights alpha and beta sum to 1. The same is sum(alpha (1 - l)) + sum(beta (1 - s)), and

    1 - l = (mean(x) - mean(y))^2 / (mean(x)^2 + mean(y)^2 + c1)
    1 - s = var(x - y) / (var(x) + var(y) + c2)

which is what is computed here: no term is a small difference of large numbers, none is below 0, and all of
them are 0 for identical activations. Because the statistics are of whole layers, there is no map.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import torch
from torch import Tensor

from explorer.backbones import Backbone, Network, computing_with, graph_of
from explorer.errors import WeightsError
from explorer.files.weights import load_state
from explorer.images import Picture
from explorer.metrics.perceptual import check_large_enough, input_batch, strips, turn
from explorer.metrics.timing import Stopwatch

TEXTURE_FLOOR = 1e-6  # c1
STRUCTURE_FLOOR = 1e-6  # c2


def network_terms(
    network: Network,
    reference: Picture,
    distorted: Picture,
    layers: Sequence[str],
    advance: Callable[[float], None] = lambda _finished: None,
    watch: Stopwatch | None = None,
) -> dict[str, tuple[float, float]]:
    """Both terms of each layer: name -> (structure, texture).

    Args:
        network: Of DISTS.
        reference, distorted: Pictures of one size.
        layers: Names in the network's order.
        advance: Told the finished part of the passes, 0..1; what it raises ends them.
        watch: Takes the time of the distorted picture's pass, which in each layer comes behind the other's.

    Raises:
        ImageError: a side is below the network's smallest.
        WeightsError: the file of alpha and beta is missing or damaged.
    """
    check_large_enough(network, reference, layers)
    weights = _weights(network.backbone)
    names, scaling = tuple(layers), network.backbone.scaling
    terms = {}
    precisely = computing_with(network.precision, network.device)
    with turn(network.device, reference.size) as give_way, torch.inference_mode(), precisely:
        # Both pictures go through the network in step, so that a layer is let go once it was compared.
        first, second = (
            network.activations(input_batch([picture], scaling, network.device), names)
            for picture in (reference, distorted)
        )
        if watch:
            second = watch.over(second, network.device)
        for (name, x), (_, y) in zip(first, second, strict=True):
            terms[name] = layer_terms(x[0], y[0], *weights[name])
            advance(len(terms) / len(names))
            give_way()
    return terms


@cache
def _weights(backbone: Backbone) -> dict[str, tuple[Tensor, Tensor]]:
    stored = load_state((backbone.heads["dists"],))
    channels = {name: graph_of(backbone).channels(name) for name in backbone.layer_names}
    return split_weights(stored["alpha"], stored["beta"], channels)


def layer_terms(
    reference: Tensor, distorted: Tensor, alpha: Tensor, beta: Tensor
) -> tuple[float, float]:  # structure, texture
    """One layer's share of the distance, in its two terms.

    Args:
        reference, distorted: Activations of one layer, float32 (rows, columns, C), on any device.
        alpha, beta: The layer's weights of texture and structure, each (C,), as `split_weights` gives them.

    Returns:
        (structure, texture), each >= 0. The sum of both over all layers is the score: 0 for identical
        pictures, and at most 1 where no channel's covariance is negative.

    Raises:
        ValueError: the activations' shapes differ, have no places, or the weights are not one a channel.
    """
    if reference.shape != distorted.shape or reference.ndim != 3 or not reference.numel():
        shapes = f"{tuple(reference.shape)} and {tuple(distorted.shape)}"
        raise ValueError(f"activations must share one shape (rows, columns, C), not {shapes}")
    channels = reference.shape[2]
    if alpha.shape != (channels,) or beta.shape != (channels,):
        raise ValueError(f"weights must be ({channels},), not {tuple(alpha.shape)} and {tuple(beta.shape)}")

    first = _mean(lambda x, _: x, reference, distorted)
    second = _mean(lambda _, y: y, reference, distorted)
    unlike_means = (first - second).square() / (first.square() + second.square() + TEXTURE_FLOOR)

    # A centre that float32 rounds changes a variance by the rounding's square, which is nothing.
    centre, other = (mean.to(reference.dtype).to(reference.device) for mean in (first, second))
    variance = _mean(lambda x, _: (x - centre).square_(), reference, distorted)
    variance += _mean(lambda _, y: (y - other).square_(), reference, distorted)
    between = _mean(lambda x, y: (x - y).sub_(centre - other).square_(), reference, distorted)
    unlike_places = between / (variance + STRUCTURE_FLOOR)

    structure = torch.dot(beta.cpu().double(), unlike_places)
    texture = torch.dot(alpha.cpu().double(), unlike_means)
    return float(structure), float(texture)


def split_weights(
    alpha: Tensor, beta: Tensor, channels: Mapping[str, int]
) -> dict[str, tuple[Tensor, Tensor]]:
    """Normalise the published weights over all layers, and cut them into layers.

    Args:
        alpha, beta: Of all channels of all layers in the network's order, each (sum of channels,).
        channels: Layer name -> number of channels, in the network's order.

    Returns:
        Layer name -> (alpha, beta), each float64 (C,); all of them together sum to 1.

    Raises:
        WeightsError: there are more or fewer weights than channels, or they cannot be normalised.
    """
    total = sum(channels.values())
    if alpha.shape != (total,) or beta.shape != (total,):
        raise WeightsError(
            f"The weights of DISTS must be {total} for texture and {total} for structure, one a channel, but "
            f"the file holds {alpha.numel()} and {beta.numel()}. Put the original file back in its place."
        )
    alpha, beta = alpha.cpu().double(), beta.cpu().double()
    if not (alpha.isfinite().all() and beta.isfinite().all() and min(alpha.min(), beta.min()) >= 0):
        raise WeightsError(
            "The weights of DISTS hold values that are negative or no numbers. Put the original file back "
            "in its place."
        )
    whole = alpha.sum() + beta.sum()
    if whole == 0:
        raise WeightsError("The weights of DISTS are all 0. Put the original file back in its place.")
    sizes = list(channels.values())
    pieces = zip((alpha / whole).split(sizes), (beta / whole).split(sizes), strict=True)
    return dict(zip(channels, pieces, strict=True))


def _mean(values: Callable[[Tensor, Tensor], Tensor], reference: Tensor, distorted: Tensor) -> Tensor:
    """Each channel's mean of `values` over all places: float64 (C,) on the CPU.

    Strips are summed in float32, and their sums in float64, which not every device has.
    """
    rows, columns, _ = shape = reference.shape
    sums = torch.stack([values(reference[part], distorted[part]).sum((0, 1)) for part in strips(shape)])
    return sums.cpu().double().sum(0) / (rows * columns)

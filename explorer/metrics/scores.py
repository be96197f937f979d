"""Many scores against one reference: what `measure` gives, without maps that are kept, PSNR or SSIM."""

import math
from collections.abc import Sequence

from explorer.backbones import HEADS, Network
from explorer.images import Picture, resize
from explorer.metrics.dists import network_terms
from explorer.metrics.measuring import crop_to_multiple, reference_at
from explorer.metrics.memory import LARGEST_BATCH, enough_memory, with_smaller_batches
from explorer.metrics.method import Method
from explorer.metrics.perceptual import layer_maps


def scores(method: Method, reference: Picture, distorted: Sequence[Picture]) -> list[float]:
    """Scores of pictures of one size, each as a measurement of its pair by this method gives it.

    The reference passes once, or not at all where its features are in the cache; with DISTS, once a picture.

    Args:
        reference, distorted: As given; they are resized to the method's size.

    Raises:
        ImageError: a side is below the backbone's smallest, or the pictures do not fit in memory.
        WeightsError: a weights file is missing or damaged.
    """
    small = [resize(picture, method.size) for picture in distorted]
    return scores_on(method.network, reference_at(reference, method.size), small, method.heads, method.layers)


def scores_on(
    network: Network,
    reference: Picture,
    distorted: Sequence[Picture],
    heads: str,
    layers: Sequence[str],
) -> list[float]:
    """As `scores`, on a network that is loaded, for pictures at the measured size."""
    reference = crop_to_multiple(reference, network.backbone)
    pictures = [crop_to_multiple(picture, network.backbone) for picture in distorted]
    names = tuple(layers)

    def run(network: Network, batch: int) -> list[list[float]]:
        if HEADS[heads].has_maps:
            maps = layer_maps(network, reference, pictures, [heads], names, batch)
            return [[float(own[heads][name].mean(dtype="float64")) for name in names] for own in maps]
        terms = (network_terms(network, reference, picture, names) for picture in pictures)
        return [[sum(own[name]) for name in names] for own in terms]

    with enough_memory(reference.size):
        distances, _, _ = with_smaller_batches(run, network, min(LARGEST_BATCH, max(1, len(pictures))))
    return [math.fsum(own) for own in distances]

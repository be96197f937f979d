"""Scores without maps that are kept: many against one reference, and PSNR with SSIM by themselves."""

import math
from collections.abc import Sequence

import numpy as np

from explorer.backbones import HEADS, Network
from explorer.backbones.passes.chain import chain_of
from explorer.images import Picture, measured_size, resize
from explorer.metrics.classic import psnr_and_ssim
from explorer.metrics.dists import network_terms
from explorer.metrics.measuring import crop_to_multiple, reference_at
from explorer.metrics.memory import LARGEST_BATCH, enough_memory, with_smaller_batches
from explorer.metrics.method import Method
from explorer.metrics.perceptual import LayerMaps, layer_maps

# Pixels of the pictures that pass a CPU together: the threads of a pass wait for each other at each of its
# steps, and for four pictures of 256 x 256 as long as for one. Larger ones would take memory for nothing.
TOGETHER = 4 * 256 * 256


def scores(method: Method, reference: Picture, distorted: Sequence[Picture]) -> list[float]:
    """Scores of pictures of one size, each as a measurement of its pair by this method gives it.

    The reference passes once, or not at all where its features are in the cache; with DISTS, once a picture.

    Args:
        reference, distorted: As given; they are resized to the method's size.

    Raises:
        ImageError: a side is below the backbone's smallest, or the pictures do not fit in memory.
        WeightsError: a weights file is missing or damaged.
    """
    network = method.network
    with enough_memory(measured_size(reference.size, method.size)):
        small = [resize(picture, method.size) for picture in distorted]
        base = reference_at(reference, method.size)
    return scores_on(network, base, small, method.heads, method.layers)


def scores_on(
    network: Network,
    reference: Picture,
    distorted: Sequence[Picture],
    heads: str,
    layers: Sequence[str],
) -> list[float]:
    """As `scores`, on a network that is loaded, for pictures at the measured size."""
    return [math.fsum(own) for own in distances_on(network, reference, distorted, heads, layers)]


def distances_on(
    network: Network,
    reference: Picture,
    distorted: Sequence[Picture],
    heads: str,
    layers: Sequence[str],
) -> list[list[float]]:
    """As `scores_on`, the terms apart: for each picture a distance a layer, which sum to its score."""
    return [own for own, _ in terms_on(network, reference, distorted, heads, layers)]


def terms_on(
    network: Network,
    reference: Picture,
    distorted: Sequence[Picture],
    heads: str,
    layers: Sequence[str],
) -> list[tuple[list[float], LayerMaps | None]]:
    """As `distances_on`, and beside each picture's distances the maps whose means they are.

    None where the metric has no maps.
    """
    reference = crop_to_multiple(reference, network.backbone)
    pictures = [crop_to_multiple(picture, network.backbone) for picture in distorted]
    names = tuple(layers)

    def run(network: Network, batch: int) -> list[tuple[list[float], LayerMaps | None]]:
        if HEADS[heads].has_maps:
            batch = together_on(network, reference.size) if network.device == "cpu" else batch
            maps = [own[heads] for own in layer_maps(network, reference, pictures, [heads], names, batch)]
            return [([float(own[name].mean(dtype="float64")) for name in names], own) for own in maps]
        terms = (network_terms(network, reference, picture, names) for picture in pictures)
        return [([sum(own[name]) for name in names], None) for own in terms]

    with enough_memory(reference.size):
        found, _, _ = with_smaller_batches(run, network, min(LARGEST_BATCH, max(1, len(pictures))))
    # What equals the reference is at 0: a GPU picks its kernels by the batch's size, and leaves 1e-13.
    return [
        ([0.0] * len(names), maps) if np.array_equal(picture.pixels, reference.pixels) else (own, maps)
        for picture, (own, maps) in zip(pictures, found, strict=True)
    ]


def together_on(network: Network, size: tuple[int, int]) -> int:
    """How many pictures of (width, height) pass together at best, each with the numbers that it has alone."""
    if network.device != "cpu":
        return LARGEST_BATCH
    # torch's public operators, as of attention, pick their kernels by the batch's size, and round by these.
    is_exact = network.fused and chain_of(network, network.backbone.layer_names) is not None
    return max(1, TOGETHER // (size[0] * size[1])) if is_exact else 1


def classic_scores(
    reference: Picture, distorted: Picture, longest: int | None = None
) -> tuple[float, float | None]:
    """PSNR and SSIM of two pictures of one size, which no network sees; no SSIM below 11 x 11 pixels.

    Args:
        reference, distorted: As given.
        longest: The longest side that they are resized to; None leaves them.

    Raises:
        ImageError: the pictures do not fit in memory.
    """
    with enough_memory(measured_size(reference.size, longest)):
        pixels = (resize(picture, longest).pixels for picture in (reference, distorted))
        return psnr_and_ssim(*pixels)

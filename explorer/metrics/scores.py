"""Many scores against one reference: what `measure` gives, without maps that are kept, PSNR or SSIM."""

import math
from collections.abc import Sequence

from explorer.backbones import HEADS, Network, precision_on
from explorer.images import Picture
from explorer.metrics.dists import network_terms
from explorer.metrics.measurement import crop_to_multiple
from explorer.metrics.memory import LARGEST_BATCH, with_smaller_batches
from explorer.metrics.perceptual import layer_maps


def scores(
    trunk: Network,
    reference: Picture,
    distorted: Sequence[Picture],
    heads: str,
    layers: Sequence[str],
    precision: str = "float32",
) -> list[float]:
    """Scores of pictures of one size, each as a measurement of its pair with these heads alone gives it.

    The reference passes once, or not at all where its features are in the cache; with DISTS, once a picture.

    Args:
        trunk: The backbone on its device.
        heads: Of the backbone; those without maps, too.
        layers: Those in the sum, as `choose_layers` gives them.
        precision: A key of `PRECISIONS`.

    Raises:
        ImageError: a side is below the backbone's smallest.
        WeightsError: a weights file is missing or damaged.
    """
    reference = crop_to_multiple(reference, trunk.backbone)
    pictures = [crop_to_multiple(picture, trunk.backbone) for picture in distorted]
    names = tuple(layers)

    def run(net: Network, batch: int) -> list[list[float]]:
        exactness = precision_on(net.device, precision)
        if HEADS[heads].has_maps:
            maps = layer_maps(net, reference, pictures, [heads], names, exactness, batch)
            return [[float(own[heads][name].mean(dtype="float64")) for name in names] for own in maps]
        terms = (network_terms(net, reference, picture, names, exactness) for picture in pictures)
        return [[sum(own[name]) for name in names] for own in terms]

    distances, _, _ = with_smaller_batches(run, trunk, min(LARGEST_BATCH, max(1, len(pictures))))
    return [math.fsum(own) for own in distances]

"""Many trials by many metrics at once: each network is passed once, and PSNR and SSIM are taken in one stack.

The numbers of a trial do not depend on the others that it is measured with, nor on torch's threads. On a CPU
that holds of networks whose convolutions are packed (see `together_on`) to the bit, and all others pass trial
by trial. On a GPU it holds of a batch that is the same each time, which is what `measuring` takes care of.
Other processors and releases of torch round otherwise, by about 1e-6 of a score.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from explorer.analysis.rulers import CLASSIC, SSIM, Ruler
from explorer.backbones import HEADS, Network, computing_with, scaling_of, stacked_weights
from explorer.backbones.sizes import LARGER_SIZE, too_small
from explorer.errors import ImageError
from explorer.images import Picture, load
from explorer.metrics import Method
from explorer.metrics.classic import RADIUS
from explorer.metrics.classic_batch import psnr_and_ssim_of_each
from explorer.metrics.lpips import unit
from explorer.metrics.measuring import crop_to_multiple
from explorer.metrics.memory import enough_memory
from explorer.metrics.perceptual import scaled_input, turn
from explorer.metrics.scores import TOGETHER, scores_on, together_on

Distances = dict[Ruler, np.ndarray]  # float64 (trials, pictures of a trial that are measured)


def distances(pictures: np.ndarray, rulers: Sequence[Ruler]) -> Distances:
    """How far the pictures of each trial are from its reference, by each metric: smaller is closer.

    Args:
        pictures: uint8 (trials, 1 + n, H, W, 3); of each trial the reference first.
        rulers: The metrics. A similarity such as PSNR counts as its negative.

    Returns:
        By metric float64 (trials, n); -inf by PSNR for what equals its reference.

    Raises:
        ImageError: the pictures are too small for a metric.
        WeightsError: weights are missing or damaged.
    """
    found: Distances = {}
    if any(ruler in CLASSIC for ruler in rulers):
        found |= _classic(pictures, SSIM in rulers)
    methods = [ruler for ruler in rulers if ruler not in CLASSIC]
    for together in _sharing_a_pass(methods):
        found |= _perceptual(pictures, together)
    equal = (pictures[:, 1:] == pictures[:, :1]).all(axis=(2, 3, 4))
    for method in methods:  # a GPU leaves 1e-13 here
        found[method][equal] = 0.0
    return {ruler: found[ruler] for ruler in rulers}


def too_small_for(size: tuple[int, int], rulers: Sequence[Ruler]) -> str:
    """Why pictures of (width, height) cannot be measured, in a sentence; "" where they can."""
    if SSIM in rulers and min(size) <= 2 * RADIUS:
        return f"SSIM needs at least 11 × 11 pixels, not {size[0]} × {size[1]}; take larger pictures."
    problems = (
        too_small(ruler.row, size, ruler.layers, name="The reference", mend=LARGER_SIZE)
        for ruler in rulers
        if ruler not in CLASSIC
    )
    return next(filter(None, problems), "")


def _classic(pictures: np.ndarray, with_ssim: bool) -> Distances:
    count = pictures.shape[1] - 1
    if with_ssim and min(pictures.shape[2:4]) <= 2 * RADIUS:
        raise ImageError(too_small_for((pictures.shape[3], pictures.shape[2]), [SSIM]))
    references = np.repeat(pictures[:, 0], count, axis=0)
    values = psnr_and_ssim_of_each(references, pictures[:, 1:].reshape(references.shape), with_ssim)
    signs = -np.array([[psnr, 0.0 if ssim is None else ssim] for psnr, ssim in values])
    return {ruler: signs[:, column].reshape(-1, count) for column, ruler in enumerate(CLASSIC)}


def _sharing_a_pass(methods: Sequence[Method]) -> list[list[Method]]:
    """Methods in groups that see the same features: one network, one scaling of its input."""
    groups: dict[object, list[Method]] = {}
    for method in methods:
        network = method.network
        key = network.identity, scaling_of(HEADS[method.heads], network.backbone), method.has_maps
        groups.setdefault(key, []).append(method)
    return list(groups.values())


def _perceptual(pictures: np.ndarray, methods: Sequence[Method]) -> Distances:
    """The methods of one network and input scaling."""
    network, (height, width) = methods[0].network, pictures.shape[2:4]
    if why := too_small_for((width, height), methods):
        raise ImageError(why)
    with enough_memory((width, height)):
        if not methods[0].has_maps:
            return {method: _one_by_one(network, pictures, method) for method in methods}
        if network.device == "cpu" and together_on(network, (width, height)) == 1:
            step = 1  # trial by trial
        else:
            step = max(1, TOGETHER // (width * height * pictures.shape[1]))
        parts = [
            _pass(network, pictures[start : start + step], methods) for start in range(0, len(pictures), step)
        ]
    return {method: np.concatenate([part[place] for part in parts]) for place, method in enumerate(methods)}


def _pass(network: Network, pictures: np.ndarray, methods: Sequence[Method]) -> list[np.ndarray]:
    """One pass of all pictures: for each method (trials, n)."""
    backbone, (count, each) = network.backbone, pictures.shape[:2]
    multiple = backbone.multiple
    height, width = (side // multiple * multiple for side in pictures.shape[2:4])
    flat = np.ascontiguousarray(pictures[:, :, :height, :width]).reshape(-1, height, width, 3)
    scaling = scaling_of(HEADS[methods[0].heads], backbone)
    names = network.graph.ordered(tuple({name for method in methods for name in method.layers}))
    sums = [np.zeros((count, each - 1)) for _ in methods]
    precisely = computing_with(network.precision, network.device)
    with turn(network.device, (width, height)) as give_way, torch.inference_mode(), precisely:
        for name, activation in network.activations(scaled_input(flat, scaling, network.device), names):
            terms = _channel_terms(activation.reshape(count, each, -1, activation.shape[3]))
            for method, own in zip(methods, sums, strict=True):
                if name in method.layers:
                    weights = stacked_weights(backbone, [method.heads], name)[:, 0].double()
                    own += (terms * weights).sum(-1).numpy()
            del activation
            give_way()
    return sums


def _channel_terms(features: Tensor) -> Tensor:
    """Mean squared differences of unit features, channel by channel, which the heads weight.

    A layer's distance is the mean over places of the weighted sum over channels (equation 1 of the paper),
    and so the weighted sum of these. Each step adds along axes of one trial alone: others change nothing.

    Args:
        features: (trials, 1 + n, places, C), of each trial the reference first.

    Returns:
        float64 (trials, n, C), on the CPU.
    """
    units = unit(features)
    difference = (units[:, 1:] - units[:, :1]).square_()
    return (difference.sum(dim=2) / features.shape[2]).cpu().double()


def _one_by_one(network: Network, pictures: np.ndarray, method: Method) -> np.ndarray:
    """A metric without maps, which compares two pictures at a time."""
    return np.array([list(_scores(network, own, method)) for own in pictures])


def _scores(network: Network, pictures: np.ndarray, method: Method) -> Iterator[float]:
    reference, *others = (_picture(pixels, network) for pixels in pictures)
    yield from scores_on(network, reference, others, method.heads, method.layers)


def _picture(pixels: np.ndarray, network: Network) -> Picture:
    return crop_to_multiple(load(np.ascontiguousarray(pixels)), network.backbone)

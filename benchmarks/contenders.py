"""What is timed: each contender prepares a call for a pair, and the call returns its LPIPS.

The others are handed ready tensors, so that reading and converting images is never part of their time. This
project is handed its own `Picture`s, and converting their pixels is part of its time.
"""

from collections.abc import Callable
from dataclasses import dataclass

import lpips
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torchmetrics.functional import image as torchmetrics

from benchmarks.others import input_tensor, lpips_model, torchmetrics_model
from explorer.backbones import find_backbone, network
from explorer.images import Picture
from explorer.metrics import compare
from explorer.metrics.perceptual import layer_maps, reference_cache

HEADS = "lpips-0.1"
PAIR, ANALYSIS = "a pair", "full analysis: score, five maps, PSNR, SSIM and their maps"

Call = Callable[[], float]


@dataclass(frozen=True)
class Contender:
    """One row of the table: a name, what it is asked, what it does for that, and how to prepare it."""

    name: str
    question: str  # PAIR or ANALYSIS
    does: str
    prepare: Callable[[Picture, Picture], Call]


def explorer_pair(reference: Picture, distorted: Picture, cold: bool) -> Call:
    """Score and native maps; cold computes and keeps the reference's features, too."""
    trunk = network(find_backbone("alexnet"), "cpu")

    def call() -> float:
        if cold:
            reference_cache.clear()
        (maps,) = layer_maps(trunk, reference, [distorted], [HEADS])
        return sum(float(map_.mean()) for map_ in maps[HEADS].values())

    return call


def explorer_analysis(reference: Picture, distorted: Picture, cold: bool) -> Call:
    """All that the Inspect page computes, for one choice of heads."""
    trunk = network(find_backbone("alexnet"), "cpu")

    def call() -> float:
        if cold:
            reference_cache.clear()
        return compare(reference, distorted, trunk, [HEADS]).measurement(HEADS).score

    return call


def model_pair(model: torch.nn.Module, reference: Picture, distorted: Picture) -> Call:
    """One call of another implementation."""
    first, second = input_tensor(reference), input_tensor(distorted)
    return lambda: float(model(first, second).mean())


def lpips_analysis(reference: Picture, distorted: Picture) -> Call:
    """The maps of lpips are upsampled to the image; PSNR, SSIM and maps are scikit-image's and numpy's."""
    model = lpips_model(spatial=True)
    first, second = input_tensor(reference), input_tensor(distorted)

    def call() -> float:
        total, _maps = model(first, second, retPerLayer=True)
        peak_signal_noise_ratio(reference.pixels, distorted.pixels, data_range=255)
        _squared_error = (lpips.tensor2np(first) - lpips.tensor2np(second)) ** 2
        structural_similarity(
            reference.pixels,
            distorted.pixels,
            channel_axis=2,
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            full=True,
        )
        return float(total.mean())

    return call


def torchmetrics_analysis(reference: Picture, distorted: Picture) -> Call:
    """All from torchmetrics; its SSIM averages a padded map, so the number differs."""
    model = torchmetrics_model(spatial=True)
    first, second = input_tensor(reference), input_tensor(distorted)

    def call() -> float:
        total, _maps = model(first, second, retperlayer=True)
        torchmetrics.peak_signal_noise_ratio(first, second, data_range=2.0)
        _squared_error = (first - second) ** 2
        torchmetrics.structural_similarity_index_measure(
            first, second, data_range=2.0, return_full_image=True
        )
        return float(total.mean())

    return call


CONTENDERS = (
    Contender(
        "explorer, cached",
        PAIR,
        "score, five maps; the reference's features are kept",
        lambda *pair: explorer_pair(*pair, cold=False),
    ),
    Contender(
        "explorer, cold",
        PAIR,
        "score, five maps; both images through the network",
        lambda *pair: explorer_pair(*pair, cold=True),
    ),
    Contender("lpips", PAIR, "score", lambda *pair: model_pair(lpips_model(), *pair)),
    Contender(
        "lpips spatial",
        PAIR,
        "one summed map, upsampled; score as its mean",
        lambda *pair: model_pair(lpips_model(spatial=True), *pair),
    ),
    Contender(
        "torchmetrics",
        PAIR,
        "score (epsilon 1e-8 inside the root)",
        lambda *pair: model_pair(torchmetrics_model(), *pair),
    ),
    Contender(
        "explorer, cached",
        ANALYSIS,
        "native maps, SSIM as scikit-image's",
        lambda *pair: explorer_analysis(*pair, cold=False),
    ),
    Contender(
        "explorer, cold",
        ANALYSIS,
        "native maps, SSIM as scikit-image's",
        lambda *pair: explorer_analysis(*pair, cold=True),
    ),
    Contender("lpips + skimage", ANALYSIS, "lpips spatial, a map a layer; scikit-image", lpips_analysis),
    Contender(
        "torchmetrics", ANALYSIS, "all its own, a map a layer; SSIM of a padded map", torchmetrics_analysis
    ),
)

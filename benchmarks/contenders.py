"""What is timed: each contender prepares a call for a pair, and the call returns its distance.

The others are handed ready tensors, so that reading and converting images is never part of their time. This
project is handed its own `Picture`s, and converting their pixels is part of its time.
"""

from collections.abc import Callable
from dataclasses import dataclass

import lpips
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torchmetrics.functional import image as torchmetrics

from benchmarks.others import PlainMetric, input_tensor, lpips_model, torchmetrics_model
from explorer.analysis.region import composed, restore_each, tiles
from explorer.backbones import HEADS, Network, find_backbone, network, scaling_of, stacked_weights
from explorer.files.weights import status
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.measuring import compare_on
from explorer.metrics.perceptual import (
    compare_features,
    input_batch,
    layer_maps,
    reference_cache,
    strips,
    unit_features,
)

PAIR, ANALYSIS = "a pair", "full analysis: score, maps, PSNR, SSIM and their maps"
LARGE = "a pair too large for the cache of features"
CAUSAL = "a causal map: one score a tile, with that tile of the distorted image restored"
LEARNED = ("alexnet", "vgg16", "squeezenet1_1")  # with learned heads, and known to the other packages
UNTRAINED = ("resnet50",)  # random weights: its trained ones come from a hub

TILES = 8  # a side of the causal map

Call = Callable[[], float | list[float]]


@dataclass(frozen=True)
class Contender:
    """One row of the tables: a name, what it is asked, what it does for that, and how to prepare it.

    Attributes:
        prepare: Called with the backbone's name and the pair; loads the model.
    """

    name: str
    question: str  # PAIR, ANALYSIS or CAUSAL
    does: str
    backbones: tuple[str, ...]
    prepare: Callable[[str, Picture, Picture], Call]


def trunk(backbone: str) -> Network:
    """The explorer's own network, as the benchmarks use it."""
    return network(find_backbone(backbone), "cpu", "random" if backbone in UNTRAINED else "trained")


def lacking(backbone: str) -> str | None:
    """A sentence where a backbone's trained weights are needed and not on this machine."""
    row = find_backbone(backbone)
    if backbone in UNTRAINED or status(row.weights).ready:
        return None
    fetch = f"python -m explorer weights fetch {backbone}"
    return f"{row.label}: left out, since its weights are not here; `{fetch}` brings them"


def heads_of(backbone: str) -> str:
    """The heads that are compared: the backbone's first, which are those of LPIPS 0.1 or uniform."""
    return find_backbone(backbone).head_names[0]


def explorer_pair(backbone: str, reference: Picture, distorted: Picture, cold: bool) -> Call:
    """Score and native maps; cold computes and keeps the reference's features, too."""
    net, heads = trunk(backbone), heads_of(backbone)

    def call() -> float:
        if cold:
            reference_cache.clear()
        (maps,) = layer_maps(net, reference, [distorted], [heads])
        return sum(float(map_.mean()) for map_ in maps[heads].values())

    return call


def whole_layers(backbone: str, reference: Picture, distorted: Picture) -> Call:
    """What the explorer would do without bands of rows: one layer of both pictures at a time."""
    net, heads = trunk(backbone), heads_of(backbone)
    names, scaling = net.backbone.layer_names, scaling_of(HEADS[heads], net.backbone)

    def call() -> float:
        first, second = (
            net.activations(input_batch([picture], scaling, "cpu"), names)
            for picture in (reference, distorted)
        )
        score = 0.0
        for (name, x), (_, y) in zip(first, second, strict=True):
            weights = stacked_weights(net.backbone, [heads], name)
            score += sum(
                float(compare_features(unit_features(x[0][rows]), y[0][rows], weights).sum())
                for rows in strips(x[0].shape)
            ) / (x.shape[1] * x.shape[2])
        return score

    return call


def explorer_analysis(backbone: str, reference: Picture, distorted: Picture, cold: bool) -> Call:
    """All that the Inspect page computes, for one choice of heads."""
    net, heads = trunk(backbone), heads_of(backbone)

    def call() -> float:
        if cold:
            reference_cache.clear()
        return compare_on(net, reference, distorted, [heads]).measurement(heads).score

    return call


def model_pair(model: torch.nn.Module, reference: Picture, distorted: Picture) -> Call:
    """One call of another implementation."""
    first, second = input_tensor(reference), input_tensor(distorted)
    return lambda: float(model(first, second).mean())


def lpips_analysis(backbone: str, reference: Picture, distorted: Picture) -> Call:
    """The maps of lpips are upsampled to the image; PSNR, SSIM and maps are scikit-image's and numpy's."""
    model = lpips_model(spatial=True, backbone=backbone)
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


def torchmetrics_analysis(backbone: str, reference: Picture, distorted: Picture) -> Call:
    """All from torchmetrics; its SSIM averages a padded map, so the number differs."""
    model = torchmetrics_model(spatial=True, backbone=backbone)
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


def explorer_causal(backbone: str, reference: Picture, distorted: Picture) -> Call:
    """The restore scores of all tiles, from the two pictures; the reference's features are computed, too."""
    method = Method(backbone, heads_of(backbone), device="cpu")
    boxes = tiles(reference.size, TILES)

    def call() -> list[float]:
        reference_cache.clear()
        return [score for known in restore_each(reference, distorted, boxes, method) for score in known]

    return call


def lpips_causal(backbone: str, reference: Picture, distorted: Picture) -> Call:
    """A call for each tile; its picture was put together before."""
    model, first = lpips_model(backbone=backbone), input_tensor(reference)
    others = [input_tensor(composed(distorted, reference, box)) for box in tiles(reference.size, TILES)]
    return lambda: [float(model(first, other)) for other in others]


CONTENDERS = (
    Contender(
        "explorer, cached",
        PAIR,
        "score, a map a layer; the reference's features are kept",
        (*LEARNED, *UNTRAINED),
        lambda *asked: explorer_pair(*asked, cold=False),
    ),
    Contender(
        "explorer, cold",
        PAIR,
        "score, a map a layer; both images through the network",
        (*LEARNED, *UNTRAINED),
        lambda *asked: explorer_pair(*asked, cold=True),
    ),
    Contender(
        "lpips",
        PAIR,
        "score",
        LEARNED,
        lambda backbone, *pair: model_pair(lpips_model(backbone=backbone), *pair),
    ),
    Contender(
        "lpips spatial",
        PAIR,
        "one summed map, upsampled; score as its mean",
        LEARNED,
        lambda backbone, *pair: model_pair(lpips_model(spatial=True, backbone=backbone), *pair),
    ),
    Contender(
        "torchmetrics",
        PAIR,
        "score (epsilon 1e-8 inside the root)",
        LEARNED,
        lambda backbone, *pair: model_pair(torchmetrics_model(backbone=backbone), *pair),
    ),
    Contender(
        "torchvision",
        PAIR,
        "score; its feature extractor, the distance written out",
        UNTRAINED,
        lambda backbone, *pair: model_pair(PlainMetric(backbone), *pair),
    ),
    Contender(
        "explorer, cached",
        ANALYSIS,
        "native maps, SSIM as scikit-image's",
        ("alexnet",),
        lambda *asked: explorer_analysis(*asked, cold=False),
    ),
    Contender(
        "explorer, cold",
        ANALYSIS,
        "native maps, SSIM as scikit-image's",
        ("alexnet",),
        lambda *asked: explorer_analysis(*asked, cold=True),
    ),
    Contender(
        "lpips + skimage",
        ANALYSIS,
        "lpips spatial, a map a layer; scikit-image",
        ("alexnet",),
        lpips_analysis,
    ),
    Contender(
        "torchmetrics",
        ANALYSIS,
        "all its own, a map a layer; SSIM of a padded map",
        ("alexnet",),
        torchmetrics_analysis,
    ),
    Contender(
        "explorer, cold",
        CAUSAL,
        "puts each picture together; the reference passes once",
        ("alexnet",),
        explorer_causal,
    ),
    Contender("whole layers", LARGE, "score; a layer of both images at a time", ("vgg16",), whole_layers),
    Contender("lpips", CAUSAL, "a call a tile, on tensors that are ready", ("alexnet",), lpips_causal),
)

"""Other implementations of LPIPS, built on this project's weights and without any download.

Used by the benchmarks, and by the tests as oracles.
"""

import re
import warnings
from collections.abc import Mapping

import lpips
import numpy as np
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torchmetrics.functional.image import lpips as torchmetrics_lpips
from torchvision.models.feature_extraction import create_feature_extractor

from explorer.backbones import find_backbone
from explorer.backbones.loading import random_state
from explorer.files.weights import load_state
from explorer.images import Picture

# By our names, theirs.
NETWORKS = {"alexnet": "alex", "vgg16": "vgg", "squeezenet1_1": "squeeze"}


class Unfilled(TorchFunctionMode):
    """What is made inside holds whatever its memory held: to draw numbers for the bin takes seconds."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        """Leave a tensor as it is where a function of `torch.nn.init` would fill it."""
        kwargs = kwargs or {}
        if getattr(func, "__module__", "") == "torch.nn.init":
            return kwargs["tensor"]
        return func(*args, **kwargs)


def lpips_model(
    version: str = "0.1",
    heads: bool = True,
    spatial: bool = False,
    backbone: str = "alexnet",
    state: Mapping[str, Tensor] | None = None,
) -> lpips.LPIPS:
    """A metric of the `lpips` package (richzhang/PerceptualSimilarity).

    Args:
        version: Of its heads, "0.1" or "0.0"; the former scales the input.
        heads: False for the uncalibrated baseline.
        spatial: Return a map of the image's size instead of a number.
        backbone: A key of `NETWORKS`.
        state: Of the network, keyed as torchvision's; None takes the trained weights.
    """
    with warnings.catch_warnings():
        # lpips asks torchvision for untrained layers by an argument that torchvision has since renamed.
        for message in ("The parameter 'pretrained' is deprecated", "Arguments other than a weight enum"):
            warnings.filterwarnings("ignore", message, UserWarning, r"torchvision\.models\._utils")
        with Unfilled():
            model = lpips.LPIPS(
                net=NETWORKS[backbone],
                version=version,
                lpips=heads,
                spatial=spatial,
                pnet_rand=True,
                verbose=False,
            )
    _load_trunk(model.net, trained_state(backbone) if state is None else state)
    return model


def torchmetrics_model(spatial: bool = False, backbone: str = "alexnet") -> nn.Module:
    """A metric of torchmetrics (heads v0.1); its norm's epsilon is 1e-8 inside the root, so scores differ."""
    # Its public face would download the convolutions.
    with Unfilled():
        model = torchmetrics_lpips._LPIPS(net=NETWORKS[backbone], pnet_rand=True, spatial=spatial)
    _load_trunk(model.net, trained_state(backbone))
    return model


class PlainMetric(nn.Module):
    """Any of torchvision's networks with its own feature extractor, and the distance as the paper writes it.

    Heads are uniform and the weights the explorer's random ones. Taps must be values that no later operation
    overwrites in place, as those of AlexNet, VGG16 and the ResNets are.
    """

    def __init__(self, backbone: str):
        """Args: backbone, a name of the catalogue."""
        super().__init__()
        row = find_backbone(backbone)
        model = row.builder(weights=None).eval().requires_grad_(False)
        model.load_state_dict(random_state(row), strict=False)
        self._network = create_feature_extractor(model, {layer.node: layer.name for layer in row.layers})
        self.register_buffer("_shift", torch.tensor(row.scaling.shift)[:, None, None])
        self.register_buffer("_scale", torch.tensor(row.scaling.scale)[:, None, None])

    def forward(self, reference: Tensor, distorted: Tensor) -> Tensor:
        """Float32 (1, 3, H, W) in [-1, 1], twice -> the score."""
        first, second = (self._network((x - self._shift) / self._scale) for x in (reference, distorted))
        distances = [
            (lpips.normalize_tensor(first[name]) - lpips.normalize_tensor(second[name]))
            .square()
            .sum(1)
            .mean()
            for name in first
        ]
        return torch.stack(distances).sum()


def trained_state(backbone: str) -> dict[str, Tensor]:
    """The trained weights, keyed as torchvision's."""
    return load_state(find_backbone(backbone).weights, backbone)


def input_tensor(picture: Picture) -> Tensor:
    """Float32 (1, 3, H, W) in [-1, 1], formed in float32 as the explorer does.

    `lpips.im2tensor` divides in float64 and rounds differently.
    """
    pixels = torch.from_numpy(np.array(picture.pixels)).permute(2, 0, 1)[None]
    return pixels.to(torch.float32) / 127.5 - 1


def _load_trunk(net: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Fill a trunk cut into slices: "slice2.3.weight" or "slices.1.3.weight" is "features.3.weight"."""
    net.load_state_dict({key: state[re.sub(r"^slices?\.?\d+", "features", key)] for key in net.state_dict()})

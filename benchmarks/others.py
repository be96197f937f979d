"""Other implementations of LPIPS, built on this project's weights and without any download.

Used by the benchmarks, and by the tests as oracles.
"""

import warnings

import lpips
import numpy as np
import torch
from torch import Tensor, nn
from torchmetrics.functional.image import lpips as torchmetrics_lpips

from explorer.backbones import find_backbone
from explorer.backbones.weights import load_weights
from explorer.images import Picture


def lpips_model(version: str = "0.1", heads: bool = True, spatial: bool = False) -> lpips.LPIPS:
    """AlexNet of the `lpips` package (richzhang/PerceptualSimilarity).

    Args:
        version: Of its heads, "0.1" or "0.0"; the former scales the input.
        heads: False for the uncalibrated baseline.
        spatial: Return a map of the image's size instead of a number.
    """
    with warnings.catch_warnings():
        # lpips asks torchvision for untrained layers by an argument that torchvision has since renamed.
        for message in ("The parameter 'pretrained' is deprecated", "Arguments other than a weight enum"):
            warnings.filterwarnings("ignore", message, UserWarning, r"torchvision\.models\._utils")
        model = lpips.LPIPS(
            net="alex", version=version, lpips=heads, spatial=spatial, pnet_rand=True, verbose=False
        )
    _load_convolutions(model.net)
    return model


def torchmetrics_model(spatial: bool = False) -> nn.Module:
    """AlexNet of torchmetrics (heads v0.1); its norm's epsilon is 1e-8 inside the root, so scores differ."""
    # Its public face would download the convolutions.
    model = torchmetrics_lpips._LPIPS(net="alex", pnet_rand=True, spatial=spatial)
    _load_convolutions(model.net)
    return model


def input_tensor(picture: Picture) -> Tensor:
    """Float32 (1, 3, H, W) in [-1, 1], formed in float32 as the explorer does.

    `lpips.im2tensor` divides in float64 and rounds differently.
    """
    pixels = torch.from_numpy(np.array(picture.pixels)).permute(2, 0, 1)[None]
    return pixels.to(torch.float32) / 127.5 - 1


def _load_convolutions(net: nn.Module) -> None:
    """Fill a trunk cut into slices: "slice2.3.weight" is torchvision's "features.3.weight"."""
    weights = load_weights(find_backbone("alexnet").weights)
    net.load_state_dict({key: weights["features." + key.partition(".")[2]] for key in net.state_dict()})

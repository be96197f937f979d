"""The heads: non-negative weights on squared channel differences, and the input scaling of each."""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import torch

from explorer.backbones.catalogue import Backbone
from explorer.backbones.weights import load_weights
from explorer.errors import SettingError, WeightsError


@dataclass(frozen=True)
class Scaling:
    """Per-channel shift and scale of an RGB input in [-1, 1]: (x - shift) / scale."""

    name: str
    shift: tuple[float, float, float]
    scale: tuple[float, float, float]


# `lpips.ScalingLayer`: ImageNet's mean and deviation, moved to the range [-1, 1].
IMAGENET_SCALING = Scaling("imagenet", (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450))
# The first release (v0.0) fed the network unscaled input; its heads were learned that way.
NO_SCALING = Scaling("none", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


@dataclass(frozen=True)
class Heads:
    """A choice of heads by name."""

    name: str
    label: str
    scaling: Scaling
    summary: str


HEADS = {
    "lpips-0.1": Heads(
        "lpips-0.1", "LPIPS 0.1", IMAGENET_SCALING, "Learned from human judgments; the current release."
    ),
    "lpips-0.0": Heads(
        "lpips-0.0", "LPIPS 0.0", NO_SCALING, "Learned; the first release, without input scaling."
    ),
    "uniform": Heads(
        "uniform",
        "Uniform",
        IMAGENET_SCALING,
        "All channels count the same; the paper's uncalibrated baseline.",
    ),
}


def find_heads(name: str) -> Heads:
    """Return the heads of that name; SettingError names those that exist."""
    try:
        return HEADS[name]
    except (KeyError, TypeError):  # TypeError: not even a name
        raise SettingError(f"There are no heads {name!r}; choose one of: {', '.join(HEADS)}.") from None


def heads_sharing_a_pass(heads: Heads) -> tuple[str, ...]:
    """Names of all heads that use the same features, because their input scaling is the same."""
    return tuple(other.name for other in HEADS.values() if other.scaling == heads.scaling)


@cache
def head_weights(backbone: Backbone, heads: str) -> MappingProxyType[str, torch.Tensor]:
    """Channel weights by layer name, each float32 (C,), >= 0; they multiply *squared* differences.

    Raises:
        WeightsError: the file is missing, damaged, or does not fit the backbone's layers.
    """
    if heads == "uniform":
        return MappingProxyType({layer.name: torch.ones(layer.channels) for layer in backbone.layers})
    file = backbone.heads[heads]
    weights = load_weights(file)
    for layer in backbone.layers:
        if layer.name not in weights or weights[layer.name].shape != (layer.channels,):
            raise WeightsError(
                f"The weights file {file.file} does not fit {backbone.label}'s layer {layer.name}."
            )
    return MappingProxyType(weights)

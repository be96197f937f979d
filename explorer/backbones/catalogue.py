"""The feature networks that can be chosen: one row a backbone.

A row names torchvision's builder and, for each tapped layer, the index of its ReLU inside the builder's
`features`. Another network of that kind is one more row and a weights file whose keys are torchvision's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torchvision
from torch import nn

from explorer.errors import SettingError


@dataclass(frozen=True)
class Layer:
    """A tapped activation, after its ReLU."""

    name: str
    node: int  # index inside the builder's `features`
    channels: int


@dataclass(frozen=True)
class WeightsFile:
    """A safetensors file with its expected checksum."""

    file: str
    sha256: str


@dataclass(frozen=True, eq=False)  # compared and hashed as the one row it is
class Backbone:
    """A feature network: where it comes from, what is tapped, and which learned heads go with it."""

    name: str  # torchvision's own
    label: str
    builder: Callable[..., nn.Module]
    layers: tuple[Layer, ...]  # in the order in which the network computes them
    smallest_side: int  # pixels; below it a layer would have no cells
    weights: WeightsFile
    heads: dict[str, WeightsFile]  # learned heads by name; `uniform` needs no file

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The tapped layers' names, shallow to deep."""
        return tuple(layer.name for layer in self.layers)


# Layers as `lpips` taps them (pretrained_networks.py: the end of each slice).
BACKBONES = {
    "alexnet": Backbone(
        name="alexnet",
        label="AlexNet",
        builder=torchvision.models.alexnet,
        layers=(
            Layer("conv1", 1, 64),
            Layer("conv2", 4, 192),
            Layer("conv3", 7, 384),
            Layer("conv4", 9, 256),
            Layer("conv5", 11, 256),
        ),
        smallest_side=31,
        weights=WeightsFile(
            "alexnet.safetensors",
            "9f97fd313f4da83dbe6bbfbe6effca1241de9edfcd7c53386261ed9697286dd9",
        ),
        heads={
            "lpips-0.1": WeightsFile(
                "alexnet-lpips-0.1.safetensors",
                "cd58edad42e046cf6e286606b8c6f72fe9eca3bc832e55d2eb0d19148de6d7b4",
            ),
            "lpips-0.0": WeightsFile(
                "alexnet-lpips-0.0.safetensors",
                "b4985644361da34bbb5ac0f50132f592ae0cac9a444b0fb1994f67fa3ab61c4a",
            ),
        },
    ),
}


def find_backbone(name: str) -> Backbone:
    """Return the catalogue's row; SettingError names those that exist."""
    try:
        return BACKBONES[name]
    except (KeyError, TypeError):  # TypeError: not even a name
        known = ", ".join(BACKBONES)
        raise SettingError(f"There is no backbone {name!r}; choose one of: {known}.") from None

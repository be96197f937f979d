"""What a backbone's row in the catalogue says: its layers, its weights files, and where those come from."""

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import nn

from explorer.files.source import WeightsFile


@dataclass(frozen=True)
class Scaling:
    """Per-channel shift and scale of an RGB input in [-1, 1]: (x - shift) / scale."""

    name: str
    shift: tuple[float, float, float]
    scale: tuple[float, float, float]


# `lpips.ScalingLayer`: ImageNet's mean and deviation, moved to the range [-1, 1].
IMAGENET_SCALING = Scaling("imagenet", (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450))
# The first release of LPIPS (v0.0) fed the network unscaled input; its heads were learned that way.
NO_SCALING = Scaling("none", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


@dataclass(frozen=True)
class Layer:
    """A tapped activation under the name that papers give it."""

    name: str
    node: str  # the graph's own name for it, such as "features.1" or "layer1.2.relu_2"


@dataclass(frozen=True, eq=False)  # compared and hashed as the one row it is
class Backbone:
    """A feature network: where it comes from, what is tapped, and which learned heads go with it.

    Attributes:
        name: torchvision's own where it is torchvision's.
        label: As users read it.
        builder: Called with `weights=None`; gives the network. It is traced, and only what leads to a layer
            is ever loaded or run.
        layers: The default set, in the order in which the network computes them.
        smallest_side: Pixels; below it a layer would have no cells.
        weights: Files that hold the trained weights, keyed as torchvision's; the first one found is taken,
            and they are fetched in this order.
        heads: Learned heads by name.
        uniform: Whether the uniform head is offered as well.
        scaling: Of the input.
        multiple: Both sides must be a multiple of it; larger pictures are cropped right and bottom.
        trained_on: In a few words.
        aliases: Other names that it is found by, such as `lpips` and torchmetrics have for it.
    """

    name: str
    label: str
    builder: Callable[..., nn.Module]
    layers: tuple[Layer, ...]
    smallest_side: int
    weights: tuple[WeightsFile, ...]
    heads: dict[str, WeightsFile] = field(default_factory=dict)
    uniform: bool = True
    scaling: Scaling = IMAGENET_SCALING
    multiple: int = 1
    trained_on: str = "ImageNet classification"
    aliases: tuple[str, ...] = ()

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The default layers' names, shallow to deep."""
        return tuple(layer.name for layer in self.layers)

    @property
    def head_names(self) -> tuple[str, ...]:
        """All heads that go with this backbone; the first is its default."""
        return (*self.heads, *(("uniform",) if self.uniform else ()))

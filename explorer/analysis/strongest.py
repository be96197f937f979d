"""A picture as a network sees it: of each layer its strongest channels, and what a cell answers to.

One pass of one picture; no pair is needed for it. The activations are those that the metric compares, before
they are scaled to unit length (Zhang et al., CVPR 2018, section 3).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.backbones import HEADS, ReceptiveField, computing_with, graph_of, receptive_fields, scaling_of
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.measuring import crop_to_multiple
from explorer.metrics.memory import enough_memory
from explorer.metrics.perceptual import check_large_enough, input_batch, turn

COUNT = 18  # channels of a layer that are kept: they fill two rows of nine, or three of six


@dataclass(frozen=True, eq=False)
class StrongChannel:
    """A channel of a layer, on this picture.

    Attributes:
        channel: Its number in the layer, from 0.
        strength: The mean over all cells of its values, without their signs.
        values: float32 (rows, columns), the activations; >= 0 after a ReLU.
    """

    channel: int
    strength: float
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class SeenLayer:
    """A layer's answer to a picture.

    Attributes:
        name: Its own.
        channels: How many it has.
        grid: (rows, columns).
        field: Which pixels a cell depends on.
        strongest: The strongest first, `COUNT` at most; of equal ones the first.
    """

    name: str
    channels: int
    grid: tuple[int, int]
    field: ReceptiveField
    strongest: tuple[StrongChannel, ...]

    def columns_of(self, width: int) -> list[tuple[int, int]]:
        """What each column of cells sees of so wide a picture: its first pixel, and how many."""
        windows = (self.field.window(0, column, (width, 1)) for column in range(self.grid[1]))
        return [(left, seen) for left, _, seen, _ in windows]

    def rows_of(self, height: int) -> list[tuple[int, int]]:
        """What each row of cells sees of so high a picture: its first pixel, and how many."""
        windows = (self.field.window(row, 0, (1, height)) for row in range(self.grid[0]))
        return [(top, seen) for _, top, _, seen in windows]


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture, and the answers of all layers to it.

    Attributes:
        picture: As it went through the network: cropped where that takes only multiples of some number.
        layers: In the network's order.
    """

    picture: Picture
    layers: tuple[SeenLayer, ...]

    @property
    def bytes(self) -> int:
        """About how much memory it holds."""
        kept = sum(channel.values.nbytes for layer in self.layers for channel in layer.strongest)
        return kept + self.picture.pixels.nbytes


def strongest(picture: Picture, method: Method, count: int = COUNT) -> Seen:
    """Run a picture through a method's network, as given, and keep the strongest channels of each layer.

    Args:
        picture: At least as large as the backbone's smallest.
        method: Its network, its heads' input scaling, and its layers; all layers of the network's own come
            as well. Its size is not used.
        count: How many channels of each layer are kept, at most.

    Raises:
        ImageError: the picture is too small for a layer, or does not fit in memory.
        WeightsError: a weights file is missing or damaged.
    """
    network, row = method.network, method.row
    picture = crop_to_multiple(picture, row)
    layers = method.siblings[1]
    check_large_enough(network, picture, layers)
    fields, graph = receptive_fields(row), graph_of(row)
    exactly, memory = computing_with(network.precision, network.device), enough_memory(picture.size)
    found = []
    with memory, turn(network.device, picture.size) as give_way, torch.inference_mode(), exactly:
        batch = input_batch([picture], scaling_of(HEADS[method.heads], row), network.device)
        for name, activation in network.activations(batch, layers):
            kept = _strongest(activation[0], count)
            grid = tuple(activation.shape[1:3])
            found.append(SeenLayer(name, graph.channels(name), grid, fields[name], kept))
            give_way()
    return Seen(picture, tuple(found))


def _strongest(activation: Tensor, count: int) -> tuple[StrongChannel, ...]:
    """The strongest channels of one layer's activations, (rows, columns, C)."""
    strengths = activation.abs().mean(dim=(0, 1), dtype=torch.float64).cpu().numpy()
    order = np.argsort(-strengths, kind="stable")[:count]
    # A copy: the network overwrites what it has lent in its next step.
    values = (
        activation[..., torch.from_numpy(order).to(activation.device)].permute(2, 0, 1).cpu().contiguous()
    )
    return tuple(
        StrongChannel(int(channel), float(strengths[channel]), plane)
        for channel, plane in zip(order, values.numpy(), strict=True)
    )

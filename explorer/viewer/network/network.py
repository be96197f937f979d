"""A network's layers to scale, the channels of one, and what a cell sees; the browser's side is `js/`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from explorer import render
from explorer.cache import ByteBudgetCache
from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import bytes_of, picture
from explorer.viewer.common.small import called, numbered, register_small

FACE = 96  # cells a side of the map on a layer's face, at most: it is a small picture
EXACT = 128  # cells a side up to which each value travels; of a larger grid means of cells do

# What was encoded, by its key; of all users together, since a class looks at one picture.
_encoded: ByteBudgetCache[dict[str, Any]] = ByteBudgetCache(32_000_000)


@dataclass(frozen=True, eq=False)
class ChannelPicture:
    """A channel: its number, its mean strength, and its values, float32 (rows, columns)."""

    channel: int
    strength: float
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class NetworkLayer:
    """A layer as it is drawn.

    Attributes:
        name: Its own.
        channels, grid: How many channels; (rows, columns).
        sees: What a cell sees, in words.
        size: (rows, columns) pixels of that; None where it is no window.
        face: The strongest channel's values, float32 (rows, columns).
        colour: Of the layer wherever layers have colours.
    """

    name: str
    channels: int
    grid: tuple[int, int]
    sees: str
    size: tuple[int, int] | None
    face: np.ndarray
    colour: str


@dataclass(frozen=True, eq=False)
class NetworkScene:
    """A picture in a network.

    Attributes:
        key: Of all that is drawn.
        photograph: uint8 (H, W, 3), whose pixels the windows are in.
        name: The picture's.
        layers: In the network's order.
        chosen: The name of the layer that is opened.
        strongest: Its strongest channels.
        end: Of their one colour scale, > 0.
        across, down: What each column and each row of its cells sees: the first pixel, and how many.
        compared: How it differs from the first layer, in a sentence; "" for nothing.
    """

    key: str
    photograph: np.ndarray
    name: str
    layers: tuple[NetworkLayer, ...]
    chosen: str
    strongest: tuple[ChannelPicture, ...]
    end: float
    across: Sequence[tuple[int, int]] = field(repr=False)
    down: Sequence[tuple[int, int]] = field(repr=False)
    compared: str = ""


_component = register_small(
    "network",
    "network",
    read("network/network.html"),
    parts=("blocks", "photograph", "tiles"),
    shared=("decode", "colour", "numbers"),
)


def network(scene: NetworkScene, *, key: str, on_layer: Callable[[str], None]) -> None:
    """Draw a network.

    Args:
        scene: What is drawn.
        key: Of the component.
        on_layer: Called with the name of another layer that was chosen.
    """
    names = {layer.name for layer in scene.layers}

    def chosen(name: Any) -> None:
        if name in names:
            on_layer(name)

    _component(key=key, data=numbered(key, described(scene)), on_layer_change=called(key, "layer", chosen))


def described(scene: NetworkScene) -> dict[str, Any]:
    """A scene as JSON; what is the same for all who see it is encoded once."""
    known = _encoded.get(scene.key)
    if known is None:
        known = _described(scene)
        _encoded.put(scene.key, known, bytes_of(known))
    return known


def _described(scene: NetworkScene) -> dict[str, Any]:
    height, width = scene.photograph.shape[:2]
    opened = next(layer for layer in scene.layers if layer.name == scene.chosen)
    return {
        "key": scene.key,
        "photograph": picture(scene.photograph),
        "width": width,
        "height": height,
        "name": scene.name,
        "layers": [_layer(layer) for layer in scene.layers],
        "chosen": scene.chosen,
        "strongest": [
            {
                "channel": each.channel,
                "strength": each.strength,
                "plane": render.plane(render.shrunk(each.values, EXACT)),
            }
            for each in scene.strongest
        ],
        "isExact": max(opened.grid) <= EXACT,
        "end": scene.end,
        "across": [list(window) for window in scene.across],
        "down": [list(window) for window in scene.down],
        "compared": scene.compared,
        "colours": render.colours("magma").flatten().tolist(),
    }


def _layer(layer: NetworkLayer) -> Mapping[str, Any]:
    face = render.shrunk(np.abs(layer.face), FACE)
    return {
        "name": layer.name,
        "channels": layer.channels,
        "rows": layer.grid[0],
        "columns": layer.grid[1],
        "sees": layer.sees,
        "size": None if layer.size is None else list(layer.size),
        "face": render.plane(face),
        "faceEnd": float(face.max()) or 1.0,
        "colour": layer.colour,
    }

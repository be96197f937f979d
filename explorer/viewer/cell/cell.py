"""One cell of a map and its arithmetic, step by step; the browser's side is `js/`."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from explorer import render
from explorer.cache import ByteBudgetCache
from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture
from explorer.viewer.common.small import called, numbered, register_small

STEPS = 5  # features, unit length, difference, weight, sum

# Maps as they are sent, by their scene's key and layer; of all users.
_planes: ByteBudgetCache[dict[str, Any]] = ByteBudgetCache(8_000_000)


class ChannelTerm(Protocol):
    """One channel's numbers, a dataclass such as `explorer.analysis.cell.Term`, whose fields these are."""

    channel: int
    y: float
    y0: float
    unit: float
    unit0: float
    squared: float
    weight: float
    product: float


class OtherChannels(Protocol):
    """All others in one, a dataclass such as `explorer.analysis.cell.Rest`, whose fields these are."""

    channels: int
    length: float
    length0: float
    unit: float
    unit0: float
    squared: float
    product: float
    weight: float


@dataclass(frozen=True, eq=False)
class CellScene:
    """What is seen of a cell.

    Attributes:
        key: Tells the pair and how it was measured from others.
        reference, distorted: uint8 (H, W, 3), as measured.
        layers: Names that can be chosen.
        layer: The chosen one.
        values: Its map, float32 (rows, columns).
        place: (row, column) of the cell, from 0.
        window: (x, y, width, height) of the pixels that the cell sees.
        field: These in words, such as "51 × 51 pixels".
        lengths: Of both feature vectors, the reference's first.
        terms: The strongest channels, largest product first.
        rest: The others; None where there are none.
        value: The sum of all products.
        followed: The channel whose numbers are written out; one that is none of the strongest gives way to
            the first of them.
        shown: How many of the `STEPS` are seen, from 1.
        weight_words: What the weights of the heads are, in a few words.
        colours: Of the map: a scale of `render.colours`.

    Raises:
        ValueError: steps that there are not, or a place outside the map.
    """

    key: str
    reference: np.ndarray
    distorted: np.ndarray
    layers: tuple[str, ...]
    layer: str
    values: np.ndarray
    place: tuple[int, int]
    window: tuple[int, int, int, int]
    field: str
    lengths: tuple[float, float]
    terms: Sequence[ChannelTerm]
    rest: OtherChannels | None
    value: float
    followed: int | None = None
    shown: int = STEPS
    weight_words: str = ""
    colours: str = "magma"

    def __post_init__(self):
        if not 1 <= self.shown <= STEPS:
            raise ValueError(f"there are {STEPS} steps, not {self.shown}")
        if not all(0 <= at < count for at, count in zip(self.place, self.values.shape, strict=True)):
            raise ValueError(f"the map has no cell at {self.place}")


_component = register_small(
    "cell", "cell", read("cell/cell.html"), parts=("written", "seen", "terms"), shared=("decode", "colour")
)


def cell(
    scene: CellScene,
    *,
    key: str,
    on_move: Callable[[int, int], None],
    on_layer: Callable[[str], None],
    on_follow: Callable[[int], None],
    on_show: Callable[[int], None],
) -> None:
    """Draw a cell and its arithmetic.

    Args:
        key: Of the component.
        on_move: Called with the row and the column of another cell.
        on_layer: Called with the name of another layer.
        on_follow: Called with the channel whose numbers are to be written out.
        on_show: Called with how many steps are to be seen.
    """
    rows, columns = scene.values.shape

    def move(sent: Mapping[str, Any]) -> None:
        if sent["layer"] == scene.layer:  # else it crossed the choice of another layer
            on_move(min(max(int(sent["row"]), 0), rows - 1), min(max(int(sent["column"]), 0), columns - 1))

    def choose(layer: str) -> None:
        if layer in scene.layers:
            on_layer(layer)

    def follow(sent: Mapping[str, Any]) -> None:
        if any(term.channel == sent["channel"] for term in scene.terms):
            on_follow(sent["channel"])

    def show(shown: int) -> None:
        if shown in range(1, STEPS + 1):
            on_show(shown)

    _component(
        key=key,
        data=numbered(key, described(scene)),
        on_move_change=called(key, "move", move),
        on_layer_change=called(key, "layer", choose),
        on_follow_change=called(key, "follow", follow),
        on_show_change=called(key, "show", show),
    )


def described(scene: CellScene) -> dict[str, Any]:
    """A scene as JSON, its pictures as PNG, its map as a plane of values."""
    height, width = scene.reference.shape[:2]
    return {
        "key": scene.key,
        "width": width,
        "height": height,
        "reference": picture(scene.reference),
        "distorted": picture(scene.distorted),
        "layers": list(scene.layers),
        "layer": scene.layer,
        "plane": _plane(scene),
        "colours": render.text(render.colours(scene.colours).tobytes()),
        "place": list(scene.place),
        "window": list(scene.window),
        "field": scene.field,
        "lengths": list(scene.lengths),
        "terms": [asdict(term) for term in scene.terms],
        "rest": None if scene.rest is None else _described_rest(scene.rest),
        "value": scene.value,
        "followed": scene.followed,
        "shown": scene.shown,
        "weightWords": scene.weight_words,
    }


def _described_rest(rest: OtherChannels) -> dict[str, Any]:
    return asdict(rest) | {"weight": None if math.isnan(rest.weight) else rest.weight}


def _plane(scene: CellScene) -> dict[str, Any]:
    key = scene.key, scene.layer
    plane = _planes.get(key)
    if plane is None:
        plane = render.plane(scene.values)
        _planes.put(key, plane, len(plane["data"]))
    return plane

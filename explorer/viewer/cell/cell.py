"""One cell of a map and its arithmetic, step by step; the browser's side is `js/`."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import streamlit as st

from explorer import render
from explorer.cache import ByteBudgetCache
from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture
from explorer.viewer.common.settings import is_number, is_whole
from explorer.viewer.common.small import called, numbered, register_small

STEPS = 5  # features, unit length, difference, weight, sum
FEWER = 8  # channels that are shown one by one where columns for all would be too narrow for their numbers

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


@dataclass(frozen=True)
class CellSight:
    """What the user has chosen to see.

    Attributes:
        layer: Its name.
        x, y: The place, as parts of the picture's width and height, 0..1; None where none was chosen.
        channel: Whose numbers are written out; None for that of the largest product.
        shown: How many steps are seen.
    """

    layer: str
    x: float | None
    y: float | None
    channel: int | None
    shown: int


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
        is_chosen: Whether that was chosen, and goes to other layers as well.
        window: (x, y, width, height) of the pixels that the cell sees.
        field: These in words, such as "51 × 51 pixels".
        lengths: Of both feature vectors, the reference's first.
        terms: The strongest channels, largest product first.
        rest: The others; None where there are none.
        rest_of_fewer: The others where only the first `FEWER` are shown.
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
    rest_of_fewer: OtherChannels | None = None
    followed: int | None = None
    shown: int = STEPS
    weight_words: str = ""
    is_chosen: bool = False
    colours: str = "magma"

    def __post_init__(self):
        if not 1 <= self.shown <= STEPS:
            raise ValueError(f"there are {STEPS} steps, not {self.shown}")
        if not all(0 <= at < count for at, count in zip(self.place, self.values.shape, strict=True)):
            raise ValueError(f"the map has no cell at {self.place}")


_component = register_small(
    "cell", "cell", read("cell/cell.html"), parts=("written", "seen", "terms"), shared=("decode", "colour")
)


def cell(scene: CellScene, *, key: str, on_see: Callable[[CellSight], None]) -> None:
    """Draw a cell and its arithmetic.

    Args:
        key: Of the component.
        on_see: Called with all that the user has chosen, whenever some of it changes. Each message says all:
            one that comes while the page runs may take the place of the one before.
    """
    heard: dict[str, int] = st.session_state.setdefault("_cell_heard", {})

    def see(sent: Mapping[str, Any]) -> None:
        heard[key] = int(sent["number"])
        on_see(sight_of(scene, sent))

    data = described(scene) | {"heard": heard.get(key, 0)}
    _component(key=key, data=numbered(key, data), on_see_change=called(key, "see", see))


def sight_of(scene: CellScene, sent: Mapping[str, Any]) -> CellSight:
    """What the browser has sent; what the scene does not have gives way to what it shows."""
    layer, shown, channel = sent["layer"], sent["shown"], sent["channel"]
    place = sent["x"], sent["y"]
    is_place = all(is_number(part) and 0 <= part <= 1 for part in place)
    return CellSight(
        layer if layer in scene.layers else scene.layer,
        *(place if is_place else (None, None)),
        channel if is_whole(channel) and channel >= 0 else scene.followed,
        shown if is_whole(shown) and 1 <= shown <= STEPS else scene.shown,
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
        "isChosen": scene.is_chosen,
        "window": list(scene.window),
        "field": scene.field,
        "lengths": list(scene.lengths),
        "terms": [asdict(term) for term in scene.terms],
        "rest": _described_rest(scene.rest),
        "fewer": {"count": FEWER, "rest": _described_rest(scene.rest_of_fewer)},
        "value": scene.value,
        "followed": scene.followed,
        "shown": scene.shown,
        "weightWords": scene.weight_words,
    }


def _described_rest(rest: OtherChannels | None) -> dict[str, Any] | None:
    if rest is None:
        return None
    return asdict(rest) | {"weight": None if math.isnan(rest.weight) else rest.weight}


def _plane(scene: CellScene) -> dict[str, Any]:
    key = scene.key, scene.layer
    plane = _planes.get(key)
    if plane is None:
        plane = render.plane(scene.values)
        _planes.put(key, plane, len(plane["data"]))
    return plane

"""The component of made pictures; the browser's side is `js/`."""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from explorer import render
from explorer.cache import ByteBudgetCache
from explorer.errors import SettingError
from explorer.viewer.common.component import linked, read, reporting
from explorer.viewer.common.encoding import bytes_of, encoders, picture
from explorer.viewer.common.markup import expanded
from explorer.viewer.common.settings import ViewerSettings, is_whole
from explorer.viewer.common.small import called
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelMetric, DuelScene, DuelTile

MOST_STEPS = 100_000
SENT = 32_000_000  # bytes of pictures and maps that travel at once, about: more are a wait
FLOATS = render.LARGEST_FLOAT_SIDE

# Frames as they are sent, of all users together: a step that comes leaves the others as they are.
_encoded: ByteBudgetCache[dict[str, Any]] = ByteBudgetCache(128_000_000)


@dataclass(frozen=True)
class DuelDisplay(ViewerSettings):
    """What of the made pictures is looked at; changing it makes nothing.

    Attributes:
        at: The playhead's step; the nearest one before it that was kept is seen. None is the last one.
        tile: Whose ledger and maps are seen, by its key; "" for the last of the tone "second", or of all.
        curve: Of which metric the curves are, by its key; "" for that of the first curve.
        layer: Whose map is seen large; "" for all layers, "squared_error" for that of the pixels.

    Raises:
        SettingError: a value out of range.
    """

    at: int | None = None
    tile: str = ""
    curve: str = ""
    layer: str = ""

    def __post_init__(self):
        if self.at is not None and not (is_whole(self.at) and 0 <= self.at <= MOST_STEPS):
            raise SettingError(f"The step “{self.at}” must be a whole number from 0 to {MOST_STEPS}.")
        for name in ("tile", "curve", "layer"):
            if not isinstance(getattr(self, name), str):
                raise SettingError(f"The display setting “{name}” must be a name.")


def describe(scene: DuelScene) -> dict[str, Any]:
    """A scene as JSON: pictures as PNG, maps as planes of values; a frame of several tiles is sent once."""
    tiles = [(tile, sent_of(scene, tile)) for tile in scene.tiles]
    frames = {frame.key: frame for _, sent in tiles for frame in sent}
    # A picture that grows from grey is the same for every reference, and its maps are not.
    against = hashlib.sha256(np.ascontiguousarray(scene.reference)).hexdigest()
    under_way = {key: encoders.submit(_arrays, frame, against) for key, frame in frames.items()}
    changes = {
        tile.key: encoders.submit(picture, tile.change) for tile in scene.tiles if tile.change is not None
    }
    height, width = scene.reference.shape[:2]
    return {
        "key": scene.key,
        "width": width,
        "height": height,
        "reference": picture(scene.reference),
        "referenceName": scene.reference_name,
        "referenceNote": scene.reference_note,
        "bracket": scene.bracket,
        "metrics": [_metric(metric) for metric in scene.metrics],
        "tiles": [
            {
                "key": tile.key,
                "label": tile.label,
                "tone": tile.tone,
                "frames": [_frame(frame) for frame in sent],
                "kept": len(tile.frames),
                "change": changes[tile.key].result() if tile.key in changes else "",
                "changeNote": tile.change_note,
            }
            for tile, sent in tiles
        ],
        "arrays": {key: arrays.result() for key, arrays in under_way.items()},
        "curves": [_curve(curve) for curve in scene.curves],
        "course": scene.course,
        "layers": scene.layers,
        "layerColours": scene.layer_colours,
        "metric": scene.metric,
        "steps": scene.steps,
        "running": scene.is_running,
        "asking": scene.is_asking,
        "over": scene.is_over,
        "colours": render.text(render.colours(scene.colours).tobytes()),
        "lookedAt": scene.looked_at,
        "shows": scene.shows,
        "doesNotShow": scene.does_not_show,
        "opens": scene.opens,
    }


def sent_of(scene: DuelScene, tile: DuelTile) -> tuple[DuelFrame, ...]:
    """The frames of a tile that travel: all, or of large pictures some, the first and the last among them."""
    each = {frame.key: _bytes(frame) for other in scene.tiles for frame in other.frames}
    too_many = sum(each.values()) / SENT
    count = len(tile.frames)
    if too_many <= 1 or count <= 2:
        return tile.frames
    places = np.linspace(0, count - 1, max(2, int(count / too_many)))
    return tuple(tile.frames[place] for place in np.unique(np.rint(places).astype(int)))


def _bytes(frame: DuelFrame) -> int:
    """About how many bytes a frame takes as text."""
    maps = sum(values.size * (4 if max(values.shape) <= FLOATS else 2) for values in frame.maps)
    return (frame.picture.size + maps) * 4 // 3


def _arrays(frame: DuelFrame, against: str) -> dict[str, Any]:
    """Picture and maps of a frame against a reference, by its digest."""
    arrays = _encoded.get((frame.key, against))
    if arrays is None:
        arrays = {
            "picture": render.text(render.png(frame.picture)),
            "planes": [render.plane(values) for values in frame.maps],
        }
        _encoded.put((frame.key, against), arrays, bytes_of(arrays))
    return arrays


def _frame(frame: DuelFrame) -> dict[str, Any]:
    return {
        "key": frame.key,
        "step": frame.step,
        "values": frame.values,
        "marks": frame.marks,
        "distances": [_number(distance) for distance in frame.distances],
        "score": frame.score,
    }


def _metric(metric: DuelMetric) -> dict[str, Any]:
    return {
        "key": metric.key,
        "label": metric.label,
        "direction": metric.direction,
        "held": metric.is_held,
        "logarithmic": metric.is_logarithmic,
    }


def _curve(curve: DuelCurve) -> dict[str, Any]:
    return {
        "metric": curve.metric,
        "tile": curve.tile,
        "steps": curve.steps,
        "values": [_number(value) for value in curve.values],
        "texts": curve.texts,
    }


def _number(value: float) -> float | None:
    """JSON knows no NaN, and no infinity."""
    return float(value) if math.isfinite(value) else None


_component = st.components.v2.component(
    "lpips_duel",
    html=expanded(read("duel/duel.html")),
    css=read("common/common.css") + read("duel/duel.css"),
    js="\n".join(
        map(
            read,
            (
                *(
                    f"common/js/{name}.js"
                    for name in (
                        *("element", "decode", "numbers", "maps", "colour", "view", "zoom"),
                        *("drawing", "values", "pointer", "svg"),
                    )
                ),
                *(
                    f"duel/js/{name}.js"
                    for name in ("frames", "tiles", "table", "axes", "course", "layers", "input", "duel")
                ),
            ),
        )
    ),
)


def duel(
    scene: DuelScene,
    *,
    key: str,
    display: DuelDisplay,
    on_display: Callable[[DuelDisplay], None],
    on_open: Callable[[str, int], None],
) -> DuelDisplay:
    """Show made pictures; their playhead moves in the browser, which tells where it rests.

    Args:
        scene: What was made so far.
        key: Of the component.
        display: As of a `Viewer`.
        on_display: Called with the settings that the user has changed.
        on_open: Called with a tile's key and a step: the scene's picture that is to be opened.

    Returns:
        The settings that the viewer shows.
    """
    link = linked(DuelDisplay, key=key, display=display)
    _component(
        key=key,
        data=describe(scene) | {"display": link.sent.to_json(), "ticket": link.ticket},
        on_display_change=reporting(link, key, on_display),
        on_open_change=called(key, "open", lambda sent: _open(scene, sent, on_open)),
    )
    return link.shown


def _open(scene: DuelScene, sent: Any, on_open: Callable[[str, int], None]) -> None:
    """Pass on what the browser asks to be opened, if the scene holds it."""
    asked = (sent.get("tile"), sent.get("step")) if isinstance(sent, Mapping) else None
    if asked in [(tile.key, frame.step) for tile in scene.tiles for frame in tile.frames]:
        on_open(*asked)

"""The component of a sweep; the browser's side is `js/`."""

from collections.abc import Callable
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
from explorer.viewer.sweep.scene import SweepLine, SweepPoint, SweepScene

MOST_PLACES = 1000

# Points as they are sent, of all users together: one that comes leaves the others as they are.
_encoded: ByteBudgetCache[dict[str, Any]] = ByteBudgetCache(96_000_000)


@dataclass(frozen=True)
class SweepDisplay(ViewerSettings):
    """What of a sweep is looked at; changing it measures nothing.

    Attributes:
        at: Place of the playhead on the axis; beyond its end it is at the end. None is the middle.
        sweep: Whose picture and layers are seen: 0, or 1 for the one that is overlaid.
        layer: Whose map is seen; "" for the combined one.

    Raises:
        SettingError: a value out of range.
    """

    at: int | None = None
    sweep: int = 0
    layer: str = ""

    def __post_init__(self):
        if self.at is not None and not (is_whole(self.at) and 0 <= self.at <= MOST_PLACES):
            raise SettingError(f"The playhead “{self.at}” must be a whole number from 0 to {MOST_PLACES}.")
        if not is_whole(self.sweep) or self.sweep not in (0, 1):
            raise SettingError(f"The sweep “{self.sweep}” must be 0 or 1.")
        if not isinstance(self.layer, str):
            raise SettingError("The display setting “layer” must be a name.")


def describe(scene: SweepScene) -> dict[str, Any]:
    """A scene as JSON: pictures as PNG, maps as planes of values."""
    reference = encoders.submit(picture, scene.reference)
    points = [encoders.submit(_point, point) for point in scene.points]
    height, width = scene.reference.shape[:2]
    return {
        "key": scene.key,
        "width": width,
        "height": height,
        "reference": reference.result(),
        "labels": scene.labels,
        "axis": scene.axis,
        "ends": scene.ends,
        "steps": scene.steps,
        "lines": [_line(line) for line in scene.lines],
        "points": [point.result() for point in points],
        "layers": scene.layers,
        "layerColours": scene.layer_colours,
        "metric": scene.metric,
        "maps": scene.maps,
        "combinedEnd": scene.combined_end,
        "layersEnd": scene.layers_end,
        "note": scene.note,
        "band": scene.band,
        "colours": render.text(render.colours(scene.colours).tobytes()),
    }


def _line(line: SweepLine) -> dict[str, Any]:
    return {
        "metric": line.metric,
        "short": line.short,
        "sweep": line.sweep,
        "places": line.places,
        "heights": _numbers(line.heights),
        "texts": line.texts,
        "lowest": _numbers(line.lowest),
        "highest": _numbers(line.highest),
        "closest": line.closest,
        "farthest": line.farthest,
        "turned": line.is_turned,
        "marks": [{"place": place, "kind": kind, "words": words} for place, kind, words in line.marks],
    }


def _numbers(values: np.ndarray) -> list[float | None]:
    """JSON knows no NaN."""
    return [float(value) if np.isfinite(value) else None for value in values]


def _point(point: SweepPoint) -> dict[str, Any]:
    numbers = {
        "key": point.key,
        "sweep": point.sweep,
        "place": point.place,
        "distances": point.distances,
        "score": point.score,
    }
    arrays = _encoded.get(point.key)
    if arrays is None:
        arrays = {
            "picture": render.text(render.png(point.picture)),
            "planes": [render.plane(values) for values in point.layers],
        }
        _encoded.put(point.key, arrays, bytes_of(arrays))
    return numbers | arrays


_component = st.components.v2.component(
    "lpips_sweep",
    html=expanded(read("sweep/sweep.html")),
    css=read("common/common.css") + read("sweep/sweep.css"),
    js="\n".join(
        map(
            read,
            (
                *(
                    f"common/js/{name}.js"
                    for name in ("element", "decode", "numbers", "maps", "colour", "holding", "svg")
                ),
                *(
                    f"sweep/js/{name}.js"
                    for name in ("chart", "curves", "layers", "pictures", "controls", "sweep")
                ),
            ),
        )
    ),
)


def sweep(
    scene: SweepScene,
    *,
    key: str,
    display: SweepDisplay,
    on_display: Callable[[SweepDisplay], None],
    on_open: Callable[[dict[str, int]], None],
) -> SweepDisplay:
    """Show a sweep; its playhead moves in the browser, which tells where it rests.

    Args:
        scene: What was measured so far.
        key: Of the component.
        display: As of a `Viewer`.
        on_display: Called with the settings that the user has changed.
        on_open: Called with {"sweep", "place"} of the point that is to be opened.

    Returns:
        The settings that the viewer shows.
    """
    link = linked(SweepDisplay, key=key, display=display)
    _component(
        key=key,
        data=describe(scene) | {"display": link.sent.to_json(), "ticket": link.ticket},
        on_display_change=reporting(link, key, on_display),
        on_open_change=called(key, "open", on_open),
    )
    return link.shown

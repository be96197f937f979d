"""Candidates of one reference on one linked viewer; the browser's side is `js/`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer import render
from explorer.cache import ByteBudgetCache
from explorer.errors import SettingError
from explorer.viewer.candidates.scene import CandidatePanel, CandidateScene
from explorer.viewer.common.component import Viewer, register
from explorer.viewer.common.encoding import bytes_of, encoders, picture
from explorer.viewer.common.settings import ViewSettings, check_choice, opacity_of

MODES = ("side", "place")
MAPS = ("combined", "layer", "one_minus_ssim", "squared_error")

# Panels as they are sent, of all users together. A candidate that comes leaves the others as they are, so
# that each is kept for itself.
_encoded: ByteBudgetCache[Any] = ByteBudgetCache(96_000_000)


@dataclass(frozen=True)
class CandidatesDisplay(ViewSettings):
    """Display settings of the candidates' viewer, with those of the view; changing them measures nothing.

    Which candidate is seen in place is none of them: to flip is to look, and tells the server nothing.

    Attributes:
        mode: "side" (side by side) or "place" (one after the other in one place).
        map: "combined" (all layers), "layer" (the chosen one), "one_minus_ssim" or "squared_error".
        layer: Name of the chosen layer; "" leaves it to the viewer, which takes the first.
        overlay: Opacity of the maps over the grey photograph where they are 0, 0..1, kept to two decimals.
            From there it rises to 1 at the scale's end. 1 is the maps alone.
        spots: Whether the common hot spots are marked.
        first, second: Keys of the candidates whose maps are subtracted, first minus second; "" leaves them to
            the viewer, which takes the last and the first of its order.

    Raises:
        SettingError: an unknown choice, a number out of range, or one candidate for both.
    """

    mode: str = "side"
    map: str = "combined"
    layer: str = ""
    overlay: float = 1.0
    spots: bool = True
    first: str = ""
    second: str = ""

    def __post_init__(self):
        super().__post_init__()
        check_choice("mode", self.mode, MODES)
        check_choice("map", self.map, MAPS)
        for name in ("layer", "first", "second"):
            if not isinstance(getattr(self, name), str):
                raise SettingError(
                    f"The display setting “{name}” must be a name, not {getattr(self, name)!r}."
                )
        if not isinstance(self.spots, bool):
            raise SettingError(f"The display setting “spots” is on or off, not {self.spots!r}.")
        if self.first and self.first == self.second:
            raise SettingError("The display settings “first” and “second” name one candidate, not two.")
        object.__setattr__(self, "overlay", opacity_of(self.overlay))


def _nothing(_scene: CandidateScene) -> dict[str, Any]:
    """Arrays are kept by candidate, and not by scene."""
    return {}


def describe(scene: CandidateScene, _arrays: dict[str, Any]) -> dict[str, Any]:
    """A scene as JSON: pictures as PNG, maps as planes of values, colours as tables."""
    height, width = scene.reference.shape[:2]
    reference = encoders.submit(picture, scene.reference)
    panels = [
        (encoders.submit(_pixels, panel), encoders.submit(_layers, panel)) for panel in scene.candidates
    ]
    return {
        "key": scene.key,
        "width": width,
        "height": height,
        "given": scene.given or (width, height),
        "metric": scene.metric,
        "spots": scene.spots,
        "note": scene.note,
        "file": scene.file,
        "reference": {"name": scene.reference_name, "data": reference.result()},
        "colours": {
            use: {"palette": name, "colours": render.text(render.colours(name).tobytes())}
            for use, name in (("amount", scene.colours), ("difference", "PuOr"))
        },
        "candidates": [
            {
                "key": panel.key,
                "name": panel.name,
                "score": panel.score,
                "message": panel.message,
                "spots": panel.spots,
                "layers": layers.result(),
                "layersExtent": panel.layers_extent,
                "pixelsExtent": panel.pixels_extent,
            }
            | pixels.result()
            for panel, (pixels, layers) in zip(scene.candidates, panels, strict=True)
        ],
    }


def _pixels(panel: CandidatePanel) -> dict[str, Any]:
    """Picture and pixel maps, with None where there is none."""

    def encode() -> dict[str, Any]:
        return {
            "picture": None if panel.picture is None else {"data": picture(panel.picture)},
            "dissimilarity": _plane(panel.dissimilarity),
            "squaredError": _plane(panel.squared_error),
        }

    return encode() if not panel.pixels_key else _kept(("pixels", panel.pixels_key), encode)


def _layers(panel: CandidatePanel) -> list[dict[str, Any]]:
    def encode() -> list[dict[str, Any]]:
        return [{"name": layer.name, "plane": render.plane(layer.values)} for layer in panel.layers]

    return encode() if not panel.layers_key else _kept(("layers", panel.layers_key), encode)


def _plane(values: np.ndarray | None) -> dict[str, Any] | None:
    return None if values is None else render.plane(values)


def _kept(key: tuple[str, str], encode: Callable[[], Any]) -> Any:
    found = _encoded.get(key)
    if found is None:
        found = encode()
        _encoded.put(key, found, bytes_of(found))
    return found


candidates = Viewer(
    register(
        "lpips_candidates",
        "candidates",
        ("scene", "maps", "order", "scales", "panels", "marks", "readout", "place", "controls"),
        is_sheet=True,
    ),
    CandidatesDisplay,
    describe,
    _nothing,
)

"""A scene as JSON for the browser: pictures as PNG, maps as planes of values, colours as one table."""

from dataclasses import asdict
from typing import Any

import numpy as np

from explorer import render
from explorer.limits import MOST_BOXES
from explorer.viewer.common.encoding import encoders, picture
from explorer.viewer.pair.scene import Scene


def encode_arrays(scene: Scene) -> dict[str, Any]:
    """The large part of a scene, which depends on its key alone and so can be kept for the next run."""
    pictures = [encoders.submit(picture, pixels) for pixels in (scene.reference, scene.distorted)]
    pixel_maps = [encoders.submit(_pixel_map, pixel_map.values) for pixel_map in scene.pixel_maps]
    return {
        "layers": [render.plane(layer.values) for layer in scene.layers],
        "reference": pictures[0].result(),
        "distorted": pictures[1].result(),
        "pixelMaps": [pixel_map.result() for pixel_map in pixel_maps],
    }


def _pixel_map(values: np.ndarray | None) -> dict[str, Any]:
    return {"kind": "difference"} if values is None else render.plane(values)


def describe(scene: Scene, arrays: dict[str, Any]) -> dict[str, Any]:
    """A scene's names and numbers, joined with its `encode_arrays`."""
    height, width = scene.reference.shape[:2]
    return {
        "key": scene.key,
        "width": width,
        "height": height,
        "mostBoxes": MOST_BOXES,
        "given": scene.given or (width, height),
        "spots": [asdict(spot) for spot in scene.spots],
        "fields": {name: asdict(field) for name, field in scene.fields.items()},
        "score": scene.score,
        "sharedMaximum": scene.shared_maximum,
        "combinedMaximum": scene.combined_maximum,
        "note": scene.note,
        "hint": scene.hint,
        "file": scene.file,
        "metric": scene.metric,
        "shortMetric": scene.short_metric,
        "palette": scene.colours,
        "colours": render.text(render.colours(scene.colours).tobytes()),
        "reference": {"name": scene.reference_name, "data": arrays["reference"]},
        "distorted": {"name": scene.distorted_name, "data": arrays["distorted"]},
        "layers": [
            {
                "name": layer.name,
                "channels": layer.channels,
                "distance": layer.distance,
                "share": layer.share,
                "included": layer.included,
                "plane": plane,
            }
            for layer, plane in zip(scene.layers, arrays["layers"], strict=True)
        ],
        "pixelMaps": [
            {
                "name": pixel_map.name,
                "label": pixel_map.label,
                "caption": pixel_map.caption,
                "maximum": pixel_map.maximum,
                "plane": plane,
            }
            for pixel_map, plane in zip(scene.pixel_maps, arrays["pixelMaps"], strict=True)
        ],
    }

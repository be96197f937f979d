"""The gallery: one pair and the maps of several measurements of it, all at one zoom and under one pointer."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer import render
from explorer.viewer.common.component import Viewer, register
from explorer.viewer.common.encoding import encoders, picture
from explorer.viewer.common.settings import ViewSettings, opacity_of


@dataclass(frozen=True)
class GalleryMap:
    """One panel beside the photographs.

    Attributes:
        name: Unique in its gallery.
        title: What it is a map of ("VGG16 · LPIPS v0.1").
        caption: The number that goes with it, beside the title ("0.4554").
        values: Floating point (H, W) on the photographs' pixels, NaN where there is no data; None where there
            is no map.
        message: One sentence that stands in the panel where `values` is None ("DISTS has no map: ...").
    """

    name: str
    title: str
    caption: str
    values: np.ndarray | None
    message: str = ""


@dataclass(frozen=True)
class Gallery:
    """A pair with the maps of several measurements.

    Attributes:
        key: Digest of all arrays and numbers below: the same key means the same pictures and maps.
        reference, distorted: uint8 (H, W, 3), of one size.
        maps: One for each measurement, all on one scale from 0.
        colours: That scale's: "magma" or "cividis".
        maximum: End of that scale, at least 0.
        unit: What the values mean, behind each number ("× average", "distance").
        difference: Where one map is larger than another, drawn around a neutral 0 (PuOr); None for none.
        difference_maximum: Its scale runs over plus and minus this, at least 0.
        difference_above, difference_below: What values above and below 0 mean ("more in VGG16").
        difference_unit: What the difference's values mean; `unit` where empty.
        warning: A sentence that must not be overlooked; "" for none.
        note: A sentence beside the colour bars.
        file: Name of the file of a saved view.
        reference_name, distorted_name: Short names for the headings ("chelsea", "JPEG, quality 9").

    Raises:
        ValueError: arrays that do not belong together, two maps of one name, a scale's end that is not a
            finite number from 0 up, or a panel with neither a map nor a message.
    """

    key: str
    reference: np.ndarray
    distorted: np.ndarray
    maps: tuple[GalleryMap, ...]
    maximum: float
    unit: str = ""
    difference: GalleryMap | None = None
    difference_maximum: float = 0.0
    difference_above: str = ""
    difference_below: str = ""
    difference_unit: str = ""
    warning: str = ""
    note: str = ""
    reference_name: str = ""
    distorted_name: str = ""
    file: str = "view.png"
    colours: str = "magma"

    def __post_init__(self):
        if self.reference.shape != self.distorted.shape:
            raise ValueError(f"pictures of {self.reference.shape} and {self.distorted.shape} do not match")
        if len({entry.name for entry in self.panels}) < len(self.panels):
            raise ValueError("each map of a gallery has a name of its own")
        for entry in self.panels:
            if entry.values is None and not entry.message:
                raise ValueError(f"{entry.name} has neither a map nor a message that says why")
            if entry.values is not None and entry.values.shape != self.reference.shape[:2]:
                raise ValueError(f"{entry.name} of {entry.values.shape} is not one value a pixel")
        for end in (self.maximum, self.difference_maximum):
            if not (math.isfinite(end) and end >= 0):
                raise ValueError(f"a colour scale ends at a finite number from 0 up, not at {end}")

    @property
    def panels(self) -> tuple[GalleryMap, ...]:
        """The maps, and the difference last."""
        return self.maps if self.difference is None else (*self.maps, self.difference)


@dataclass(frozen=True)
class GalleryDisplay(ViewSettings):
    """Display settings of a gallery, with those of the view.

    Attributes:
        overlay: Opacity of the maps over the grey photograph where they are 0, 0..1, kept to two decimals.
            From there it rises to 1 at the scale's end. 1 is the maps alone.

    Raises:
        SettingError: a number out of range.
    """

    overlay: float = render.OVERLAY

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "overlay", opacity_of(self.overlay))


def encode_arrays(scene: Gallery) -> dict[str, Any]:
    """The large part of a gallery, which depends on its key alone and so can be kept for the next run."""
    pictures = [encoders.submit(picture, pixels) for pixels in (scene.reference, scene.distorted)]
    planes = [
        entry.values is not None and encoders.submit(render.plane, entry.values) for entry in scene.panels
    ]
    return {
        "reference": pictures[0].result(),
        "distorted": pictures[1].result(),
        "planes": [plane.result() if plane else None for plane in planes],
    }


def describe(scene: Gallery, arrays: dict[str, Any]) -> dict[str, Any]:
    """A gallery's names and numbers, joined with its `encode_arrays`."""
    height, width = scene.reference.shape[:2]
    maximum, extreme = scene.maximum or 1.0, scene.difference_maximum or 1.0
    return {
        "key": scene.key,
        "width": width,
        "height": height,
        "warning": scene.warning,
        "note": scene.note,
        "file": scene.file,
        "reference": {"name": scene.reference_name, "data": arrays["reference"]},
        "distorted": {"name": scene.distorted_name, "data": arrays["distorted"]},
        "scales": {
            "amount": _scale(scene.colours, 0.0, maximum, scene.unit),
            "difference": _scale("PuOr", -extreme, extreme, scene.difference_unit or scene.unit)
            | {"above": scene.difference_above, "below": scene.difference_below},
        },
        "maps": [
            {
                "name": entry.name,
                "title": entry.title,
                "caption": entry.caption,
                "message": entry.message,
                "scale": "difference" if entry is scene.difference else "amount",
                "plane": plane,
            }
            for entry, plane in zip(scene.panels, arrays["planes"], strict=True)
        ],
    }


def _scale(colours: str, start: float, end: float, unit: str) -> dict[str, Any]:
    table = render.text(render.colours(colours).tobytes())
    return {"palette": colours, "colours": table, "start": start, "end": end, "unit": unit}


gallery = Viewer(
    register("lpips_gallery", "gallery", ("scene", "panels", "layout", "controls"), is_sheet=True),
    GalleryDisplay,
    describe,
    encode_arrays,
)

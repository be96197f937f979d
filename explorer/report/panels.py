"""What there is to see of a pair: pictures and maps as panels, with their marks, scales and words.

A panel draws itself at any size and shows the whole image as given, or the same part of it as all others, so
that marks lie at the same place on all of them. Where a backbone left out a border, a map leaves it out as
well.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from PIL import Image

from explorer.analysis.inspection import combined_end, layers_end, scale_end
from explorer.analysis.region import Box, CausalMap, Findings, Frame, HotSpot
from explorer.analysis.wording import percent, with_size
from explorer.images import Picture, times
from explorer.metrics import LayerMeasurement
from explorer.names import cut
from explorer.render import NO_DATA, OVERLAY, colourise, colourise_overlay
from explorer.report.words import number, share

SCALE = "magma"
ON_GREY = "bar on mid grey"  # as the map lies on the grey photograph
PIXELS_FROM = 4  # a photograph that is enlarged this much is drawn as the pixels it has
SHORT = 28  # characters of a file's name below a picture


class Draw(Protocol):
    """Paints a panel, RGB, at (width, height) in pixels; of the whole image as given, or of a box of it."""

    def __call__(self, size: tuple[int, int], crop: Box | None = None) -> Image.Image:
        """Paint it."""


@dataclass(frozen=True)
class Mark:
    """A box with its letter, or a place with its number.

    Attributes:
        text: Its letter or number.
        left, top, width, height: Parts of what is shown of the image, 0..1, or beyond that where it lies
            outside; width and height are 0 for a place.
    """

    text: str
    left: float
    top: float
    width: float = 0.0
    height: float = 0.0

    @property
    def is_box(self) -> bool:
        """Whether it is a box rather than a place."""
        return self.width > 0

    @property
    def is_seen(self) -> bool:
        """Whether a place, or an edge of a box, lies on what is shown."""
        if not self.is_box:
            return 0 <= self.left <= 1 and 0 <= self.top <= 1
        right, bottom = self.left + self.width, self.top + self.height
        is_near = self.left < 1 and right > 0 and self.top < 1 and bottom > 0
        return is_near and (self.left >= 0 or self.top >= 0 or right <= 1 or bottom <= 1)

    def within(self, crop: Box, size: tuple[int, int]) -> "Mark":
        """The same on a crop of an image of (width, height)."""
        across, down = size
        return replace(
            self,
            left=(self.left * across - crop.x) / crop.width,
            top=(self.top * down - crop.y) / crop.height,
            width=self.width * across / crop.width,
            height=self.height * down / crop.height,
        )


@dataclass(frozen=True)
class Scale:
    """A colour scale from 0 to `end`.

    Attributes:
        end: Above 0.
        name: What its values are.
        of_shares: Whether these are shares.
        overlay: Opacity of its map over the grey photograph where the map is 0, as in the viewer; 1 where
            there is no photograph below.
    """

    end: float
    name: str
    of_shares: bool = False
    overlay: float = 1.0

    def text(self, part: float) -> str:
        """The number at a part of the scale, 0..1."""
        return f"{part * self.end:.1%}" if self.of_shares and part else number(part * self.end)


@dataclass(frozen=True)
class Panel:
    """One picture or map.

    Attributes:
        title: A few words.
        detail: The numbers below it.
        alt: All of it in words, for who cannot see it.
        draw: Paints it at a size.
        is_photo: Whether it has the detail of a photograph, rather than cells alone.
        marks: To lie on it.
        scale: Where it has one of its own; the first layer's is that of all layers.
    """

    title: str
    detail: str
    alt: str
    draw: Draw
    is_photo: bool = False
    marks: tuple[Mark, ...] = ()
    scale: Scale | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is one of the pair, which has pixels of its own."""
        return self.is_photo and self.scale is None


def main_panels(found: Findings) -> tuple[Panel, ...]:
    """The pair, the combined map where there is one, and the causal map where one was measured."""
    return tuple(pair_and_maps(found).values())


def pair_and_maps(found: Findings) -> dict[str, Panel]:
    """The same by the names of a figure's parts."""
    boxes = tuple(
        _mark(region.name, found.frame, region.box.x, region.box.y, region.box.width, region.box.height)
        for region in found.regions
    )
    panels = {
        "reference": _photograph("Reference", found.reference),
        "distorted": _photograph(
            "Distorted",
            found.distorted,
            boxes,
            "".join(f"; box {region.name}: {region.box.words}" for region in found.regions),
        ),
    }
    if found.combined is not None:
        panels["overlay"] = _combined(found, found.combined)
    if found.causal is not None:
        panels["causal"] = _causal(found, found.causal)
    return panels


def pixel_panels(found: Findings) -> dict[str, Panel]:
    """Squared error and 1 − SSIM, pixel by pixel at the measured size, each on a scale of its own."""
    comparison = found.comparison
    error, unlike = comparison.squared_error, (1 - comparison.ssim_map).astype(np.float32)
    return {
        "squared_error": _pixels(
            "Squared error", error, "squared difference, mean of R, G and B, 0 to 65025", found.frame
        ),
        "one_minus_ssim": _pixels(
            "1 − SSIM",
            unlike,
            "1 − SSIM of a pixel; grey where it is not defined",
            found.frame,
        ),
    }


def share_panels(found: Sequence[Findings], is_over: bool) -> tuple[Panel, ...]:
    """The combined maps of one pair, measured in several ways, each over its own score and all on one scale.

    One that has no map, or a score of 0, is left out.

    Args:
        found: Of the same two pictures.
        is_over: Whether they lie over the grey reference.
    """
    maps = [
        (each, (each.combined / each.measurement.score).astype(np.float32))
        for each in found
        if each.combined is not None and each.measurement.score > 0
    ]
    end = scale_end(*(values for _, values in maps))
    name = "part of its own score at a place, where 1 is the average; one scale for all"
    scale = Scale(end, f"{name}; {ON_GREY}" if is_over else name, overlay=OVERLAY if is_over else 1.0)
    panels = []
    for each, values in maps:
        measurement, frame = each.measurement, each.frame
        score = with_size(f"{measurement.score:.4f}", measurement)
        over = " over the grey reference" if is_over else ""
        panel = Panel(
            measurement.name.label,
            " · ".join(filter(None, (score, _clipped(values, end)))),
            f"Map of {measurement.name.label}{over}: {_in_words(values, frame)}",
            _over_grey(values, end, each.reference, frame) if is_over else _map(values, end, frame),
            is_over,
        )
        panels.append(panel if panels else replace(panel, scale=scale))
    return tuple(panels)


def _pixels(title: str, values: np.ndarray, name: str, frame: Frame) -> Panel:
    end = scale_end(values)
    mean = float(np.nanmean(values, dtype=np.float64)) if np.isfinite(values).any() else math.nan
    words = "" if math.isnan(mean) else f"mean {number(mean)}"
    return Panel(
        title,
        " · ".join(filter(None, (words, _clipped(values, end)))),
        f"Map of {title}, {words or 'not defined at this size'}",
        _map(values, end, frame),
        scale=Scale(end, f"{name}; a scale of its own"),
    )


def layer_panels(found: Findings) -> tuple[Panel, ...]:
    """Each layer's map on its own grid, and last their sum; none where the metric has no maps."""
    combined = found.combined
    if combined is None:
        return ()
    end, of_layers = combined_end(combined), layers_scale(found)
    score = found.measurement.score
    last = Panel(
        "all layers",
        " · ".join(filter(None, (f"{score:.4f}", _clipped(combined, end)))),
        f"Map of all layers together: {_in_words(combined, found.frame)}",
        _map(combined, end, found.frame),
        scale=Scale(end, "a scale of its own"),
    )
    first, *others = (_layer(layer, of_layers.end, found.frame) for layer in found.measurement.layers)
    return (replace(first, scale=of_layers), *others, last)


def layers_scale(found: Findings) -> Scale:
    """The one scale of all the layers' maps: as in the app also of those that are not in the sum."""
    metric = found.measurement.name.metric
    return Scale(layers_end(found.all_layers), f"{metric} at a place of a layer; one scale for all layers")


def _photograph(role: str, picture: Picture, marks: tuple[Mark, ...] = (), more: str = "") -> Panel:
    size = times(picture.size)

    def draw(size: tuple[int, int], crop: Box | None = None) -> Image.Image:
        shown = Image.fromarray(picture.pixels[crop.slices] if crop else picture.pixels)
        is_magnified = size[0] >= PIXELS_FROM * shown.width
        return shown.resize(size, Image.Resampling.NEAREST if is_magnified else Image.Resampling.LANCZOS)

    return Panel(
        role,
        f"{cut(picture.name, SHORT)} · {size}",
        f"{role}: {cut(picture.name)}, {size} pixels{more}",
        draw,
        True,
        marks,
    )


def _combined(found: Findings, combined: np.ndarray) -> Panel:
    measurement, frame = found.measurement, found.frame
    metric = measurement.name.metric
    end = combined_end(combined)
    spots = tuple(_mark(str(i), frame, spot.x, spot.y) for i, spot in enumerate(found.spots, start=1))
    words = "".join(
        f"; hot spot {mark.text} at {place(spot)}" for mark, spot in zip(spots, found.spots, strict=True)
    )
    return Panel(
        f"{metric}, all layers",
        " · ".join(filter(None, (f"mean {measurement.score:.4f}, the score", _clipped(combined, end)))),
        f"Map of {metric} over the grey reference: {_in_words(combined, frame)}{words}",
        _over_grey(combined, end, found.reference, frame),
        True,
        spots,
        Scale(end, f"{metric} at a place, all layers; {ON_GREY}", overlay=OVERLAY),
    )


def _causal(found: Findings, causal: CausalMap) -> Panel:
    removed = causal.removed
    known = removed[np.isfinite(removed)]
    below = causal.below
    remarks = [f"{causal.side} × {causal.side} tiles"]
    if not causal.is_complete:
        remarks.append(f"{causal.done} of {removed.size} measured")
    if below:
        remarks.append(f"{below} of {known.size} below 0, drawn as 0")
    whole = Frame(causal.size, causal.size, causal.size)
    largest = "the largest tile" + ("" if causal.learned is None else " of this and of the learned map")
    name = (
        f"part of the distance that restoring a tile removes; a scale of its own, up to {largest}; {ON_GREY}"
    )
    return Panel(
        "Causal map",
        " · ".join(remarks),
        f"Causal map over the grey reference, {', '.join(remarks)}. {causal.sentence}",
        _over_grey(removed, causal.end, found.reference, whole),
        True,
        (),
        Scale(causal.end, name, of_shares=True, overlay=OVERLAY),
    )


def _layer(layer: LayerMeasurement, end: float, frame: Frame) -> Panel:
    rows, columns = layer.grid
    grid = times((columns, rows)).replace(" ", "\N{NO-BREAK SPACE}")
    numbers = (number(layer.distance), share(layer.share), grid, _clipped(layer.map, end))
    return Panel(
        layer.name,
        " · ".join(filter(None, numbers)),
        f"Map of {layer.name}, {columns} × {rows} cells: {_in_words(layer.map, frame)}",
        _map(layer.map, end, frame),
    )


def place(spot: HotSpot) -> str:
    """Where a hot spot's peak lies, in whole pixels of the image as given."""
    return f"x {int(spot.x)}, y {int(spot.y)}"


def _mark(text: str, frame: Frame, x: float, y: float, width: float = 0, height: float = 0) -> Mark:
    across, down = frame.given
    return Mark(text, x / across, y / down, width / across, height / down)


def _map(values: np.ndarray, end: float, frame: Frame) -> Draw:
    """Native cells: each as large as its share of the image."""
    coloured = Image.fromarray(colourise(values, SCALE, end))

    def draw(size: tuple[int, int], crop: Box | None = None) -> Image.Image:
        whole = Image.new("RGB", size, NO_DATA)
        cells = _cells(coloured, size, frame, crop)
        if cells is not None:
            whole.paste(cells)
        return whole

    return draw


def _over_grey(values: np.ndarray, end: float, reference: Picture, frame: Frame) -> Draw:
    """A map over the grey photograph, which shows through, and is bare where the map has no data."""
    coloured = Image.fromarray(colourise_overlay(values, SCALE, end, OVERLAY))

    def overlaid(size: tuple[int, int], crop: Box | None = None) -> Image.Image:
        shown = Image.fromarray(reference.pixels[crop.slices] if crop else reference.pixels)
        whole = shown.convert("L").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
        cells = _cells(coloured, size, frame, crop)
        if cells is not None:
            whole.alpha_composite(cells)
        return whole.convert("RGB")

    return overlaid


def _cells(
    coloured: Image.Image, size: tuple[int, int], frame: Frame, crop: Box | None
) -> Image.Image | None:
    """A map's cells as they lie in a panel of a size, from its top left corner; None where none does."""
    crop = crop or Box(0, 0, *frame.given)
    covered, first, last = [], [], []
    for side, cells, extent, start, length in zip(
        size, coloured.size, frame.extent, (crop.x, crop.y), (crop.width, crop.height), strict=True
    ):
        part = min(extent - start, length)  # in pixels of the image as given
        if part <= 0:
            return None
        covered.append(max(1, round(side * part / length)))
        first.append(cells * start / extent)
        last.append(min(cells, cells * (start + part) / extent))
    # Enlarging it keeps cells crisp.
    return coloured.resize(tuple(covered), Image.Resampling.BOX, box=(*first, *last))


def _clipped(values: np.ndarray, end: float) -> str:
    """How much of a map lies beyond the end of its scale; "" for none."""
    part = float((values > end).mean())
    return f"{percent(part)} clipped" if part else ""


def _in_words(values: np.ndarray, frame: Frame) -> str:
    """A map's mean, and its largest value with its place on the image as given."""
    row, column = np.unravel_index(int(np.argmax(values)), values.shape)
    x = int((column + 0.5) * frame.extent[0] / values.shape[1])
    y = int((row + 0.5) * frame.extent[1] / values.shape[0])
    mean = float(values.mean(dtype=np.float64))
    return f"mean {number(mean)}, largest {number(float(values.max()))} at x {x}, y {y}"

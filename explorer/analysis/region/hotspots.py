"""Hot spots: the strongest separate places of the combined map.

A place is where the map, averaged over one cell of the coarsest layer, peaks: a cell of that layer is the
finest place of which all layers speak. A peak is the largest value within one cell to each side, so that the
slope of a spot, which is wide because features see far, is no spot of its own. Around the peak a spot reaches
as far as the averaged map stays above half of the peak, connected, and at most `REACH` cells to each side, so
that an evenly spread distance does not make one spot of the whole image.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from explorer.analysis.region.boxes import Box, Frame
from explorer.analysis.region.ledger import RegionLedger, ledger_of
from explorer.metrics import Measurement

MOST = 5
REACH = 2.0  # cells of the coarsest layer from the peak to each side, at most
HALF = 0.5  # of the peak: where a spot ends
FAINT = 0.02  # of the strongest peak: what is weaker is no spot


@dataclass(frozen=True)
class HotSpot:
    """A strong place of the combined map.

    Attributes:
        x, y: Its peak, in pixels of the image as given.
        box: The place's extent, in pixels of the image as given.
        held: What the box holds.
    """

    x: float
    y: float
    box: Box
    held: RegionLedger

    @property
    def strongest_layer(self) -> str:
        """The layer that makes the largest part of it."""
        return max(self.held.layers, key=lambda layer: layer.distance).name


def hot_spots(
    combined: np.ndarray | None, measurement: Measurement, frame: Frame, most: int = MOST
) -> tuple[HotSpot, ...]:
    """Find the strongest separate places, strongest peak first; none where the score is 0.

    Args:
        combined: The combined map, float (H, W), whose mean is the score. None where the metric has no maps,
            and so no hot spots.
        measurement: That it belongs to.
        frame: Of the image as given.
        most: How many at most.
    """
    if combined is None:
        return ()
    height, width = combined.shape
    rows, columns = (min(layer.grid[axis] for layer in measurement.layers) for axis in (0, 1))
    cell = (max(1, round(height / rows)), max(1, round(width / columns)))
    averaged = ndimage.uniform_filter(combined.astype(np.float64), cell, mode="nearest")
    around = ndimage.maximum_filter(averaged, tuple(2 * side + 1 for side in cell), mode="nearest")
    is_peak = averaged == around
    left = averaged.copy()  # what no spot has taken yet
    floor = FAINT * float(averaged.max(initial=0.0))
    spots = []
    while len(spots) < most:
        peak = np.unravel_index(int(np.argmax(np.where(is_peak, left, -np.inf))), left.shape)
        if not left[peak] > floor:
            break
        window = tuple(
            slice(max(0, math.floor(at - REACH * side)), math.ceil(at + REACH * side) + 1)
            for at, side in zip(peak, cell, strict=True)
        )
        extent = _extent(left[window], (peak[0] - window[0].start, peak[1] - window[1].start))
        rows_of, columns_of = (
            slice(own.start + part.start, own.start + part.stop)
            for own, part in zip(window, extent, strict=True)
        )
        scale_x, scale_y = (given / scaled for given, scaled in zip(frame.given, frame.scaled, strict=True))
        x, y = float((peak[1] + 0.5) * scale_x), float((peak[0] + 0.5) * scale_y)
        box = _apart(_as_given(rows_of, columns_of, frame), x, y, [spot.box for spot in spots])
        spots.append(HotSpot(x, y, box, ledger_of(measurement, box, frame)))
        # Half a cell around it belongs to it as well: two spots are two places, not two sides of one.
        margin = [max(1, side // 2) for side in cell]
        left[
            max(0, rows_of.start - margin[0]) : rows_of.stop + margin[0],
            max(0, columns_of.start - margin[1]) : columns_of.stop + margin[1],
        ] = -np.inf
    return tuple(spots)


def _extent(values: np.ndarray, peak: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of the connected part above half of its peak."""
    labels, _ = ndimage.label(values >= HALF * values[peak])
    return ndimage.find_objects(labels)[labels[peak] - 1]


def _as_given(rows: slice, columns: slice, frame: Frame) -> Box:
    """Rows and columns of what was measured as a box of the image as given, outwards to whole pixels."""
    edges = []
    for part, given, scaled in zip((columns, rows), frame.given, frame.scaled, strict=True):
        start = math.floor(part.start * given / scaled)
        edges.append((start, min(given, math.ceil(part.stop * given / scaled))))
    (left, right), (top, bottom) = edges
    return Box(left, top, right - left, bottom - top)


def _apart(box: Box, x: float, y: float, others: list[Box]) -> Box:
    """Cut a box where it reaches over others, whose sides it may go round: its peak and most of it stay."""
    for other in others:
        if other.x < box.right and box.x < other.right and other.y < box.bottom and box.y < other.bottom:
            parts = []
            if x < other.x:
                parts.append(Box(box.x, box.y, other.x - box.x, box.height))
            if x >= other.right:
                parts.append(Box(other.right, box.y, box.right - other.right, box.height))
            if y < other.y:
                parts.append(Box(box.x, box.y, box.width, other.y - box.y))
            if y >= other.bottom:
                parts.append(Box(box.x, other.bottom, box.width, box.bottom - other.bottom))
            box = max(parts, key=lambda part: part.width * part.height)
    return box

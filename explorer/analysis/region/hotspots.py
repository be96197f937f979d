"""Hot spots: the strongest separate places of the combined map.

A place is where the map, averaged over one cell of the coarsest layer, peaks: a cell of that layer is the
finest place of which all layers speak. Around the peak it reaches as far as the averaged map stays above half
of the peak, connected, and at most `REACH` cells to each side, so that an evenly spread distance does not
make one spot of the whole image.
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
    combined: np.ndarray, measurement: Measurement, frame: Frame, most: int = MOST
) -> tuple[HotSpot, ...]:
    """Find the strongest separate places, strongest peak first; none where the score is 0.

    Args:
        combined: The combined map, float (H, W), whose mean is the score.
        measurement: That it belongs to.
        frame: Of the image as given.
        most: How many at most.
    """
    height, width = combined.shape
    rows, columns = (min(layer.grid[axis] for layer in measurement.layers) for axis in (0, 1))
    cell = (max(1, round(height / rows)), max(1, round(width / columns)))
    averaged = ndimage.uniform_filter(combined.astype(np.float64), cell, mode="nearest")
    left = averaged.copy()  # what no spot has taken yet
    floor = FAINT * float(averaged.max(initial=0.0))
    spots = []
    while len(spots) < most:
        peak = np.unravel_index(int(np.argmax(left)), left.shape)
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
        box = _as_given(rows_of, columns_of, frame)
        scale_x, scale_y = (given / scaled for given, scaled in zip(frame.given, frame.scaled, strict=True))
        spots.append(
            HotSpot(
                (peak[1] + 0.5) * scale_x, (peak[0] + 0.5) * scale_y, box, ledger_of(measurement, box, frame)
            )
        )
        # Half a cell around it belongs to it as well: two spots are two places, not two sides of one.
        left[
            max(0, rows_of.start - cell[0] // 2) : rows_of.stop + cell[0] // 2,
            max(0, columns_of.start - cell[1] // 2) : columns_of.stop + cell[1] // 2,
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

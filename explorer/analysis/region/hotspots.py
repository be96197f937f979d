"""Hot spots: the strongest separate places of the combined map.

All is relative to the image and its map, not to pixels, so that the same change is the same spot at any
resolution. The map is looked at in cells: as large as those of the coarsest layer, the finest place of which
all layers speak, and at least `1 / PARTS` of the longest side, since one change is otherwise as many peaks as
it has edges. A place is where the map, averaged over one cell, peaks; a peak is the largest value within one
cell to each side.

Late layers see far beyond their cells, and so answer beside a change as well. The finest layer sees least
far: where it has next to nothing of what it has in the cells around, nothing has changed, and what the others
say there is said of those. It counts as little as the finest layer finds (`_witnessed`). A distance that is
spread over the image is nowhere beside a change, and all of it counts.

Around its peak a spot is the box that holds most above a level: the sum over the box of the map less that
level is the largest that any box with the peak has. So it grows over what is strong, over a gap as long as
what lies behind outweighs it, and never into what lies below. The level is a small part of the peak, so that
the weaker half of a change belongs to it, and more than the map's mean, so that a distance that is spread
evenly does not make one spot of the whole image; no spot takes more than `LARGEST` of it.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from explorer.analysis.region.boxes import Box, Frame
from explorer.analysis.region.extent import Span, heaviest
from explorer.analysis.region.ledger import RegionLedger, ledger_of
from explorer.metrics import Measurement
from explorer.metrics.footprints import footprint_means

MOST = 5
PARTS = 24  # cells along the longest side, at most
FINE = 4  # parts of a cell along each side: how exactly a spot's edges lie
AROUND = 3  # cells a side: what is beside a place, and seen from there
ABSENT = 0.25  # of the finest layer's mean around: a place with less has hardly changed
LEVEL = 0.05  # of the peak: where a spot ends
ABOVE_MEAN = 1.5  # times the map's mean: what is weaker is no spot, but for the strongest one
FAINT = 0.02  # of the strongest peak: what is weaker is no spot
LARGEST = 0.25  # of the image's area


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
    combined: np.ndarray | None,
    measurement: Measurement,
    frame: Frame,
    finest: np.ndarray | None,
    most: int = MOST,
) -> tuple[HotSpot, ...]:
    """Find the strongest separate places, strongest peak first; none where the score is 0.

    Args:
        combined: The combined map, float (H, W), whose mean is the score. None where the metric has no maps,
            and so no hot spots.
        measurement: That it belongs to.
        frame: Of the image as given.
        finest: Where the layer that sees least far finds a change, as `finest_map` gives it; None where no
            layer sees less far than the others.
        most: How many at most.
    """
    if combined is None:
        return ()
    longest = max(combined.shape)
    coarsest = (min(layer.grid[axis] for layer in measurement.layers) for axis in (0, 1))
    cells = [
        max(pixels / cells, longest / PARTS) for pixels, cells in zip(combined.shape, coarsest, strict=True)
    ]
    edges = [_edges(pixels, cell) for pixels, cell in zip(combined.shape, cells, strict=True)]
    wide = [
        max(1, round(cell * (len(lines) - 1) / lines[-1])) for cell, lines in zip(cells, edges, strict=True)
    ]
    spots = []
    means = _means(combined, *edges)
    counting = means * _witnessed(finest, means.shape, (wide[0], wide[1]))
    for peak, span in _strongest(counting, float(means.mean()), (wide[0], wide[1]), most):
        (y, x) = ((lines[at] + lines[at + 1]) / 2 for at, lines in zip(peak, edges, strict=True))
        scale_x, scale_y = (given / scaled for given, scaled in zip(frame.given, frame.scaled, strict=True))
        box = _as_given(span, edges, frame)
        spots.append(HotSpot(x * scale_x, y * scale_y, box, ledger_of(measurement, box, frame)))
    return tuple(spots)


def _edges(pixels: int, cell: float) -> np.ndarray:
    """Where the parts of cells begin along a side, and where the last one ends: at whole pixels."""
    parts = min(pixels, max(1, round(FINE * pixels / cell)))
    return np.floor(np.linspace(0, pixels, parts + 1) + 0.5).astype(int)


def _means(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """A map's mean over each part, float64."""
    sums = np.add.reduceat(values, columns[:-1], axis=1, dtype=np.float64)
    sums = np.add.reduceat(sums, rows[:-1], axis=0)
    return sums / np.outer(np.diff(rows), np.diff(columns))


def finest_map(measurement: Measurement) -> np.ndarray | None:
    """The map of the layer with the smallest cells, which sees least far; None where all are of one grid."""
    finest = max(measurement.layers, key=lambda layer: math.prod(layer.grid))
    return None if all(layer.grid == finest.grid for layer in measurement.layers) else finest.map


def _witnessed(finest: np.ndarray | None, parts: tuple[int, int], cell: tuple[int, int]) -> np.ndarray:
    """How much of the map counts in each part, 0..1: all, but where the finest layer hardly sees a change.

    Args:
        finest: From `finest_map`.
        parts: (rows, columns).
        cell: How many parts a cell has, down and across.
    """
    if finest is None or not finest.any():
        return np.ones(parts)
    across = footprint_means(finest.astype(np.float64), parts[1])
    laid = footprint_means(across.T, parts[0]).T
    # Odd numbers of parts, so that both lie around the part itself.
    here = ndimage.uniform_filter(laid, tuple(2 * (side // 4) + 1 for side in cell), mode="nearest")
    around = ndimage.uniform_filter(laid, tuple(AROUND * side // 2 * 2 + 1 for side in cell), mode="nearest")
    # Both are differences of sums, which far from all changes are not quite 0.
    sees = around > 1e-9 * around.max()
    return np.clip(np.divide(here, ABSENT * around, out=np.zeros(parts), where=sees), 0, 1)


def _strongest(
    means: np.ndarray, mean: float, cell: tuple[int, int], most: int
) -> list[tuple[tuple[int, int], Span]]:
    """The places' peaks and spans.

    Args:
        means: (rows, columns), what counts of the map in each part.
        mean: Of the whole map.
        cell: How many parts a cell has, down and across.
        most: How many at most.
    """
    averaged = _averaged(means, cell)
    around = ndimage.maximum_filter(averaged, tuple(2 * side + 1 for side in cell), mode="nearest")
    left = np.where(averaged == around, averaged, -np.inf)  # the peaks that no spot has taken yet
    taken = np.zeros(means.shape, bool)
    strongest = float(averaged.max())
    found: list[tuple[tuple[int, int], Span]] = []
    while len(found) < most:
        row, column = (int(at) for at in np.unravel_index(int(np.argmax(left)), left.shape))
        peak = left[row, column]
        floor = max(FAINT * strongest, ABOVE_MEAN * mean) if found else 0.0
        if not peak > floor:
            break
        level = min(max(LEVEL * peak, ABOVE_MEAN * mean), peak)
        span = heaviest(means - level, _cell_around((row, column), cell, means.shape), LARGEST, taken)
        found.append(((row, column), span))
        taken[span] = True
        # Half a cell around it belongs to it as well: two spots are two places, not two sides of one.
        rows, columns = (
            slice(max(0, part.start - (side + 1) // 2), part.stop + (side + 1) // 2)
            for part, side in zip(span, cell, strict=True)
        )
        left[rows, columns] = -np.inf
    return found


def _cell_around(peak: tuple[int, int], cell: tuple[int, int], parts: tuple[int, ...]) -> Span:
    """What was averaged around a peak, so that a spot is never narrower than what the map can tell."""
    rows, columns = (
        slice(max(0, at - side // 2), min(length, at - side // 2 + side))
        for at, side, length in zip(peak, cell, parts, strict=True)
    )
    return rows, columns


def _averaged(means: np.ndarray, cell: tuple[int, int]) -> np.ndarray:
    """The mean over a cell around each part; at the border over what of the cell lies in the image."""
    inside = ndimage.uniform_filter(np.ones(means.shape), cell, mode="constant")
    return ndimage.uniform_filter(means, cell, mode="constant") / inside


def _as_given(span: Span, edges: list[np.ndarray], frame: Frame) -> Box:
    """A span as a box of the image as given, to the nearest whole pixels: neighbours stay apart."""
    sides = []
    for part, lines, given, scaled in zip(
        reversed(span), reversed(edges), frame.given, frame.scaled, strict=True
    ):
        start, stop = (math.floor(lines[at] * given / scaled + 0.5) for at in (part.start, part.stop))
        sides.append((start, min(given, stop)))
    (left, right), (top, bottom) = sides
    return Box(left, top, right - left, bottom - top)

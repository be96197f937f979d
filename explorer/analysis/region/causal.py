"""Is a region really the cause? The distance is measured again with the region's pixels exchanged.

A map gives each place a share, but features see far beyond their cell: what is in a box changes cells outside
of it, and cells inside see what is outside. So two questions are asked of the metric itself:

- *restore*: which score remains when the region of the distorted image is replaced by the reference? 0 for
  the whole image.
- *insert*: which score does the clean reference get when only the distorted region is put in? The whole score
  for the whole image.

Neither adds up over regions: a feature that sees two of them answers to both at once.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from explorer.analysis.correlation import spearman
from explorer.analysis.region.boxes import Area, Box, Frame
from explorer.analysis.region.extent import heaviest
from explorer.analysis.region.ledger import ledger_of
from explorer.analysis.wording import percent
from explorer.errors import SettingError
from explorer.images import Picture, derive, measured_size, resize
from explorer.metrics import Measurement, Method
from explorer.metrics.memory import LARGEST_BATCH, enough_memory
from explorer.metrics.scores import scores
from explorer.metrics.window_scores import window_scores

SIDES = (4, 8, 16)  # tiles a side of a causal map
HALF = 0.5  # of what the strongest tile removes: where the region around it ends
ROUNDING = 1e-6  # of a score: what the order of a sum, or a batch's size, may change


@dataclass(frozen=True)
class Check:
    """What exchanging a region's pixels does.

    Attributes:
        score: Of the pair.
        restore: The score that remains with the region restored.
        insert: The score of the reference with the distorted region put in.
    """

    score: float
    restore: float
    insert: float

    @property
    def removed(self) -> float:
        """The part of the score that restoring removes; below 0 where it adds, NaN where the score is 0."""
        return float(removed_by(self.restore, self.score))

    @property
    def remaining(self) -> float:
        """The part of the score that restoring leaves; NaN where the score is 0."""
        return 1 - self.removed

    @property
    def inserted(self) -> float:
        """The insert score over the score; NaN where that is 0."""
        return self.insert / self.score if self.score > 0 else math.nan

    def sentence(self, name: str) -> str:
        """What restoring does to a region, called such as "box A" within it; "" where the score is 0."""
        if not self.score > 0:
            return ""
        if self.removed == 0:
            return f"Restoring {name} changes nothing."
        if self.removed > 0:
            return f"Restoring {name} removes {percent(self.removed)} of the distance."
        return f"Restoring {name} makes the distance {percent(-self.removed)} larger."


def removed_by(restored: float | Sequence[float], score: float) -> np.ndarray:
    """The part of a score that restoring removes, for each restore score: a rounding counts as 0.

    Scores that were taken with other heads in one product differ in their last digits, and nobody should
    read a cause in that. NaN where the score is 0.
    """
    if not score > 0:
        return np.full(np.shape(restored), np.nan)
    part = 1 - np.asarray(restored, float) / score
    return np.where(np.abs(part) < ROUNDING, 0.0, part)


def composed(base: Picture, patch: Picture, area: Area) -> Picture:
    """A picture with another one's pixels in an area; both of one size, as given."""
    pixels = base.pixels.copy()
    where = area.slices if isinstance(area, Box) else area.inside
    pixels[where] = patch.pixels[where]
    return derive(base, pixels)


def check(reference: Picture, distorted: Picture, area: Area, method: Method, score: float) -> Check:
    """Measure with the area restored, and with nothing but the area distorted.

    Args:
        reference, distorted: As given, of one size.
        score: The pair's own, measured by the method.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    with enough_memory(measured_size(reference.size, method.size)):
        restored, inserted = composed(distorted, reference, area), composed(reference, distorted, area)
    return Check(score, *scores(method, reference, [restored, inserted]))


def tiles(size: tuple[int, int], side: int) -> tuple[Box, ...]:
    """Cut an image of (width, height) into `side` x `side` boxes, row by row, as equal as whole pixels are.

    Raises:
        SettingError: there are not as many pixels.
    """
    if min(size) < side:
        raise SettingError(
            f"An image of {size[0]} × {size[1]} pixels is too small for {side} × {side} tiles; choose fewer."
        )
    columns, rows = (_edges(length, side) for length in size)
    return tuple(
        Box(left, top, right - left, bottom - top)
        for top, bottom in pairwise(rows)
        for left, right in pairwise(columns)
    )


def _edges(length: int, side: int) -> list[int]:
    """Where `side` parts of a length begin, and where the last one ends; half a pixel is rounded up."""
    return [(2 * i * length + side) // (2 * side) for i in range(side + 1)]


def on_pixels(values: np.ndarray, frame: Frame, size: tuple[int, int]) -> np.ndarray:
    """Lay one value a tile on pictures of what was measured: float32 (H, W), each pixel its tile's value.

    Args:
        values: (side, side), in the order of `tiles`.
        frame: Of the image as given, which the tiles cut.
        size: (width, height) of the pictures.
    """
    across, down = (
        np.searchsorted(_edges(given, len(values)), (np.arange(pixels) + 0.5) * extent / pixels, "right") - 1
        for given, extent, pixels in zip(frame.given, frame.extent, size, strict=True)
    )
    return values.astype(np.float32)[np.ix_(down, across)]


def restore_each(
    reference: Picture, distorted: Picture, boxes: Sequence[Box], method: Method
) -> Iterator[list[float]]:
    """The restore score of each box, in the given order, a few at a time as they become known.

    The reference passes once. Of each restored picture only what its tile reaches is computed, where the
    network allows that (`explorer.metrics.window_scores`).

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    network, size = method.network, measured_size(reference.size, method.size)
    with enough_memory(size):
        small = resize(reference, method.size), resize(distorted, method.size)
        near = window_scores(network, *small, method.heads, method.layers)
    batch = 1 if network.device == "cpu" else LARGEST_BATCH
    for start in range(0, len(boxes), batch):
        with enough_memory(size):
            restored = [composed(distorted, reference, box) for box in boxes[start : start + batch]]
            if near is None:
                found = scores(method, reference, restored)
            else:
                found = [near.score(resize(picture, method.size)) for picture in restored]
        yield found


@dataclass(frozen=True, eq=False)
class CausalMap:
    """The restore check on a grid of tiles, beside what the learned map says of the same tiles.

    Attributes:
        score: Of the pair.
        removed: float64 (side, side): the part of the score that restoring a tile removes; NaN where that
            was not measured. Below 0 where restoring makes the distance larger.
        learned: float64 (side, side): the map's share of each tile, whose sum is 1; None where the metric
            has no maps.
        size: (width, height) of the image as given.
    """

    score: float
    removed: np.ndarray
    learned: np.ndarray | None
    size: tuple[int, int]

    @property
    def side(self) -> int:
        """Tiles a side."""
        return len(self.removed)

    @property
    def done(self) -> int:
        """Tiles that were measured."""
        return int(np.isfinite(self.removed).sum())

    @property
    def end(self) -> float:
        """Where the one colour scale of both maps ends, > 0: at the largest tile of either.

        So none of so few tiles is clipped; those below 0 are drawn as 0. 1 where no tile is above 0.
        """
        maps = [self.removed] if self.learned is None else [self.removed, self.learned]
        largest = max(float(np.max(values[np.isfinite(values)], initial=0.0)) for values in maps)
        return largest or 1.0

    @property
    def is_complete(self) -> bool:
        """Whether all were."""
        return self.done == self.removed.size

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, row by row; a tile that was not measured is None."""

        def rows(values: np.ndarray) -> list[list[float | None]]:
            return [[float(v) if math.isfinite(v) else None for v in row] for row in values]

        learned = None if self.learned is None else rows(self.learned)
        return {"side": self.side, "removed": rows(self.removed), "learned": learned}

    @property
    def below(self) -> int:
        """Tiles whose restoring makes the distance larger."""
        return int((self.removed < 0).sum())

    @property
    def strongest(self) -> Box | None:
        """The region that removes most, in pixels of the image as given; None where no tile removes anything.

        It is the box around the strongest tile that holds most above half of what that tile removes.
        """
        removed = np.where(np.isfinite(self.removed), self.removed, 0.0)
        most = float(removed.max(initial=0.0))
        if not most > 0:
            return None
        row, column = np.unravel_index(removed.argmax(), removed.shape)
        tile = slice(int(row), int(row) + 1), slice(int(column), int(column) + 1)
        rows, columns = heaviest(removed - HALF * most, tile)
        (left, right), (top, bottom) = (
            (edges[part.start], edges[part.stop])
            for part, edges in zip(
                (columns, rows), (_edges(length, self.side) for length in self.size), strict=True
            )
        )
        return Box(left, top, right - left, bottom - top)

    @property
    def correlation(self) -> float:
        """Spearman's rank correlation of both maps over the measured tiles; NaN where there is none."""
        known = np.isfinite(self.removed)
        if self.learned is None or known.sum() < 2:
            return math.nan
        return spearman(self.learned[known], self.removed[known])

    @property
    def sentence(self) -> str:
        """What it says, in one or two sentences."""
        if not self.score > 0:
            return "The score is 0, so restoring a tile removes nothing."
        if not self.done:
            return "No tile has been measured yet."
        row, column = np.unravel_index(np.nanargmax(self.removed), self.removed.shape)
        text = (
            f"Restoring the tile in row {row + 1}, column {column + 1} removes the most: "
            f"{percent(max(0.0, float(self.removed[row, column])))} of the distance"
        )
        if self.learned is not None:
            text += f", where the learned map has {percent(float(self.learned[row, column]))}"
        if math.isfinite(self.correlation):
            text += f". The two maps' rank correlation is {self.correlation:.2f}"
        return f"{text}."


def causal_map(
    restored: Sequence[float],
    score: float,
    side: int,
    frame: Frame,
    measurement: Measurement | None = None,
) -> CausalMap:
    """Arrange restore scores of the first tiles as a map; the others are NaN.

    Args:
        restored: Scores in the order of `tiles`; as many as are known.
        score: The pair's own.
        side: Tiles a side.
        frame: Of the image as given.
        measurement: The pair's, for the learned map; None where the metric has no maps.
    """
    removed = np.full(side * side, np.nan)
    removed[: len(restored)] = removed_by(restored, score)
    learned = None
    if measurement is not None:
        shares = [ledger_of(measurement, box, frame).share for box in tiles(frame.given, side)]
        learned = np.reshape(shares, (side, side))
    return CausalMap(score, removed.reshape(side, side), learned, frame.given)

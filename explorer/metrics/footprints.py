"""Cells laid on pixels: each cell of a layer's map covers an equal share of the image, area-exact."""

import math
from collections.abc import Sequence

import numpy as np

from explorer.cores import in_parts

ROWS = 32  # of pixels that are computed at once
# Sums of a matrix product that BLAS does not share out among threads, which wait for others that compute.
PRODUCT = 1 << 18


def combined_map(maps: Sequence[np.ndarray], size: tuple[int, int]) -> np.ndarray:
    """Lay native maps on the image's pixels and add them: float32 (H, W), whose mean is the sum of the means.

    A cell's footprint is its equal share of the image; a pixel takes from each map the mean of the cells that
    cover it, weighted by the covered area.

    Args:
        maps: Float maps (rows, columns), on grids of any size.
        size: (width, height) of the image.
    """
    width, height = size
    # Differences of sums may fall below 0 by a rounding.
    wide = [np.maximum(footprint_means(cells.astype(np.float64), width), 0) for cells in maps]
    edges = [np.linspace(0, len(cells), height + 1) for cells in wide]
    combined = np.empty((height, width), np.float32)

    def strip(start: int) -> None:
        """Some rows of pixels are the product of their parts in the cells' rows with these, of all maps."""
        stop = min(start + ROWS, height)
        seen = [_parts(each[start : stop + 1]) for each in edges]
        parts = np.concatenate([own for _, own in seen], axis=1)
        rows = np.concatenate([cells[place] for cells, (place, _) in zip(wide, seen, strict=True)])
        step = max(1, PRODUCT // parts.size)
        for left in range(0, width, step):
            columns = slice(left, left + step)
            combined[start:stop, columns] = parts @ rows[:, columns]

    in_parts(strip, range(0, height, ROWS), width * height)
    return combined


def footprint_means(cells: np.ndarray, pixels: int, extent: float | None = None) -> np.ndarray:
    """Lay cells on pixels along the last axis, (..., cells) -> (..., pixels): means of what covers each.

    Cell j covers [j * pixels / cells, (j + 1) * pixels / cells). A pixel's mean is the difference of the
    cells' running integral at its two edges, which takes time in proportion to the pixels. It serves the
    other way round as well: a mask's pixels are laid on the cells of a layer.

    Args:
        cells: Floats.
        pixels: How many to lay them on.
        extent: How many of the cells are laid, from the first on, where not all are.
    """
    count = cells.shape[-1]
    extent = count if extent is None else extent
    inside, part = _edges(count, pixels, extent)
    before = np.cumsum(cells, axis=-1) - cells  # the integral up to each cell's start
    integral = before[..., inside] + part * cells[..., inside]
    return np.diff(integral, axis=-1) * (pixels / extent)


def _parts(edges: np.ndarray) -> tuple[slice, np.ndarray]:
    """The cells that cover some pixels, and which part of a pixel each covers.

    Args:
        edges: Of the pixels, from the first one's start to the last one's end, in cells.

    Returns:
        The cells, and float64 (pixels, cells).
    """
    first, last = int(edges[0]), math.ceil(edges[-1])
    cells = np.arange(first, last)
    starts, ends = edges[:-1, np.newaxis], edges[1:, np.newaxis]
    covered = np.minimum(ends, cells + 1) - np.maximum(starts, cells)
    return slice(first, last), np.maximum(covered, 0) / (ends - starts)


def _edges(count: int, pixels: int, extent: float) -> tuple[np.ndarray, np.ndarray]:
    """For each edge of the pixels the cell in which it lies, and the part of that cell before it."""
    edges = np.linspace(0, extent, pixels + 1)  # in cells
    inside = np.minimum(edges.astype(np.intp), count - 1)
    return inside, edges - inside

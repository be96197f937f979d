"""Cells laid on pixels: each cell of a layer's map covers an equal share of the image, area-exact."""

from collections.abc import Sequence

import numpy as np

STRIP = 1 << 18  # pixels that are computed at once: what is needed of them stays in the processor's cache


def combined_map(maps: Sequence[np.ndarray], size: tuple[int, int]) -> np.ndarray:
    """Lay native maps on the image's pixels and add them: float32 (H, W), whose mean is the sum of the means.

    A cell's footprint is its equal share of the image; a pixel takes from each map the mean of the cells that
    cover it, weighted by the covered area.

    Args:
        maps: Float maps (rows, columns), on grids of any size.
        size: (width, height) of the image.
    """
    width, height = size
    rows = [footprint_means(cells.astype(np.float64), width) for cells in maps]
    before = [np.cumsum(cells, axis=0) - cells for cells in rows]
    combined = np.empty((height, width), np.float32)
    step = max(1, STRIP // width)
    for start in range(0, height, step):
        pixels = slice(start, min(start + step, height))
        total = np.zeros((pixels.stop - start, width))
        for cells, integral_before in zip(rows, before, strict=True):
            count = len(cells)
            inside, part = _edges(count, height, count)
            at = slice(start, pixels.stop + 1)
            integral = integral_before[inside[at]] + part[at, np.newaxis] * cells[inside[at]]
            total += np.diff(integral, axis=0) * (height / count)
        # Differences of sums may fall below 0 by a rounding.
        combined[pixels] = np.maximum(total, 0)
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


def _edges(count: int, pixels: int, extent: float) -> tuple[np.ndarray, np.ndarray]:
    """For each edge of the pixels the cell in which it lies, and the part of that cell before it."""
    edges = np.linspace(0, extent, pixels + 1)  # in cells
    inside = np.minimum(edges.astype(np.intp), count - 1)
    return inside, edges - inside

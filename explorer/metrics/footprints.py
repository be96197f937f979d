"""Cells laid on pixels: each cell of a layer's map covers an equal share of the image, area-exact."""

from collections.abc import Sequence

import numpy as np


def combined_map(maps: Sequence[np.ndarray], size: tuple[int, int]) -> np.ndarray:
    """Lay native maps on the image's pixels and add them: float32 (H, W), whose mean is the sum of the means.

    A cell's footprint is its equal share of the image; a pixel takes from each map the mean of the cells that
    cover it, weighted by the covered area.

    Args:
        maps: Float maps (rows, columns), on grids of any size.
        size: (width, height) of the image.
    """
    width, height = size
    total = np.zeros((height, width))
    for cells in maps:
        across = footprint_means(cells.astype(np.float64), width)
        total += footprint_means(across.T, height).T
    # Differences of sums may fall below 0 by a rounding.
    return np.maximum(total, 0).astype(np.float32)


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
    edges = np.linspace(0, extent, pixels + 1)  # of the pixels, in cells
    inside = np.minimum(edges.astype(np.intp), count - 1)  # the cell in which an edge lies
    before = np.cumsum(cells, axis=-1) - cells  # the integral up to each cell's start
    integral = before[..., inside] + (edges - inside) * cells[..., inside]
    return np.diff(integral, axis=-1) * (pixels / extent)

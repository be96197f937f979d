"""What of an inspection travels to a screen: as measured, or reduced where no screen could show it all."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from explorer.analysis.inspection import Inspection
from explorer.backbones import ReceptiveField
from explorer.cores import on_all_cores
from explorer.images import Picture, measured_size, reduced, resize

LARGEST_SIDE = 2048  # pixels; beyond it a browser would hold and move gigabytes


@dataclass(frozen=True, eq=False)
class Viewing:
    """Pictures and pixel maps of one size, for looking at."""

    reference: Picture
    distorted: Picture
    squared_error: np.ndarray | None  # None: exactly the squared difference of these two pictures
    dissimilarity: np.ndarray  # 1 - SSIM, float32 (H, W), NaN for "no data"
    is_reduced: bool


def viewing(inspection: Inspection, largest_side: int = LARGEST_SIDE) -> Viewing:
    """Reduce pictures (Lanczos) and pixel maps (mean) to `largest_side`; smaller ones stay as they are."""
    comparison = inspection.comparison
    reference, distorted = comparison.reference, comparison.distorted
    size = measured_size(reference.size, largest_side)
    if size == reference.size:
        return Viewing(reference, distorted, None, inspection.dissimilarity, is_reduced=False)
    reductions = (
        partial(resize, reference, largest_side),
        partial(resize, distorted, largest_side),
        partial(reduced, comparison.squared_error, size),
        partial(reduced, inspection.dissimilarity, size),
    )
    return Viewing(*on_all_cores(lambda reduction: reduction(), reductions), is_reduced=True)


def outline(
    field: ReceptiveField, measured: tuple[int, int], seen: tuple[int, int]
) -> tuple[tuple[float, float], ...]:
    """What a cell sees, as size, stride and start, each (rows, columns) in pixels of pictures to look at.

    Args:
        field: In pixels of what was measured.
        measured, seen: (width, height) of what was measured, and of these pictures.

    Returns:
        Nothing where it is no window that moves with the cell.
    """
    if field.kind != "cell":
        return ()
    down, across = seen[1] / measured[1], seen[0] / measured[0]
    return tuple((rows * down, columns * across) for rows, columns in (field.size, field.stride, field.start))

"""What of an inspection travels to a screen: as measured, or reduced where no screen could show it all."""

from dataclasses import dataclass

import numpy as np

from explorer.analysis.inspection import Inspection
from explorer.backbones import ReceptiveField
from explorer.images import Picture, reduced, resize

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
    reference = resize(comparison.reference, largest_side)
    if reference is comparison.reference:
        return Viewing(reference, comparison.distorted, None, inspection.dissimilarity, is_reduced=False)
    return Viewing(
        reference,
        resize(comparison.distorted, largest_side),
        reduced(comparison.squared_error, reference.size),
        reduced(inspection.dissimilarity, reference.size),
        is_reduced=True,
    )


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

"""What of an inspection travels to a screen: as measured, or reduced where no screen could show it all."""

from dataclasses import dataclass

import numpy as np

from explorer.analysis.inspection import Inspection
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

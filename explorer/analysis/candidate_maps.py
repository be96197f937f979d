"""Where a candidate differs from the reference: its maps, for a viewer in which all lie on one reference."""

from dataclasses import dataclass

import numpy as np

from explorer.images import Picture, measured_size, reduced, resize, to_one_size
from explorer.metrics import Comparison, Measurement, Method
from explorer.metrics.classic_maps import known_classic_maps
from explorer.metrics.footprints import combined_map, footprint_means
from explorer.metrics.memory import enough_memory

VIEW_SIDE = 1024  # pixels; nine pictures of this size are as much as a browser moves at ease

Extent = tuple[float, float, float, float]  # left, top, width, height as parts of the reference's sides, 0..1
WHOLE: Extent = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, eq=False)
class PixelMaps:
    """A candidate as it was measured, with the maps that need no network, for looking at.

    Attributes:
        picture: At the measured size, its longest side at most VIEW_SIDE.
        dissimilarity: 1 - SSIM, float32 (H, W), NaN in the border; None below 11 × 11 pixels.
        squared_error: Mean over channels, 0..65025, float32 (H, W); None where it is exactly that of
            `picture` and the reference at this size.
        extent: What of the reference it covers: less where both were cropped to their common centre.
    """

    picture: Picture
    dissimilarity: np.ndarray | None
    squared_error: np.ndarray | None
    extent: Extent

    @property
    def bytes(self) -> int:
        """Of memory."""
        maps = (self.picture.pixels, self.dissimilarity, self.squared_error)
        return sum(values.nbytes for values in maps if values is not None)


@dataclass(frozen=True, eq=False)
class PlacedLayerMaps:
    """A candidate's score with the maps that it is the mean of.

    Attributes:
        measurement: Of a metric that has maps, the layers in the sum.
        combined: Their maps laid on pixels and added, float32 (H, W), whose mean is the score; the longest
            side is at most VIEW_SIDE.
        extent: What of the reference is measured, as in `PixelMaps`; less at the right and the bottom also
            where a backbone takes only multiples of some number of pixels.
    """

    measurement: Measurement
    combined: np.ndarray
    extent: Extent

    @property
    def bytes(self) -> int:
        """Of memory."""
        return self.combined.nbytes + sum(layer.map.nbytes for layer in self.measurement.layers)


def pixel_maps(
    reference: Picture, candidate: Picture, fit: str | None, longest: int | None
) -> tuple[float, float | None, PixelMaps]:
    """PSNR, SSIM (None below 11 × 11 pixels) and what is seen of a candidate.

    Args:
        reference, candidate: As given.
        fit: How the two are made one size (`explorer.images.to_one_size`).
        longest: The longest side that they are measured at; None measures them as given.

    Raises:
        ImageError: the pictures do not fit in memory.
        SizeMismatchError: two sizes, and no fit.
    """
    extent = _extent(reference, candidate, fit)
    with enough_memory(measured_size(reference.size, longest)):
        first, second = (resize(each, longest) for each in to_one_size(reference, candidate, fit))
        found = known_classic_maps(first, second)
        dissimilarity = None if found.ssim_map is None else (1 - found.ssim_map).astype(np.float32)
        view = measured_size(second.size, VIEW_SIDE)
        seen = PixelMaps(
            resize(second, VIEW_SIDE),
            None if dissimilarity is None else reduced(dissimilarity, view),
            None if view == second.size and extent == WHOLE else reduced(found.squared_error, view),
            extent,
        )
    return found.psnr, found.ssim, seen


def placed_layer_maps(
    reference: Picture, candidate: Picture, fit: str | None, found: Comparison, method: Method
) -> PlacedLayerMaps:
    """The maps of a candidate that was compared with the reference, for the heads and layers of a method.

    Args:
        reference, candidate: As given, before `fit` made them one size.
        found: Of the two; its heads have maps.
    """
    measurement = found.measurement(method.heads, method.layers)
    left, top, width, height = _extent(reference, candidate, fit)
    scaled = measured_size(measurement.given, measurement.longest_side)
    width, height = (
        part * own / whole for part, own, whole in zip((width, height), measurement.size, scaled, strict=True)
    )
    combined = combined_map(
        [layer.map for layer in measurement.layers], measured_size(measurement.size, VIEW_SIDE)
    )
    return PlacedLayerMaps(measurement, combined, (left, top, width, height))


def for_looking(maps: PlacedLayerMaps) -> tuple[np.ndarray, ...]:
    """Each layer's map, float32 (h, w): on its own grid, or on `combined`'s where its own is finer.

    Means over the cells are the layers' distances either way.
    """
    return tuple(on_grid(layer.map, maps.combined.shape) for layer in maps.measurement.layers)


def on_grid(values: np.ndarray, grid: tuple[int, int]) -> np.ndarray:
    """A map on at most so many rows and columns, float32, by means over the cells of its own grid."""
    rows, columns = (min(own, most) for own, most in zip(values.shape, grid, strict=True))
    if (rows, columns) == values.shape:
        return values
    across = footprint_means(values.astype(np.float64), columns)
    return footprint_means(across.T, rows).T.astype(np.float32)


def _extent(reference: Picture, candidate: Picture, fit: str | None) -> Extent:
    """What of the reference is left where both are cropped to their common centre."""
    if fit != "crop" or reference.size == candidate.size:
        return WHOLE
    common = [min(sides) for sides in zip(reference.size, candidate.size, strict=True)]
    starts = [(own - part) // 2 / own for own, part in zip(reference.size, common, strict=True)]
    parts = [part / own for own, part in zip(reference.size, common, strict=True)]
    return (*starts, *parts)

"""A region's ledger: which part of the distance lies inside, by layer and in sum.

The map's answer. Each cell's term belongs to its footprint, its equal share of the image; a cell that the
border cuts counts by the covered part. So the distances of any tiling of the image add up to the score. It is
not a cause: `causal` asks for that.
"""

import math
from dataclasses import dataclass

import numpy as np

from explorer.analysis.region.boxes import Area, Frame, coverage
from explorer.analysis.wording import listed, percent
from explorer.metrics import Measurement


@dataclass(frozen=True)
class RegionLayer:
    """One layer inside a region.

    Attributes:
        name: The layer's.
        distance: The part of its distance that lies inside.
        share: That part over the score, 0..1; NaN where the score is 0. Shares of the layers add up to the
            region's.
        own_share: That part over the layer's own distance, 0..1; NaN where that is 0.
        ratio: Share of the score over share of the area; adds up over layers, too.
    """

    name: str
    distance: float
    share: float
    own_share: float
    ratio: float


@dataclass(frozen=True)
class RegionLedger:
    """What a region holds.

    Attributes:
        distance: The sum of the layers' distances inside.
        share: Over the score, 0..1; NaN where that is 0.
        area_share: The region's part of what was measured, 0..1.
        ratio: Share over area share: above 1 it holds more than its area's worth.
        layers: Those in the sum, shallow to deep.
        cells: How many cells of the layer with the fewest the region covers, by area.
    """

    distance: float
    share: float
    area_share: float
    ratio: float
    layers: tuple[RegionLayer, ...]
    cells: float

    @property
    def leading(self) -> tuple[str, ...]:
        """The fewest layers that make at least half of what lies inside, largest first."""
        names, total = [], 0.0
        for layer in sorted(self.layers, key=lambda layer: layer.distance, reverse=True):
            if total >= self.distance / 2:
                break
            names.append(layer.name)
            total += layer.distance
        return tuple(names)

    def sentence(self, name: str) -> str:
        """What it says, of a region that is called "Box A" at a sentence's start."""
        text = f"{name} covers {percent(self.area_share)} of the image"
        if math.isnan(self.share):
            return f"{text}; the score is 0, so no part of it has a share."
        if self.distance == 0:
            return f"{text} and holds none of the distance."
        text += f" and holds {percent(self.share)} of the distance, mostly in {listed(self.leading)}"
        if self.is_below_a_cell:
            text += "; it is smaller than a cell of the coarsest layer"
        return f"{text}."

    @property
    def is_below_a_cell(self) -> bool:
        """Whether it is smaller than a cell of the coarsest layer."""
        return self.cells < 1


def ledger_of(measurement: Measurement, area: Area, frame: Frame) -> RegionLedger:
    """Take a region's part of each layer's map.

    Args:
        measurement: Of heads that have maps.
        area: In pixels of the image as given.
        frame: How those lie in what was measured.

    Raises:
        ValueError: the metric has no maps.
    """
    if any(layer.map is None for layer in measurement.layers):
        raise ValueError(f"{measurement.heads} has no maps, and so no part that lies in a region")
    area_share = float(coverage(area, frame, (1, 1))[0, 0])
    inside = {layer.name: _inside(layer.map, area, frame) for layer in measurement.layers}
    total = math.fsum(inside.values())
    layers = tuple(
        RegionLayer(
            layer.name,
            inside[layer.name],
            _over(inside[layer.name], measurement.score),
            _over(inside[layer.name], layer.distance),
            _over(_over(inside[layer.name], measurement.score), area_share),
        )
        for layer in measurement.layers
    )
    share = _over(total, measurement.score)
    fewest = min(math.prod(layer.grid) for layer in measurement.layers)
    return RegionLedger(total, share, area_share, _over(share, area_share), layers, fewest * area_share)


def _inside(values: np.ndarray, area: Area, frame: Frame) -> float:
    """The part of a map's mean that lies inside."""
    covered = coverage(area, frame, values.shape)
    # No product of BLAS, whose threads wait for others that compute: the wait is many times the sum.
    return float((values * covered).sum()) / values.size


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan

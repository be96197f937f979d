"""All that was found of a pair's regions, as one value, and as files."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explorer.analysis.inspection import combined_of
from explorer.analysis.region.boxes import Box, Frame, coverage, frame_of, name_of
from explorer.analysis.region.causal import CausalMap, Check, check
from explorer.analysis.region.hotspots import HotSpot, finest_map, hot_spots
from explorer.analysis.region.ledger import RegionLedger, ledger_of
from explorer.images import Picture
from explorer.metrics import Comparison, LayerMeasurement, Measurement, Method, compare
from explorer.metrics.results import finite

SUM = "sum"  # in the column of layers: the row of a region's sum


@dataclass(frozen=True)
class Region:
    """One box and both answers about it.

    Attributes:
        name: A, B, C ...
        box: In pixels of the image as given.
        area_share: The box's part of what was measured, 0..1.
        held: The map's answer; None where the metric has no maps.
        check: The causal answer.
    """

    name: str
    box: Box
    area_share: float
    held: RegionLedger | None
    check: Check

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what is undefined or not to be had is None."""
        held = self.held
        return {
            "name": self.name,
            "box": list(self.box.numbers),
            "distance": held and held.distance,
            "share": held and finite(held.share),
            "area_share": self.area_share,
            "restore": self.check.restore,
            "insert": self.check.insert,
            "layers": [
                {"name": layer.name, "distance": layer.distance, "share": finite(layer.share)}
                for layer in (held.layers if held else ())
            ],
        }


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found.

    Attributes:
        reference, distorted: As given, of one size.
        comparison, measurement: Of the pair at the measured size.
        combined: The measurement's combined map (`combined_of`); None where the metric has no maps.
        frame: How the image as given lies in what was measured.
        regions: The boxes, A first.
        spots: Hot spots, the highest peak first; none where the metric has no maps.
        causal: The causal map, where one was measured.
    """

    reference: Picture
    distorted: Picture
    comparison: Comparison
    measurement: Measurement
    combined: np.ndarray | None
    frame: Frame
    regions: tuple[Region, ...]
    spots: tuple[HotSpot, ...]
    causal: CausalMap | None = None

    @property
    def all_layers(self) -> tuple[LayerMeasurement, ...]:
        """All layers that were measured, also those outside of the sum: colours and scales are of all."""
        return self.comparison.measurement(self.measurement.heads).layers

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(layer.name for layer in self.all_layers)


def investigate(
    reference: Picture, distorted: Picture, boxes: Sequence[Box] | None, method: Method
) -> Findings:
    """Measure a pair, and ask both questions of each box.

    Args:
        reference, distorted: As given, of one size.
        boxes: Inside the image (`fitted`); None asks about the hot spots.
        method: How the pair is measured.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    found = without_boxes(reference, distorted, compare(reference, distorted, method), method)
    regions = tuple(
        region_of(name_of(place), box, reference, distorted, found.measurement, found.frame, method)
        for place, box in enumerate([spot.box for spot in found.spots] if boxes is None else boxes)
    )
    return replace(found, regions=regions)


def without_boxes(reference: Picture, distorted: Picture, comparison: Comparison, method: Method) -> Findings:
    """What a comparison says without another pass of the network: all but the answers about boxes.

    Args:
        reference, distorted: As given, of one size.
        comparison: Of them, by the method, with its heads and layers among its own.
        method: How the pair was measured.
    """
    measurement = comparison.measurement(method.heads, method.layers)
    frame, combined = frame_of(reference, method.size, measurement.size), combined_of(measurement)
    spots = hot_spots(combined, measurement, frame, finest_map(measurement))
    return Findings(reference, distorted, comparison, measurement, combined, frame, (), spots)


def region_of(
    name: str,
    box: Box,
    reference: Picture,
    distorted: Picture,
    measurement: Measurement,
    frame: Frame,
    method: Method,
) -> Region:
    """Ask both questions of one box; the arguments are those of `Findings`."""
    area_share = float(coverage(box, frame, (1, 1))[0, 0])
    held = ledger_of(measurement, box, frame) if method.has_maps else None
    return Region(name, box, area_share, held, check(reference, distorted, box, method, measurement.score))


def to_dict(found: Findings) -> dict[str, Any]:
    """A measurement as every other file has it (docs/files.md), and behind it boxes and causal map."""
    content = found.measurement.to_dict()
    content["boxes"] = [region.to_dict() for region in found.regions]
    content["causal"] = found.causal and found.causal.to_dict()
    return content


def to_json(found: Findings) -> str:
    """The same as JSON."""
    return json.dumps(to_dict(found), indent=2, allow_nan=False) + "\n"


def to_csv(found: Findings) -> str:
    """The ledger, a row for each layer in each box and one for its sum; numbers have all their digits.

    `share` is of the score, `layer_share` of the layer's own distance, `ratio` is share over area_share.
    `restore` and `insert` are scores, and stand in the row of the sum. What is undefined is empty.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    places = ("box", "x", "y", "width", "height")
    writer.writerow(
        (*places, "layer", "distance", "share", "layer_share", "area_share", "ratio", "restore", "insert")
    )
    for region in found.regions:
        where, held = (region.name, *region.box.numbers), region.held
        for layer in held.layers if held else ():
            shares = map(finite, (layer.share, layer.own_share, region.area_share, layer.ratio))
            writer.writerow((*where, layer.name, layer.distance, *shares, None, None))
        distance, share, ratio = (
            (held.distance, finite(held.share), finite(held.ratio)) if held else (None, None, None)
        )
        sums = (distance, share, None, region.area_share, ratio)
        writer.writerow((*where, SUM, *sums, region.check.restore, region.check.insert))
    return stream.getvalue()

"""Where all candidates differ from the reference at once: the hot spots that they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.candidate_maps import PlacedLayerMaps
from explorer.analysis.region import Box, Frame, hot_spots, ledger_of
from explorer.analysis.region.hotspots import finest_map
from explorer.analysis.wording import listed, percent
from explorer.images import measured_size

MOST = 3  # more would cover small panels
CLEAR = 1.5  # times its area's worth of every candidate's distance; what holds less is hardly hot in all


@dataclass(frozen=True)
class CommonSpot:
    """A place where every candidate's map is clearly above its own average.

    Attributes:
        x, y: The peak, as parts of the reference's sides, 0..1, also where it was cropped.
        box: The place's extent, in pixels of what was compared of the reference as given.
        area_share: Its part of what was compared, 0..1.
        shares: For each candidate the part of its score that lies in the box, 0..1.
    """

    x: float
    y: float
    box: Box
    area_share: float
    shares: tuple[float, ...]


def are_comparable(maps: Sequence[PlacedLayerMaps]) -> bool:
    """Whether there are at least two candidates, all above 0 and of the same part of the reference."""
    same = {(each.measurement.given, each.measurement.size, each.extent) for each in maps}
    return len(maps) >= 2 and len(same) == 1 and all(each.measurement.score > 0 for each in maps)


def common_spots(maps: Sequence[PlacedLayerMaps]) -> tuple[CommonSpot, ...]:
    """Hot spots of the least that any candidate has at a place, each map in parts of its own score.

    None where they are not comparable.
    """
    if not are_comparable(maps):
        return ()
    least = np.minimum.reduce([each.combined / np.float32(each.measurement.score) for each in maps])
    first = maps[0].measurement
    frame = _frame_of(maps[0])
    finest = [(finest_map(each.measurement), each.measurement.score) for each in maps]
    seen = [layer / np.float32(score) for layer, score in finest if layer is not None]
    found = []
    for spot in hot_spots(least, first, frame, np.minimum.reduce(seen) if seen else None, MOST):
        held = [ledger_of(each.measurement, spot.box, frame) for each in maps]
        if min(ledger.ratio for ledger in held) >= CLEAR:  # a peak of the least may be low in all
            shares = tuple(ledger.share for ledger in held)
            x, y = _on_reference(maps[0], (spot.x, spot.y))
            found.append(CommonSpot(x, y, spot.box, held[0].area_share, shares))
    return tuple(found)


def _on_reference(maps: PlacedLayerMaps, place: tuple[float, float]) -> tuple[float, float]:
    """A place in pixels of what was compared as given, as parts of the reference's sides."""
    measurement = maps.measurement
    scaled = measured_size(measurement.given, measurement.longest_side)
    starts, parts = maps.extent[:2], maps.extent[2:]
    # The extent is what was measured, which may be less than what was compared (`PlacedLayerMaps.extent`).
    x, y = (
        start + at / given * part * whole / own
        for start, part, at, given, whole, own in zip(
            starts, parts, place, measurement.given, scaled, measurement.size, strict=True
        )
    )
    return x, y


def _frame_of(maps: PlacedLayerMaps) -> Frame:
    """How the reference as given lies in the combined map, which may be smaller than what was measured."""
    measurement = maps.measurement
    scaled = measured_size(measurement.given, measurement.longest_side)
    seen = maps.combined.shape[::-1]
    if seen != measurement.size:
        scaled = tuple(round(s * v / m) for s, v, m in zip(scaled, seen, measurement.size, strict=True))
    return Frame(measurement.given, scaled, seen)


def common_sentence(spots: Sequence[CommonSpot], names: Sequence[str]) -> str:
    """What the spots say: the share of each candidate in the first, and the range of shares in the others.

    Args:
        spots: Of the candidates, numbered from 1.
        names: The candidates', as in `CommonSpot.shares`.
    """
    count = "Both" if len(names) == 2 else f"All {len(names)}"
    if not spots:
        return f"No place is hot in {'both' if len(names) == 2 else f'all {len(names)}'} at once."
    first, *others = spots
    shares = listed(
        [f"{percent(share)} of {name}’s" for name, share in zip(names, first.shares, strict=True)]
    )
    text = f"{count} have hot spot 1 in common, {percent(first.area_share)} of the image: it holds {shares} "
    text += "distance."
    for number, spot in enumerate(others, start=2):
        span = " to ".join(dict.fromkeys(map(percent, (min(spot.shares), max(spot.shares)))))
        text += f" Hot spot {number}, {percent(spot.area_share)} of it, holds {span} of each."
    return text

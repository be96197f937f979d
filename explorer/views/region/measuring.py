"""What the Region page asks of `analysis.region`; each answer is kept for the next run."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from explorer.analysis.region import (
    Area,
    Box,
    Channels,
    Findings,
    Frame,
    HotSpot,
    Mask,
    Masked,
    channels_of,
    finest_map,
    frame_of,
    hot_spots,
    masked,
    name_of,
    region_of,
)
from explorer.cache import ByteBudgetCache
from explorer.metrics import Measurement, Method
from explorer.metrics.channels import LayerFeatures
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.session import Session
from explorer.views.common.shown import Shown
from explorer.views.region.state import RegionState

# Of all users together; a layer that is too large for it is computed again for each box, with progress.
_features: ByteBudgetCache[LayerFeatures] = ByteBudgetCache(256_000_000)


@dataclass(frozen=True, eq=False)
class Subject:
    """The measured pair, and what its regions are measured with.

    Attributes:
        shown: The pair.
        frame: How the image as given lies in what was measured.
        spots: Hot spots, the highest peak first.
    """

    shown: Shown
    frame: Frame
    spots: tuple[HotSpot, ...]

    @property
    def method(self) -> Method:
        """How the pair and its regions are measured."""
        return self.shown.method

    @property
    def measurement(self) -> Measurement:
        """Of the pair."""
        return self.shown.inspection.measurement


def subject_of(session: Session, shown: Shown) -> Subject:
    """What the page is about; hot spots are found once a measurement."""
    measurement, kept = shown.inspection.measurement, session.state(RegionState).spots
    frame = frame_of(shown.pair.reference, shown.method.size, measurement.size)
    spots = kept.get(shown.key)
    if spots is None:
        combined, finest = shown.inspection.combined, finest_map(measurement)
        spots = kept.keep(shown.key, hot_spots(combined, measurement, frame, finest))
    return Subject(shown, frame, spots)


def findings(session: Session, subject: Subject, boxes: Sequence[Box]) -> Findings:
    """Both answers about each box; a box that was asked about before is not measured again."""
    kept = session.state(RegionState).regions
    known = dict(kept.get(subject.shown.key) or {})
    pair, measurement = subject.shown.pair, subject.measurement
    for place, box in enumerate(boxes):
        if box not in known:
            with one_at_a_time(f"Checking box {name_of(place)} …"):
                start = time.perf_counter()
                known[box] = region_of(
                    name_of(place),
                    box,
                    pair.reference,
                    pair.distorted,
                    measurement,
                    subject.frame,
                    subject.method,
                )
                # Kept at once, so that a superseded run loses nothing.
                kept.keep(subject.shown.key, dict(known))
                _note_time(session, subject, (time.perf_counter() - start) / 2)  # restore and insert
    kept.keep(subject.shown.key, {box: known[box] for box in boxes})
    return Findings(
        pair.reference,
        pair.distorted,
        subject.shown.inspection.comparison,
        measurement,
        subject.shown.inspection.combined,
        subject.frame,
        tuple(replace(known[box], name=name_of(place)) for place, box in enumerate(boxes)),
        subject.spots,
    )


def _note_time(session: Session, subject: Subject, seconds: float) -> None:
    """Keep the time of the fastest pass: what else the machine did meanwhile is no part of it."""
    kept = session.state(RegionState).seconds
    kept.keep(subject.shown.key, min(seconds, kept.get(subject.shown.key) or seconds))


def seconds_for(session: Session, subject: Subject, passes: int) -> float:
    """About how long so many restore checks take, from those that were made."""
    # Before any, the comparison's own time is taken: it includes the reference's pass and SSIM.
    each = session.state(RegionState).seconds.get(subject.shown.key) or subject.shown.seconds
    return each * passes


def channels(session: Session, subject: Subject, layer: str, area: Area) -> Channels:
    """A layer's channels in an area."""
    key = (subject.shown.key, layer, area)
    kept = session.state(RegionState).channels
    known = kept.get(key)
    if known is None:
        with one_at_a_time(f"Opening {layer} …"):
            known = kept.keep(key, channels_of(_layer_features(subject, layer), area, subject.frame))
    return known


def _layer_features(subject: Subject, layer: str) -> LayerFeatures:
    comparison, method = subject.shown.inspection.comparison, subject.method
    pictures = comparison.reference, comparison.distorted
    key = (*(picture.digest for picture in pictures), method.identity, layer)
    features = _features.get(key)
    if features is None:
        features = LayerFeatures(method.network, *pictures, method.heads, layer)
        _features.put(key, features, features.bytes)
    return features


def masked_pair(session: Session, subject: Subject, key: object, mask: Mask) -> Masked:
    """What a mask says of the pair.

    Args:
        key: Tells the mask from others.
    """
    pair, whole = subject.shown.pair, (subject.shown.key, key)
    kept = session.state(RegionState).masked
    known = kept.get(whole)
    if known is None:
        with one_at_a_time("Measuring both sides of the mask …"):
            found = masked(
                pair.reference, pair.distorted, mask, subject.measurement, subject.frame, subject.method
            )
            known = kept.keep(whole, found)
    return known

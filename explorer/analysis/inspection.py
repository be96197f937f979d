"""The Inspect question: where, and in which layer, does the distance between two images arise?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from explorer.analysis.wording import at_size, percent
from explorer.backbones import receptive_fields
from explorer.metrics import Comparison, LayerMeasurement, Measurement
from explorer.metrics.footprints import combined_map

SCALE_PERCENTILE = 99.5  # a colour scale ends here, so that a few extreme cells do not darken the rest

MANY, SAMPLE = 1 << 18, 1 << 14  # values of which a percentile is told from a part; and how many tell which

SMALL_SHARE = 0.1  # a layer below this share is worth a word at the end of the sentence


@dataclass(frozen=True, eq=False)
class Inspection:
    """A pair's measurement with all that is drawn of it."""

    comparison: Comparison
    measurement: Measurement  # the layers in the sum
    layers: tuple[LayerMeasurement, ...]  # all layers; the share of one outside the sum is NaN
    combined: np.ndarray | None  # float32 (H, W), mean equals the score; None where the metric has no maps
    shared_maximum: float  # end of the one colour scale of all layers' maps, > 0
    combined_maximum: float  # end of the combined map's own colour scale, > 0
    squared_error_maximum: float  # end of its own colour scale, > 0
    dissimilarity: np.ndarray  # 1 - SSIM, float32 (H, W), NaN in the border
    dissimilarity_maximum: float
    sentence: str

    def is_in_sum(self, layer: LayerMeasurement) -> bool:
        """Whether a layer counts in the score."""
        return any(layer.name == member.name for member in self.measurement.layers)


def inspect(comparison: Comparison, heads: str, layers: Sequence[str]) -> Inspection:
    """Arrange a comparison for heads and a choice of layers; arithmetic only, no pass of a network."""
    measurement = comparison.measurement(heads, layers)
    members = {layer.name: layer for layer in measurement.layers}
    everything = tuple(
        members.get(layer.name, _outside_the_sum(layer)) for layer in comparison.measurement(heads).layers
    )
    combined = combined_of(measurement)
    dissimilarity = np.empty(comparison.ssim_map.shape, np.float32)
    np.subtract(1, comparison.ssim_map, out=dissimilarity, casting="same_kind")
    return Inspection(
        comparison=comparison,
        measurement=measurement,
        layers=everything,
        combined=combined,
        shared_maximum=layers_end(everything),
        combined_maximum=combined_end(combined),
        squared_error_maximum=scale_end(comparison.squared_error),
        dissimilarity=dissimilarity,
        dissimilarity_maximum=scale_end(dissimilarity),
        sentence=sentence(comparison, measurement),
    )


def combined_of(measurement: Measurement) -> np.ndarray | None:
    """The layers' maps laid on the image and added, float32 (H, W); None where the metric has no maps."""
    maps = [layer.map for layer in measurement.layers]
    return None if any(values is None for values in maps) else combined_map(maps, measurement.size)


def layers_end(layers: Sequence[LayerMeasurement]) -> float:
    """Where the one scale of the layers' maps ends; 1 where they have none.

    The combined map is not among them: it is their sum, and on its scale each of them would be nearly black.
    """
    maps = [layer.map for layer in layers if layer.map is not None]
    # Where all are 0 `scale_end` says 1, which must not become the end of those that are not.
    return max((scale_end(values) for values in maps if np.any(values)), default=1.0)


def combined_end(combined: np.ndarray | None) -> float:
    """Where the combined map's own scale ends; 1 where the metric has no maps."""
    return 1.0 if combined is None else scale_end(combined)


def scale_end(*maps: np.ndarray) -> float:
    """Where the one colour scale of maps ends: at the 99.5th percentile of all their |values| together.

    At the largest of these where that is 0, and at 1 where all are 0 or nothing is known.
    """
    known = [np.abs(_finite(values)) for values in maps] or [np.zeros(0)]
    together = known[0] if len(known) == 1 else np.concatenate(known)
    end = _percentile(together, SCALE_PERCENTILE) if together.size else 0.0
    return end or float(together.max(initial=0.0)) or 1.0


def _finite(values: np.ndarray) -> np.ndarray:
    """Those of a map's values that are known, in one row."""
    is_known = np.isfinite(values)
    return values.ravel() if is_known.all() else values[is_known]


def _percentile(values: np.ndarray, percentile: float) -> float:
    """As `np.percentile` of a row of values, in a quarter of the time where they are many.

    Most are too small to matter. A sample tells which; where it has told wrong, all are looked at.
    """
    rest = values
    if values.size > MANY:
        floor = np.percentile(values[:: values.size // SAMPLE], 2 * percentile - 100)
        rest = values[values >= floor]
        place = percentile / 100 * (values.size - 1) - (values.size - rest.size)
        if place >= 0:
            below, above = math.floor(place), min(math.ceil(place), rest.size - 1)
            ends = np.partition(rest, (below, above))[[below, above]].astype(float)
            return float(ends[0] + (place - below) * (ends[1] - ends[0]))
        rest = values
    return float(np.percentile(rest, percentile))


def sentence(comparison: Comparison, measurement: Measurement) -> str:
    """One sentence that says what the numbers say, and at which size where that is not the size as given."""
    words = _what_they_say(comparison, measurement)
    if measurement.is_as_given:
        return words
    begins = words[0] if words[:4] not in ("The ", "All ") else words[0].lower()
    return f"{at_size(measurement).capitalize()}, {begins}{words[1:]}"


def _what_they_say(comparison: Comparison, measurement: Measurement) -> str:
    if comparison.reference.digest == comparison.distorted.digest:
        return "The two images are identical at this size: every distance is 0."
    if measurement.score == 0:
        return "The images differ, but the layers in the sum see no difference."
    if len(measurement.layers) == 1:
        return f"All of the distance comes from {measurement.layers[0].name}, the only layer in the sum."

    ranked = sorted(measurement.layers, key=lambda layer: layer.share, reverse=True)
    leading = ranked[:1] if ranked[0].share >= 0.5 else ranked[:2]
    names = " and ".join(layer.name for layer in leading)
    total = math.fsum(layer.share for layer in leading)
    verb = "makes" if len(leading) == 1 else "make"
    text = f"{names} {verb} {total:.0%} of the distance"
    least = ranked[-1]
    if least not in leading and least.share < SMALL_SHARE:
        text += f"; {least.name}{_what_it_sees(comparison, least)} makes the least, {percent(least.share)}"
    return f"{text}."


def _what_it_sees(comparison: Comparison, layer: LayerMeasurement) -> str:
    """How much of the image a cell of a layer answers to; "" where it has no cells or no such window."""
    seen = receptive_fields(comparison.backbone)[layer.name]
    if layer.map is None or seen.kind != "cell":
        return ""
    return f", whose cells see {seen.words},"


def _outside_the_sum(layer: LayerMeasurement) -> LayerMeasurement:
    return replace(layer, share=math.nan)

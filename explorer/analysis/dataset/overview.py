"""What many pairs say together: how a metric spreads, which pairs are the farthest, what each layer makes."""

import math
from dataclasses import dataclass

import numpy as np

from explorer.analysis.dataset.values import PSNR, SCORE, Dataset, Metric
from explorer.analysis.wording import counted, decibels, percent
from explorer.names import cut, harmless

MOST_BINS = 40
MOST_DRAWN = 2000  # points of a scatter


@dataclass(frozen=True, eq=False)
class Spread:
    """One metric over all pairs.

    Attributes:
        counts: int (bins,): pairs in each bin of the finite values; empty where there is none.
        edges: float64 (bins + 1,).
        infinite: Pairs whose PSNR is infinite: they are identical.
        missing: Pairs without this number.
        mean, median: Of all that have it; infinite as soon as one is, the median where half are.
    """

    counts: np.ndarray
    edges: np.ndarray
    infinite: int
    missing: int
    mean: float
    median: float


@dataclass(frozen=True)
class LayerMean:
    """A layer's part of the mean score.

    Attributes:
        distance: Its mean over the pairs.
        share: Of the score's mean; NaN where that is 0.
    """

    name: str
    distance: float
    share: float


def spread(values: np.ndarray) -> Spread:
    """How the values of one metric spread.

    Args:
        values: float64 (pairs,); NaN is no value.
    """
    known = values[~np.isnan(values)]
    finite = known[np.isfinite(known)]
    missing, infinite = len(values) - len(known), len(known) - len(finite)
    if len(finite):
        bins = min(MOST_BINS, max(5, math.ceil(math.sqrt(len(finite)))))
        counts, edges = np.histogram(finite, bins=1 if finite.min() == finite.max() else bins)
    else:
        counts, edges = np.zeros(0, int), np.zeros(1)
    mean = float(np.mean(known)) if len(known) else math.nan
    return Spread(counts, edges, infinite, missing, mean, _median(known))


def order(dataset: Dataset, metric: Metric, farthest_first: bool = True) -> np.ndarray:
    """The pairs by a metric, int (pairs,): the farthest or the closest first, those without it last."""
    values = dataset.values[metric.key]
    is_descending = metric.is_distance == farthest_first
    with np.errstate(invalid="ignore"):
        return np.argsort(
            np.where(np.isnan(values), np.nan, -values if is_descending else values), kind="stable"
        )


def drawn(dataset: Dataset, metric: Metric, other: Metric, most: int = MOST_DRAWN) -> np.ndarray:
    """The pairs that a scatter of two metrics draws, int (points,): all, or even steps in the first's order.

    The farthest and the closest are always among them. Pairs that lack one of the numbers are not.
    """
    both = ~np.isnan(dataset.values[metric.key]) & ~np.isnan(dataset.values[other.key])
    sorted_pairs = order(dataset, metric)
    pairs = sorted_pairs[both[sorted_pairs]]
    if len(pairs) <= most:
        return pairs
    return pairs[np.unique(np.linspace(0, len(pairs) - 1, most).round().astype(int))]


def layer_means(dataset: Dataset, how: int) -> tuple[LayerMean, ...]:
    """Each layer's mean over the pairs that were measured in this way; they add up to the score's mean."""
    own = [metric for metric in dataset.metrics if metric.how == how and metric.layer]
    score = next(metric for metric in dataset.metrics if metric.how == how and metric.kind == SCORE)
    whole = float(np.nanmean(dataset.values[score.key]))
    means = [(metric.layer, float(np.nanmean(dataset.values[metric.key]))) for metric in own]
    return tuple(LayerMean(name, mean, mean / whole if whole > 0 else math.nan) for name, mean in means)


def as_text(metric: Metric, value: float) -> str:
    """A number as users read it."""
    if math.isnan(value):
        return "–"
    if metric.kind == PSNR:
        return decibels(value, "∞ dB")
    return f"{value:.4f}"


def count_of(pairs: int) -> str:
    """How many pairs, in words."""
    return counted(pairs, "pair", "pairs")


def answer(dataset: Dataset, metric: Metric) -> str:
    """One sentence: how the metric lies, which pair is the farthest by it, and which layer makes the most."""
    found, values = spread(dataset.values[metric.key]), dataset.values[metric.key]
    known = len(values) - found.missing
    if not known:
        return f"No pair has a value of {metric.label}."
    worst = int(order(dataset, metric)[0])
    name = cut(harmless(dataset.pairs[worst][1]))
    mean, median = as_text(metric, found.mean), as_text(metric, found.median)
    words = f"{count_of(known)}: {metric.label} has the mean {mean} and the median {median}"
    words += f"; the farthest is {name} with {as_text(metric, float(values[worst]))}"
    if metric.kind == SCORE:
        most = max(layer_means(dataset, metric.how), key=lambda layer: layer.distance)
        if most.share > 0:
            words += f", and {most.name} makes {percent(most.share)} of the mean"
    return f"{words}."


def _median(known: np.ndarray) -> float:
    return float(np.median(known)) if len(known) else math.nan

"""Versions of one picture on an axis for each metric, the closest at its beginning."""

import math
from dataclasses import dataclass

from explorer.analysis.candidates import PSNR, SSIM, Metric
from explorer.analysis.versions import Versions, value_text

PSNR_HELD = (50.0, 10.0)  # dB: of the axis on which all stand at one place
ROOM = 1.04  # beyond the farthest distance


@dataclass(frozen=True)
class RankAxis:
    """A metric's axis from the closest to the farthest.

    Attributes:
        metric: What stands on it.
        closest, farthest: Values at its ends.
    """

    metric: Metric
    closest: float
    farthest: float

    @property
    def ends(self) -> tuple[str, str]:
        """Both as they are written: "50 dB", "10 dB"."""
        unit = f" {self.metric.unit}" if self.metric.unit else ""
        return f"{self.closest:g}{unit}", f"{self.farthest:g}{unit}"

    def place(self, value: float | None) -> float | None:
        """Where a value stands, 0..1; one that is infinite or beyond an end stands at that end."""
        if value is None:
            return None
        if not math.isfinite(value):
            return 0.0
        part = (value - self.closest) / (self.farthest - self.closest)
        return min(1.0, max(0.0, part))


def rank_axes(versions: Versions) -> tuple[RankAxis, ...]:
    """An axis a metric that has values, the held one first: there all stand together."""
    held = versions.held
    metrics = sorted(versions.metrics, key=lambda metric: metric is not held)
    axes = []
    for metric in metrics:
        values = [value for each in versions.equal if (value := each.value(metric.name)) is not None]
        finite = [value for value in values if math.isfinite(value)]
        if finite:
            axes.append(RankAxis(metric, *_ends(metric, finite, metric is held)))
    return tuple(axes)


def _ends(metric: Metric, values: list[float], is_held: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    if metric is PSNR:
        if is_held:
            return max(PSNR_HELD[0], 5.0 * math.ceil(high / 5)), min(PSNR_HELD[1], 5.0 * math.floor(low / 5))
        return 5.0 * (math.floor(high / 5) + 1), 5.0 * (math.ceil(low / 5) - 1)
    if metric is SSIM:
        return 1.0, 0.0 if is_held and low >= 0 else round(0.05 * (math.ceil(low / 0.05) - 1), 2)
    if is_held:
        high *= 2
    if high <= 0:
        return 0.0, 1.0
    step = 10.0 ** math.floor(math.log10(high)) / 2
    return 0.0, float(f"{step * math.ceil(high * ROOM / step):.4g}")


def versions_text(versions: Versions, order: str) -> str:
    """The chart in words, for who cannot see it."""
    metric = versions.metric(order)
    listed = ", ".join(
        f"{versions.rank(each, order)} {each.entry.label} {value_text(metric, each.value(order))}"
        for each in versions.order(order)
        if versions.rank(each, order) is not None
    )
    return f"{versions.sentence} {versions.second_sentence} By {metric.label}: {listed}.".replace("  ", " ")

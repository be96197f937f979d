"""The page Match's question: how different are versions of one picture that are equal by one measure?

A version is the reference under one distortion, as strong as an `Equality` asks. What every metric says of
all of them is one frozen `Versions`, with ranks, and with the sentences that the numbers say.
"""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from explorer.analysis.candidates import PSNR, SSIM, Metric, Ranking, rank
from explorer.analysis.correlation import leads
from explorer.analysis.match import Outcome, check_target
from explorer.analysis.rulers import Ruler, read_ruler
from explorer.distortions import Distortion, Step
from explorer.distortions.base import check_severity
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method

SEVERITY, LPIPS = "severity", "lpips"
EQUAL_BY = (SEVERITY, PSNR.name, SSIM.name, LPIPS)

# How far from the target still looks like it: half of the last digit that sentences say; for a distance,
# whose values may be of any size, a share of it.
LOOKS_EQUAL: Mapping[str, float] = {PSNR.name: 0.05, SSIM.name: 0.005}
SHARE_EQUAL = 0.02
FAR = 2.0  # times as far that are worth a word

ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)


@dataclass(frozen=True)
class Equality:
    """By what versions are equal, and how much of it they have.

    Attributes:
        by: "severity", "psnr", "ssim", or "lpips", which is the score by the chosen method.
        target: The severity in 0..1, or the metric's value: decibels for PSNR.

    Raises:
        SettingError: another name, or a target that nothing can have.
    """

    by: str
    target: float

    def __post_init__(self):
        if self.by not in EQUAL_BY:
            raise SettingError(
                f"Versions cannot be equal by {self.by!r}; choose one of {', '.join(EQUAL_BY)}."
            )
        if self.by == SEVERITY:
            check_severity(self.target)
        else:
            check_target(read_ruler(self.by, Method()), self.target)

    def ruler(self, method: Method) -> Ruler | None:
        """What is tuned; None for a severity, which needs no tuning."""
        return None if self.by == SEVERITY else read_ruler(self.by, method)

    def looks_like(self, value: float) -> bool:
        """Whether a value cannot be told from the target in a sentence."""
        return abs(value - self.target) <= LOOKS_EQUAL.get(self.by, SHARE_EQUAL * abs(self.target))


@dataclass(frozen=True, eq=False)
class Version:
    """The reference under one distortion, and what every metric says of it.

    Attributes:
        step: The distortion with its values.
        seen: What it makes of the reference, no larger than it is looked at.
        psnr: In dB; infinite where nothing changed.
        ssim: None below 11 × 11 pixels.
        score: By the method, such as LPIPS.
        outcome: How near it came to the target, as of a `Match`; "reached" for a severity.
    """

    step: Step
    seen: Picture
    psnr: float
    ssim: float | None
    score: float
    outcome: Outcome = "reached"

    @property
    def name(self) -> str:
        """The distortion's, a key of the catalogue."""
        return self.step.name

    @property
    def entry(self) -> Distortion:
        """The catalogue's row."""
        return self.step.entry

    def value(self, metric: str) -> float | None:
        """By "psnr", "ssim" or "lpips"."""
        return {PSNR.name: self.psnr, SSIM.name: self.ssim, LPIPS: self.score}[metric]


@dataclass(frozen=True)
class Refusal:
    """A distortion that could not be made, and the sentence that says why."""

    name: str
    reason: str


@dataclass(frozen=True, eq=False)
class Versions:
    """All versions of a reference that were found so far.

    Attributes:
        reference: At the size that is measured.
        method: The network's metric.
        equality: By what they are equal.
        names: Of the distortions that were asked for.
        found: Those that are there, in the order asked.
        refused: Those that could not be made.
    """

    reference: Picture
    method: Method
    equality: Equality
    names: tuple[str, ...]
    found: tuple[Version, ...]
    refused: tuple[Refusal, ...] = field(default=())

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """PSNR, SSIM and the method's, whose name is "lpips" whatever it is called."""
        return PSNR, SSIM, Metric(LPIPS, self.method.name.metric)

    def metric(self, name: str) -> Metric:
        """One of them."""
        return next(metric for metric in self.metrics if metric.name == name)

    @property
    def held(self) -> Metric | None:
        """The metric by which all are equal; None for a severity."""
        return None if self.equality.by == SEVERITY else self.metric(self.equality.by)

    @property
    def is_complete(self) -> bool:
        """Whether none is to come."""
        return len(self.found) + len(self.refused) == len(self.names)

    def is_equal(self, version: Version) -> bool:
        """Whether it has what was asked for; what has not is shown, and not ranked."""
        if self.held is None:
            return True
        return version.outcome == "reached" or self.equality.looks_like(version.value(self.held.name))

    @cached_property
    def equal(self) -> tuple[Version, ...]:
        """Those that have what was asked for."""
        return tuple(filter(self.is_equal, self.found))

    @cached_property
    def ranking(self) -> Ranking:
        """The equal ones by every metric."""
        return self._ranked(self.metrics)

    def _ranked(self, metrics: Sequence[Metric]) -> Ranking:
        return rank(
            metrics,
            [version.entry.label for version in self.equal],
            [[version.value(metric.name) for metric in metrics] for version in self.equal],
        )

    @cached_property
    def _ranks(self) -> dict[str, dict[str, int | None]]:
        return {
            version.name: {
                metric.name: cell.rank for metric, cell in zip(self.metrics, row.cells, strict=True)
            }
            for version, row in zip(self.equal, self.ranking.rows, strict=True)
        }

    def rank(self, version: Version, metric: str) -> int | None:
        """Its place among the equal ones, 1 for the closest; None for another, and without a value."""
        return self._ranks.get(version.name, {}).get(metric)

    def order(self, metric: str) -> tuple[Version, ...]:
        """Closest first by a metric; those that have no rank come last, as asked."""
        return tuple(sorted(self.found, key=lambda version: self.rank(version, metric) or math.inf))

    @property
    def told(self) -> tuple[Metric, Metric]:
        """The two metrics that the sentences are about: none is the held one; the farther-reaching second."""
        free = [metric for metric in self.metrics if metric is not self.held]
        return free[-2], free[-1]

    @cached_property
    def disagreement(self) -> tuple[Version, Version] | None:
        """The two that the told metrics order most differently, first the one that is closer by the first.

        None while versions are to come, and where the metrics put all in one order.
        """
        if not self.is_complete or len(self.equal) < 2:
            return None
        first, second = ([each.value(metric.name) for each in self.equal] for metric in self.told)
        if None in first or None in second:
            return None
        one, other = (
            leads(values, metric.higher_is_closer)
            for values, metric in zip((first, second), self.told, strict=True)
        )
        # As on the page Disagree: those whose smaller lead in ranks is the largest.
        opposed = np.minimum(one, -other)
        pair = np.unravel_index(int(opposed.argmax()), opposed.shape)
        if opposed[pair] <= 0:
            return None
        return self.equal[pair[0]], self.equal[pair[1]]

    @property
    def sentence(self) -> str:
        """What they have, and how far they are from each other by the metric that matters most."""
        if not self.found:
            return ""
        _, metric = self.told
        values = [value for each in self.equal if (value := each.value(metric.name)) is not None]
        if not values:
            return self._lead
        low, high = min(values), max(values)
        if low == high:
            return f"{self._lead}{metric.label} is {said(metric, low)}."
        words = f"{metric.label} ranges from {said(metric, low)} to {said(metric, high)}"
        times = high / low if low > 0 and not metric.higher_is_closer else 0.0
        return f"{self._lead}{words}{f', {times:.0f} times as far' if times >= FAR else ''}."

    @property
    def _lead(self) -> str:
        held, count, whole = self.held, len(self.equal), len(self.found)
        if held is None:
            return f"At severity {self.equality.target:.2f}, "
        target = said(held, self.equality.target)
        what = target if held.unit else f"{held.label} {target}"
        if not count:
            return f"None of these has {what}." if self.is_complete else ""
        if not self.is_complete:
            return f"{count} so far {'has' if count == 1 else 'have'} {what}. "
        if count < whole:
            return f"{count} of these {whole} {'has' if count == 1 else 'have'} {what}. "
        return f"All of these have {what}. " if count > 1 else f"This one has {what}. "

    @property
    def second_sentence(self) -> str:
        """Where the two told metrics disagree most; "" while that is not known, and without one's values."""
        if not self.is_complete or len(self.equal) < 2:
            return ""
        first, second = self.told
        if any(each.value(first.name) is None for each in self.equal):
            return ""
        if self.disagreement is None:
            return f"{first.label} and {second.label} put them in one order."
        one, other = (f"“{each.entry.label}”" for each in self.disagreement)  # labels hold commas
        by_first, by_second = (
            [ordinal(self.rank(each, metric.name)) for each in self.disagreement] for metric in self.told
        )
        return (
            f"{first.label} disagrees: it puts {one} {by_first[0]} and {other} {by_first[1]}; "
            f"{second.label} puts {other} {by_second[1]} and {one} {by_second[0]}."
        )

    def to_dicts(self) -> list[dict[str, Any]]:
        """Plain values for JSON, a version each, as asked; an infinite PSNR and a missing SSIM are None."""
        return [self._to_dict(version) for version in self.found]

    def _to_dict(self, version: Version) -> dict[str, Any]:
        values = {metric.name: version.value(metric.name) for metric in self.metrics}
        plain = {
            name: {
                "value": value if value is not None and math.isfinite(value) else None,
                "rank": self.rank(version, name),
            }
            for name, value in values.items()
        }
        held = None if self.held is None else plain[self.held.name]["value"]
        return version.step.to_dict() | {"value": held, "outcome": version.outcome} | plain

    def remark(self, version: Version) -> str:
        """How near it came, where it was not reached to the last digit; else ""."""
        value = self.nearest(version)
        return value and {"nearest step": f"nearest step {value}"}.get(
            version.outcome, f"out of reach; nearest {value}"
        )

    def nearest(self, version: Version) -> str:
        """The value to which it came, where it was not reached to the last digit; else ""."""
        if version.outcome == "reached" or self.held is None:
            return ""
        return value_text(self.held, version.value(self.held.name))


def said(metric: Metric, value: float) -> str:
    """A value as a sentence says it."""
    if not math.isfinite(value):
        return "infinity"
    if metric.unit:
        return f"{value:.1f} {metric.unit}"
    return f"{value:.3f}" if abs(value) >= 0.01 or metric.higher_is_closer else f"{value:.4f}"


def value_text(metric: Metric, value: float | None) -> str:
    """A value as it is shown beside a picture."""
    if value is None:
        return "–"
    unit = f" {metric.unit}" if metric.unit else ""
    if not math.isfinite(value):
        return f"∞{unit}"
    return f"{value:.{2 if metric.unit else 4}f}{unit}"


def ordinal(place: int) -> str:
    """A rank in a sentence: "third", "23rd"."""
    return ORDINALS[place - 1] if place <= len(ORDINALS) else short_ordinal(place)


def short_ordinal(place: int) -> str:
    """A rank beside a number: "3rd"."""
    last = place % 10 if place % 100 // 10 != 1 else 0
    return f"{place}{('th', 'st', 'nd', 'rd')[last] if last < 4 else 'th'}"


def to_csv(versions: Versions) -> str:
    """A row a version: distortion, its values as a recipe, how near it came, value and rank by each metric.

    Numbers have all their digits; an infinite PSNR is "inf". What is not equal has no rank.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    titles = [title for metric in versions.metrics for title in (metric.name, f"{metric.name} rank")]
    titles[-2:] = ["score", "score rank"]
    writer.writerow(("distortion", "recipe", "outcome", *titles))
    for version in versions.found:
        cells = [
            entry
            for metric in versions.metrics
            for entry in (version.value(metric.name), versions.rank(version, metric.name))
        ]
        writer.writerow((version.name, version.step.to_link(), version.outcome, *cells))
    return stream.getvalue()

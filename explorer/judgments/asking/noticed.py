"""From which severity on a person notices a distortion, and what metrics say there."""

import csv
import io
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from explorer.analysis.candidates import PSNR as PSNR_METRIC
from explorer.analysis.candidates import Metric
from explorer.analysis.cost import rulers_bytes
from explorer.analysis.rulers import PSNR, Ruler, is_similarity, label_of, text_of, values
from explorer.analysis.version_grid import Make
from explorer.analysis.versions import value_text
from explorer.distortions import Distortion, Recipe, Step, distorted, find_distortion
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.judgments.asking.threshold import SEVERITIES, WEAKEST, Detection, Estimate
from explorer.judgments.judgment import scene_of
from explorer.names import as_cell

COLUMNS = ("answer", "scene", "condition", "severity", "distorted", "chosen", "is_right")

Place = Literal["within", "below", "above"]


@dataclass(frozen=True)
class MetricThere:
    """What one metric says at a threshold.

    Attributes:
        ruler: The metric.
        value: At the threshold.
        ends: At the ends of its interval, the weaker severity first; where an end is beyond what can be
            shown, at the weakest or the strongest that can. None where the threshold itself is beyond.
    """

    ruler: Ruler
    value: float
    ends: tuple[float, float] | None

    @property
    def label(self) -> str:
        """The metric's."""
        return label_of(self.ruler)

    @property
    def direction(self) -> str:
        """How to read a value."""
        return "higher is closer" if is_similarity(self.ruler) else "lower is closer"

    @property
    def texts(self) -> tuple[str, str]:
        """The value as it is shown, and those at the ends, as in "34.10 to 38.92 dB", or ""."""
        metric = PSNR_METRIC if self.ruler == PSNR else Metric(text_of(self.ruler), self.label)
        if self.ends is None:
            return value_text(metric, self.value), ""
        low, high = (value_text(metric, each) for each in sorted(self.ends))
        return value_text(metric, self.value), f"{low.removesuffix(f' {metric.unit}')} to {high}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what is infinite, the PSNR of equal pictures, is None."""
        value, *ends = (each if np.isfinite(each) else None for each in (self.value, *(self.ends or ())))
        return {"metric": text_of(self.ruler), "value": value, "ends": ends or None}


@dataclass(frozen=True, eq=False)
class Noticed:
    """What a person's answers say of one distortion of a picture.

    Attributes:
        reference: At the size at which it was shown.
        distortion: A key of the catalogue.
        seed: Of its pattern, and of the sides.
        answers: In their order.
        estimate: What they say.
        weakest: The weakest severity that was to be shown, as `weakest_of` finds it.
    """

    reference: Picture
    distortion: str
    seed: int
    answers: tuple[Detection, ...]
    estimate: Estimate
    weakest: float = WEAKEST

    @property
    def entry(self) -> Distortion:
        """The catalogue's row."""
        return find_distortion(self.distortion)

    @property
    def place(self) -> Place:
        """Whether the threshold is a severity that could be shown."""
        if not self.estimate.is_reached:
            return "above"
        return "below" if self.estimate.severity < self.weakest else "within"

    @property
    def is_open(self) -> bool:
        """Whether the threshold's interval reaches beyond what could be shown."""
        return self.estimate.low < self.weakest or self.estimate.high > 1

    @property
    def step(self) -> Step:
        """The distortion at the threshold, or at the end of what could be shown."""
        return self.step_near(self.estimate.severity)

    def step_near(self, severity: float) -> Step:
        """The distortion at a severity, or at the end of what could be shown."""
        return step_at(self.entry, max(severity, self.weakest), self.seed)

    @property
    def heading(self) -> str:
        """Where metrics are asked."""
        return {"above": "At its strongest", "below": "At its weakest"}.get(self.place, "At the threshold")

    @property
    def about_metrics(self) -> str:
        """What their values are of."""
        if self.place == "above":
            return "What metrics say of what you mostly do not notice."
        if self.place == "below":
            return "What metrics say of the weakest that there is, which you notice all the same."
        if self.is_open:
            return (
                "What metrics say of what you only just notice, and at the ends of the interval, or at the "
                "weakest and the strongest that there is."
            )
        return "What metrics say of what you only just notice, and at the ends of the interval."

    @property
    def sentence(self) -> str:
        """The threshold in words."""
        what, found = f"{self.entry.in_text} on {self.reference.name}", self.estimate
        if self.place == "above":
            return f"Even at its strongest you mostly do not notice {what}."
        if self.place == "below":
            ends = "is shown" if self.weakest == WEAKEST else "changes a pixel"
            return f"You notice {what} even at severity {said(self.weakest)}, the weakest that {ends}."
        return f"You notice {what} from severity {said(found.severity)} on: {self.step.label}."

    @property
    def second_sentence(self) -> str:
        """How sure that is, and from how many answers."""
        found = self.estimate
        right = sum(answer.is_right for answer in self.answers)
        of = f"{right} of {len(self.answers)} answers were right"
        if self.place != "within":
            return f"{of}."
        low, high = found.low, found.high
        weak, strong = (step_at(self.entry, each, self.seed).label for each in (low, high))
        where = f"between {said(low)} and {said(high)} ({weak}; {strong})"
        if high > 1:
            where = f"above {said(low)} ({weak}), perhaps beyond the strongest that there is"
        elif low < self.weakest:
            where = f"below {said(high)} ({strong}), perhaps beyond the weakest that there is"
        return f"With a probability of 95% it lies {where}. {of}."

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        found, is_within = self.estimate, self.place == "within"
        return {
            "reference": {"name": self.reference.name, "digest": self.reference.digest},
            "size": list(self.reference.size),
            "distortion": self.distortion,
            "seed": self.seed,
            "place": self.place,
            "threshold": found.severity if is_within else None,
            "interval": [found.low, found.high] if is_within else None,
            "weakest": self.weakest,
            "slope": found.slope,
            "lapse": found.lapse,
            "step": self.step.to_dict(),
            "answers": len(self.answers),
        }


def said(severity: float) -> str:
    """A severity as a sentence says it."""
    return f"{severity:.2g}"


def step_at(entry: Distortion, severity: float, seed: int) -> Step:
    """A distortion at a severity, which may lie beyond the strongest that there is."""
    return Step.at(entry.name, min(severity, 1.0), entry.seed_of(seed))


def weakest_of(reference: Picture, entry: Distortion, seed: int, make: Make = distorted) -> float:
    """The weakest of `SEVERITIES` that changes a pixel; below it nobody can tell the two pictures apart.

    It is found by bisection, for a stronger distortion changes what a weaker one does.

    Raises:
        SettingError: even the strongest changes nothing, or it cannot be made.
    """

    def changes(severity: float) -> bool:
        made = make(reference, Recipe((step_at(entry, severity, seed),)))
        return not np.array_equal(made.pixels, reference.pixels)

    if changes(WEAKEST):
        return WEAKEST
    if not changes(1.0):
        raise SettingError(
            f"{entry.label} changes no pixel of {reference.name}, even at its strongest; choose another "
            "distortion or another reference."
        )
    return float(SEVERITIES[bisect_left(SEVERITIES, True, key=changes)])


def metrics_task(found: Noticed, rulers: Sequence[Ruler], make: Make = distorted) -> Task[MetricThere]:
    """Measure what is just noticed by several metrics, one of them a result, in the background."""

    def work(job: Job[MetricThere]) -> None:
        reference, estimate = found.reference, found.estimate
        severities = [estimate.severity]
        if found.place == "within":
            severities += [estimate.low, estimate.high]
        pictures = [make(reference, Recipe((found.step_near(severity),))) for severity in severities]
        for ruler in rulers:
            value, *ends = values(ruler, reference, pictures)
            job.add(MetricThere(ruler, value, (ends[0], ends[1]) if ends else None))

    return Task(
        "Measuring at the threshold",
        work,
        size=rulers_bytes(rulers, found.reference.size) + 3 * found.reference.pixels.nbytes,
        total=len(rulers),
        unit="metrics",
    )


def answers_csv(found: Noticed) -> str:
    """A row an answer, in their order, under `COLUMNS`; a condition is a recipe as in a link."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    scene = as_cell(scene_of(found.reference))
    for number, answer in enumerate(found.answers, start=1):
        condition = step_at(found.entry, answer.severity, found.seed).to_link()
        told = repr(answer.severity), answer.distorted, answer.chosen, int(answer.is_right)
        writer.writerow((number, scene, condition, *told))
    return stream.getvalue()

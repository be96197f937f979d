"""What files tell of a journey: a frozen copy of what was made so far, and how it can be made again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from explorer.analysis.rulers import CLASSIC, PSNR, SSIM, Ruler, text_of
from explorer.analysis.wording import decibels
from explorer.backbones import find_device, graph_of
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import LayerMeasurement, Measurement, Method
from explorer.metrics.provenance import citation_of
from explorer.metrics.results import Identity
from explorer.names import cut
from explorer.synthesis.journey import Frame, Journey

ANOTHER = 0.1  # of the largest score: rounding to 8 bits moves a score by less than this


@dataclass(frozen=True)
class Told:
    """What is said of a journey beside its pictures and numbers.

    Attributes:
        mode: Which question it answers, as a link has it.
        settings: What was chosen, as a link has it.
        seed: Of what was random.
        sentence: The answer; "" for none.
        labels: What runs are called, by their names; those that are left out are called by these.
        question: The mode as the page calls it; "" for its name.
    """

    mode: str
    settings: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    sentence: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    question: str = ""


@dataclass(frozen=True, eq=False)
class Course:
    """One run, as far as it came.

    Attributes:
        name, label: Of the run.
        values: What it lowers or raises, a value a step, from 0 on: before its picture is rounded, but in
            the verdict's search after it.
        frames: Those that stay, and the last one, by their steps; one at least.
        said: What witnesses say, by step.
    """

    name: str
    label: str
    values: tuple[float, ...]
    frames: tuple[Frame, ...]
    said: Mapping[int, Mapping[Ruler, float]]

    @property
    def stays(self) -> bool:
        """Whether it is one picture that others are held against."""
        return len(self.frames) == 1

    def value(self, ruler: Ruler, frame: Frame) -> float | None:
        """What a metric says of a frame; None where it was not asked."""
        found = frame.standing.values.get(ruler)
        return self.said.get(frame.step, {}).get(ruler) if found is None else found


@dataclass(frozen=True, eq=False)
class Account:
    """All that files tell.

    Attributes:
        title: What was done.
        told: What else is said of it.
        reference: At the size that is measured.
        method: By which layers and maps are told.
        witnesses: Other metrics, which were asked of the first and the last frame of each run.
        courses: The runs.
    """

    title: str
    told: Told
    reference: Picture
    method: Method
    witnesses: tuple[Ruler, ...]
    courses: tuple[Course, ...]

    @classmethod
    def of(cls, journey: Journey, told: Told) -> "Account":
        """Of what was made so far; a job that goes on changes nothing in it.

        Raises:
            SettingError: nothing was made yet.
        """
        plan, said = journey.plan, dict(journey.said)
        # What stands in `Standing` already is no witness.
        witnesses = tuple(each for each in plan.witnesses if each not in (*CLASSIC, plan.method))
        courses = []
        for name in journey.runs:
            frames = journey.frames(name)
            if frames:
                values = tuple(journey.curves[name][: frames[-1].step + 1])
                own = {
                    step: {ruler: value for ruler, value in found.items() if ruler in witnesses}
                    for (run, step), found in said.items()
                    if run == name
                }
                label = told.labels.get(name, name.capitalize())
                courses.append(Course(name, label, values, frames, own))
        if not courses:
            raise SettingError("There is nothing to save yet; run it first.")
        return cls(plan.label, told, plan.reference, plan.method, witnesses, tuple(courses))

    @property
    def mode(self) -> str:
        """The question, as the page calls it."""
        return self.told.question or self.told.mode

    @property
    def moves_another(self) -> bool:
        """Whether what runs lower or raise is something else than the method's score, such as one layer's."""
        pairs = [
            (course.values[frame.step], frame.standing.values[self.method])
            for course in self.courses
            for frame in course.frames
        ]
        largest = max(score for _, score in pairs)
        return any(abs(value - score) > ANOTHER * largest for value, score in pairs)

    @property
    def steps(self) -> int:
        """The farthest that a run has come."""
        return max(course.frames[-1].step for course in self.courses)

    @property
    def rulers(self) -> tuple[Ruler, ...]:
        """Every metric that says something, the method first."""
        return (self.method, PSNR, SSIM, *self.witnesses)

    def measurement(self, course: Course, frame: Frame) -> Measurement:
        """A frame's numbers as the other pages' files have them."""
        method, standing, reference = self.method, frame.standing, self.reference
        graph, maps = graph_of(method.row), standing.maps
        grids = graph.grids(reference.size)
        score = standing.values[method]
        layers = tuple(
            LayerMeasurement(
                name,
                graph.channels(name),
                grids[name],
                distance,
                distance / score if score > 0 else float("nan"),
                None if maps is None else maps[name],
            )
            for name, distance in zip(method.layers, standing.distances, strict=True)
        )
        ssim = standing.values[SSIM]
        called = f"{reference.name}, {course.label.lower()}, step {frame.step}"
        return Measurement(
            score=score,
            layers=layers,
            psnr=standing.values[PSNR],
            ssim=float("nan") if ssim is None else ssim,
            backbone=method.backbone,
            heads=method.heads,
            weights=method.weights,
            device=find_device(method.device),
            precision=method.precision,
            size=reference.size,
            notes=tuple(replace(note, role="reference") for note in reference.notes),
            reference=Identity.of(reference),
            distorted=replace(Identity.of(frame.picture), name=called),
            given=reference.size,
            longest_side=None,
        )

    @property
    def last(self) -> Measurement:
        """Of the first run's last frame: what all frames have in common stands in it as well."""
        return self.measurement(self.courses[0], self.courses[0].frames[-1])

    @property
    def recipe(self) -> str:
        """How it can be made again, in one line."""
        chosen = ", ".join(
            f"{name.removeprefix('duel_').replace('_', ' ')} {value}"
            for name, value in self.told.settings.items()
        )
        return (
            f"Made by the gradient of a metric, on the page Duel, {self.mode}: {self.title}; reference "
            f"{cut(self.reference.name)}; {self.steps} steps, seed {self.told.seed}"
            f"{f'; {chosen}' if chosen else ''}."
        )

    @property
    def citation(self) -> str:
        """What its numbers were measured with, in the line that all files have."""
        return citation_of(self.last)


def written(ruler: Ruler, value: float | None) -> str:
    """A metric's value as users read it; "" where it was not asked."""
    if value is None:
        return ""
    return decibels(value) if ruler == PSNR else f"{value:.4f}"


def column_of(ruler: Ruler) -> str:
    """What a metric is called in tables: "psnr", "alexnet:lpips-0.1.score"."""
    return f"{text_of(ruler)}.score" if isinstance(ruler, Method) else text_of(ruler)

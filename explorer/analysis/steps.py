"""The Distort question: what does each step of a recipe do to the picture, and to the distance?

A step's *part* is the score after it less the score before it, and may be negative: a blur can take noise
away again. The parts of all steps sum to the score. They depend on the order: the same step has another part
where others come before it, so a part says what the step did here, and not what it does.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from explorer.analysis.candidate_maps import PixelMaps, PlacedLayerMaps, pixel_maps, placed_layer_maps
from explorer.analysis.cost import peak_bytes
from explorer.analysis.wording import decibels, listed
from explorer.backbones import HEADS, graph_of
from explorer.distortions import Recipe
from explorer.distortions.pictures import made_by
from explorer.distortions.process import COPIES, TICKS, Advance
from explorer.errors import ExplorerError
from explorer.images import Picture, measured_size
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Comparison, Measurement, Method, compare
from explorer.metrics.results import finite

DIGITS = 4  # behind the point of a score as it is shown


@dataclass(frozen=True, eq=False)
class AfterStep:
    """What was measured of the reference and the picture after a step.

    Attributes:
        measurement: The score after the step, with its layers, PSNR (dB) and SSIM.
        look: The picture at the measured size, with its pixel maps, for looking at.
        maps: The layers' maps, for looking at; None for a metric without maps.
    """

    measurement: Measurement
    look: PixelMaps
    maps: PlacedLayerMaps | None

    @property
    def score(self) -> float:
        """0 for what equals the reference."""
        return self.measurement.score

    @property
    def bytes(self) -> int:
        """Of memory."""
        return self.look.bytes + (self.maps.bytes if self.maps else 0)


@dataclass(frozen=True, eq=False)
class StepLedger:
    """A recipe, opened: what each of its steps that are on adds to the distance.

    Attributes:
        recipe: Whole; steps that are off have no part.
        method: By which it was measured.
        found: After each step that is on, in their order; fewer while some are still to come.
    """

    recipe: Recipe
    method: Method
    found: tuple[AfterStep, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """Number in the recipe, from 1, of each step that is on."""
        return tuple(number for number, step in enumerate(self.recipe, start=1) if step.is_on)

    @property
    def is_complete(self) -> bool:
        """Whether all steps that are on were measured."""
        return len(self.found) == len(self.places)

    @property
    def scores(self) -> tuple[float, ...]:
        """After each step that was measured."""
        return tuple(each.score for each in self.found)

    @property
    def parts(self) -> tuple[float, ...]:
        """Of each step: the score after it less the score before it; their sum is the last score."""
        before = (0.0, *self.scores)
        return tuple(after - first for after, first in zip(self.scores, before, strict=False))

    @property
    def shown_scores(self) -> tuple[str, ...]:
        """The scores as they are shown."""
        return tuple(f"{score:.{DIGITS}f}" for score in self.scores)

    @property
    def shown_parts(self) -> tuple[str, ...]:
        """The parts as they are shown, with their sign: the differences of the scores as these are shown.

        So the parts on a screen sum to the score beside them, to its last digit; rounded ones may miss it.
        """
        scores = [Decimal(0), *map(Decimal, self.shown_scores)]
        return tuple(signed(after - before) for before, after in pairwise(scores))

    @property
    def sentence(self) -> str:
        """What the parts say, in one sentence; "" while some are still to come."""
        steps = self.recipe.active
        if not steps:
            return "All steps are switched off, so the picture is the reference itself."
        if not self.is_complete:
            return ""
        total, metric = self.shown_scores[-1], self.found[-1].measurement.name.metric
        if not any(self.parts):
            return f"The steps change nothing that {metric} sees."
        shown = [Decimal(part.replace("−", "-")) for part in self.shown_parts]
        if not any(shown):
            return f"The steps change {metric} by less than its last digit here shows."
        if len(steps) == 1:
            return f"All of the distance, {total}, comes from {steps[0].entry.in_text}."
        largest = max(range(len(steps)), key=lambda place: (shown[place], self.parts[place]))
        most = self.shown_parts[largest].lstrip("+")
        text = f"Step {self.places[largest]} ({steps[largest].entry.label}) adds the most, {most}"
        lowering = [place for place, part in enumerate(self.shown_parts) if part.startswith("−")]
        if not lowering:
            return f"{text} of {total}."
        away = sum(Decimal(self.shown_parts[place].lstrip("−")) for place in lowering)
        if len(lowering) == 1:
            label = steps[lowering[0]].entry.label
            who = f"step {self.places[lowering[0]]} ({label}) takes"
        else:
            who = f"steps {listed([str(self.places[place]) for place in lowering])} take"
        return f"{text}; {who} {away} away, which leaves {total}."

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """A row a step that was measured, as shown: number and name, score, part, PSNR, SSIM."""
        return tuple(
            (
                f"{number} · {step.entry.label}",
                score,
                part,
                decibels(each.measurement.psnr, "∞ dB"),
                f"{each.measurement.ssim:.{DIGITS}f}",
            )
            for number, step, each, score, part in zip(
                self.places, self.recipe.active, self.found, self.shown_scores, self.shown_parts, strict=False
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, as docs/files.md describes them; an infinite PSNR is None."""
        measured = iter(zip(self.found, self.parts, strict=True))
        return {
            "recipe": [step.to_dict() for step in self.recipe],
            "method": self.method.to_dict(),
            "score": self.scores[-1] if self.found else 0.0,
            "steps": [_entry(number, next(measured, None)) for number in self.places],
        }

    def table(self) -> list[list[str]]:
        """A header, then a row a step of the recipe, also of those that are off, whose numbers are empty.

        Numbers are written with all their digits, an infinite PSNR as "inf".
        """
        header = ["step", "name", "on", "values", "seed", "score", "part", "psnr", "ssim"]
        measured = dict(zip(self.places, zip(self.found, self.parts, strict=False), strict=False))
        rows = [header]
        for number, step in enumerate(self.recipe, start=1):
            values = "; ".join(f"{name}={value!r}" for name, value in step.values or ())
            row = [str(number), step.name, str(int(step.is_on)), values, str(step.seed)]
            if number in measured:
                after, part = measured[number]
                numbers = (after.score, part, after.measurement.psnr, after.measurement.ssim)
                rows.append([*row, *map(repr, numbers)])
            else:
                rows.append([*row, *[""] * 4])
        return rows

    def to_csv(self) -> str:
        """`table` as a file."""
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(self.table())
        return stream.getvalue()


def _entry(number: int, measured: tuple[AfterStep, float] | None) -> dict[str, Any]:
    """One step that is on, as JSON; its numbers are None while they are to come."""
    if measured is None:
        return {"step": number, **dict.fromkeys(("part", "score", "psnr", "ssim", "digest"))}
    after, part = measured
    return {
        "step": number,
        "part": part,
        "score": after.score,
        "psnr": finite(after.measurement.psnr),
        "ssim": after.measurement.ssim,
        "digest": after.measurement.distorted.digest,
    }


def signed(number: Decimal) -> str:
    """A part as it is shown: "+0.0312", "−0.0020", and "0.0000" for none."""
    sign = {True: "+", False: "−"}[number > 0] if number else ""
    return f"{sign}{abs(number):.{DIGITS}f}"


def after_step(reference: Picture, picture: Picture, found: Comparison, method: Method) -> AfterStep:
    """Arrange what was measured of a picture.

    Args:
        reference, picture: As given, of one size.
        found: Of the two, with the method's heads and layers among its own.
    """
    has_maps = HEADS[method.heads].has_maps
    maps = placed_layer_maps(reference, picture, None, found, method) if has_maps else None
    _, _, look = pixel_maps(reference, picture, None, method.size)
    return AfterStep(found.measurement(method.heads, method.layers), look, maps)


def step_ledger(reference: Picture, recipe: Recipe, method: Method) -> StepLedger:
    """Measure the picture after each step of a recipe; the reference passes through the network once.

    Raises:
        SettingError: a step cannot be done to this picture.
        ImageError: a side is below the network's smallest, or the pair does not fit in memory.
        WeightsError: a weights file is missing or damaged.
    """
    found, pixels = [], reference.pixels
    for count, step in enumerate(recipe.active, start=1):
        pixels = step.apply(pixels)
        picture = made_by(reference, Recipe(recipe.active[:count]), pixels)
        comparison = compare(reference, picture, method, siblings=True)
        found.append(after_step(reference, picture, comparison, method))
    return StepLedger(recipe, method, tuple(found))


Found = tuple[int, AfterStep | ExplorerError]  # by the step's number among those that are on, from 1


def steps_task(
    reference: Picture,
    recipe: Recipe,
    method: Method,
    first: int,
    make: Callable[[int, Advance], Iterator[tuple[int, Picture]]],
    compare: Callable[[Picture, Progress], Comparison],
) -> Task[Found]:
    """Measure a recipe's steps in the background, each a result at once; a step that fails is the last.

    Args:
        reference: As given.
        method: At the size that is measured.
        first: The first step to be measured, of those that are on, from 1.
        make: Makes the pictures after the steps from a number on, and tells how many steps are finished.
        compare: Measures a picture beside the reference by the method, with its siblings.
    """
    count = len(recipe.active)
    size = measured_size(reference.size, method.size)

    def work(job: Job[Found]) -> None:
        place = first - 1

        # To make a step's picture takes the first half of its ticks, to measure it the other.
        def making(finished: float) -> None:  # of all steps; those before the first are made on the way
            part = min(1.0, max(0.0, finished - place))
            job.advance(int(TICKS * (place + part / 2)), TICKS * count)

        def measuring(step: int, steps: int) -> None:
            if step < steps:
                job.advance(int(TICKS * (place + (1 + step / steps) / 2)), TICKS * count)

        try:
            for number, picture in make(first, making):
                place = number - 1
                job.keep((number, after_step(reference, picture, compare(picture, measuring), method)))
                place = number
                job.advance(TICKS * number, TICKS * count)
        except ExplorerError as error:
            job.keep((place + 1, error))

    return Task(
        "Measuring the steps",
        work,
        size=peak_bytes(graph_of(method.row), size) + COPIES * reference.pixels.nbytes,
        total=TICKS * count,
        unit="steps",
        amount=lambda ticks: str(ticks // TICKS),
    )

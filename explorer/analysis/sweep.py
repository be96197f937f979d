"""Curves over strength: one distortion from weak to strong, and what every metric says at each step."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np

from explorer.analysis.rulers import PSNR, SSIM
from explorer.cores import on_all_cores
from explorer.distortions import Distortion, Recipe, Step, distorted, find_distortion
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.classic_batch import psnr_and_ssim_of
from explorer.metrics.memory import enough_memory
from explorer.metrics.perceptual import LayerMaps
from explorer.metrics.scores import terms_on, together_on

FEWEST, MOST = 2, 201  # points of a curve
USUAL_POINTS = 21
OTHERS_AT = 0.5  # the severity whose values the other parameters have, where one is swept

CLEAR_PSNR = 50.0  # dB, from which on a difference is hardly seen
TURN = 0.02  # of a curve's range: it has turned where it goes back by more
REST = 0.05  # of a curve's range: it is saturated where no more is left to come


@dataclass(frozen=True)
class Axis:
    """What stands on x: severity, or one physical parameter.

    Attributes:
        name: "severity", or the parameter's name.
        unit: The parameter's; "" for severity.
        values: Ascending or descending.
        steps: The distortion at each.
        weakens: Whether it goes from strong to weak, as a quality does that grows.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    steps: tuple[Step, ...]
    weakens: bool = False

    @property
    def distortion(self) -> Distortion:
        """The catalogue's row."""
        return self.steps[0].entry

    def text(self, place: int) -> str:
        """A place on it as people write it: "severity 0.5", "σ 1.5% of side"."""
        value = self.values[place]
        rows = {row.name: row for row in self.distortion.parameters}
        return rows[self.name].text(value) if self.name in rows else f"{self.name} {value:g}"

    @property
    def label(self) -> str:
        """As a chart's axis is called."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True, eq=False)
class Point:
    """One step of a sweep.

    Attributes:
        place: Which of the axis' steps.
        psnr: In dB; infinite where nothing changed.
        ssim: None below 11 x 11 pixels.
        distances: For each method a distance a layer, which sum to its score.
        maps: For each method its layers' maps on their own grids, whose means these are; None for a metric
            without maps. Not kept unless they are asked for.
        picture: What was measured; likewise.
    """

    place: int
    psnr: float
    ssim: float | None
    distances: tuple[tuple[float, ...], ...]
    maps: tuple[LayerMaps | None, ...] = ()
    picture: Picture | None = None

    @property
    def scores(self) -> tuple[float, ...]:
        """Of each method."""
        return tuple(math.fsum(own) for own in self.distances)


@dataclass(frozen=True, eq=False)
class Sweep:
    """All points of a distortion of one reference.

    Attributes:
        reference: At the size that was measured.
        axis: What stands on x.
        methods: The networks' metrics, beside PSNR and SSIM.
        points: In the axis' order; fewer where it was cancelled.
    """

    reference: Picture
    axis: Axis
    methods: tuple[Method, ...]
    points: tuple[Point, ...]

    def __repr__(self) -> str:
        curves = ", ".join(self.curves())
        return (
            f"<Sweep of {self.axis.distortion.name} by {self.axis.name}, {len(self.points)} points: {curves}>"
        )

    def picture(self, place: int) -> Picture:
        """What a step makes of the reference, when it is asked for: many would fill the memory."""
        return distorted(self.reference, Recipe((self.axis.steps[place],)))

    @property
    def x(self) -> np.ndarray:
        """The axis' values at the points, (n,)."""
        return np.array([self.axis.values[point.place] for point in self.points])

    @property
    def psnr(self) -> np.ndarray:
        """In dB, (n,); infinite where nothing changed."""
        return np.array([point.psnr for point in self.points])

    @property
    def ssim(self) -> np.ndarray:
        """(n,); NaN where there is none."""
        return np.array([math.nan if point.ssim is None else point.ssim for point in self.points])

    def scores(self, place: int = 0) -> np.ndarray:
        """Of the method at this place, (n,)."""
        return np.array([point.scores[place] for point in self.points])

    def distances(self, place: int = 0) -> np.ndarray:
        """A row a point and a column a layer of the method at this place; rows sum to the scores."""
        return np.array([point.distances[place] for point in self.points])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an infinite PSNR, and an SSIM that there is none of, are None."""
        width, height = self.reference.size
        return {
            "distortion": self.axis.distortion.name,
            "axis": self.axis.name,
            "unit": self.axis.unit,
            "reference": self.reference.name,
            "size": [width, height],
            "methods": [method.to_dict() for method in self.methods],
            "points": [
                {
                    self.axis.name: self.axis.values[point.place],
                    "step": self.axis.steps[point.place].to_dict(),
                    "psnr": point.psnr if math.isfinite(point.psnr) else None,
                    "ssim": point.ssim,
                    "methods": [
                        {"score": score, "layers": dict(zip(method.layers, own, strict=True))}
                        for method, score, own in zip(
                            self.methods, point.scores, point.distances, strict=True
                        )
                    ],
                }
                for point in self.points
            ],
        }

    def table(self) -> list[list[str]]:
        """A header, then a row a point: the distortion as it is there, PSNR and SSIM, scores and layers.

        Numbers are written with all their digits, an infinite PSNR as "inf", what there is none of as "".
        """
        own = [
            [f"{method.text}.score", *(f"{method.text}.{layer}.distance" for layer in method.layers)]
            for method in self.methods
        ]
        names = [parameter.name for parameter in self.axis.distortion.parameters]
        first = ["severity"] if self.axis.name == "severity" else []
        size = [str(side) for side in self.reference.size]
        head = ["distortion", *first, *names, "seed", "size.width", "size.height", "psnr", "ssim"]
        rows = [[*head, *(name for each in own for name in each)]]
        for point in self.points:
            step = self.axis.steps[point.place]
            values = [repr(value) for _, value in step.values] if step.values else [""] * len(names)
            terms = [
                number
                for score, layers in zip(point.scores, point.distances, strict=True)
                for number in (score, *layers)
            ]
            ssim = "" if point.ssim is None else repr(point.ssim)
            severity = [repr(self.axis.values[point.place])] * len(first)
            before = [step.name, *severity, *values, str(step.seed), *size, repr(point.psnr), ssim]
            rows.append([*before, *map(repr, terms)])
        return rows

    def marks(self) -> dict[str, "tuple[Mark, ...]"]:
        """Where each of the curves turns or saturates, as the distortion grows stronger.

        PSNR counts from `CLEAR_PSNR` on: what nobody sees would make most of its range.
        """
        curves = self.curves() | {PSNR: np.minimum(self.psnr, CLEAR_PSNR)}
        return {name: marks(curve, self.axis.weakens) for name, curve in curves.items()}

    def curves(self) -> dict[str, np.ndarray]:
        """Every metric's values by its label: PSNR, SSIM, then the methods."""
        own = {method.label: self.scores(place) for place, method in enumerate(self.methods)}
        return {PSNR: self.psnr, SSIM: self.ssim} | own


@dataclass(frozen=True)
class Mark:
    """A place of a curve that deserves a word.

    Attributes:
        kind: "turns" where the curve goes back from there on; "saturates" where hardly anything follows.
        place: Which point.
    """

    kind: Literal["turns", "saturates"]
    place: int


def severity_axis(name: str, count: int = USUAL_POINTS, seed: int = 0) -> Axis:
    """Severities from 0 to 1 in equal steps.

    Args:
        name: A key of the catalogue.
        count: Of points.
        seed: Of a random distortion: one pattern, at all strengths.

    Raises:
        SettingError: an unknown name, or too few or too many points.
    """
    check_count(count)
    values = tuple(np.linspace(0, 1, count).tolist())
    return Axis("severity", "", values, tuple(Step.at(name, value, seed) for value in values))


def parameter_axis(
    name: str,
    parameter: str,
    start: float | None = None,
    stop: float | None = None,
    count: int = USUAL_POINTS,
    seed: int = 0,
    others: Mapping[str, Any] | None = None,
) -> Axis:
    """One physical parameter from `start` to `stop` in equal steps, each value once where it is whole.

    Args:
        name: A key of the catalogue.
        parameter: The name of one of its parameters.
        start, stop: In its unit; None is where its severities begin and end, from weak to strong.
        count: Of points, at most.
        seed: Of a random distortion.
        others: Values of its other parameters; what is not given is as at severity 0.5.

    Raises:
        SettingError: an unknown name, a value that is none or out of range, or `start` equal to `stop`.
    """
    check_count(count)
    entry = find_distortion(name)
    rows = {row.name: row for row in entry.parameters}
    if parameter not in rows:
        raise SettingError(f"{name} has no parameter {parameter!r}; it takes {entry.ranges}.")
    row = rows[parameter]
    ends = row.at(0.0), row.at(1.0)
    start, stop = (_number(given, end, row.name) for given, end in zip((start, stop), ends, strict=True))
    values = np.linspace(start, stop, count)
    if row.whole:
        values = np.array(list(dict.fromkeys(np.rint(values).tolist())))
    if len(np.unique(values)) < FEWEST:
        raise SettingError(
            f"From {start:g} to {stop:g} there is only one {row.name}; choose ends that are farther apart."
        )
    rest = {each.name: each.at(OTHERS_AT) for each in entry.parameters} | dict(others or {})
    steps = tuple(Step(name, rest | {parameter: value}, seed) for value in values.tolist())
    weakens = (stop - start) * (ends[1] - ends[0]) < 0
    return Axis(row.name, row.unit, tuple(values.tolist()), steps, weakens)


def measured(reference: Picture, axis: Axis, methods: Sequence[Method]) -> Iterator[Point]:
    """Measure the steps of an axis in their order; errors as `measured_steps`.

    Args:
        reference: At the size that is measured.
    """
    return measured_steps(reference, axis.steps, methods)


def measured_steps(
    reference: Picture, steps: Sequence[Step], methods: Sequence[Method], with_pictures: bool = False
) -> Iterator[Point]:
    """Measure steps in their order, the first by itself; the reference passes through each network once.

    Args:
        reference: At the size that is measured.
        with_pictures: Keep the picture and the layers' maps with each point.

    Yields:
        Points whose place is that of their step.

    Raises:
        ImageError: the picture is too small for a network, or does not fit in memory.
        SettingError: a format can't hold a picture of this size, or a package is missing.
        WeightsError: as `Method.network`.
    """
    networks = [method.network for method in methods]

    def made(place: int) -> Picture:
        return distorted(reference, Recipe((steps[place],)))

    most = min((together_on(own, reference.size) for own in networks), default=1)
    for places in _together(len(steps), most):
        with enough_memory(reference.size):
            pictures = on_all_cores(made, places)
            classic = psnr_and_ssim_of(reference.pixels, [picture.pixels for picture in pictures])
        terms = [
            terms_on(network, reference, pictures, method.heads, method.layers)
            for network, method in zip(networks, methods, strict=True)
        ]
        for number, place in enumerate(places):
            own = [each[number] for each in terms]
            kept = (tuple(maps for _, maps in own), pictures[number]) if with_pictures else ()
            yield Point(place, *classic[number], tuple(tuple(distances) for distances, _ in own), *kept)


def _together(count: int, most: int) -> Iterator[range]:
    """Which places are measured together: the first alone, so that it is soon to be seen."""
    yield range(1)
    for start in range(1, count, most):
        yield range(start, min(start + most, count))


def marks(curve: np.ndarray, weakens: bool = False) -> tuple[Mark, ...]:
    """Where a curve turns, and where it saturates, as the distortion grows stronger.

    It turns at its extreme if it goes back from there by more than `TURN` of its range. It saturates at the
    first point from which on less than `REST` of its range is left to come, if that lies in its first three
    quarters: nearly every curve is near its end at its end. What is not finite is left out.

    Args:
        weakens: Whether the curve goes from strong to weak, as its axis does.
    """
    if weakens:
        last = len(curve) - 1
        return tuple(Mark(mark.kind, last - mark.place) for mark in marks(curve[::-1]))
    finite = np.flatnonzero(np.isfinite(curve))
    if len(finite) < 3:
        return ()
    values = curve[finite]
    if values[-1] < values[0]:
        values = -values
    spread = float(np.ptp(values))
    if spread == 0:
        return ()
    found = []
    top = int(values.argmax())
    if values[top] - values[top:].min() > TURN * spread:
        found.append(Mark("turns", int(finite[top])))
    else:
        left = np.maximum.accumulate(np.abs(values - values[-1])[::-1])[::-1]
        rest = int(np.argmax(left <= REST * spread))
        if rest <= 0.75 * (len(values) - 1):
            found.append(Mark("saturates", int(finite[rest])))
    return tuple(found)


def check_count(count: int) -> None:
    """Raise `SettingError` unless so many points can be asked for."""
    is_whole = isinstance(count, Integral) and not isinstance(count, bool)
    if not is_whole or not FEWEST <= count <= MOST:
        raise SettingError(f"{count!r} points were asked for; choose a whole number from {FEWEST} to {MOST}.")


def _number(given: float | None, end: float, name: str) -> float:
    if given is None:
        return end
    if not isinstance(given, Real) or isinstance(given, bool) or not math.isfinite(given):
        raise SettingError(f"An end of {name} is {given!r}; choose a number.")
    return float(given)

"""As far as what? A pair's score, read on several ladders of distortions of the same reference.

A score has no unit. A distortion's strength has one: where the same reference, distorted, has the same score
as the pair, that strength is the pair's *reading* on the distortion's ladder, such as "Gaussian blur of
1.8 px". Each is found by bisection at the measured size.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from explorer.analysis.cost import ENTRY_BYTES
from explorer.analysis.ladder import Scores, score_key
from explorer.analysis.match import SHARE, STRONGEST, WEAKEST, bisected, step_at
from explorer.analysis.rulers import value
from explorer.analysis.wording import listed
from explorer.backbones import graph_of
from explorer.distortions import Recipe, Step, distorted, find_distortion
from explorer.distortions.base import PERCENT_OF_SIDE
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.metrics.memory import pass_bytes

SEEDS = (0, 1, 2)  # of a random distortion: its reading is their median, with the range
# Each curve is looked at here before the bisection: where it passes the score first, and whether it falls
# below it again farther on. They are the same for all pairs, and so measured once a reference.
PLACES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, STRONGEST)
NEAR = 0.05  # of the score: a step of whole numbers as near as this is said without its neighbour
FALL = 0.02  # of the score: a curve that is lower than this behind the crossing has turned

Outcome = Literal["reached", "between two steps", "beyond the strongest", "turns"]


@dataclass(frozen=True)
class Ladder:
    """A distortion whose strength people have a feeling for.

    Attributes:
        name: A key of the distortions' catalogue, of one parameter.
        noun: In a sentence, such as "Gaussian blur".
        unit: Behind the value, such as "px".
        before: Stands between the noun and the value.
        symbol: In front of the value, where the noun is not said.
        in_pixels: Whether only whole pixels differ from each other.
    """

    name: str
    noun: str
    unit: str
    before: str = "of "
    symbol: str = ""
    in_pixels: bool = False

    def step(self, place: float, side: int, seed: int) -> Step:
        """The distortion at a place (`explorer.analysis.match.step_at`), on a picture of this shorter side.

        Args:
            side: In pixels.
        """
        step = step_at(find_distortion(self.name), place, seed)
        if not self.in_pixels or step.values is None:
            return step
        ((name, percent),) = step.values
        most = int(side * find_distortion(self.name).parameters[0].high / 100)
        pixels = min(round(side * percent / 100), most)
        return Step(self.name, {name: 100 * pixels / side} if pixels else None, seed)

    def amount(self, step: Step, side: int) -> float:
        """A step's strength in the unit; lengths are in pixels of a picture with this shorter side."""
        (parameter,), ((_, value),) = step.entry.parameters, step.values
        length = parameter.unit == PERCENT_OF_SIDE
        amount = side * value / 100 if length else value
        return float(round(amount) if self.in_pixels or parameter.whole else amount)

    def words(self, *amounts: float) -> str:
        """One strength, "Gaussian blur of 1.8 px", or two that another lies between."""
        numbers = [number(amount) for amount in sorted(amounts)]
        before = self.before if len(numbers) == 1 else "between "
        return f"{self.noun} {before}{' and '.join(numbers)}{self._behind}"

    def range(self, low: float, high: float) -> str:
        """A range without the noun: "σ 11 to 13 levels"."""
        ends = list(dict.fromkeys((number(low), number(high))))
        return f"{self.symbol}{' to '.join(ends)}{self._behind}"

    @property
    def _behind(self) -> str:
        return f" {self.unit}" if self.unit.isalpha() else self.unit


LADDERS: Mapping[str, Ladder] = {
    ladder.name: ladder
    for ladder in (
        Ladder("gaussian_blur", "Gaussian blur", "px"),
        Ladder("jpeg", "JPEG quality", "", before="", symbol="quality "),
        Ladder("gaussian_noise", "Gaussian noise", "levels", before="of σ ", symbol="σ "),
        Ladder("shift", "shift", "px", in_pixels=True),
        Ladder("contrast", "contrast", "%", before="at "),
    )
}


@dataclass(frozen=True)
class Point:
    """A place on a ladder's curve: the step there, which may change nothing, and its score."""

    place: float
    step: Step
    score: float


@dataclass(frozen=True)
class Crossing:
    """Where a curve passes the pair's score for the first time.

    Attributes:
        outcome: As `Reading`.
        nearest: What comes nearest.
        ends: The points that are left below and above the score; none where no step is above it.
    """

    outcome: Outcome
    nearest: Point
    ends: tuple[Point, ...]


@dataclass(frozen=True)
class Reading:
    """A pair's score on one ladder.

    Attributes:
        distortion: A key of `LADDERS`.
        unit: Of the strengths: "px" of the measured picture, "levels", "%", or "" for JPEG's quality.
        outcome: "reached" where a strength has the pair's score to 0.25%; "between two steps" where the score
            lies between neighbours, such as whole pixels; "beyond the strongest" where none is as far;
            "turns" where the curve falls below the score again behind its first such strength.
        value: The strength, of two neighbours the one that is nearer, of seeds the median; None where no
            strength is as far, or where the weakest is clearly farther.
        between: Of two neighbours the weaker, None for no change at all, and the stronger; else empty.
        low, high: The range over the seeds; None as `value`.
        seeds: How many there are; 1 where the distortion is not random.
        step: What comes nearest; laid on the measured reference it makes the picture again.
        score: That picture's.
        is_near: Whether that is the pair's own, or the neighbours are alike, to 5%.
    """

    distortion: str
    unit: str
    outcome: Outcome
    value: float | None
    between: tuple[float | None, ...]
    low: float | None
    high: float | None
    seeds: int
    step: Step
    score: float
    is_near: bool

    @property
    def ladder(self) -> Ladder:
        """Its distortion's."""
        return LADDERS[self.distortion]

    @property
    def label(self) -> str:
        """The distortion's, as users read it."""
        return find_distortion(self.distortion).label

    @property
    def is_below_all(self) -> bool:
        """Whether the pair is closer to the reference than the weakest strength that there is."""
        return self.value is None and self.outcome == "between two steps"

    @property
    def words(self) -> str:
        """In a sentence: "Gaussian blur of 1.8 px", "shift between 1 and 2 px", or "any contrast"."""
        if self.outcome == "beyond the strongest":
            return f"any {self.ladder.noun}"
        if self.value is None or (self.between and not self.is_near):
            return self.ladder.words(*(amount for amount in self.between if amount is not None))
        return self.ladder.words(self.value)

    @property
    def spread(self) -> str:
        """The range over seeds in words: "σ 11 to 13 levels over 3 seeds"; "" where there is none to tell."""
        if self.seeds == 1 or self.value is None or self.low is None:
            return ""
        if self.high is None:
            return f"from {self.ladder.range(self.low, self.low)} to none as far, over {self.seeds} seeds"
        if number(self.low) == number(self.high):
            return f"alike with {self.seeds} seeds"
        return f"{self.ladder.range(self.low, self.high)} over {self.seeds} seeds"

    @property
    def strength(self) -> str:
        """The strength without the noun: "1.8 px", "1 to 2 px", or what there is in its place."""
        ladder = self.ladder
        if self.outcome == "beyond the strongest":
            return "farther than any"
        if self.is_below_all:
            return f"closer than {ladder.range(self.between[-1], self.between[-1])}"
        if self.between and not self.is_near:
            return ladder.range(*sorted(self.between))
        return ladder.range(self.value, self.value)

    @property
    def note(self) -> str:
        """What else is to be said of it; "" where nothing is."""
        if self.outcome == "turns":
            return "the curve turns, so other strengths are as far"
        return self.spread

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "distortion": self.distortion,
            "words": self.words,
            "unit": self.unit,
            "outcome": self.outcome,
            "value": self.value,
            "between": list(self.between) or None,
            "low": self.low,
            "high": self.high,
            "seeds": self.seeds,
            "step": self.step.to_dict(),
            "score": self.score,
        }


@dataclass(frozen=True)
class Readings:
    """A pair's score on several ladders.

    Attributes:
        size: (width, height) at which the pair was measured and the ladders laid.
        score: The pair's own, at that size.
        readings: A ladder each; none where the score is 0.
    """

    size: tuple[int, int]
    score: float
    readings: tuple[Reading, ...]

    @property
    def sentence(self) -> str:
        """All of them in words: "As far as Gaussian blur of 1.8 px, JPEG quality 22 and shift of 2 px." """
        if not self.readings:
            return "The score is 0, and so no distortion that changes it is as near."
        turned = [each for each in self.readings if each.outcome == "turns"]
        beyond = [each for each in self.readings if each.outcome == "beyond the strongest"]
        below = [each for each in self.readings if each.is_below_all]
        plain = [each for each in self.readings if each not in (*turned, *beyond, *below)]
        parts = [
            f"{how} {listed([each.words for each in those])}."
            for how, those in (("As far as", plain), ("Closer than", below), ("Farther than", beyond))
            if those
        ]
        parts += [f"As far as {each.words}, and as other strengths: that curve turns." for each in turned]
        return " ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "size": list(self.size),
            "score": self.score,
            "sentence": self.sentence,
            "readings": [each.to_dict() for each in self.readings],
        }


def number(amount: float) -> str:
    """A strength as people read it: two digits, and all of a larger whole number."""
    if amount >= 10 or amount == round(amount):
        return f"{amount:.0f}"
    return f"{amount:.2g}"


def chosen_ladders(names: Sequence[str] | None) -> tuple[Ladder, ...]:
    """The ladders of these names; None takes all.

    Raises:
        SettingError: a name that is none, a name given twice, or no name.
    """
    if names is None:
        return tuple(LADDERS.values())
    known = ", ".join(LADDERS)
    if isinstance(names, str) or not names or len(set(names)) < len(names):
        raise SettingError(f"The ladders are a list of names, each once; choose among {known}.")
    for name in names:
        if name not in LADDERS:
            raise SettingError(f"There is no ladder {name!r}; choose among {known}.")
    return tuple(LADDERS[name] for name in names)


def read_ladders(
    base: Picture,
    distorted: Picture,
    method: Method,
    scores: Scores,
    names: Sequence[str] | None = None,
    told: Callable[[int, int], None] = lambda _done, _total: None,
    go_on: Callable[[], None] = lambda: None,
) -> Readings:
    """Read a pair's score on ladders of its reference.

    Args:
        base, distorted: The pair at the measured size.
        method: Measures at that size; its own is not asked.
        scores: What is known of the reference's ladders; what is measured is kept there at once, so that
            another pair of this reference begins where this one ended.
        names: Keys of `LADDERS`; None takes all.
        told: Told how many curves are read, and of how many.
        go_on: Called before each picture that is measured; what it raises ends the work.

    Raises:
        SettingError: as `chosen_ladders`.
        ImageError, WeightsError: as `explorer.metrics.compare`.
    """
    ladders = chosen_ladders(names)

    def measured(shown: Step | Picture) -> float:
        key = score_key(base, shown, method)
        found = scores.get(key)
        if found is None:
            go_on()
            found = value(method, base, _made(base, shown) if isinstance(shown, Step) else shown)
            scores.put(key, found, ENTRY_BYTES)
        return found

    target, side = measured(distorted), min(base.size)
    if target <= 0:
        return Readings(base.size, target, ())
    total, done, readings = sum(len(_seeds(ladder)) for ladder in ladders), 0, []
    for ladder in ladders:
        crossings = []
        for seed in _seeds(ladder):
            crossings.append(_crossing(_curve(ladder, side, seed, measured), target))
            done += 1
            told(done, total)
        readings.append(_reading(ladder, side, target, crossings))
    return Readings(base.size, target, tuple(readings))


def readings_task(base: Picture, distorted: Picture, method: Method, scores: Scores) -> Task[Readings]:
    """`read_ladders` in the background; its one result is all of it, and what was measured stays known."""

    def work(job: Job[Readings]) -> None:
        found = read_ladders(base, distorted, method, scores, told=job.at, go_on=job.go_on)
        job.keep(found)

    return Task(
        "Reading the score on ladders",
        work,
        size=pass_bytes(graph_of(method.row), base.size),
        total=sum(len(_seeds(ladder)) for ladder in LADDERS.values()),
        unit="curves",
        key=("readings", base.digest, distorted.digest, method.identity),
    )


def _made(base: Picture, step: Step) -> Picture:
    return distorted(base, Recipe((step,)))


def _seeds(ladder: Ladder) -> tuple[int, ...]:
    return SEEDS if find_distortion(ladder.name).random else SEEDS[:1]


def _curve(
    ladder: Ladder, side: int, seed: int, measured: Callable[[Step], float]
) -> Callable[[float], Point]:
    """A ladder's points by their places."""

    def at(place: float) -> Point:
        step = ladder.step(place, side, seed)
        return Point(place, step, 0.0 if step.values is None else measured(step))

    return at


def _crossing(at: Callable[[float], Point], target: float) -> Crossing:
    """Find where a curve passes the target first, between two of `PLACES`."""
    looks = [at(place) for place in (WEAKEST, *PLACES)]
    tolerance = SHARE * target
    behind = next((index for index, point in enumerate(looks) if point.score > target), None)
    if behind is None:
        farthest = max(looks, key=lambda point: point.score)
        is_reached = target - farthest.score <= tolerance
        return Crossing("reached" if is_reached else "beyond the strongest", farthest, ())
    seen = {point.place: point for point in looks[behind - 1 : behind + 1]}

    def nearest() -> Point:
        return min(seen.values(), key=lambda point: abs(point.score - target))

    def is_found() -> bool:
        return abs(nearest().score - target) <= tolerance

    def is_too_strong(place: float) -> bool:
        point = seen[place] = at(place)
        return point.score > target

    weak, strong = bisected(looks[behind - 1].place, looks[behind].place, is_too_strong, is_found)
    later = [point for point in (*looks, *seen.values()) if point.place > strong]
    outcome: Outcome = "reached" if is_found() else "between two steps"
    if any(point.score < (1 - FALL) * target for point in later):
        outcome = "turns"
    return Crossing(outcome, nearest(), (seen[weak], seen[strong]))


def _reading(ladder: Ladder, side: int, target: float, crossings: Sequence[Crossing]) -> Reading:
    """What the crossings of all seeds say together: the median seed's, and the range."""

    def place(crossing: Crossing) -> float:
        return math.inf if crossing.outcome == "beyond the strongest" else crossing.nearest.place

    ordered = sorted(crossings, key=place)
    median = ordered[(len(ordered) - 1) // 2]
    low, middle, high = (
        _amount(ladder, side, target, crossing) for crossing in (ordered[0], median, ordered[-1])
    )
    between: tuple[float | None, ...] = ()
    if median.outcome == "between two steps":
        between = tuple(
            None if end.step.values is None else ladder.amount(end.step, side) for end in median.ends
        )
    return Reading(
        distortion=ladder.name,
        unit=ladder.unit,
        outcome=median.outcome,
        value=middle,
        between=between,
        low=low,
        high=high,
        seeds=len(crossings),
        step=median.nearest.step,
        score=median.nearest.score,
        is_near=_has_the_score(median, target) or _are_alike(between),
    )


def _amount(ladder: Ladder, side: int, target: float, crossing: Crossing) -> float | None:
    """The strength that a crossing reads; None where there is none."""
    if crossing.outcome == "beyond the strongest":
        return None
    points = [point for point in crossing.ends if point.step.values is not None]
    if len(points) < len(crossing.ends) and not _has_the_score(crossing, target):
        return None
    step = crossing.nearest.step
    return None if step.values is None else ladder.amount(step, side)


def _has_the_score(crossing: Crossing, target: float) -> bool:
    return abs(crossing.nearest.score - target) <= NEAR * target


def _are_alike(between: Sequence[float | None]) -> bool:
    """Whether two neighbours are as good as one strength, such as the qualities 76 and 77."""
    if None in between or not between:
        return False
    return max(between) - min(between) <= NEAR * max(between)

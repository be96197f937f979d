"""Where the curve of a ladder's scores passes a pair's score, found by bisection."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from explorer.analysis.match import SHARE, STRONGEST, WEAKEST, bisected
from explorer.analysis.readings.ladders import Ladder
from explorer.analysis.readings.results import Outcome
from explorer.distortions import Step

# Each curve is looked at here before the bisection: where it passes the score first, and whether it falls
# below it again farther on. They are the same for all pairs, and so measured once a reference.
PLACES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, STRONGEST)
FALL = 0.02  # of the score: a curve that is lower than this behind the crossing has turned


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


class Curve:
    """A ladder's scores by its places, measured where they are asked for."""

    def __init__(self, ladder: Ladder, side: int, seed: int, measured: Callable[[Step], float]):
        self._ladder, self._side, self._seed, self._measured = ladder, side, seed, measured

    def at(self, place: float) -> Point:
        """The point at a place."""
        return self._point(place, self._ladder.step(place, self._side, self._seed))

    def around(self, point: Point) -> list[Point]:
        """The points of the steps beside a whole number's."""
        return [self._point(point.place, step) for step in self._ladder.around(point.step)]

    def _point(self, place: float, step: Step) -> Point:
        return Point(place, step, 0.0 if step.values is None else self._measured(step))


def crossing_of(curve: Curve, target: float) -> Crossing:
    """Find where a curve passes the target first, between two of `PLACES`."""
    looks = [curve.at(place) for place in (WEAKEST, *PLACES)]
    behind = next((index for index, point in enumerate(looks) if point.score > target), None)
    if behind is None:
        farthest = max(looks, key=lambda point: point.score)
        if not is_reached(farthest, target):
            return Crossing("beyond the strongest", farthest, ())
        return Crossing(_outcome(farthest, farthest.place, looks, target), farthest, ())
    seen = {point.place: point for point in looks[behind - 1 : behind + 1]}

    def is_too_strong(place: float) -> bool:
        point = seen[place] = curve.at(place)
        return point.score > target

    def is_found() -> bool:
        return is_reached(_nearest(seen.values(), target), target)

    weak, strong = bisected(looks[behind - 1].place, looks[behind].place, is_too_strong, is_found)
    nearest = _nearest(seen.values(), target)
    nearest = _nearest([nearest, *curve.around(nearest)], target)
    outcome = _outcome(nearest, strong, (*looks, *seen.values()), target)
    return Crossing(outcome, nearest, (seen[weak], seen[strong]))


def _outcome(nearest: Point, passed: float, seen: Iterable[Point], target: float) -> Outcome:
    """What comes of the nearest point, where the curve passes the target at a place."""
    if any(point.place > passed and point.score < (1 - FALL) * target for point in seen):
        return "turns"
    return "reached" if is_reached(nearest, target) else "between two steps"


def _nearest(points: Iterable[Point], target: float) -> Point:
    return min(points, key=lambda point: abs(point.score - target))


def is_reached(point: Point, target: float) -> bool:
    """Whether a point has the target's score, to the tolerance."""
    return abs(point.score - target) <= SHARE * target

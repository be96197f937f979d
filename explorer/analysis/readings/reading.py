"""Read a pair's score on ladders: measure what is not known yet, and make readings of the crossings."""

import math
from collections.abc import Callable, Sequence

from explorer.analysis.cost import ENTRY_BYTES, rulers_bytes
from explorer.analysis.ladder import Scores, score_key
from explorer.analysis.readings.crossing import Crossing, Curve, crossing_of, is_reached
from explorer.analysis.readings.ladders import LADDERS, SEEDS, Ladder, chosen_ladders
from explorer.analysis.readings.results import Reading, Readings
from explorer.analysis.rulers import value
from explorer.distortions import Recipe, Step, distorted, find_distortion
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.metrics import Method

NEAR = 0.05  # of the score: a step of whole numbers as near as this is said without its neighbour


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
            crossings.append(crossing_of(Curve(ladder, side, seed, measured), target))
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
        size=rulers_bytes([method], base.size),
        total=sum(len(_seeds(ladder)) for ladder in LADDERS.values()),
        unit="curves",
        key=("readings", base.digest, distorted.digest, method.identity),
    )


def _made(base: Picture, step: Step) -> Picture:
    return distorted(base, Recipe((step,)))


def _seeds(ladder: Ladder) -> tuple[int, ...]:
    return SEEDS if find_distortion(ladder.name).random else SEEDS[:1]


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
    if median.ends and not is_reached(median.nearest, target):
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

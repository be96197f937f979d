"""A verdict turned by grey levels that nobody sees, as the lesson shows it: each step is a picture.

Of the two versions of `failing.faint_and_plain` the first is always the one that is changed, by the `Turning`
of the duel, which leaves no step out here and makes few.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explorer.images import Picture, derive, to_one_size
from explorer.metrics import Method
from explorer.metrics.scores import scores
from explorer.synthesis.bounds import Levels
from explorer.synthesis.objective import Objective
from explorer.synthesis.process import run
from explorer.synthesis.verdict import Turning, check_order, moved_by

STEPS = 12  # at most; two levels take AlexNet about seven, and what has not turned by then hardly does


@dataclass(frozen=True, eq=False)
class Nudged:
    """The changed version after so many steps.

    Attributes:
        step: From 0, the version as it was.
        score: The metric's, of `pixels`, >= 0, by the path that has a gradient.
        pixels: uint8 (H, W, 3), nowhere more than the bound from the version as it was.
    """

    step: int
    score: float
    pixels: np.ndarray


@dataclass(frozen=True, eq=False)
class Turned:
    """What became of a verdict; all scores are of 8-bit pictures, and as `explorer.measure` gives them.

    Attributes:
        before, after: The score of the changed version as it was, and as it is now.
        other: The score of the version that was farther.
        original, picture: The changed version as it was, and as it is now.
        course: The score after each step, from 0 on.
    """

    before: float
    after: float
    other: float
    original: Picture
    picture: Picture
    course: tuple[float, ...]

    @property
    def has_turned(self) -> bool:
        """Whether the metric now finds the changed version farther than the other one."""
        return self.after > self.other

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.course) - 1

    @property
    def levels(self) -> int:
        """By how many grey levels of 255 the value that moved farthest has moved."""
        return moved_by(self.original, self.picture)


def nudges(
    reference: Picture, closer: Picture, farther: Picture, method: Method, bound: Levels, steps: int = STEPS
) -> Iterator[Nudged]:
    """Change the closer version until the metric finds it farther than the other; a picture a step.

    Arguments and errors as `turned`.
    """
    for version in (closer, farther):
        to_one_size(reference, version)
    objective = Objective(method, reference, method.device)
    first, other = scores(method, reference, [closer, farther])
    check_order(method, first, other)
    for point in run(Turning(objective, closer, bound, other), steps):
        yield Nudged(point.step, point.value, point.pixels)


def ended(
    reference: Picture, closer: Picture, farther: Picture, method: Method, made: list[Nudged]
) -> Turned:
    """The result of the steps so far, of which the last counts, by the exact path; arguments as `turned`.

    Raises:
        ExplorerError: as `explorer.measure`.
    """
    picture = derive(closer, made[-1].pixels)
    before, after, other = scores(method, reference, [closer, picture, farther])
    return Turned(before, after, other, closer, picture, tuple(each.score for each in made))


def turned(
    reference: Picture, closer: Picture, farther: Picture, method: Method, bound: Levels, steps: int = STEPS
) -> Turned:
    """Change the closer version until the metric finds it farther than the other, or the steps end.

    Args:
        reference, closer, farther: Of one size, which is the size they are measured at.
        method: A metric that compares place by place, and whose gradient there is.
        bound: How far the closer one may be changed.
        steps: At most.

    Raises:
        SettingError: a number of steps that is none, a metric without maps, or versions that are ordered
            otherwise.
        SizeMismatchError, ImageError, WeightsError: as `explorer.measure`.
    """
    made = list(nudges(reference, closer, farther, method, bound, steps))
    return ended(reference, closer, farther, method, made)

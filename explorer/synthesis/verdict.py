"""Can a change that nobody sees turn a metric's verdict?

Of two versions of a picture a metric finds one closer. That one is changed inside a bound, uphill along the
score's gradient, until the metric finds it farther than the other or the steps end. Only whole levels count:
the gradient is taken at the picture rounded to 8 bits, and what is left of the steps below a half level is
carried on, so that each frame is a picture that a file can hold.

Source: signed steps projected on a box are the attack of Madry et al., Towards Deep Learning Models Resistant
to Adversarial Attacks, ICLR 2018; on LPIPS Kettunen et al., E-LPIPS, 2019 (arXiv 1906.03973), and Ghazanfari
et al., R-LPIPS, 2023 (arXiv 2307.15157).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.errors import SettingError
from explorer.images import Picture, derive, to_one_size
from explorer.metrics import Method
from explorer.metrics.classic import psnr, squared_error
from explorer.metrics.scores import scores
from explorer.synthesis.bounds import LARGEST, Bound, Levels
from explorer.synthesis.levels import levels_of, rounded
from explorer.synthesis.objective import Objective
from explorer.synthesis.process import Point, Process, run

STEPS = 12  # at most; two levels take AlexNet about seven, and what has not turned by then hardly does
PATIENCE = 8  # steps with one bound, before the search tries a wider one
LEAD = 1.001  # how far beyond the other's score is enough: the exact path rounds otherwise, to 1e-5


class Turning(Process):
    """Change the closer of two versions inside a bound, until the metric finds it farther than the other.

    Attributes:
        objective: The metric, from the reference.
        bound: How far the version may be changed.
        other: The score of the version that is farther.
    """

    def __init__(self, objective: Objective, closer: Picture, farther: Picture, bound: Bound):
        """Args:
        objective: A metric that compares place by place.
        closer, farther: Of the reference's size.
        bound: How far the first may be changed.

        Raises:
            SettingError: the metric orders them otherwise, or finds no difference of the closer one, where
                it has no gradient.
        """
        self.objective, self.bound = objective, bound
        self._start = levels_of(closer, objective.device)
        first, self.other = objective.value_of(closer), objective.value_of(farther)
        check_order(objective.ruler, first, self.other)

    def begin(self) -> Point:
        """The closer version as it was."""
        return self._at(0, self._start)

    def advance(self, point: Point) -> Point:
        """A step uphill inside the bound; value and slope are those of the rounded picture."""
        return self._at(point.step + 1, self.bound.step(self._start, point.levels, point.slope))

    def is_over(self, point: Point) -> bool:
        """Whether the verdict has turned."""
        return point.value > LEAD * self.other

    def _at(self, step: int, levels: Tensor) -> Point:
        return Point(step, levels, *self.objective.gradient(rounded(levels)))


class Widening(Turning):
    """The same inside the smallest bound that is found to do: one grey level, and ever one more.

    What a bound has brought is where the wider one goes on. No proof that none smaller does: the search is
    greedy, `PATIENCE` steps a bound.
    """

    def __init__(self, objective: Objective, closer: Picture, farther: Picture):
        """Arguments and errors as `Turning`; the bound is `LARGEST` levels at last."""
        super().__init__(objective, closer, farther, Levels(LARGEST))

    def advance(self, point: Point) -> Point:
        """A step inside the bound that its number stands for."""
        bound = Levels(levels_after(point.step))
        return self._at(point.step + 1, bound.step(self._start, point.levels, point.slope))


def levels_after(steps: int) -> int:
    """The bound of the next step of a search that has made so many."""
    return min(1 + steps // PATIENCE, LARGEST)


class Still(Process):
    """A picture that stays as it is, to be measured beside one that moves."""

    def __init__(self, objective: Objective, picture: Picture):
        """Args: objective, which says its value, and picture, of the reference's size."""
        self._objective, self._levels = objective, levels_of(picture, objective.device)

    def begin(self) -> Point:
        """The picture."""
        with torch.no_grad():
            return Point(0, self._levels, float(self._objective(self._levels)))

    def advance(self, point: Point) -> Point:
        """The same picture."""
        return point

    def is_over(self, point: Point) -> bool:
        """Whether nothing is left to be done, which is so from the first."""
        return True


@dataclass(frozen=True, eq=False)
class Frame:
    """The changed version after so many steps.

    Attributes:
        step: From 0, the version as it was.
        score: The metric's, of `pixels`, >= 0.
        pixels: uint8 (H, W, 3), nowhere more than the bound from the version as it was.
    """

    step: int
    score: float
    pixels: np.ndarray


@dataclass(frozen=True, eq=False)
class TurnedVerdict:
    """What became of a verdict; all scores are of 8-bit pictures, and as `explorer.measure` gives them.

    Attributes:
        bound: How far the version might be changed; None where the smallest was looked for.
        before, after: The score of the changed version as it was, and as it is now.
        other: The score of the version that was farther.
        original, picture: The changed version as it was, and as it is now.
        course: The score after each step, from 0 on.
    """

    bound: Bound | None
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

    @property
    def psnr(self) -> float:
        """The change's PSNR in dB: of the version as it is now from the version as it was."""
        return psnr(squared_error(self.original.pixels, self.picture.pixels))


def moved_by(one: Picture, other: Picture) -> int:
    """The largest difference of a value of two pictures of one size, in grey levels."""
    return int(np.abs(one.pixels.astype(np.int16) - other.pixels).max())


def check_order(method: Method, first: float, other: float) -> None:
    """Raise SettingError unless the score of the version that is to be changed is the lower one, above 0."""
    if first == 0:
        raise SettingError(
            f"{method.label} finds no difference between the closer version and the reference, and so no way "
            "to go; distort it a little."
        )
    if first >= other:
        raise SettingError(
            f"{method.label} finds the version that is to be changed farther already, or both as far; swap "
            "the two versions, or choose others."
        )


def process_for(objective: Objective, closer: Picture, farther: Picture, bound: Bound | None) -> Turning:
    """What changes the closer version inside a bound, or where that is None inside the smallest that does.

    Raises:
        SettingError: as `Turning`.
    """
    if bound is None:
        return Widening(objective, closer, farther)
    return Turning(objective, closer, farther, bound)


def frames(
    reference: Picture,
    closer: Picture,
    farther: Picture,
    method: Method,
    bound: Bound | None,
    steps: int = STEPS,
) -> Iterator[Frame]:
    """Change the closer version until the metric finds it farther than the other; a frame a step.

    Arguments and errors as `turn_verdict`.
    """
    for version in (closer, farther):
        to_one_size(reference, version)
    objective = Objective(method, reference, method.device)
    for point in run(process_for(objective, closer, farther, bound), steps):
        yield Frame(point.step, point.value, point.pixels)


def turned(
    reference: Picture,
    closer: Picture,
    farther: Picture,
    method: Method,
    bound: Bound | None,
    made: list[Frame],
) -> TurnedVerdict:
    """The result of frames so far, of which the last counts, by the exact path; arguments as `frames`.

    Raises:
        ExplorerError: as `explorer.measure`.
    """
    picture = derive(closer, made[-1].pixels)
    before, after, other = scores(method, reference, [closer, picture, farther])
    return TurnedVerdict(bound, before, after, other, closer, picture, tuple(frame.score for frame in made))


def turn_verdict(
    reference: Picture,
    closer: Picture,
    farther: Picture,
    method: Method,
    bound: Bound | None,
    steps: int = STEPS,
) -> TurnedVerdict:
    """Change the closer version until the metric finds it farther than the other, or the steps end.

    Args:
        reference, closer, farther: Of one size, which is the size they are measured at.
        method: A metric that compares place by place, and whose gradient there is.
        bound: How far the closer one may be changed; None looks for the fewest grey levels.
        steps: At most.

    Raises:
        SettingError: a number of steps that is none, a metric without maps, or versions that are ordered
            otherwise.
        SizeMismatchError, ImageError, WeightsError: as `explorer.measure`.
    """
    made = list(frames(reference, closer, farther, method, bound, steps))
    return turned(reference, closer, farther, method, bound, made)

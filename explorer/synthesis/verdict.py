"""Can a change that nobody sees turn a metric's verdict?

Of two versions of a picture a metric finds one closer. That one is changed inside a bound, uphill along the
score's gradient, until the metric finds it farther than the other or the steps end. Only whole levels count:
the gradient is taken at the picture rounded to 8 bits, and what is left of the steps below a half level is
carried on, so that each frame is a picture that a file can hold.

Source: signed steps projected on a box are the attack of Madry et al., Towards Deep Learning Models Resistant
to Adversarial Attacks, ICLR 2018; on LPIPS Kettunen et al., E-LPIPS, 2019 (arXiv 1906.03973), and Ghazanfari
et al., R-LPIPS, 2023 (arXiv 2307.15157).
"""

import numpy as np
import torch
from torch import Tensor

from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.synthesis.bounds import LARGEST, Bound, Levels
from explorer.synthesis.levels import levels_of, rounded
from explorer.synthesis.objective import Objective
from explorer.synthesis.process import Point, Process

PATIENCE = 8  # steps with one bound, before the search tries a wider one
# How far beyond the other's score is enough, as a part of it and at least: the exact path rounds otherwise,
# by less than either, and its word counts at last.
LEAD, LEAST_LEAD = 1.001, 1e-5


class Turning(Process):
    """Change the closer of two versions inside a bound, until the metric finds it farther than the other.

    Attributes:
        objective: The metric, from the reference.
        bound: How far the version may be changed.
        other: The score of the version that is farther.
    """

    def __init__(self, objective: Objective, closer: Picture, bound: Bound, other: float):
        """Args:
        objective: A metric that compares place by place.
        closer: Of the reference's size; whether it is the closer one is for the caller to know.
        bound: How far it may be changed.
        other: What the metric says of the other version by the exact path, > 0.
        """
        self.objective, self.bound, self.other = objective, bound, other
        self._start = levels_of(closer, objective.device)

    def begin(self) -> Point:
        """The closer version as it was."""
        return self._at(0, self._start)

    def advance(self, point: Point) -> Point:
        """A step uphill inside the bound; value and slope are those of the rounded picture."""
        return self._at(point.step + 1, self.bound.step(self._start, point.levels, point.slope))

    def is_over(self, point: Point) -> bool:
        """Whether the verdict has turned."""
        return point.value > max(LEAD * self.other, self.other + LEAST_LEAD)

    def _at(self, step: int, levels: Tensor) -> Point:
        return Point(step, levels, *self.objective.gradient(rounded(levels)))


class Widening(Turning):
    """The same inside the smallest bound that is found to do: one grey level, and ever one more.

    What a bound has brought is where the wider one goes on. No proof that none smaller does: the search is
    greedy, `PATIENCE` steps a bound.
    """

    def __init__(self, objective: Objective, closer: Picture, other: float):
        """Arguments as `Turning`; the bound is `LARGEST` levels at last."""
        super().__init__(objective, closer, Levels(LARGEST), other)

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


def process_for(objective: Objective, closer: Picture, bound: Bound | None, other: float) -> Turning:
    """What changes the closer version inside a bound, or where that is None inside the smallest that does.

    Arguments as `Turning`.
    """
    if bound is None:
        return Widening(objective, closer, other)
    return Turning(objective, closer, bound, other)

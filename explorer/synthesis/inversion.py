"""What does a layer keep of a picture? Another one is grown until the layer takes it for the reference.

The distance of chosen layers alone is lowered, from noise, from grey, or from another photograph. What the
result and the reference have in common is what these layers keep; in what they differ is what they lost.

Source: Mahendran and Vedaldi, Understanding Deep Image Representations by Inverting Them, CVPR 2015 (arXiv
1412.0035), with LPIPS' distance in the place of theirs, and Adam.
"""

from contextlib import nullcontext

from torch import Tensor

from explorer.images import Picture
from explorer.synthesis.adam import adam
from explorer.synthesis.levels import levels_of
from explorer.synthesis.objective import Objective
from explorer.synthesis.parametrisation import Parametrisation
from explorer.synthesis.process import Point, Process
from explorer.synthesis.redirected import RedirectedRelu

# Steps whose gradient reaches units that are off, and the part of it that these get. Of the start's distance
# AlexNet's conv5 has left, from noise, after 200 steps at 96 to 256 pixels: 28% without, 4% to 20% by all of
# the gradient, 1% to 2% by a fifth of it.
REDIRECTED, PART = 60, 0.2


class Inversion(Process):
    """Lower an objective, whatever becomes of everything else.

    A point's value is the objective's; its slope is that of what is minimised, with what a parametrisation
    holds down beside it. Its memory is the parameters, and Adam's two moments.
    """

    def __init__(self, objective: Objective, start: Picture, by: Parametrisation):
        """Args:
        objective: The distance of the chosen layers.
        start: Of the reference's size, and not the reference.
        by: How the picture is drawn.
        """
        self.objective, self.by = objective, by
        self._start = levels_of(start, objective.device)
        self._first = objective.value_of(start)

    def begin(self) -> Point:
        """The start, as the parametrisation draws it."""
        return self._point(0, self.by.parameters(self._start), ())

    def advance(self, point: Point) -> Point:
        """One step of Adam on the parameters."""
        parameters, *moments = point.memory
        slope = self.by.slope(parameters, point.slope)
        direction, moments = adam(slope, tuple(moments), point.step + 1)
        return self._point(point.step + 1, self.by.stepped(parameters, direction), moments)

    def is_over(self, point: Point) -> bool:
        """Whether the layers see no difference at all."""
        return point.value == 0

    def _point(self, step: int, parameters: Tensor, moments: tuple[Tensor, ...]) -> Point:
        levels = self.by.picture(parameters)
        with RedirectedRelu(PART) if step < REDIRECTED else nullcontext():
            value, slope = self.objective.gradient(levels)
        if (held_down := self.by.penalty(levels)) is not None:
            slope = slope + self._first * held_down
        return Point(step, levels, value, slope, (parameters, *moments))

"""Equal by one metric, worst and best by another: the competition of Wang and Simoncelli.

From one start two runs go along the surface on which one metric has one value; the first lowers another
metric's value, the second raises it. Each step follows the gradient's part along the surface, and is brought
back onto it.

Source: Wang and Simoncelli, Maximum differentiation (MAD) competition: a methodology for comparing
computational models of perceptual quantities, Journal of Vision 2008, section 2.
"""

import torch

from explorer.images import Picture
from explorer.synthesis.adam import adam
from explorer.synthesis.holding import Holding
from explorer.synthesis.objective import Objective
from explorer.synthesis.process import Point, Process
from explorer.synthesis.spheres import tangent

RATE = 0.16  # of a step, as a share of the start's root mean square change: 2.5 grey levels at 24 dB
HALVED = 5  # times at most, where a step leaves the surface
BACK = 3  # gradients of what is held that a step takes, about, to come back onto its surface
EASED = 1.3  # the rate grows again, after a step that did not


class Competitor(Process):
    """Lower or raise a metric among the pictures of which another one says the same."""

    def __init__(self, objective: Objective, holding: Holding, start: Picture, raises: bool):
        """Args:
        objective: What is lowered or raised.
        holding: What stays.
        start: Any picture but the reference, of its size; it is scaled to the surface.
        raises: Whether the value grows. For PSNR and SSIM that is towards the reference.
        """
        self.objective, self.holding, self.raises = objective, holding, raises
        self._start = start

    def begin(self) -> Point:
        """The start, scaled to the surface.

        Raises:
            SettingError: as `Holding.start`.
        """
        levels, normal = self.holding.start(self._start)
        change = levels - self.objective.reference
        rate = RATE * change.square().mean().sqrt()
        return Point(0, levels, *self.objective.gradient(levels), (normal, rate, rate))

    def advance(self, point: Point) -> Point:
        """One step of Adam along the surface, and back onto it; shorter where there is no way back."""
        normal, first, rate, *moments = point.memory
        downhill = -point.slope if self.raises else point.slope
        direction, moments = adam(tangent(downhill, normal), tuple(moments), point.step + 1)
        direction = tangent(direction, normal)
        for _ in range(HALVED):
            found = self.holding.back(point.levels - rate * direction)
            if found is not None:
                break
            rate = rate / 2
        if found is None:  # it stays where it is, and goes on with the shorter steps
            return Point(
                point.step + 1, point.levels, point.value, point.slope, (normal, first, rate, *moments)
            )
        levels, normal = found
        rate = torch.minimum(rate * EASED, first)
        return Point(
            point.step + 1, levels, *self.objective.gradient(levels), (normal, first, rate, *moments)
        )

"""Equal by one metric, worst and best by another: the competition of Wang and Simoncelli.

From one start two runs go along the surface on which one metric has one value; the first lowers another
metric's distance, the second raises it. On the sphere of equal PSNR the surface is known and each step is
projected on it.

Source: Wang and Simoncelli, Maximum differentiation (MAD) competition: a methodology for comparing
computational models of perceptual quantities, Journal of Vision 2008.
"""

from explorer.images import Picture
from explorer.synthesis.adam import adam
from explorer.synthesis.levels import levels_of
from explorer.synthesis.objective import Objective
from explorer.synthesis.process import Point, Process
from explorer.synthesis.spheres import on_sphere, radius_of, tangent

RATE = 0.02 * 127.5  # grey levels of a step


class OnSphere(Process):
    """Lower or raise a metric among the pictures of one PSNR."""

    def __init__(self, objective: Objective, start: Picture, psnr: float, raises: bool):
        """Args:
        objective: What is lowered or raised.
        start: Any picture but the reference; it is scaled to the sphere.
        psnr: In dB, what is held.
        raises: Whether the value grows. For PSNR and SSIM that is towards the reference.
        """
        self.objective, self.raises = objective, raises
        reference = objective.reference
        self._radius = radius_of(psnr, reference.numel())
        self._start = on_sphere(reference, levels_of(start, objective.device), self._radius)

    def begin(self) -> Point:
        """The start, scaled to the sphere."""
        return Point(0, self._start, *self.objective.gradient(self._start))

    def advance(self, point: Point) -> Point:
        """One step of Adam along the sphere, and back on it."""
        reference = self.objective.reference
        downhill = -point.slope if self.raises else point.slope
        along = tangent(downhill, point.levels - reference)
        direction, memory = adam(along, point.memory, point.step + 1)
        levels = on_sphere(reference, point.levels - RATE * direction, self._radius)
        return Point(point.step + 1, levels, *self.objective.gradient(levels), memory)

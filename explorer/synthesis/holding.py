"""Surfaces on which one metric has one value: the way onto them, along them, and back.

What is held is held by the 8-bit picture, not by the one before it is rounded.
"""

import math
from abc import ABC, abstractmethod

import torch
from scipy.optimize import brentq
from torch import Tensor

from explorer.analysis.match import check_target
from explorer.analysis.rulers import PSNR, SSIM, Ruler, is_similarity, label_of
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.synthesis.levels import HIGHEST, levels_of, rounded
from explorer.synthesis.objective import Objective
from explorer.synthesis.pauses import pause
from explorer.synthesis.spheres import on_sphere, psnr_of, radius_of, reached

# How far from the value still counts as held: in dB, in SSIM, and a share of a distance.
PSNR_WITHIN, SSIM_WITHIN, SHARE_WITHIN = 0.02, 0.002, 0.01
SURELY = 0.5  # of that: what is looked for, so that another device's rounding does not leave it

FARTHEST = 64.0  # times a start's change: by then all of it has met black and white
NEAR = 1e-4  # of the way, to which a start's place is found
CORRECTIONS = 6  # of one step, along the surface's normal


class Holding(ABC):
    """The pictures of which a metric says one value, once they are rounded to 8 bits.

    Attributes:
        ruler: The metric.
        value: What it says.
        reference: (1, 3, H, W) in grey levels.
    """

    def __init__(self, objective: Objective, value: float):
        self.ruler, self.value, self.reference = objective.ruler, value, objective.reference
        self._objective = objective
        self._started: dict[str, tuple[Tensor, Tensor]] = {}

    @property
    def within(self) -> float:
        """How far from the value still counts as held."""
        return within(self.ruler, self.value)

    def start(self, picture: Picture) -> tuple[Tensor, Tensor]:
        """Scale the change that a picture is, until it lies on the surface; returns as `back`.

        It is looked for once, for all runs that begin there.

        Raises:
            SettingError: the picture is the reference, or its change never has the value.
        """
        if picture.digest not in self._started:
            self._started[picture.digest] = self._found(levels_of(picture, self._objective.device))
        return self._started[picture.digest]

    def _found(self, levels: Tensor) -> tuple[Tensor, Tensor]:
        if reached(self.reference, levels) == 0:
            raise SettingError(
                "The start is the reference itself, from which no way leads anywhere; start from noise, or "
                "from a distorted image."
            )
        scaled, nearest = self._scaled(levels)
        if not math.isfinite(nearest):
            raise SettingError(
                f"What {label_of(self.ruler)} says of the start is no finite number; choose another metric, "
                f"or start from something else."
            )
        found = self.back(scaled)
        if found is None:
            raise SettingError(
                f"No picture on the way from the reference through the start has {self.told(self.value)}; "
                f"the nearest that was reached has {self.told(nearest)}. Ask for that, or start from "
                f"something else."
            )
        return found

    def told(self, value: float) -> str:
        """A value with the metric's name, as in "PSNR 24.00 dB"."""
        text = f"{value:.2f} dB" if self.ruler == PSNR else f"{value:.4g}"
        return f"{label_of(self.ruler)} {text}"

    @abstractmethod
    def back(self, levels: Tensor) -> tuple[Tensor, Tensor] | None:
        """The way back onto the surface from a picture near it.

        Args:
            levels: (1, 3, H, W) in grey levels, beyond their box too.

        Returns:
            The picture, inside the box, and the surface's normal there, both of its shape; None where the
            surface was not met.
        """

    @abstractmethod
    def _scaled(self, levels: Tensor) -> tuple[Tensor, float]:
        """A start scaled to the surface, or as near as it comes, and the value there."""


class Sphere(Holding):
    """Equal PSNR: the surface is known."""

    def __init__(self, objective: Objective, value: float):
        super().__init__(objective, value)
        self._radius = radius_of(value, self.reference.numel())

    def back(self, levels: Tensor) -> tuple[Tensor, Tensor] | None:
        """Scale the change; where black and white cut too much of it off, there is no way back."""
        levels = on_sphere(self.reference, levels, self._radius)
        if abs(self._psnr(levels) - self.value) > SURELY * self.within:
            return None
        return levels, levels - self.reference

    def _scaled(self, levels: Tensor) -> tuple[Tensor, float]:
        scaled = on_sphere(self.reference, levels, self._radius)
        levels = on_sphere(self.reference, _spread(self.reference, scaled), self._radius)
        if abs(self._psnr(levels) - self.value) > SURELY * self.within:
            levels = self._on_line(levels)
        return levels, self._psnr(levels)

    def _on_line(self, levels: Tensor) -> Tensor:
        """What scaling by what is missing does not meet: where nearly all of a change is cut off, each time
        adds less and less, and the end of the line is not come to.
        """
        change = levels - self.reference

        def at(times: float) -> Tensor:
            return (self.reference + times * change).clamp(0, HIGHEST)

        def missing(times: float) -> float:
            return self._psnr(at(times)) - self.value

        if missing(FARTHEST) >= 0:
            return at(FARTHEST)
        return at(brentq(missing, 1.0, FARTHEST, xtol=NEAR)) if missing(1.0) > 0 else levels

    def _psnr(self, levels: Tensor) -> float:
        return psnr_of(reached(self.reference, levels), levels.numel())


class LevelSet(Holding):
    """Equal SSIM, or an equal distance: the surface is known by the gradient alone."""

    def back(self, levels: Tensor) -> tuple[Tensor, Tensor] | None:
        """Newton's steps along the normal, which is the gradient at the 8-bit picture."""
        levels, share, before = levels.clamp(0, HIGHEST), 1.0, 0.0
        for _ in range(CORRECTIONS):
            own, normal = self._objective.gradient(rounded(levels))
            missing = self.value - own
            if not math.isfinite(own):  # as the picture that comes of it, so that the run stops here
                return torch.full_like(levels, math.nan), normal
            if abs(missing) <= SURELY * self.within:
                return levels, normal
            if missing * before < 0:  # rounding lets the value jump: nearer and nearer from both sides
                share /= 2
            before = missing
            levels = (levels + share * missing / normal.square().sum() * normal).clamp(0, HIGHEST)
            pause()  # another gradient comes, and a step may need thirty
        return None

    def _scaled(self, levels: Tensor) -> tuple[Tensor, float]:
        return self._on_line(_spread(self.reference, self._on_line(levels)[0]))

    def _on_line(self, levels: Tensor) -> tuple[Tensor, float]:
        """The picture that has the value on the line from the reference through another, or the nearest."""
        change, away = levels - self.reference, -1 if is_similarity(self.ruler) else 1

        def at(times: float) -> Tensor:
            return (self.reference + times * change).clamp(0, HIGHEST)

        def beyond(times: float) -> float:
            pause()
            with torch.no_grad():
                return away * (float(self._objective(rounded(at(times)))) - self.value)

        times = 1.0
        while (own := beyond(times)) < 0 and times < FARTHEST:
            times *= 2
        if own > 0:
            times = brentq(beyond, 0.0, times, xtol=NEAR * times)
        return at(times), self.value + away * beyond(times)


def _spread(reference: Tensor, levels: Tensor) -> Tensor:
    """What a picture in 8 bits may have been before it was rounded, where it is not the reference.

    Whole changes that are scaled alike round alike: all that were of one level jump at once, past the value.
    """
    generator = torch.Generator().manual_seed(0)
    parts = torch.rand(levels.shape, generator=generator).to(levels.device) - 0.5
    return torch.where(levels == reference, levels, levels + parts)


def within(ruler: Ruler, value: float) -> float:
    """How far from a value still counts as held."""
    known = {PSNR: PSNR_WITHIN, SSIM: SSIM_WITHIN}
    return known.get(ruler, SHARE_WITHIN * abs(value))


def holding_of(objective: Objective, value: float) -> Holding:
    """The surface on which a metric has a value.

    Raises:
        SettingError: no picture but the reference can have it.
    """
    check_target(objective.ruler, value)
    is_sphere = objective.ruler == PSNR
    return (Sphere if is_sphere else LevelSet)(objective, value)

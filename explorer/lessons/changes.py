"""Three changes of one picture by amounts that people know, and the amounts of them that have one PSNR.

Amounts are told in what they are on the picture: pixels, and levels of 0..255. Where all three are to be
equal the shift leads, since it goes in whole pixels: between two of them there is nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from explorer.cache import ByteBudgetCache
from explorer.distortions import Step, find_distortion
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics.classic import psnr, squared_error

SHIFT, BLUR, NOISE = "shift", "blur", "noise"

CLOSE_ENOUGH = 0.001  # dB that equal pictures may be apart: as shown, they are the same
MOST_DECIBELS = 100.0  # what an infinite PSNR counts as where it is looked for

# Of all users, by the pixels: a class looks at one picture.
_equal: ByteBudgetCache[tuple[tuple[float, ...], float]] = ByteBudgetCache(1_000_000)


@dataclass(frozen=True)
class Change:
    """One of the three: what a slider does to the picture.

    Attributes:
        key: Its name.
        label: As it is shown.
        distortion: A key of the catalogue.
        symbol, unit: Before and behind the amount.
        parameter: Of the distortion.
        usual, end: The amount at first, and the slider's end: in percent of the picture's shorter side where
            `is_length`, and in levels otherwise.
        is_length: Whether it is in pixels.
        whole: Whether it goes in whole pixels.
        weakest: The amount from which one that is equal is looked for.
    """

    key: str
    label: str
    distortion: str
    symbol: str
    unit: str
    parameter: str
    usual: float
    end: float
    is_length: bool
    whole: bool
    weakest: float

    def at_first(self, side: int) -> float:
        """The amount at first, on a picture whose shorter side has so many pixels."""
        return max(self._on(side, self.usual), 1 if self.whole else 0)  # none would teach the reverse

    def slider_end(self, side: int) -> float:
        """Where its slider ends."""
        return max(self._on(side, self.end), 1)

    def largest(self, side: int) -> float:
        """The largest amount that can be asked for: what can be typed for the distortion elsewhere."""
        (parameter,) = find_distortion(self.distortion).parameters
        return self._on(side, parameter.high)

    def _on(self, side: int, value: float) -> float:
        amount = side * value / 100 if self.is_length else value
        return math.floor(amount + 0.5) if self.whole else amount

    def checked(self, amount: float, side: int) -> float:
        """An amount as it is used.

        Raises:
            SettingError: it is none that the picture can have.
        """
        largest = self.largest(side)
        fits = math.isfinite(amount) and 0 <= amount <= largest
        if not fits or (self.whole and amount != int(amount)):
            kind = "whole number" if self.whole else "number"
            raise SettingError(f"choose a {kind} from 0 to {largest:g} {self.unit}.")
        return int(amount) if self.whole else float(amount)

    def step(self, amount: float, side: int) -> Step:
        """The distortion; an amount of 0 changes nothing."""
        if not amount:
            return Step(self.distortion, None)
        (parameter,) = find_distortion(self.distortion).parameters
        value = 100 * amount / side if self.is_length else amount
        return Step(self.distortion, {self.parameter: min(value, parameter.high)})  # there and back it rounds

    def text(self, amount: float) -> str:
        """An amount as people write it: "2 px", "σ 5.25 px"."""
        return f"{self.symbol}{amount:.3g} {self.unit}"


CHANGES: Mapping[str, Change] = {
    each.key: each
    for each in (
        Change(SHIFT, "Shift", "shift", "", "px", "shift", 0.67, 2, True, True, 1),
        Change(BLUR, "Blur", "gaussian_blur", "σ ", "px", "sigma", 1, 4, True, False, 0.05),
        Change(NOISE, "Noise", "gaussian_noise", "σ ", "levels", "sigma", 10, 48, False, False, 0.25),
    )
}
LEAST_SHIFT = 1  # pixels, where all three are to be equal: by none they all are the picture itself


def equal_amounts(base: Picture, shift: int) -> tuple[tuple[float, ...], float]:
    """Amounts of the three that have one PSNR, and the PSNR in dB.

    Args:
        base: As it is measured.
        shift: In whole pixels.
    """
    key = base.digest, shift
    found = _equal.get(key)
    if found is None:
        target = decibels_of(base, SHIFT, shift)
        found = (shift, *(_tuned(base, name, target) for name in (BLUR, NOISE))), target
        _equal.put(key, found, 500)
    return found


def leading_shift(base: Picture, change: str, amount: float) -> int:
    """The shift whose PSNR is nearest to that of a change: the one that all three are then tuned to."""
    side = min(base.size)
    if change == SHIFT:
        return max(LEAST_SHIFT, int(amount))
    target = min(decibels_of(base, change, amount), MOST_DECIBELS)
    shifts = range(LEAST_SHIFT, max(LEAST_SHIFT, int(CHANGES[SHIFT].slider_end(side))) + 1)
    return min(shifts, key=lambda shift: abs(min(decibels_of(base, SHIFT, shift), MOST_DECIBELS) - target))


def decibels_of(base: Picture, change: str, amount: float) -> float:
    """PSNR of a picture under a change, in dB."""
    step = CHANGES[change].step(amount, min(base.size))
    return psnr(squared_error(base.pixels, step.apply(base.pixels)))


def _tuned(base: Picture, change: str, target: float) -> float:
    """The amount with this PSNR, or the strongest where none is so far; by Brent's method on its logarithm.

    Decibels are nearly a straight line over it, so that a few looks are enough.
    """
    from scipy.optimize import brentq  # here, because it takes a while to load

    if math.isinf(target):
        return 0.0
    own = CHANGES[change]

    def gap(logarithm: float) -> float:
        found = min(decibels_of(base, change, math.exp(logarithm)), MOST_DECIBELS) - target
        return 0.0 if abs(found) <= CLOSE_ENOUGH else found

    weak, strong = own.weakest, own.largest(min(base.size))
    if min(decibels_of(base, change, strong), MOST_DECIBELS) >= target:
        return strong
    if gap(math.log(weak)) <= 0:
        return weak
    return math.exp(brentq(gap, math.log(weak), math.log(strong), xtol=1e-6))

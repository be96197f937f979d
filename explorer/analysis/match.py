"""Equal by one metric: a reference under many distortions, each just as strong as a target asks.

What is found for a distortion is a `Match`: its values, the picture, and what the metric says of it. A value
is looked for by bisection, which knows plateaus: a quality is a whole number and a shift whole pixels, and
between two of them there is nothing.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from numbers import Real
from typing import Any, Literal

import numpy as np

from explorer.analysis.rulers import PSNR, SSIM, Ruler, is_similarity, label_of, value
from explorer.distortions import Distortion, Recipe, Step, distorted, find_distortion
from explorer.errors import SettingError
from explorer.images import Picture

USUAL = (
    "lightness_shift",
    "colour_shift",
    "contrast",
    "gaussian_noise",
    "pink_noise",
    "gaussian_blur",
    "motion_blur",
    "scaling",
    "shift",
    "cubic_warp",
    "jpeg",
    "occlusion",
)
"""Those that are tuned where nobody names others: each family, and what most people know."""

FINE = (
    "lightness_shift",
    "colour_shift",
    "contrast",
    "gaussian_noise",
    "pink_noise",
    "salt_and_pepper",
    "gaussian_blur",
    "motion_blur",
    "chromatic_aberration",
    "affine_warp",
    "cubic_warp",
    "jpeg",
)
"""A dozen of many kinds that have fine steps, so that all of them meet most targets."""

# Distances from the target that count as none, and a share of it for a distance, which has no unit.
TOLERANCES: Mapping[Ruler, float] = {PSNR: 0.01, SSIM: 0.0005}
SHARE = 0.0025

# Where a distortion is looked for. From 0 to 1 are its severities; from there to 2 its parameters go on to
# the ends of what can be typed.
WEAKEST, STRONGEST = 0.0, 2.0
LOOKS = 32  # for a place that is strong enough, where the ends are not
NARROWEST = 2.0**-20  # no distortion has a finer step
# Beside a step that is nearest so far: so many whole numbers on either side; or so many places, within these
# parts of the way, until so many pictures more were looked at.
BESIDE = 3
LOOKS_BESIDE, NEARBY, MOST_LOOKS = 13, (0.04, 0.008), 80

Outcome = Literal["reached", "nearest step", "out of reach"]
Check = Callable[[], None]  # called before each picture that is made; what it raises ends the search


def unchecked() -> None:
    """The check of who waits for the end."""


@dataclass(frozen=True, eq=False)
class Match:
    """One distortion, as near to the target as it comes.

    Attributes:
        reference: What is distorted.
        step: The distortion with its values.
        value: What the metric says of that.
        outcome: "reached" within the tolerance; "nearest step" where the target lies between neighbouring
            steps of whole numbers, pixels or levels; "out of reach" where it lies beyond all of them.
    """

    reference: Picture
    step: Step
    value: float
    outcome: Outcome

    def __repr__(self) -> str:
        return f"<Match {self.name} ({self.step.note}): {self.value:.6g}, {self.outcome}>"

    @property
    def name(self) -> str:
        """The distortion's, a key of the catalogue."""
        return self.step.name

    @property
    def parameters(self) -> dict[str, float] | None:
        """The distortion's values by name; None where it changes nothing."""
        return None if self.step.values is None else dict(self.step.values)

    @property
    def picture(self) -> Picture:
        """What the step makes of the reference, when it is asked for: many would fill the memory."""
        return distorted(self.reference, Recipe((self.step,)))

    @property
    def image(self) -> np.ndarray:
        """The picture's pixels, uint8 (H, W, 3)."""
        return self.picture.pixels

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an infinite PSNR is None."""
        value = self.value if math.isfinite(self.value) else None
        return self.step.to_dict() | {"value": value, "outcome": self.outcome}

    @property
    def reached(self) -> bool:
        """Whether the target was reached within the tolerance."""
        return self.outcome == "reached"


def check_target(ruler: Ruler, target: float) -> None:
    """Raise `SettingError` unless some picture can have this value."""
    low, high = {PSNR: (0.0, 100.0), SSIM: (-1.0, 1.0)}.get(ruler, (0.0, math.inf))
    is_number = isinstance(target, Real) and not isinstance(target, bool) and math.isfinite(target)
    if not is_number or not low <= target <= high:
        top = f"to {high:g}" if math.isfinite(high) else "up"
        raise SettingError(
            f"The {label_of(ruler)} asked for is {target!r}; choose a number from {low:g} {top}."
        )


def tolerance(ruler: Ruler, target: float) -> float:
    """How far from the target still counts as reached."""
    return TOLERANCES.get(ruler, SHARE * abs(target))


def matches(
    reference: Picture,
    ruler: Ruler,
    target: float,
    names: Sequence[str],
    seed: int = 0,
    check: Check = unchecked,
) -> Iterator[Match]:
    """Tune each distortion until the ruler says the target, or as near to it as it comes.

    Args:
        reference: At the size that is measured.
        ruler: What is to be equal.
        target: Its value: decibels for PSNR.
        names: Keys of the catalogue.
        seed: Of the random ones.
        check: Called before each picture that is made, also inside a bisection; what it raises ends the work.

    Raises:
        SettingError: an unknown name, a target that nothing can have, or a package that is missing.
        ImageError, WeightsError: as `explorer.analysis.rulers.value`.
    """
    check_target(ruler, target)
    if isinstance(names, str):
        raise SettingError(f"The names of distortions are a list, such as [{names!r}].")
    for name in names:
        yield tuned(reference, find_distortion(name), ruler, target, seed, check)


def tuned(
    reference: Picture,
    entry: Distortion,
    ruler: Ruler,
    target: float,
    seed: int = 0,
    check: Check = unchecked,
) -> Match:
    """One distortion, tuned by bisection of its place; arguments and errors as `matches`."""
    return tuned_picture(reference, entry, ruler, target, seed, check)[0]


def tuned_picture(
    reference: Picture,
    entry: Distortion,
    ruler: Ruler,
    target: float,
    seed: int = 0,
    check: Check = unchecked,
) -> tuple[Match, Picture]:
    """As `tuned`, with the picture, which was made on the way and so need not be made again."""
    search = _Search(reference, entry, ruler, target, seed, check)
    return search.run(), search.picture


class _Search:
    """The bisection of one distortion."""

    def __init__(
        self, reference: Picture, entry: Distortion, ruler: Ruler, target: float, seed: int, check: Check
    ):
        self._reference, self._entry, self._ruler = reference, entry, ruler
        self._target, self._seed, self._check = target, seed, check
        # Of steps and pictures' digests: many places make the same.
        self._values: dict[Step | str, float] = {}
        self._nearest: tuple[float, Step, float] | None = None  # the distance from the target first
        self.picture: Picture | None = None  # the nearest one
        self._place = WEAKEST  # of the nearest
        self._crossings: list[float] = []  # places at which the curve crosses the target
        self._looks = 0  # pictures that were made and measured, or were found to be known
        self._enough = 0  # of these at most, where the nearest step is looked for

    def run(self) -> Match:
        """Find the place; the nearest picture that was seen on the way is the answer."""
        weak, strong = self._bracket()
        if strong is None:
            return self._answer("out of reach")
        weak = self._bisected(weak, strong)
        if self._is_reached:
            return self._answer("reached")
        # What is too strong at its weakest, such as the best JPEG, comes no nearer.
        if weak == WEAKEST:
            return self._answer("out of reach")
        self._look_beside()
        return self._answer("nearest step")

    def _bisected(self, weak: float, strong: float) -> float:
        """What is left of two places, as `bisected`; returns the one that is too weak."""
        weak, _ = bisected(weak, strong, self._is_too_strong, lambda: self._is_reached)
        self._crossings.append(weak)
        return weak

    def _bracket(self) -> tuple[float, float | None]:
        """A place that is too weak, and one that is too strong, or None where there is none."""
        weak = WEAKEST
        self._is_too_strong(weak)
        for strong in (1.0, STRONGEST):
            if self._is_too_strong(strong):
                return weak, strong
            weak = strong
        # A curve that turns, as of a shift in a picture that repeats, may be past its top at both.
        between = np.linspace(WEAKEST, STRONGEST, LOOKS + 1)[1:-1].tolist()
        for weak, strong in pairwise([WEAKEST, *between]):
            if self._is_too_strong(strong):
                return weak, strong
        return STRONGEST, None

    def _look_beside(self) -> None:
        """Look for the target beside the nearest step, as long as that leads to a nearer one.

        What goes in steps does not get stronger step by step, in the eyes of a network least of all: a curve
        that goes up and down crosses the target more than once, or a step beyond the next is nearer.
        """
        self._enough = self._looks + MOST_LOOKS
        parameters = self._entry.parameters
        is_whole = len(parameters) == 1 and parameters[0].whole
        looks = [self._look_at_numbers] if is_whole else [partial(self._look_within, each) for each in NEARBY]
        for look in looks:
            best = None
            while self._nearest[1] is not best and not self._is_done:
                best = self._nearest[1]
                look()

    def _look_at_numbers(self) -> None:
        """The whole numbers beside the nearest one."""
        (parameter,), step = self._entry.parameters, self._nearest[1]
        for _, number in step.values or ():
            for beside in range(number - BESIDE, number + BESIDE + 1):
                if parameter.low <= beside <= parameter.high:
                    self._told(Step(self._entry.name, {parameter.name: beside}, self._seed))

    def _look_within(self, width: float) -> None:
        """The places on either side of the nearest one, and where the curve crosses between two of them."""
        sides = np.linspace(-width, width, LOOKS_BESIDE) + self._place
        places = [each for each in sides.tolist() if WEAKEST < each <= STRONGEST]
        for one, other in pairwise(places):
            if self._is_done:
                return
            is_known = any(one <= place <= other for place in self._crossings)
            if not is_known and self._is_too_strong(one) != self._is_too_strong(other):
                self._bisected(*((other, one) if self._is_too_strong(one) else (one, other)))

    @property
    def _is_done(self) -> bool:
        return self._is_reached or self._looks >= self._enough

    def _is_too_strong(self, place: float) -> bool:
        before = self._nearest
        found = self._told(step_at(self._entry, place, self._seed))
        if self._nearest is not before:
            self._place = place
        return found < self._target if is_similarity(self._ruler) else found > self._target

    def _told(self, step: Step) -> float:
        found = self._values.get(step)
        if found is None:
            found = self._values[step] = self._measured(step)
        return found

    def _measured(self, step: Step) -> float:
        self._check()
        self._looks += 1
        picture = distorted(self._reference, Recipe((step,)))
        found = self._values.get(picture.digest)
        if found is None:
            found = self._values[picture.digest] = value(self._ruler, self._reference, picture)
        gap = abs(found - self._target)
        if self._nearest is None or gap < self._nearest[0]:
            self._nearest, self.picture = (gap, step, found), picture
        return found

    @property
    def _is_reached(self) -> bool:
        return self._nearest[0] <= tolerance(self._ruler, self._target)

    def _answer(self, outcome: Outcome) -> Match:
        _, step, found = self._nearest
        return Match(self._reference, step, found, "reached" if self._is_reached else outcome)


def bisected(
    weak: float, strong: float, is_too_strong: Callable[[float], bool], is_found: Callable[[], bool]
) -> tuple[float, float]:
    """Halve the way between a place that is too weak and one that is too strong, until it is found.

    Args:
        weak, strong: In either order, for a curve that turns is too strong before it is too weak again.
        is_too_strong: Asked of the place in the middle.
        is_found: Whether one that was asked about is near enough.

    Returns:
        The two places that are left, no more than `NARROWEST` apart where nothing was found.
    """
    while abs(strong - weak) > NARROWEST and not is_found():
        middle = (weak + strong) / 2
        if is_too_strong(middle):
            strong = middle
        else:
            weak = middle
    return weak, strong


def step_at(entry: Distortion, place: float, seed: int = 0) -> Step:
    """A distortion at a place of 0..2: its severity up to 1, and from there on towards the ranges' ends."""
    if place <= 1:
        return Step.at(entry.name, place, seed)
    values = {}
    for parameter in entry.parameters:
        half, full = parameter.at(0.5), parameter.at(1.0)
        # What severity leaves as it is, such as an angle, is left as it is from there on, too.
        end = full if half == full else parameter.high if half < full else parameter.low
        reached = full + (place - 1) * (end - full)
        values[parameter.name] = round(reached) if parameter.whole else reached
    return Step(entry.name, values, seed)

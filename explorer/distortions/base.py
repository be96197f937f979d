"""What a distortion is: a named entry whose severity 0..1 stands for physical parameters with units.

Three rules hold for every distortion:

- It works on sRGB values as they are stored, in 0..255; what its physics asks to do in linear light or in
  CIELAB says so. Results are rounded to the nearest level and clipped.
- A length is a percentage of the image's shorter side, never a fixed number of pixels. So one severity
  looks the same on a thumbnail of 64 px and on a photograph of 4000 px, and it outlives the resize to the
  size at which a pair is measured. What has a scale of its own keeps it: JPEG's 8 x 8 blocks, the single
  pixels of white noise, and the factor of a scaling.
- Nothing foreign enters at a border: what lies outside is the mirrored or the continued image.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from math import floor, log10
from numbers import Real
from types import ModuleType
from typing import Any, Literal

import numpy as np

from explorer.errors import SettingError

Family = Literal[
    "photometric",
    "noise",
    "blur",
    "sampling",
    "spatial",
    "compression",
    "artefact",
    "restoration",
    "combined",
]
Values = tuple[tuple[str, float], ...]  # (parameter's name, number), in the order of the catalogue's row

PERCENT_OF_SIDE = "% of side"  # the shorter one
UNCHANGED = "unchanged"  # what severity 0 is called
LONGEST_SHOWN = 80  # characters of a value in an error

_STRIP_PIXELS = 1 << 18  # 3 MB of float32 a picture that a computation holds, whatever the image's size

_PEOPLE = ("Gaussian", "Lanczos")  # words that keep their capital within a sentence
_SYMBOLS = {"sigma": "σ"}  # for people; `Parameter.name` stays a plain identifier


@dataclass(frozen=True)
class Parameter:
    """One physical quantity of a distortion, such as `Parameter("sigma", "levels", 0, 255, at)`.

    Attributes:
        name: A Python identifier, also the argument's name in the distortion's function.
        unit: "levels" (of 0..255), "% of side" (the shorter side), "px", "%", "×", "°", "L*" and "ΔE" (of
            CIELAB), "EV" (doublings of light), or "" for a plain number.
        low, high: The range that can be typed. It may reach further than the severities do.
        at: Severity in 0..1 -> the value in `unit`; monotone.
        whole: Whether only whole numbers have a meaning.
    """

    name: str
    unit: str
    low: float
    high: float
    at: Callable[[float], float]
    whole: bool = False

    @property
    def symbol(self) -> str:
        """The name as people write it."""
        return _SYMBOLS.get(self.name, self.name)

    @property
    def range(self) -> str:
        """What can be typed, as in "0 to 255 levels"."""
        return f"{self.low:g} to {_with_unit(f'{self.high:g}', self.unit)}"

    @property
    def increment(self) -> float:
        """A small change of the value: a power of ten, at most a hundredth of the range; 1 where whole."""
        return 1 if self.whole else 10.0 ** floor(log10((self.high - self.low) / 100))

    def text(self, value: float) -> str:
        """A value as people write it, as in "σ 12 levels"."""
        return f"{self.symbol} {_with_unit(f'{value:.3g}', self.unit)}"

    def checked(self, value: Any, owner: str) -> float:
        """The value as an int where whole, as a float otherwise.

        Args:
            owner: The distortion's name, for the error.

        Raises:
            SettingError: if it is no number, not in the range, or a fraction where only whole ones count.
        """
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high or (self.whole and value != int(value)):
            kind = "whole number" if self.whole else "number"
            raise SettingError(
                f"The {self.name} of {owner} is {shown(value)}; choose a {kind}, {self.range}."
            )
        return int(value) if self.whole else float(value) + 0.0  # the sum turns -0.0 into 0.0


@dataclass(frozen=True)
class Distortion:
    """One entry of the catalogue.

    Attributes:
        name: The key in the catalogue, in links and in the shell.
        label: What a user reads in a menu.
        family: Its group, after the families of the paper's Table 2.
        random: Whether the seed matters. A seed fixes the pattern; severity only makes it stronger.
        parameters: The physical quantities that it takes.
        apply: The function behind the entry: uint8 (H, W, 3), then the parameters by name, then `rng`
            where random. Call it through `explorer.distortions.Step`, which checks its input.
        summary: One sentence for a tooltip.
        paper: What Table 2 of the paper calls it; "" where it is none of the paper's.
        left_open: What the paper does not say of it, and what is done here; "" where nothing is open.
        needs: The packages that `pip` must install for it, which the explorer does without otherwise.
    """

    name: str
    label: str
    family: Family
    random: bool
    parameters: tuple[Parameter, ...]
    apply: Callable[..., np.ndarray]
    summary: str
    paper: str = ""
    left_open: str = ""
    needs: tuple[str, ...] = ()

    @property
    def in_text(self) -> str:
        """The label within a sentence: "motion blur", but "Gaussian blur" and "WebP"."""
        first = self.label.split()[0].strip(",")
        is_name = first in _PEOPLE or not first[1:].islower()
        return self.label if is_name else self.label[:1].lower() + self.label[1:]

    def seed_of(self, seed: int) -> int:
        """The seed where it is random; 0 where it is not, and so the same with any."""
        return seed if self.random else 0

    @property
    def ranges(self) -> str:
        """All parameters with what can be typed, as in "quality (1 to 95), sigma (0 to 20% of side)"."""
        return ", ".join(f"{parameter.name} ({parameter.range})" for parameter in self.parameters)

    def values(self, severity: float) -> Values | None:
        """What the parameters are at a severity in 0..1; None at 0, which changes nothing.

        Raises:
            SettingError: if the severity is not a number in 0..1.
        """
        check_severity(severity)
        if severity == 0:
            return None
        return tuple((parameter.name, parameter.at(float(severity))) for parameter in self.parameters)

    def severity_of(self, values: Values | None) -> float | None:
        """The severity, in hundredths, that stands for these values; None where no such one does."""
        return next((place / 100 for place in range(101) if self.values(place / 100) == values), None)

    def checked(self, values: Mapping[str, Any]) -> Values:
        """Values by parameter's name, checked, each in its type and in the row's order.

        Raises:
            SettingError: if one is missing, unknown, or not in its range.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise SettingError(f"{self.name} has no parameter {shown(name)}; it takes {self.ranges}.")
        for name in known:
            if name not in values:
                raise SettingError(f"{self.name} lacks a value for {name}; it takes {self.ranges}.")
        return tuple((name, known[name].checked(values[name], self.name)) for name in known)

    def text(self, values: Values | None) -> str:
        """Values as short text: "quality 9, σ 1.2% of side", or "unchanged" for None."""
        if values is None:
            return UNCHANGED
        return ", ".join(
            parameter.text(value) for parameter, (_, value) in zip(self.parameters, values, strict=True)
        )

    def describe(self, severity: float) -> str:
        """The values at a severity in 0..1 as short text.

        Raises:
            SettingError: if the severity is not a number in 0..1.
        """
        return self.text(self.values(severity))


def check_severity(severity: float) -> None:
    """Raise `SettingError` unless `severity` is a number in 0..1."""
    is_number = isinstance(severity, Real) and not isinstance(severity, bool)
    if not is_number or not 0 <= severity <= 1:  # NaN fails the comparison
        raise SettingError(
            f"The severity is {severity!r}; choose a number from 0 (unchanged) to 1 (strongest)."
        )


def optional(module: str, package: str, owner: str) -> ModuleType:
    """A module that the explorer does without, for the one distortion that needs it.

    Args:
        module: What is imported, such as "skimage.restoration".
        package: What `pip` calls it.
        owner: The distortion's label, for the error.

    Raises:
        SettingError: if it is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        raise SettingError(
            f"{owner} needs the package {package}; install it with `pip install {package}` and start anew."
        ) from None


def shown(value: Any) -> str:
    """A value for an error, cut where it is endless."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit}" if unit[:1].isalpha() else f"{number}{unit}"


def side_pixels(image: np.ndarray, percent: float) -> float:
    """`percent` of the shorter side of an (H, W, 3) image, in pixels."""
    return min(image.shape[:2]) * percent / 100


def row_strips(image: np.ndarray) -> Iterator[slice]:
    """Slices of whole rows, top to bottom, small enough that floats of one are no matter for the memory."""
    rows = max(1, _STRIP_PIXELS // image.shape[1])
    for top in range(0, image.shape[0], rows):
        yield slice(top, min(top + rows, image.shape[0]))


def levels(values: np.ndarray) -> np.ndarray:
    """Floats of any shape as uint8: rounded to the nearest level and clipped to 0..255."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)

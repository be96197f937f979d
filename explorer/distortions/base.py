"""What a distortion is: a named entry whose severity 0..1 stands for physical parameters with units.

Three rules hold for every distortion:

- It works on sRGB values as they are stored, in 0..255; nothing is linearised. Results are rounded to the
  nearest level and clipped.
- A length is a percentage of the image's shorter side, never a fixed number of pixels. So one severity
  looks the same on a thumbnail of 64 px and on a photograph of 4000 px, and it outlives the resize to the
  size at which a pair is measured. What has a scale of its own keeps it: JPEG's 8 x 8 blocks, the single
  pixels of white noise, and the factor of a scaling.
- Nothing foreign enters at a border: what lies outside is the mirrored or the continued image.
"""

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Literal

import numpy as np

from explorer.errors import SettingError

Family = Literal["noise", "blur", "compression", "photometric", "spatial", "combined"]

PERCENT_OF_SIDE = "% of side"  # the shorter one

_SYMBOLS = {"sigma": "σ"}  # for people; `Parameter.name` stays a plain identifier


@dataclass(frozen=True)
class Parameter:
    """One physical quantity of a distortion, such as `Parameter("sigma", 12.0, "levels")`.

    Attributes:
        name: A Python identifier, also the argument's name in the distortion's function.
        value: In `unit`.
        unit: "levels" (of 0..255), "% of side" (the shorter side), "%", "×", or "" for a plain number.
    """

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        space = " " if self.unit[:1].isalpha() else ""
        return f"{_SYMBOLS.get(self.name, self.name)} {self.value:.3g}{space}{self.unit}"


@dataclass(frozen=True)
class Distortion:
    """One entry of the catalogue.

    Attributes:
        name: The key in the catalogue, in links and in the shell.
        label: What a user reads in a menu.
        family: Its group, after the families of the paper's Table 2.
        random: Whether the seed matters. A seed fixes the pattern; severity only makes it stronger.
        parameters: Severity in 0..1 -> physical parameters, each monotone in severity.
        apply: The function behind the entry: uint8 (H, W, 3), then the parameters by name, then `rng`
            where random. Call it through `explorer.distortions.distort`, which checks its input.
        summary: One sentence for a tooltip.
    """

    name: str
    label: str
    family: Family
    random: bool
    parameters: Callable[[float], tuple[Parameter, ...]]
    apply: Callable[..., np.ndarray]
    summary: str

    def describe(self, severity: float) -> str:
        """The parameters at a severity in 0..1 as short text: "quality 9", or "unchanged" at severity 0.

        Raises:
            SettingError: if the severity is not a number in 0..1.
        """
        check_severity(severity)
        if severity == 0:
            return "unchanged"
        return ", ".join(map(str, self.parameters(severity)))


def check_severity(severity: float) -> None:
    """Raise `SettingError` unless `severity` is a number in 0..1."""
    is_number = isinstance(severity, Real) and not isinstance(severity, bool)
    if not is_number or not 0 <= severity <= 1:  # NaN fails the comparison
        raise SettingError(
            f"The severity is {severity!r}; choose a number from 0 (unchanged) to 1 (strongest)."
        )


def side_pixels(image: np.ndarray, percent: float) -> float:
    """`percent` of the shorter side of an (H, W, 3) image, in pixels."""
    return min(image.shape[:2]) * percent / 100

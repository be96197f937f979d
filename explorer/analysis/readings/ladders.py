"""The ladders: distortions whose strength people have a feeling for, and how it is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.analysis.match import step_at
from explorer.distortions import Step, find_distortion
from explorer.distortions.base import PERCENT_OF_SIDE
from explorer.errors import SettingError

SEEDS = (0, 1, 2)  # of a random distortion: its reading is their median, with the range
AROUND = 3  # whole numbers on either side of a crossing: JPEG's curve goes up and down by little


@dataclass(frozen=True)
class Ladder:
    """A distortion whose strength people have a feeling for.

    Attributes:
        name: A key of the distortions' catalogue, of one parameter.
        noun: In a sentence, such as "Gaussian blur".
        unit: Behind the value, such as "px".
        before: Stands between the noun and the value.
        symbol: In front of the value, where the noun is not said.
        in_pixels: Whether only whole pixels differ from each other.
    """

    name: str
    noun: str
    unit: str
    before: str = "of "
    symbol: str = ""
    in_pixels: bool = False

    def step(self, place: float, side: int, seed: int) -> Step:
        """The distortion at a place (`explorer.analysis.match.step_at`), on a picture of this shorter side.

        Args:
            side: In pixels.
        """
        step = step_at(find_distortion(self.name), place, seed)
        if not self.in_pixels or step.values is None:
            return step
        ((name, percent),) = step.values
        most = int(side * find_distortion(self.name).parameters[0].high / 100)
        pixels = min(round(side * percent / 100), most)
        return Step(self.name, {name: 100 * pixels / side} if pixels else None, seed)

    def around(self, step: Step) -> tuple[Step, ...]:
        """The steps beside one whose strength is a whole number; none beside others."""
        (parameter,) = step.entry.parameters
        if not parameter.whole or step.values is None:
            return ()
        ((name, value),) = step.values
        numbers = range(max(int(parameter.low), value - AROUND), min(int(parameter.high), value + AROUND) + 1)
        return tuple(Step(self.name, {name: number}, step.seed) for number in numbers)

    def amount(self, step: Step, side: int) -> float:
        """A step's strength in the unit; lengths are in pixels of a picture with this shorter side."""
        (parameter,), ((_, value),) = step.entry.parameters, step.values
        length = parameter.unit == PERCENT_OF_SIDE
        amount = side * value / 100 if length else value
        return float(round(amount) if self.in_pixels or parameter.whole else amount)

    def words(self, *amounts: float) -> str:
        """One strength, "Gaussian blur of 1.8 px", or two that another lies between."""
        numbers = [number(amount) for amount in sorted(amounts)]
        before = self.before if len(numbers) == 1 else "between "
        return f"{self.noun} {before}{' and '.join(numbers)}{self._behind}"

    def range(self, low: float, high: float) -> str:
        """A range without the noun: "σ 11 to 13 levels"."""
        ends = list(dict.fromkeys((number(low), number(high))))
        return f"{self.symbol}{' to '.join(ends)}{self._behind}"

    @property
    def _behind(self) -> str:
        return f" {self.unit}" if self.unit.isalpha() else self.unit


LADDERS: Mapping[str, Ladder] = {
    ladder.name: ladder
    for ladder in (
        Ladder("gaussian_blur", "Gaussian blur", "px"),
        Ladder("jpeg", "JPEG quality", "", before="", symbol="quality "),
        Ladder("gaussian_noise", "Gaussian noise", "levels", before="of σ ", symbol="σ "),
        Ladder("shift", "shift", "px", in_pixels=True),
        Ladder("contrast", "contrast", "%", before="at "),
    )
}


def number(amount: float) -> str:
    """A strength as people read it: two digits, and all of a larger whole number."""
    if amount >= 10 or amount == round(amount):
        return f"{amount:.0f}"
    return f"{amount:.2g}"


def chosen_ladders(names: Sequence[str] | None) -> tuple[Ladder, ...]:
    """The ladders of these names; None takes all.

    Raises:
        SettingError: a name that is none, a name given twice, or no name.
    """
    if names is None:
        return tuple(LADDERS.values())
    known = ", ".join(LADDERS)
    if isinstance(names, str) or not names or len(set(names)) < len(names):
        raise SettingError(f"The ladders are a list of names, each once; choose among {known}.")
    for name in names:
        if name not in LADDERS:
            raise SettingError(f"There is no ladder {name!r}; choose among {known}.")
    return tuple(LADDERS[name] for name in names)

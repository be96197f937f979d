"""What the settings of every viewer have in common: they travel as JSON, and are checked as they are made."""

import math
from dataclasses import asdict
from typing import Any, Self

from explorer.errors import SettingError


class ViewerSettings:
    """What the settings of every viewer can do: travel as JSON. Each is a frozen dataclass of values."""

    def to_json(self) -> dict[str, Any]:
        """The settings as a plain dictionary, one entry a field."""
        return asdict(self)

    @classmethod
    def from_json(cls, settings: Any) -> Self:
        """Read what `to_json` wrote, or what a browser sent.

        Raises:
            SettingError: not a dictionary of these settings, or a value out of range.
        """
        try:
            return cls(**settings)
        except TypeError:
            raise SettingError("The display settings are damaged; reload the page to reset them.") from None


def check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    """Raise SettingError unless the value is one of the choices."""
    if value not in choices:
        raise SettingError(
            f"The display setting “{name}” cannot be “{value}”; choose one of {', '.join(choices)}."
        )


def opacity_of(value: Any) -> float:
    """An opacity in 0..1, kept to two decimals; SettingError for anything else."""
    if not is_number(value) or not 0 <= value <= 1:
        raise SettingError(f"The display setting “overlay” must be between 0 and 1, not {value}.")
    return round(float(value), 2)


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

"""What the settings of every viewer have in common: they travel as JSON, and are checked as they are made."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from explorer.errors import SettingError

LEAST_ZOOM, MOST_ZOOM = 0.001, 100_000


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


@dataclass(frozen=True, kw_only=True)
class ViewSettings(ViewerSettings):
    """Which part of the pictures is seen.

    Attributes:
        zoom: How many times larger than the whole picture in its panel it is seen, above 0, kept to three
            decimals; 1 is the whole picture.
        middle_x, middle_y: The place in the middle of a panel, as a part of the picture's width and height,
            0..1, kept to five decimals: the same place at any measured size. 0.5 with a zoom of 1.

    Raises:
        SettingError: a number out of range.
    """

    zoom: float = 1.0
    middle_x: float = 0.5
    middle_y: float = 0.5

    def __post_init__(self):
        if not (is_number(self.zoom) and LEAST_ZOOM <= self.zoom <= MOST_ZOOM):
            raise SettingError(
                f"The display setting “zoom” must be between {LEAST_ZOOM} and {MOST_ZOOM}, not {self.zoom}."
            )
        for name in ("middle_x", "middle_y"):
            if not (is_number(at := getattr(self, name)) and 0 <= at <= 1):
                raise SettingError(f"The display setting “{name}” must be between 0 and 1, not {at}.")
            object.__setattr__(self, name, 0.5 if self.zoom == 1 else round(float(at), 5))
        object.__setattr__(self, "zoom", round(float(self.zoom), 3))

    def at(self, other: "ViewSettings") -> Self:
        """The same with that part of the pictures in sight which others see."""
        return replace(self, zoom=other.zoom, middle_x=other.middle_x, middle_y=other.middle_y)

    @property
    def whole(self) -> Self:
        """The same with the whole picture in sight."""
        return replace(self, zoom=1.0)


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

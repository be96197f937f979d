"""How a pair is shown: the settings that live in the viewer and travel in links."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Self

from explorer.errors import SettingError

MODES = ("side", "swipe", "flip")
MAPS = ("combined", "layer", "squared_error", "one_minus_ssim")
CELLS = ("native", "smooth")
SCALES = ("shared", "layer", "fixed")


class Settings:
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


@dataclass(frozen=True)
class Display(Settings):
    """Display settings; changing them never measures again.

    Attributes:
        mode: "side" (side by side), "swipe" or "flip".
        map: The large map: "combined", "layer" (the chosen one), "squared_error" or "one_minus_ssim".
        layer: Name of the chosen layer; "" leaves the choice to the viewer, which takes the largest distance.
        overlay: Opacity of the map over the grey photograph, 0..1, kept to two decimals.
        cells: "native" draws the map's own cells, "smooth" a bilinear picture that is for looking only.
        scale: Colour scale of the LPIPS maps: "shared", "layer" (each its own, not comparable) or "fixed".
        fixed: The fixed scale's end, above 0; None until one was chosen.

    Raises:
        SettingError: an unknown choice or a number out of range.
    """

    mode: str = "side"
    map: str = "combined"
    layer: str = ""
    overlay: float = 0.6
    cells: str = "native"
    scale: str = "shared"
    fixed: float | None = None

    def __post_init__(self):
        for name, choices in (("mode", MODES), ("map", MAPS), ("cells", CELLS), ("scale", SCALES)):
            if getattr(self, name) not in choices:
                raise SettingError(
                    f"The display setting “{name}” cannot be “{getattr(self, name)}”; "
                    f"choose one of {', '.join(choices)}."
                )
        if not isinstance(self.layer, str):
            raise SettingError(f"The display setting “layer” must be a layer's name, not {self.layer!r}.")
        if self.fixed is not None and not (_is_number(self.fixed) and self.fixed > 0):
            raise SettingError(f"The display setting “fixed” must be a number above 0, not {self.fixed}.")
        object.__setattr__(self, "overlay", _opacity(self.overlay))
        object.__setattr__(self, "fixed", None if self.fixed is None else float(self.fixed))


@dataclass(frozen=True)
class GalleryDisplay(Settings):
    """Display settings of a gallery.

    Attributes:
        overlay: Opacity of the maps over the grey photograph, 0..1, kept to two decimals.

    Raises:
        SettingError: a number out of range.
    """

    overlay: float = 0.6

    def __post_init__(self):
        object.__setattr__(self, "overlay", _opacity(self.overlay))


def _opacity(value: Any) -> float:
    if not _is_number(value) or not 0 <= value <= 1:
        raise SettingError(f"The display setting “overlay” must be between 0 and 1, not {value}.")
    return round(float(value), 2)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

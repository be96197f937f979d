"""How a pair is shown: the settings that live in the viewer and travel in links."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Self

from explorer.errors import SettingError

MODES = ("side", "swipe", "flip")
MAPS = ("combined", "layer", "squared_error", "one_minus_ssim")
CELLS = ("native", "smooth")
SCALES = ("shared", "layer", "fixed")
TOOLS = ("draw", "pan")
MOST_BOXES = 8  # the viewer refuses more; A to H

Box = tuple[int, int, int, int]  # x, y, width, height: whole pixels of the image as given


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
            _check_choice(name, getattr(self, name), choices)
        if not isinstance(self.layer, str):
            raise SettingError(f"The display setting “layer” must be a layer's name, not {self.layer!r}.")
        if self.fixed is not None and not (_is_number(self.fixed) and self.fixed > 0):
            raise SettingError(f"The display setting “fixed” must be a number above 0, not {self.fixed}.")
        object.__setattr__(self, "overlay", _opacity(self.overlay))
        object.__setattr__(self, "fixed", None if self.fixed is None else float(self.fixed))


@dataclass(frozen=True)
class RegionDisplay(Display):
    """Display settings of a viewer with boxes.

    Attributes:
        boxes: Regions of the image as given, at most MOST_BOXES, each (x, y, width, height) in its whole
            pixels; named A, B, C ... by their place.
        chosen: Place of the chosen box in `boxes` (0 is A), kept within them; 0 where there are none.
        tool: What a drag on the pictures does: "draw" (boxes) or "pan" (what it does without boxes).

    Raises:
        SettingError: an unknown choice, a number out of range, or boxes that are none.
    """

    boxes: tuple[Box, ...] = ()
    chosen: int = 0
    tool: str = "draw"

    def __post_init__(self):
        super().__post_init__()
        _check_choice("tool", self.tool, TOOLS)
        if not _is_whole(self.chosen):
            raise SettingError(f"The display setting “chosen” must be a box's place, not {self.chosen!r}.")
        boxes = _boxes(self.boxes)
        object.__setattr__(self, "boxes", boxes)
        object.__setattr__(self, "chosen", min(max(self.chosen, 0), max(len(boxes) - 1, 0)))


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


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingError(
            f"The display setting “{name}” cannot be “{value}”; choose one of {', '.join(choices)}."
        )


def _boxes(values: Any) -> tuple[Box, ...]:
    """Boxes as tuples; JSON makes lists of them."""
    if not isinstance(values, list | tuple) or len(values) > MOST_BOXES:
        raise SettingError(f"The display setting “boxes” must be a list of {MOST_BOXES} boxes at most.")
    for box in values:
        if not (isinstance(box, list | tuple) and len(box) == 4 and all(map(_is_whole, box))):
            raise SettingError(f"The display setting “boxes” holds x, y, width and height, not {box!r}.")
        if min(box[:2]) < 0 or min(box[2:]) < 1:
            raise SettingError(
                f"The display setting “boxes” holds boxes of at least one pixel, from 0, 0 on, not {box!r}."
            )
    return tuple(map(tuple, values))


def _opacity(value: Any) -> float:
    if not _is_number(value) or not 0 <= value <= 1:
        raise SettingError(f"The display setting “overlay” must be between 0 and 1, not {value}.")
    return round(float(value), 2)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

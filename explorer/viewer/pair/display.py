"""How a pair is shown: the settings that live in the viewer and travel in links."""

from dataclasses import dataclass
from typing import Any

from explorer.errors import SettingError
from explorer.limits import MOST_BOXES
from explorer.render import OVERLAY
from explorer.viewer.common.settings import ViewSettings, check_choice, is_number, is_whole, opacity_of

MODES = ("side", "swipe", "flip")
MAPS = ("combined", "layer", "squared_error", "one_minus_ssim")
CELLS = ("native", "smooth")
SCALES = ("shared", "layer", "fixed")
TOOLS = ("draw", "pan")

Box = tuple[int, int, int, int]  # x, y, width, height: whole pixels of the image as given


@dataclass(frozen=True)
class Display(ViewSettings):
    """Display settings, with those of the view; changing them never measures again.

    Attributes:
        mode: "side" (side by side), "swipe" or "flip".
        map: The large map: "combined", "layer" (the chosen one), "squared_error" or "one_minus_ssim".
        layer: Name of the chosen layer; "" leaves the choice to the viewer, which takes the largest distance.
        overlay: Opacity of the map over the grey photograph where the map is 0, 0..1, kept to two decimals.
            From there it rises to 1 at the scale's end. 1 is the map alone.
        cells: "native" draws the map's own cells, "smooth" a bilinear picture that is for looking only.
        scale: Colour scale of the LPIPS maps: "shared" (one of all layers, and one of the combined map),
            "layer" (each its own, not comparable) or "fixed" (one of all layers and the combined map).
        fixed: The fixed scale's end, above 0; None until one was chosen.

    Raises:
        SettingError: an unknown choice or a number out of range.
    """

    mode: str = "side"
    map: str = "combined"
    layer: str = ""
    overlay: float = OVERLAY
    cells: str = "native"
    scale: str = "shared"
    fixed: float | None = None

    def __post_init__(self):
        super().__post_init__()
        for name, choices in (("mode", MODES), ("map", MAPS), ("cells", CELLS), ("scale", SCALES)):
            check_choice(name, getattr(self, name), choices)
        if not isinstance(self.layer, str):
            raise SettingError(f"The display setting “layer” must be a layer's name, not {self.layer!r}.")
        if self.fixed is not None and not (is_number(self.fixed) and self.fixed > 0):
            raise SettingError(f"The display setting “fixed” must be a number above 0, not {self.fixed}.")
        object.__setattr__(self, "overlay", opacity_of(self.overlay))
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
        check_choice("tool", self.tool, TOOLS)
        if not is_whole(self.chosen):
            raise SettingError(f"The display setting “chosen” must be a box's place, not {self.chosen!r}.")
        boxes = _boxes(self.boxes)
        object.__setattr__(self, "boxes", boxes)
        object.__setattr__(self, "chosen", min(max(self.chosen, 0), max(len(boxes) - 1, 0)))


def _boxes(values: Any) -> tuple[Box, ...]:
    """Boxes as tuples; JSON makes lists of them."""
    if not isinstance(values, list | tuple) or len(values) > MOST_BOXES:
        raise SettingError(f"The display setting “boxes” must be a list of {MOST_BOXES} boxes at most.")
    for box in values:
        if not (isinstance(box, list | tuple) and len(box) == 4 and all(map(is_whole, box))):
            raise SettingError(f"The display setting “boxes” holds x, y, width and height, not {box!r}.")
        if min(box[:2]) < 0 or min(box[2:]) < 1:
            raise SettingError(
                f"The display setting “boxes” holds boxes of at least one pixel, from 0, 0 on, not {box!r}."
            )
    return tuple(map(tuple, values))

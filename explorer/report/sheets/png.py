"""A figure in pixels."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from explorer.report.sheets.base import (
    CHIP,
    CHIP_OPACITY,
    CHIP_ROUNDING,
    CHIP_TYPE,
    DOTS,
    RING,
    RING_OPACITIES,
    Colour,
    Sheet,
)
from explorer.report.sheets.type import Type

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
ANCHORS = {"left": "la", "middle": "ma", "right": "ra"}
FINE = 4  # round shapes are drawn this much larger and scaled down, for Pillow draws them jagged


class PngSheet(Sheet):
    """Drawn with Pillow."""

    is_vector = False

    def __init__(self, width: int, height: int):
        self.image = Image.new("RGB", (width, height), WHITE)
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self, left: float, top: float, text: str, type_: Type, colour: Colour, anchor: str = "left"
    ) -> None:
        """One line."""
        self._draw.text((left, top), text, colour, type_.font, anchor=ANCHORS[anchor])

    def rectangle(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        right, bottom = round(left + width) - 1, round(top + height) - 1
        left, top = round(left), round(top)
        if right >= left and bottom >= top:
            self._draw.rectangle((left, top, right, bottom), fill=colour)

    def picture(
        self, image: Image.Image, place: tuple[int, int, int, int], alt: str, is_crisp: bool = True
    ) -> None:
        """A picture at its place."""
        how = Image.Resampling.NEAREST if is_crisp else Image.Resampling.LANCZOS
        self.image.paste(image.resize(place[2:], how), place[:2])

    def chip(self, left: int, top: int, text: str, is_round: bool) -> None:
        """A letter's chip, or a number's ring."""
        tag = _chip(text, is_round)
        self.image.paste(tag, (left, top), tag)

    def finish(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        self.image.save(stream, "PNG", dpi=(DOTS, DOTS))
        return stream.getvalue()


@lru_cache(maxsize=64)
def _chip(text: str, is_round: bool) -> Image.Image:
    """RGBA."""
    side = CHIP * FINE
    large = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(large)
    if is_round:
        away, line = round(RING[0] * FINE), RING[1] * FINE
        draw.ellipse((0, 0, side - 1, side - 1), fill=(*BLACK, RING_OPACITIES[0]))
        inner = (away, away, side - 1 - away, side - 1 - away)
        draw.ellipse(inner, fill=(*BLACK, RING_OPACITIES[1]), outline=(*WHITE, 255), width=line)
    else:
        edges = (0, 0, side - 1, side - 1)
        draw.rounded_rectangle(edges, radius=CHIP_ROUNDING * FINE, fill=(*BLACK, CHIP_OPACITY))
    font = Type(CHIP_TYPE.size * FINE, CHIP_TYPE.bold).font
    draw.text((side / 2, side / 2), text, (*WHITE, 255), font, anchor="mm")
    return large.resize((CHIP, CHIP), Image.Resampling.LANCZOS)

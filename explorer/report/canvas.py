"""What a figure is drawn with: type, wrapped text, letters and numbers on pictures, colour bars.

All lengths are pixels of the figure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont, truetype

from explorer.render import overlay_bar
from explorer.report.panels import SCALE, Mark, Scale

INK, MUTED, HAIRLINE = (26, 31, 43), (92, 98, 112), (214, 212, 209)
DARK, WHITE = (0, 0, 0), (255, 255, 255)
LEADING = 1.28  # distance of lines over the size of type
BAR = 26  # height of a colour bar
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
FINE = 4  # round shapes are drawn this much larger and scaled down, for Pillow draws them jagged


@dataclass(frozen=True)
class Block:
    """A part of the figure: its height, and what paints it from a top edge down."""

    height: int
    paint: Callable[[Image.Image, int], None]


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> FreeTypeFont:
    """Source Sans Pro: the page's own type, with Latin, Greek and Cyrillic letters and signs such as ×."""
    name = f"SourceSansPro-{'Semibold' if bold else 'Regular'}.ttf"
    with as_file(files("font_source_sans_pro") / "files" / name) as path:
        return truetype(str(path), size)


def wrap(text: str, type_: FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than `width`, broken between words; a word that is wider is broken inside."""
    lines = [""]
    for word in text.split(" "):  # not at no-break spaces
        longer = f"{lines[-1]} {word}".lstrip()
        if type_.getlength(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and type_.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def text_block(
    text: str,
    left: int,
    width: int,
    size: int,
    colour: tuple[int, int, int] = INK,
    bold: bool = False,
) -> Block:
    """Text in lines."""
    type_ = font(size, bold)
    lines, step = wrap(text, type_, width), round(size * LEADING)

    def paint(image: Image.Image, top: int) -> None:
        for i, line in enumerate(lines):
            draw_text(image, (left, top + i * step), line, type_, colour)

    return Block(len(lines) * step, paint)


def draw_text(
    image: Image.Image,
    at: tuple[float, float],
    text: str,
    type_: FreeTypeFont,
    colour: tuple[int, int, int] = INK,
    anchor: str = "la",
) -> None:
    """One line at a place."""
    ImageDraw.Draw(image).text(at, text, colour, type_, anchor=anchor)


def space(height: int) -> Block:
    """Nothing."""
    return Block(height, lambda _image, _top: None)


def stack(blocks: Sequence[Block]) -> Block:
    """Blocks below each other."""

    def paint(image: Image.Image, top: int) -> None:
        for block in blocks:
            block.paint(image, top)
            top += block.height

    return Block(sum(block.height for block in blocks), paint)


def beside(blocks: Sequence[Block]) -> Block:
    """Blocks beside each other, each with its own left edge."""

    def paint(image: Image.Image, top: int) -> None:
        for block in blocks:
            block.paint(image, top)

    return Block(max(block.height for block in blocks), paint)


def draw_marks(
    image: Image.Image, corner: tuple[int, int], size: tuple[int, int], marks: Sequence[Mark]
) -> None:
    """Boxes with their letters and places with their numbers, on a picture of a size."""
    for mark in marks:
        left, top = (
            at + part * side for at, part, side in zip(corner, (mark.left, mark.top), size, strict=True)
        )
        if mark.is_box:
            right, bottom = left + mark.width * size[0], top + mark.height * size[1]
            draw = ImageDraw.Draw(image)
            edges = tuple(map(round, (left, top, right - 1, bottom - 1)))
            for grow, colour in ((3, DARK), (2, WHITE), (1, WHITE), (0, WHITE), (-1, DARK)):
                x0, y0, x1, y1 = edges[0] - grow, edges[1] - grow, edges[2] + grow, edges[3] + grow
                if x1 >= x0 and y1 >= y0:
                    draw.rectangle((x0, y0, x1, y1), outline=colour)
    for mark in marks:  # above all outlines
        left, top = (
            at + part * side for at, part, side in zip(corner, (mark.left, mark.top), size, strict=True)
        )
        tag = badge(mark.text, not mark.is_box)
        if mark.is_box:
            above = top - tag.height - 6
            at = (left - 3, above if above >= corner[1] else top + 6)
        else:
            at = (left - tag.width / 2, top - tag.height / 2)
        held = (
            round(
                min(
                    max(at[axis], corner[axis]), max(corner[axis], corner[axis] + size[axis] - tag.size[axis])
                )
            )
            for axis in (0, 1)
        )
        image.paste(tag, tuple(held), tag)


@lru_cache(maxsize=64)
def badge(text: str, is_round: bool = False, side: int = 42) -> Image.Image:
    """A letter on a dark chip, or a number in a dark ring; RGBA."""
    large = Image.new("RGBA", (side * FINE, side * FINE))
    draw = ImageDraw.Draw(large)
    edges = (0, 0, side * FINE - 1, side * FINE - 1)
    if is_round:
        inner = tuple(edge + grow for edge, grow in zip(edges, (6, 6, -6, -6), strict=True))
        draw.ellipse(edges, fill=(*DARK, 150))
        draw.ellipse(inner, fill=(*DARK, 190), outline=(*WHITE, 255), width=3 * FINE)
    else:
        draw.rounded_rectangle(edges, radius=7 * FINE, fill=(*DARK, 215))
    middle = side * FINE / 2
    draw.text((middle, middle), text, (*WHITE, 255), font(28 * FINE, bold=True), anchor="mm")
    return large.resize((side, side), Image.Resampling.LANCZOS)


def colour_bar(scale: Scale, left: int, width: int, size: int) -> Block:
    """A scale from 0 to its end, with numbers, and what it is."""
    type_ = font(size)
    words = text_block(scale.name, left, width, size, MUTED)
    shown = TICKS if width >= 9 * size * len(TICKS) // 2 else TICKS[::2]
    ramp = overlay_bar(SCALE, scale.overlay)[np.linspace(0, 255, width).round().astype(int)][None]

    def paint(image: Image.Image, top: int) -> None:
        image.paste(Image.fromarray(np.ascontiguousarray(ramp.repeat(BAR, axis=0))), (left, top))
        for part in shown:
            anchor = "la" if part == 0 else "ra" if part == 1 else "ma"
            draw_text(image, (left + part * width, top + BAR + 6), scale.text(part), type_, INK, anchor)
        words.paint(image, top + BAR + 10 + round(size * LEADING))

    return Block(BAR + 10 + round(size * LEADING) + words.height, paint)

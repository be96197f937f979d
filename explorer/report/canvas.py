"""What a figure is laid out with: blocks of wrapped text, letters and numbers on pictures, colour bars.

All lengths are pixels of the figure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from explorer.render import overlay_bar
from explorer.report.panels import SCALE, Mark, Scale
from explorer.report.sheets import Colour, Sheet, Type, wrap
from explorer.report.sheets.base import CHIP

INK, MUTED, HAIRLINE = (26, 31, 43), (92, 98, 112), (214, 212, 209)
DARK, WHITE = (0, 0, 0), (255, 255, 255)
LEADING = 1.28  # distance of lines over the size of type
BAR = 26  # height of a colour bar
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Of a box's outline: how far outside of the box it begins, how thick it is, and its colour.
OUTLINE = ((3, 5, DARK), (2, 3, WHITE))


@dataclass(frozen=True)
class Block:
    """A part of the figure: its height, and what paints it from a top edge down."""

    height: int
    paint: Callable[[Sheet, int], None]


def text_block(
    text: str,
    left: int,
    width: int,
    size: int,
    colour: Colour = INK,
    bold: bool = False,
) -> Block:
    """Text in lines."""
    type_ = Type(size, bold)
    lines, step = wrap(text, type_, width), round(size * LEADING)

    def paint(sheet: Sheet, top: int) -> None:
        for i, line in enumerate(lines):
            sheet.text(left, top + i * step, line, type_, colour)

    return Block(len(lines) * step, paint)


def space(height: int) -> Block:
    """Nothing."""
    return Block(height, lambda _sheet, _top: None)


def stack(blocks: Sequence[Block]) -> Block:
    """Blocks below each other."""

    def paint(sheet: Sheet, top: int) -> None:
        for block in blocks:
            block.paint(sheet, top)
            top += block.height

    return Block(sum(block.height for block in blocks), paint)


def beside(blocks: Sequence[Block]) -> Block:
    """Blocks beside each other, each with its own left edge."""

    def paint(sheet: Sheet, top: int) -> None:
        for block in blocks:
            block.paint(sheet, top)

    return Block(max(block.height for block in blocks), paint)


def draw_marks(sheet: Sheet, place: tuple[int, int, int, int], marks: Sequence[Mark]) -> None:
    """Boxes with their letters and places with their numbers, on a picture at (left, top, width, height).

    Of a box that reaches beyond the picture only what lies on it is drawn.
    """
    seen = [mark for mark in marks if mark.is_seen]
    for mark in seen:
        if mark.is_box:
            for outside, thickness, colour in OUTLINE:
                for side in _sides(mark, place, outside, thickness):
                    sheet.rectangle(*side, colour)
    for mark in seen:  # above all outlines
        x, y = place[0] + mark.left * place[2], place[1] + mark.top * place[3]
        if mark.is_box:
            above = y - CHIP - 6
            at = (x - 3, above if above >= place[1] else y + 6)
        else:
            at = (x - CHIP / 2, y - CHIP / 2)
        left, top = (
            round(min(max(wanted, place[axis]), max(place[axis], place[axis] + place[axis + 2] - CHIP)))
            for axis, wanted in enumerate(at)
        )
        sheet.chip(left, top, mark.text, not mark.is_box)


def _sides(
    mark: Mark, place: tuple[int, int, int, int], outside: int, thickness: int
) -> Iterator[tuple[int, int, int, int]]:
    """The four sides of a box's outline, as rectangles; one that lies off the picture is left out."""
    left, top, width, height = place
    edges = (mark.left, mark.top, mark.left + mark.width, mark.top + mark.height)
    x0, y0, x1, y1 = (
        round(start + min(max(edge, 0), 1) * length)
        for edge, start, length in zip(edges, (left, top) * 2, (width, height) * 2, strict=True)
    )
    x0, y0, x1, y1 = x0 - outside, y0 - outside, x1 + outside, y1 + outside
    thick = max(0, min(thickness, (x1 - x0) // 2, (y1 - y0) // 2))
    if edges[1] >= 0:
        yield x0, y0, x1 - x0, thick
    if edges[3] <= 1 + 1e-9:
        yield x0, y1 - thick, x1 - x0, thick
    if edges[0] >= 0:
        yield x0, y0, thick, y1 - y0
    if edges[2] <= 1 + 1e-9:
        yield x1 - thick, y0, thick, y1 - y0


def colour_bar(scale: Scale, left: int, width: int, size: int) -> Block:
    """A scale from 0 to its end, with numbers, and what it is."""
    type_ = Type(size)
    words = text_block(scale.name, left, width, size, MUTED)
    shown = TICKS if width >= 9 * size * len(TICKS) // 2 else TICKS[::2]
    ramp = overlay_bar(SCALE, scale.overlay)[np.linspace(0, 255, width).round().astype(int)][None]

    def paint(sheet: Sheet, top: int) -> None:
        colours = Image.fromarray(np.ascontiguousarray(ramp))
        said = f"Colours from {scale.text(0)} to {scale.text(1)}: {scale.name}"
        sheet.picture(colours, (left, top, width, BAR), said)
        for part in shown:
            anchor = "left" if part == 0 else "right" if part == 1 else "middle"
            sheet.text(left + part * width, top + BAR + 6, scale.text(part), type_, INK, anchor)
        words.paint(sheet, top + BAR + 10 + round(size * LEADING))

    return Block(BAR + 10 + round(size * LEADING) + words.height, paint)

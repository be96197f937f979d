"""How a figure is laid out: its measures, pictures in rows, and bars of shares."""

import math
from collections.abc import Sequence

from PIL import ImageColor

from explorer.analysis.region import Box, Findings
from explorer.errors import SettingError
from explorer.figures import layer_colours
from explorer.images import times
from explorer.report.canvas import (
    HAIRLINE,
    INK,
    MUTED,
    Block,
    beside,
    colour_bar,
    draw_marks,
    space,
    stack,
    text_block,
)
from explorer.report.panels import PIXELS_FROM, Panel
from explorer.report.sheets import FORMATS, Sheet, Type, new_sheet
from explorer.report.words import share

WIDTH = 2400
MARGIN = 72
GAP = 36
INNER = WIDTH - 2 * MARGIN
TITLE, BODY, SMALL, HUGE = 38, 36, 29, 84  # sizes of type; at 6.5 inches of width 36 is 7 points
FINE = 2  # pixels of an embedded map for one of the figure, so that its cells' edges lie where they should

MAIN = (4, 270, 1000)  # columns at most, and the least and largest height of a picture
LAYERS = (8, 150, 480)
NARROWEST = 250  # width of a column, so that its words have room


def painted(whole: Block, title: str, ending: str) -> bytes:
    """A figure as a file."""
    sheet = new_sheet(ending, WIDTH, whole.height, title)
    whole.paint(sheet, 0)
    return sheet.finish()


def check_ending(ending: str) -> None:
    """Check the format of a figure.

    Raises:
        SettingError: it is none of `FORMATS`.
    """
    if ending not in FORMATS:
        raise SettingError(f"A figure cannot be “{ending}”; choose one of {', '.join(FORMATS)}.", "ending")


def below_each_other(groups: Sequence[tuple[int, Sequence[Block]]]) -> Block:
    """Groups of blocks within the margins, each with the space above it; one without blocks is left out."""
    blocks = [space(MARGIN)]
    for above, group in groups:
        if group:
            blocks += [space(above)] if len(blocks) > 1 else []
            blocks += group
    return stack([*blocks, space(MARGIN)])


def cropped_words(found: Findings, crop: Box | None) -> list[Block]:
    """Which part of the pictures is shown; nothing where that is all."""
    if crop is None:
        return []
    words = (
        f"The pictures show {crop.words}, of {times(found.reference.size)} pixels; numbers, scales and "
        "sentences are of the whole."
    )
    return [text_block(words, MARGIN, INNER, SMALL, MUTED)]


def foot(lines: Sequence[str]) -> list[Block]:
    """Small lines below a rule."""
    blocks = [_rule()]
    for line in lines:
        blocks += [text_block(line, MARGIN, INNER, SMALL, MUTED), space(6)]
    return blocks[:-1] if lines else []


def grid(
    panels: Sequence[Panel], view: Box, most: int, least_height: int, largest_height: int
) -> list[Block]:
    """Panels in rows of equal columns, each of the same view of the image."""
    if not panels:
        return []
    aspect = view.width / view.height
    columns = columns_for(len(panels), aspect, most, least_height)
    width = (INNER - (columns - 1) * GAP) // columns
    height = max(1, min(round(width / aspect), largest_height))
    size = (max(1, min(width, round(height * aspect))), height)
    rows = []
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        lefts = [MARGIN + i * (width + GAP) for i in range(len(row))]
        heads = [
            stack(
                [
                    text_block(panel.title, left, width, TITLE, bold=True),
                    text_block(panel.detail, left, width, SMALL, MUTED),
                ]
            )
            for panel, left in zip(row, lefts, strict=True)
        ]
        pictures = [_picture(panel, view, left, size) for panel, left in zip(row, lefts, strict=True)]
        bars = [
            colour_bar(panel.scale, left, min(width, 760), SMALL)
            for panel, left in zip(row, lefts, strict=True)
            if panel.scale
        ]
        rows += [beside(heads), space(12), beside(pictures)]
        rows += [space(16), beside(bars)] if bars else []
        rows.append(space(28))
    return rows[:-1]


def columns_for(count: int, aspect: float, most: int, least_height: int) -> int:
    """As many columns as leave pictures their least height, and rows as equal as can be."""
    columns = 1
    for wanted in range(min(count, most), 1, -1):
        width = (INNER - (wanted - 1) * GAP) // wanted
        if width >= NARROWEST and width / aspect >= least_height:
            columns = wanted
            break
    return math.ceil(count / math.ceil(count / columns))


def _picture(panel: Panel, view: Box, left: int, size: tuple[int, int]) -> Block:
    def paint(sheet: Sheet, top: int) -> None:
        place, pixels = (left, top, *size), size
        if sheet.is_vector:
            pixels = (view.width, view.height) if panel.is_picture else (FINE * size[0], FINE * size[1])
        is_crisp = not panel.is_photo or (panel.is_picture and size[0] >= PIXELS_FROM * view.width)
        sheet.picture(panel.draw(pixels, view), place, panel.alt, is_crisp)
        draw_marks(sheet, place, panel.marks)

    return Block(size[1], paint)


def shares(found: Findings, network: int = 0) -> Block:
    """The layers' shares as one bar, with a legend that has the numbers.

    Args:
        network: Its place among those of the figure, each of which has a hue of its own.
    """
    layers = [layer for layer in found.measurement.layers if layer.share >= 0]
    if not layers:
        return space(0)
    colours = layer_colours(found.layer_names, network)
    rgb = {name: ImageColor.getrgb(words) for name, words in colours.items()}
    type_, bar, step = Type(SMALL), 34, 44
    entries, left, line = [], MARGIN, 0
    for layer in layers:
        words = f"{layer.name}  {share(layer.share)}"
        width = 40 + round(type_.width(words)) + 44
        if left + width > MARGIN + INNER:
            left, line = MARGIN, line + 1
        entries.append((left, line, words, layer.name))
        left += width

    def paint(sheet: Sheet, top: int) -> None:
        start = 0.0
        for layer in layers:
            edges = [MARGIN + round(part * INNER) for part in (start, start + layer.share)]
            sheet.rectangle(edges[0], top, edges[1] - edges[0], bar, rgb[layer.name])
            start += layer.share
        for left, line, words, name in entries:
            below = top + bar + 14 + line * step
            sheet.rectangle(left, below + 6, 26, 26, rgb[name])
            sheet.text(left + 40, below, words, type_, INK)

    return Block(bar + 14 + (line + 1) * step, paint)


def _rule() -> Block:
    return Block(52, lambda sheet, top: sheet.rectangle(MARGIN, top + 27, INNER, 2, HAIRLINE))

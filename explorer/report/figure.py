"""A figure for a paper or a slide: pictures, maps and numbers of a pair, composed as one PNG."""

import io
import math
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image, ImageDraw

from explorer.analysis.inspection import sentence
from explorer.analysis.region import Findings
from explorer.analysis.region.text import INSERT, NOT_ADDITIVE, RESTORE, sentences
from explorer.analysis.wording import COMPARABLE, three_numbers, with_size
from explorer.figures import layer_colours
from explorer.report.canvas import (
    HAIRLINE,
    INK,
    MUTED,
    WHITE,
    Block,
    badge,
    beside,
    colour_bar,
    draw_marks,
    draw_text,
    font,
    space,
    stack,
    text_block,
)
from explorer.report.citation import citation
from explorer.report.panels import Panel, layer_panels, main_panels, place
from explorer.report.words import share

WIDTH = 2400
MARGIN = 72
GAP = 36
INNER = WIDTH - 2 * MARGIN
TITLE, BODY, SMALL, HUGE = 38, 36, 29, 84  # sizes of type; at 6.5 inches of width 36 is 7 points
DOTS = 300  # an inch, for programs that ask

MAIN = (4, 270, 1000)  # columns at most, and the least and largest height of a picture
LAYERS = (8, 150, 480)
NARROWEST = 250  # width of a column, so that its words have room


def figure_png(found: Findings) -> bytes:
    """Compose the figure, 2400 pixels wide and as high as it needs to be, on white.

    It shows the pair with boxes and hot spots, all maps in native cells, those of layers on one scale, the
    causal map where there is one, the numbers, a sentence a box, and the citable line.
    """
    main, layers = main_panels(found), layer_panels(found)
    blocks = [space(MARGIN), _heading(found), space(44), *_grid(main, found, *MAIN)]
    blocks += [space(18), _shares(found)]
    if layers:
        blocks += [space(44), *_grid(layers, found, *LAYERS)]
    blocks += [space(20), *_boxes(found), *_spots(found), *_causal_words(found), _rule()]
    blocks += [text_block(COMPARABLE, MARGIN, INNER, SMALL, MUTED), space(6)]
    blocks += [text_block(citation(found), MARGIN, INNER, SMALL, MUTED), space(MARGIN)]
    whole = stack(blocks)
    image = Image.new("RGB", (WIDTH, whole.height), WHITE)
    whole.paint(image, 0)
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(DOTS, DOTS))
    return stream.getvalue()


def _heading(found: Findings) -> Block:
    """What was measured, the three numbers beside it, and the sentence."""
    # Without the size, which stands beside them behind the metric's name.
    numbers = three_numbers(replace(found.measurement, notes=()), found.measurement.name.metric)
    step = 400

    def paint(image: Image.Image, top: int) -> None:
        for i, (name, value, closer) in enumerate(numbers):
            left = MARGIN + i * step
            draw_text(image, (left, top), name, font(SMALL, bold=True), MUTED)
            draw_text(image, (left, top + 26), value, font(HUGE, bold=True))
            draw_text(image, (left, top + 134), closer, font(SMALL), MUTED)

    name = with_size(found.measurement.name.label, found.measurement)
    left, width = MARGIN + 3 * step + 20, INNER - 3 * step - 20
    words = stack(
        [
            text_block(name, left, width, TITLE, bold=True),
            space(10),
            text_block(sentence(found.comparison, found.measurement), left, width, BODY),
        ]
    )
    return beside([Block(172, paint), words])


def _grid(
    panels: Sequence[Panel], found: Findings, most: int, least_height: int, largest_height: int
) -> list[Block]:
    """Panels in rows of equal columns."""
    aspect = found.reference.width / found.reference.height
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
        pictures = [_picture(panel, left, size) for panel, left in zip(row, lefts, strict=True)]
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


def _picture(panel: Panel, left: int, size: tuple[int, int]) -> Block:
    def paint(image: Image.Image, top: int) -> None:
        image.paste(panel.draw(size), (left, top))
        draw_marks(image, (left, top), size, panel.marks)

    return Block(size[1], paint)


def _shares(found: Findings) -> Block:
    """The layers' shares as one bar, with a legend that has the numbers."""
    layers = [layer for layer in found.measurement.layers if layer.share >= 0]
    if not layers:
        return space(0)
    colours = layer_colours(found.layer_names)
    type_, bar, step = font(SMALL), 34, 44
    entries, left, line = [], MARGIN, 0
    for layer in layers:
        words = f"{layer.name}  {share(layer.share)}"
        width = 40 + round(type_.getlength(words)) + 44
        if left + width > MARGIN + INNER:
            left, line = MARGIN, line + 1
        entries.append((left, line, words, colours[layer.name]))
        left += width

    def paint(image: Image.Image, top: int) -> None:
        draw = ImageDraw.Draw(image)
        start = 0.0
        for layer in layers:
            edges = [MARGIN + round(part * INNER) for part in (start, start + layer.share)]
            if edges[1] > edges[0]:
                draw.rectangle((edges[0], top, edges[1] - 1, top + bar - 1), fill=colours[layer.name])
            start += layer.share
        for left, line, words, colour in entries:
            below = top + bar + 14 + line * step
            draw.rectangle((left, below + 6, left + 25, below + 31), fill=colour)
            draw_text(image, (left + 40, below), words, type_)

    return Block(bar + 14 + (line + 1) * step, paint)


def _boxes(found: Findings) -> list[Block]:
    """A sentence a box, and its numbers below."""
    blocks = []
    for region in found.regions:
        check, held = region.check, region.held
        numbers = [region.box.words]
        numbers += [f"map share {share(held.share) or 'undefined'}"] if held else []
        numbers += [f"restore {check.restore:.4f}", f"insert {check.insert:.4f}"]
        left = MARGIN + 64
        words = stack(
            [
                text_block(sentences(region), left, INNER - 64, BODY),
                text_block(" · ".join(numbers), left, INNER - 64, SMALL, MUTED),
            ]
        )
        blocks += [space(16), beside([_badge(region.name), words])]
    if blocks:
        meaning = f"Restore: {RESTORE}. Insert: {INSERT}. {NOT_ADDITIVE}"
        blocks += [space(12), text_block(meaning, MARGIN + 64, INNER - 64, SMALL, MUTED)]
    return blocks


def _badge(text: str) -> Block:
    tag = badge(text)
    return Block(tag.height, lambda image, top: image.paste(tag, (MARGIN, top + 4), tag))


def _spots(found: Findings) -> list[Block]:
    if not found.spots:
        return []
    words = "; ".join(
        f"{i} at {place(spot)} ({share(spot.held.share)}, mostly {spot.strongest_layer})"
        for i, spot in enumerate(found.spots, start=1)
    )
    return [space(20), text_block(f"Hot spots: {words}.", MARGIN, INNER, SMALL, INK)]


def _causal_words(found: Findings) -> list[Block]:
    if found.causal is None:
        return []
    return [space(12), text_block(f"Causal map: {found.causal.sentence}", MARGIN, INNER, SMALL, INK)]


def _rule() -> Block:
    def paint(image: Image.Image, top: int) -> None:
        ImageDraw.Draw(image).rectangle((MARGIN, top + 27, MARGIN + INNER - 1, top + 28), fill=HAIRLINE)

    return Block(52, paint)

"""A figure for a paper or a slide: pictures, maps and numbers of a pair, composed as PNG, SVG or PDF."""

import math
from collections.abc import Sequence
from dataclasses import replace

from PIL import ImageColor

from explorer.analysis.inspection import sentence
from explorer.analysis.region import Box, Findings
from explorer.analysis.region.text import INSERT, NOT_ADDITIVE, RESTORE, sentences
from explorer.analysis.wording import COMPARABLE, three_numbers, with_size
from explorer.errors import SettingError
from explorer.figures import layer_colours
from explorer.images import times
from explorer.names import cut
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
from explorer.report.choice import Choice
from explorer.report.citation import citation
from explorer.report.panels import PIXELS_FROM, Panel, layer_panels, pair_and_maps, pixel_panels, place
from explorer.report.sheets import FORMATS, Sheet, Type, new_sheet
from explorer.report.sheets.base import CHIP
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


def figure(found: Findings, ending: str = "png", choice: Choice | None = None) -> bytes:
    """Compose the figure, 2400 pixels or 8 inches wide and as high as it needs to be, on white.

    It shows the pair with boxes and hot spots, all maps in native cells, those of layers on one scale, the
    causal map where there is one, the numbers, a sentence a box, and the citable line; or what is chosen.
    Equal findings give equal bytes.

    Args:
        found: What is drawn.
        ending: "png", or "svg" or "pdf", in which text is text, and each picture of the pair has all its
            pixels.
        choice: Its parts and crop; None for `Choice()`.

    Raises:
        SettingError: another ending; or as `Choice.of`.
    """
    if ending not in FORMATS:
        raise SettingError(f"A figure cannot be “{ending}”; choose one of {', '.join(FORMATS)}.", "ending")
    whole = _composed(found, (choice or Choice()).of(found))
    names = " and ".join(cut(picture.name) for picture in (found.reference, found.distorted))
    title = f"{with_size(found.measurement.name.label, found.measurement)}: {names}"
    sheet = new_sheet(ending, WIDTH, whole.height, title)
    whole.paint(sheet, 0)
    return sheet.finish()


def figure_png(found: Findings) -> bytes:
    """`figure` with all of its parts, in pixels."""
    return figure(found)


def _composed(found: Findings, choice: Choice) -> Block:
    """All parts below each other, each group with the space above it."""
    main, layers = _panels(found, choice)
    view = choice.crop or Box(0, 0, *found.reference.size)
    groups = [
        (44, [_heading(found)] if "numbers" in choice.parts else []),
        (44, _cropped(found, choice.crop) if main or layers else []),
        (44, _grid(main, view, *MAIN)),
        (18, [_shares(found)] if "shares" in choice.parts else []),
        (44, _grid(layers, view, *LAYERS)),
        (20, [*_boxes(found), *_spots(found), *_causal_words(found)] if "words" in choice.parts else []),
        (0, _foot(found, choice)),
    ]
    blocks = [space(MARGIN)]
    for above, group in groups:
        if group:
            blocks += ([space(above)] if len(blocks) > 1 else []) + group
    return stack([*blocks, space(MARGIN)])


def _panels(found: Findings, choice: Choice) -> tuple[list[Panel], list[Panel]]:
    """The chosen large panels, and the layers' ones; the map of all layers is the last of these, if any."""
    large = pair_and_maps(found) | pixel_panels(found)
    *layers, together = layer_panels(found) or (None,)
    if "layers" not in choice.parts:
        layers = []
    main = [large[name] for name in choice.parts if name in large]
    if "combined" in choice.parts:
        metric = found.measurement.name.metric
        if layers:
            layers.append(together)
        else:
            main.append(replace(together, title=f"{metric}, all layers"))
    crop, size = choice.crop, found.reference.size

    def marked(panel: Panel) -> Panel:
        if "marks" not in choice.parts:
            return replace(panel, marks=())
        return replace(panel, marks=tuple(mark.within(crop, size) for mark in panel.marks)) if crop else panel

    return [marked(panel) for panel in main], layers


def _cropped(found: Findings, crop: Box | None) -> list[Block]:
    if crop is None:
        return []
    words = (
        f"The pictures show {crop.words}, of {times(found.reference.size)} pixels; numbers, scales and "
        "sentences are of the whole."
    )
    return [text_block(words, MARGIN, INNER, SMALL, MUTED)]


def _foot(found: Findings, choice: Choice) -> list[Block]:
    """What the numbers can be compared with, and the line to cite; else at least what was measured."""
    measurement = found.measurement
    words = [COMPARABLE, citation(found)] if "citation" in choice.parts else []
    if not words and "numbers" not in choice.parts:
        words = [with_size(measurement.name.label, measurement)]
    blocks = []
    for line in words:
        blocks += [space(6), text_block(line, MARGIN, INNER, SMALL, MUTED)]
    return [_rule(), *blocks[1:]] if blocks else []


def _heading(found: Findings) -> Block:
    """What was measured, the three numbers beside it, and the sentence."""
    # Without the size, which stands beside them behind the metric's name.
    numbers = three_numbers(replace(found.measurement, notes=()), found.measurement.name.metric)
    step = 400

    def paint(sheet: Sheet, top: int) -> None:
        for i, (name, value, closer) in enumerate(numbers):
            left = MARGIN + i * step
            sheet.text(left, top, name, Type(SMALL, bold=True), MUTED)
            sheet.text(left, top + 26, value, Type(HUGE, bold=True), INK)
            sheet.text(left, top + 134, closer, Type(SMALL), MUTED)

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


def _shares(found: Findings) -> Block:
    """The layers' shares as one bar, with a legend that has the numbers."""
    layers = [layer for layer in found.measurement.layers if layer.share >= 0]
    if not layers:
        return space(0)
    rgb = {name: ImageColor.getrgb(words) for name, words in layer_colours(found.layer_names).items()}
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
    return Block(CHIP, lambda sheet, top: sheet.chip(MARGIN, top + 4, text, is_round=False))


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
    return Block(52, lambda sheet, top: sheet.rectangle(MARGIN, top + 27, INNER, 2, HAIRLINE))

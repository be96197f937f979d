"""A figure for a paper or a slide: pictures, maps and numbers of a pair, composed as PNG, SVG or PDF."""

from dataclasses import replace

from explorer.analysis.inspection import sentence
from explorer.analysis.region import Box, Findings
from explorer.analysis.region.text import INSERT, NOT_ADDITIVE, RESTORE, sentences
from explorer.analysis.wording import COMPARABLE, three_numbers, with_size
from explorer.names import cut
from explorer.report.canvas import INK, MUTED, Block, beside, space, stack, text_block
from explorer.report.choice import Choice
from explorer.report.citation import citation
from explorer.report.layout import (
    BODY,
    HUGE,
    INNER,
    LAYERS,
    MAIN,
    MARGIN,
    SMALL,
    TITLE,
    below_each_other,
    check_ending,
    cropped_words,
    foot,
    grid,
    painted,
    shares,
)
from explorer.report.panels import Panel, layer_panels, pair_and_maps, pixel_panels, place
from explorer.report.sheets import Sheet, Type
from explorer.report.sheets.base import CHIP
from explorer.report.words import share


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
    check_ending(ending)
    whole = _composed(found, (choice or Choice()).of(found))
    names = " and ".join(cut(picture.name) for picture in (found.reference, found.distorted))
    title = f"{with_size(found.measurement.name.label, found.measurement)}: {names}"
    return painted(whole, title, ending)


def _composed(found: Findings, choice: Choice) -> Block:
    """All parts below each other, each group with the space above it."""
    main, layers = _panels(found, choice)
    view = choice.crop or Box(0, 0, *found.reference.size)
    groups = [
        (44, [_heading(found)] if "numbers" in choice.parts else []),
        (44, cropped_words(found, choice.crop) if main or layers else []),
        (44, grid(main, view, *MAIN)),
        (18, [shares(found)] if "shares" in choice.parts else []),
        (44, grid(layers, view, *LAYERS)),
        (20, [*_boxes(found), *_spots(found), *_causal_words(found)] if "words" in choice.parts else []),
        (0, _foot(found, choice)),
    ]
    return below_each_other(groups)


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


def _foot(found: Findings, choice: Choice) -> list[Block]:
    """What the numbers can be compared with, and the line to cite; else at least what was measured."""
    if "citation" in choice.parts:
        return foot((COMPARABLE, citation(found)))
    measurement = found.measurement
    return foot(() if "numbers" in choice.parts else (with_size(measurement.name.label, measurement),))


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

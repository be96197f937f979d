"""A sweep as a picture for a paper or a slide: every metric on a scale of its own, and the layers stacked."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from explorer.analysis.sweep import Sweep
from explorer.analysis.sweep_curves import Line, sentence
from explorer.analysis.wording import COMPARABLE
from explorer.figures import method_colours
from explorer.images import times
from explorer.metrics import Method
from explorer.report.canvas import HAIRLINE, INK, MUTED, Block, space, text_block
from explorer.report.layout import BODY, INNER, MARGIN, SMALL, TITLE, WIDTH, below_each_other, foot, painted
from explorer.report.sheets import Sheet, Type

CURVES_HEIGHT, LAYERS_HEIGHT = 820, 420
FINE = 2  # charts are drawn this much larger and scaled down, for Pillow draws lines jagged
INSET = 16  # of the first and the last place
HUES = ((180, 83, 9), (162, 28, 175), INK)  # of PSNR, SSIM and the network's metric, as in the viewer
ABOUT = (
    "Each metric is on a scale of its own: closest at the bottom, farthest on top; PSNR and SSIM are turned."
)
DASH, GAP = 28, 18

Places = list[tuple[float, float]]


def figure(found: Sequence[Line], sweeps: Sequence[Sweep], method: Method, seeds: int = 0) -> bytes:
    """All curves, the layers of the first sweep, and what they say; PNG, 2400 pixels wide.

    Args:
        found: The lines of the sweeps.
        sweeps: At least one with points.
        method: How they were measured.
        seeds: How many seeds make a band; 0 where the sweeps are of different distortions.
    """
    own = sweeps[:1] if seeds else sweeps
    first = own[0]
    labels = [sweep.axis.distortion.label for sweep in own]
    title = f"{' (solid) and '.join(labels)}{' (dashed)' if len(own) > 1 else ''} of {first.reference.name}"
    band = f" Band: least to most of {seeds} seeds; line: their mean." if seeds else ""
    where = f"{method.label}, measured at {times(first.reference.size)}"
    text = [
        text_block(title, MARGIN, INNER, TITLE, bold=True),
        text_block(where, MARGIN, INNER, SMALL, MUTED),
    ]
    curves = [
        _chart(CURVES_HEIGHT, lambda draw, size: _draw_curves(draw, size, found, first), "The curves"),
        space(10),
        _axis(first),
        space(14),
        *(_legend(line, place) for place, line in enumerate(line for line in found if line.sweep == 0)),
        text_block(f"{ABOUT}{band}", MARGIN, INNER, SMALL, MUTED),
    ]
    layers = [
        text_block(
            f"Layers’ distances of {labels[0]}, stacked: their top is the score",
            MARGIN,
            INNER,
            SMALL,
            bold=True,
        ),
        space(8),
        _chart(LAYERS_HEIGHT, lambda draw, size: _draw_layers(draw, size, first, method), "The layers"),
        space(14),
        _layers_legend(method),
    ]
    words = sentence(found, sweeps, seeds > 0)
    said = [text_block(words, MARGIN, INNER, BODY)] if words else []
    whole = below_each_other([(0, text), (24, said), (28, curves), (36, layers), (12, foot([COMPARABLE]))])
    return painted(whole, title, "png")


def _chart(height: int, draw_on, alt: str) -> Block:
    """A chart as wide as the figure."""

    def paint(sheet: Sheet, top: int) -> None:
        size = (INNER * FINE, height * FINE)
        image = Image.new("RGB", size, (255, 255, 255))
        draw = ImageDraw.Draw(image)
        for part in (0, 0.25, 0.5, 0.75, 1):
            y = round((INSET * FINE) + part * (size[1] - 2 * INSET * FINE))
            draw.line((0, y, size[0], y), HAIRLINE, FINE)
        draw_on(draw, size)
        small = image.resize((INNER, height), Image.Resampling.LANCZOS)
        sheet.picture(small, (MARGIN, top, INNER, height), alt)

    return Block(height, paint)


def _at(size: tuple[int, int], place: int, count: int, height: float) -> tuple[float, float]:
    edge = INSET * FINE
    across = edge + place / max(1, count - 1) * (size[0] - 2 * edge)
    return across, edge + (1 - height) * (size[1] - 2 * edge)


def _draw_curves(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], found: Sequence[Line], sweep: Sweep
) -> None:
    count, metrics = len(sweep.axis.steps), list(dict.fromkeys(line.metric for line in found))
    for line in found:
        hue = HUES[metrics.index(line.metric) % len(HUES)]
        if line.lowest is not None:
            low, high = (
                [_at(size, place, count, height) for place, height in zip(line.places, edge, strict=True)]
                for edge in (line.lowest, line.highest)
            )
            pale = tuple(round(255 - 0.22 * (255 - part)) for part in hue)
            if len(low) > 1:
                draw.polygon([*high, *low[::-1]], fill=pale)
    for line in found:
        hue = HUES[metrics.index(line.metric) % len(HUES)]
        there = [
            (place, height)
            for place, height in zip(line.places, line.heights, strict=True)
            if np.isfinite(height)
        ]
        points = [_at(size, place, count, height) for place, height in there]
        _draw_line(draw, points, hue, is_dashed=line.sweep > 0)
        for mark in line.marks:
            _draw_mark(draw, points[[place for place, _ in there].index(mark.place)], mark.kind, hue, size)


def _draw_line(draw: ImageDraw.ImageDraw, points: Places, hue: tuple[int, int, int], is_dashed: bool) -> None:
    width = 5 * FINE
    if not is_dashed:
        draw.line(points, hue, width, joint="curve")
        return
    travelled, period = 0.0, (DASH + GAP) * FINE
    for start, stop in pairwise(points):
        length = float(np.hypot(stop[0] - start[0], stop[1] - start[1]))
        at = 0.0
        while at < length:
            phase = (travelled + at) % period
            on = phase < DASH * FINE
            end = min(length, at + (DASH * FINE if on else period) - phase + 1e-6)
            if on:
                ends = [tuple(np.add(start, np.subtract(stop, start) * part / length)) for part in (at, end)]
                draw.line(ends, hue, width)
            at = end
        travelled += length


def _draw_mark(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    kind: str,
    hue: tuple[int, int, int],
    size: tuple[int, int],
) -> None:
    x, y = at
    r = 13 * FINE
    corners = [(x, y - r), (x + r, y + r), (x - r, y + r)]
    if kind == "saturates":
        corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    draw.polygon(corners, fill=(255, 255, 255), outline=hue, width=4 * FINE)
    is_left = x > size[0] - 260 * FINE
    anchor = "rm" if is_left else "lm"
    draw.text(
        (x - 24 * FINE if is_left else x + 24 * FINE, max(y - 22 * FINE, 20 * FINE)),
        kind,
        hue,
        Type(SMALL * FINE).font,
        anchor=anchor,
    )


def _draw_layers(draw: ImageDraw.ImageDraw, size: tuple[int, int], sweep: Sweep, method: Method) -> None:
    distances = sweep.distances()
    most, count = float(distances.sum(axis=1).max()) or 1.0, len(sweep.axis.steps)
    colours, below = _colours(method), np.zeros(len(distances))
    places = [point.place for point in sweep.points]
    for layer, name in enumerate(method.layers):
        above = below + distances[:, layer]
        edges = [
            [_at(size, place, count, amount / most) for place, amount in zip(places, edge, strict=True)]
            for edge in (above, below)
        ]
        if len(places) > 1:
            draw.polygon([*edges[0], *edges[1][::-1]], fill=colours[name])
        below = above
    draw.text((INSET * FINE, 0), f"{most:.4g}", MUTED, Type(SMALL * FINE).font)


def _colours(method: Method) -> dict[str, tuple[int, int, int]]:
    return {name: ImageColor.getrgb(words) for name, words in method_colours(method).items()}


def _axis(sweep: Sweep) -> Block:
    """The axis' ends and its name."""
    axis, type_ = sweep.axis, Type(SMALL)

    def paint(sheet: Sheet, top: int) -> None:
        sheet.text(MARGIN, top, axis.text(0), type_, MUTED)
        sheet.text(WIDTH / 2, top, axis.label, Type(SMALL, bold=True), INK, "middle")
        sheet.text(WIDTH - MARGIN, top, axis.text(len(axis.steps) - 1), type_, MUTED, "right")

    return Block(round(SMALL * 1.4), paint)


def _legend(line: Line, place: int) -> Block:
    """A metric's colour, name and ends."""
    words = f"{line.metric}: {line.closest_text} to {line.text(line.farthest)}"
    words += ", turned: higher is closer" if line.is_turned else ", lower is closer"
    block = text_block(words, MARGIN + 80, INNER - 80, SMALL)

    def paint(sheet: Sheet, top: int) -> None:
        sheet.rectangle(MARGIN, top + 14, 56, 8, HUES[place % len(HUES)])
        block.paint(sheet, top)

    return Block(block.height + 4, paint)


def _layers_legend(method: Method) -> Block:
    type_, colours, step = Type(SMALL), _colours(method), 44
    entries, left, row = [], MARGIN, 0
    for name in method.layers:
        width = 40 + round(type_.width(name)) + 44
        if left + width > MARGIN + INNER:
            left, row = MARGIN, row + 1
        entries.append((left, row, name))
        left += width

    def paint(sheet: Sheet, top: int) -> None:
        for at, line, name in entries:
            sheet.rectangle(at, top + line * step + 6, 26, 26, colours[name])
            sheet.text(at + 40, top + line * step, name, type_, INK)

    return Block((row + 1) * step, paint)

"""A figure of metrics held against people: a row a subset, with intervals and the paper's own numbers."""

import math
from collections.abc import Callable, Sequence

from PIL import ImageColor

from explorer.figures.evaluation import METRICS, PUBLISHED
from explorer.judgments.intervals import Interval
from explorer.judgments.standing import Standings, is_bounded, percent, sentence
from explorer.names import harmless, shortened
from explorer.report.canvas import HAIRLINE, INK, MUTED, Block, text_block
from explorer.report.layout import BODY, INNER, MARGIN, SMALL, below_each_other, check_ending, foot, painted
from explorer.report.sheets import Colour, Sheet, Type

LANE, EDGE = 50, 18  # pixels: of a metric in a row, above and below all in it
NAMES, NUMBERS = 330, 240  # widths of the columns beside the chart
LEFT, WIDE = MARGIN + NAMES, INNER - NAMES - NUMBERS
LONGEST = 20  # letters of a subset's name, which stands in its column
MARK, TICK = 22, 4  # sides of a metric's mark, width of a number of the paper's
BAND: Colour = (225, 225, 227)
ABOUT = (
    "Bars through marks and the band around people: 95% intervals, by drawing references anew. Numbers on "
    "the right are the marks'."
)
PAPER = "Grey ticks: the paper's Table 5 (Zhang et al., CVPR 2018)."

Place = Callable[[float], float]


def figure_of_standings(found: Standings, name: str, ending: str = "pdf") -> bytes:
    """Compose the chart by subset with its sentence, 2400 pixels wide.

    Args:
        name: Of the judgments.
        ending: A key of `FORMATS`.

    Raises:
        SettingError: another ending.
    """
    check_ending(ending)
    place, ticks = _axis(found)
    rows = [_row(found, column, place) for column in range(len(found.columns))]
    lines = [ABOUT, *([PAPER] if found.published else [])]
    whole = below_each_other(
        [
            (0, [text_block(sentence(found), MARGIN, INNER, BODY, INK, bold=True)]),
            (10, [text_block(name, MARGIN, INNER, SMALL, MUTED)]),
            (30, [_legend(found)]),
            (20, [*rows, _scale(found, place, ticks)]),
            (20, foot(lines)),
        ]
    )
    return painted(whole, sentence(found), ending)


def _axis(found: Standings) -> tuple[Place, list[int]]:
    """Where a score of 0..1 stands, and the whole percents that are written."""
    every = [found.ceiling, *(each.marks for each in (*found.metrics, *found.published))]
    ends = [
        100 * end
        for marks in every
        for mark in marks
        if mark is not None
        for end in (mark.value, mark.low, mark.high)
        if math.isfinite(end)
    ] or [0.0, 100.0]
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100) if (max(ends) - min(ends)) / each <= 10)
    low, high = math.floor(min(ends) / step) * step, math.ceil(max(ends) / step) * step
    length = high - low or step

    def place(value: float) -> float:
        return LEFT + (100 * value - low) / length * WIDE

    return place, list(range(low, low + length + 1, step))


def _row(found: Standings, column: int, place: Place) -> Block:
    """One subset: people behind, the metrics' marks in lanes with their numbers, the paper's ticks below."""
    lanes = len(found.metrics)
    height = lanes * LANE + 2 * EDGE + (LANE if found.published else 0)
    ceiling, type_ = found.ceiling[column], Type(SMALL)

    def paint(sheet: Sheet, top: int) -> None:
        sheet.rectangle(MARGIN, top, INNER, 2, HAIRLINE)
        if ceiling is not None and is_bounded(ceiling):
            left, right = place(ceiling.low), place(ceiling.high)
            sheet.rectangle(left, top + 6, right - left, height - 10, BAND)
        if ceiling is not None:
            sheet.rectangle(place(ceiling.value) - 3, top + 6, 6, height - 10, INK)
        sheet.text(
            MARGIN,
            top + EDGE,
            shortened(harmless(found.columns[column]), LONGEST),
            Type(SMALL, bold=True),
            INK,
        )
        if ceiling is not None:
            sheet.text(MARGIN, top + EDGE + LANE * 0.8, f"people {percent(ceiling)}", type_, MUTED)
        for lane, metric in enumerate(found.metrics):
            mark, middle = metric.marks[column], top + EDGE + (lane + 0.5) * LANE
            if mark is not None:
                _mark(sheet, mark, middle, _colour(lane), place)
                sheet.text(
                    MARGIN + INNER, middle - SMALL * 0.65, percent(mark), type_, _colour(lane), "right"
                )
        for each in found.published:
            mark = each.marks[column]
            if mark is not None:
                at = place(mark.value) - TICK / 2
                sheet.rectangle(at, top + height - EDGE - 34, TICK, 34, _rgb(PUBLISHED))

    return Block(height, paint)


def _mark(sheet: Sheet, mark: Interval, middle: float, colour: Colour, place: Place) -> None:
    if is_bounded(mark):
        left, right = place(mark.low), place(mark.high)
        sheet.rectangle(left, middle - 3, right - left, 6, colour)
    sheet.rectangle(place(mark.value) - MARK / 2, middle - MARK / 2, MARK, MARK, colour)


def _scale(found: Standings, place: Place, ticks: Sequence[int]) -> Block:
    """The axis below all rows."""
    type_ = Type(SMALL)

    def paint(sheet: Sheet, top: int) -> None:
        sheet.rectangle(MARGIN, top, INNER, 2, HAIRLINE)
        for tick in ticks:
            sheet.rectangle(place(tick / 100) - 1, top, 2, 12, MUTED)
            sheet.text(place(tick / 100), top + 16, str(tick).replace("-", "−"), type_, MUTED, "middle")
        sheet.text(LEFT + WIDE / 2, top + 16 + 1.4 * SMALL, found.unit, type_, INK, "middle")

    return Block(round(16 + 2.8 * SMALL), paint)


def _legend(found: Standings) -> Block:
    """Each metric's colour and name, in lines."""
    type_, step = Type(SMALL), 44
    entries: list[tuple[int, int, str, Colour]] = []
    left, line = MARGIN, 0
    for place, metric in enumerate(found.metrics):
        width = 40 + round(type_.width(shortened(metric.label))) + 44
        if entries and left + width > MARGIN + INNER:
            left, line = MARGIN, line + 1
        entries.append((left, line, shortened(metric.label), _colour(place)))
        left += width

    def paint(sheet: Sheet, top: int) -> None:
        for at, row, label, colour in entries:
            sheet.rectangle(at, top + row * step + 6, 26, 26, colour)
            sheet.text(at + 40, top + row * step, label, type_, INK)

    return Block((line + 1) * step, paint)


def _colour(place: int) -> Colour:
    return _rgb(METRICS[place % len(METRICS)])


def _rgb(words: str) -> Colour:
    return ImageColor.getrgb(words)

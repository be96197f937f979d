"""The course of a journey: what each run lowers or raises, step by step."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from explorer.report.canvas import HAIRLINE, INK, MUTED, Block, space, text_block
from explorer.report.duel.account import Account
from explorer.report.layout import INNER, MARGIN, SMALL, TITLE
from explorer.report.sheets import Sheet, Type

HEIGHT = 560
FINE = 2  # drawn this much larger and scaled down, for Pillow draws lines jagged
LEFT, RIGHT, EDGE = 170, 420, 24  # room for the scale's numbers, for the runs' names, above and below
# The first two are those of the viewer: what is lowered, and what is raised.
HUES = (INK, (168, 58, 50), (162, 28, 175), (180, 83, 9), (15, 118, 110))
TICKS = 6  # of a scale that is not logarithmic, at most
WIDE = 10.0  # times the least, from which a scale is logarithmic

Colour = tuple[int, int, int]


def chart(account: Account) -> list[Block]:
    """Its heading and the curves; nothing where no run has made a step."""
    lines = [
        (course.label, tuple(value if math.isfinite(value) else math.nan for value in course.values))
        for course in account.courses
    ]
    values = [value for _, own in lines for value in own if not math.isnan(value)]
    last = max(len(own) for _, own in lines) - 1
    if last < 1 or not values:
        return []
    scale = Scale.of(values)
    words = f"Step by step: what each run moves, before rounding to 8 bits{scale.words}"
    return [
        text_block(words, MARGIN, INNER, TITLE, bold=True),
        space(14),
        _drawn(lines, scale, last),
        space(6),
        _axis(last),
    ]


class Scale:
    """Values -> heights, 0 at the bottom to 1 on top."""

    def __init__(self, low: float, high: float, is_logarithmic: bool):
        self.is_logarithmic = is_logarithmic
        self._low, self._high = self._laid(low), self._laid(high)
        self.words = "; logarithmic scale" if is_logarithmic else ""
        self.ticks = self._ticks(low, high)

    @classmethod
    def of(cls, values: Sequence[float]) -> "Scale":
        """One that holds all of these."""
        low, high = min(values), max(values)
        if low > 0 and high > WIDE * low:
            return cls(low, high, True)
        room = 0.04 * (high - low) or 1.0
        return cls(low - room, high + room, False)

    def height(self, value: float) -> float:
        """Of a value."""
        span = self._high - self._low
        return (self._laid(value) - self._low) / span if span else 0.5

    def _laid(self, value: float) -> float:
        return math.log10(value) if self.is_logarithmic else value

    def _ticks(self, low: float, high: float) -> list[float]:
        if self.is_logarithmic:
            decades = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
            return [10.0**power for power in decades]
        span = (high - low) / TICKS or 1.0
        decade = 10.0 ** math.floor(math.log10(span))
        apart = next(times * decade for times in (1, 2, 5, 10) if times * decade >= span)
        return [place * apart for place in range(math.ceil(low / apart), math.floor(high / apart) + 1)]


def _drawn(lines: Sequence[tuple[str, Sequence[float]]], scale: Scale, last: int) -> Block:
    def at(step: int, value: float) -> tuple[float, float]:
        across = LEFT + step / last * (INNER - LEFT - RIGHT)
        return across, EDGE + (1 - scale.height(value)) * (HEIGHT - 2 * EDGE)

    def paint(sheet: Sheet, top: int) -> None:
        image = Image.new("RGB", (INNER * FINE, HEIGHT * FINE), (255, 255, 255))
        draw = ImageDraw.Draw(image)
        for tick in scale.ticks:
            y = round(at(0, tick)[1] * FINE)
            draw.line((LEFT * FINE, y, (INNER - RIGHT) * FINE, y), HAIRLINE, FINE)
        for place, (_, values) in enumerate(lines):
            hue = HUES[place % len(HUES)]
            points = [at(step, value) for step, value in enumerate(values) if not math.isnan(value)]
            if len(points) == 1:  # what stays is a line to be crossed
                points = [points[0], (float(INNER - RIGHT), points[0][1])]
            thick = 5 if len(values) > 1 else 2
            draw.line([(x * FINE, y * FINE) for x, y in points], hue, thick * FINE, joint="curve")
        small = image.resize((INNER, HEIGHT), Image.Resampling.LANCZOS)
        sheet.picture(small, (MARGIN, top, INNER, HEIGHT), _in_words(lines))
        half = round(0.65 * SMALL)
        for tick in scale.ticks:
            y = top + at(0, tick)[1] - half
            sheet.text(MARGIN + LEFT - 20, y, f"{tick:.4g}", Type(SMALL), MUTED, "right")
        for place, y in enumerate(_apart([at(0, own[-1])[1] for _, own in lines])):
            label, values = lines[place]
            words = f"{label} {values[-1]:.4g}"
            left = MARGIN + INNER - RIGHT + 20
            sheet.text(left, top + y - half, words, Type(SMALL, bold=True), HUES[place % len(HUES)])

    return Block(HEIGHT, paint)


def _apart(heights: Sequence[float]) -> list[float]:
    """The same, moved so that lines of text do not lie on each other."""
    line, placed = 1.3 * SMALL, [0.0] * len(heights)
    known = [HEIGHT / 2 if math.isnan(height) else height for height in heights]
    lowest = -math.inf
    for place in sorted(range(len(known)), key=known.__getitem__):
        placed[place] = lowest = max(known[place], lowest + line)
    beyond = max(0.0, max(placed) - (HEIGHT - EDGE))
    return [height - beyond for height in placed]


def _axis(last: int) -> Block:
    def paint(sheet: Sheet, top: int) -> None:
        right = MARGIN + INNER - RIGHT
        sheet.text(MARGIN + LEFT, top, "start", Type(SMALL), MUTED)
        sheet.text(right, top, f"step {last}", Type(SMALL), MUTED, "right")

    return Block(round(1.4 * SMALL), paint)


def _in_words(lines: Sequence[tuple[str, Sequence[float]]]) -> str:
    said = "; ".join(f"{label} from {values[0]:.4g} to {values[-1]:.4g}" for label, values in lines)
    return f"Curves: {said}"

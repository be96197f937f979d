"""A contact sheet: the reference, frames of each run with their numbers, the course, and how it was made."""

from collections.abc import Sequence

from PIL import Image

from explorer.analysis.rulers import Ruler, is_similarity, label_of
from explorer.analysis.wording import COMPARABLE
from explorer.images import Picture, times
from explorer.names import cut
from explorer.report.canvas import INK, MUTED, Block, beside, space, stack, text_block
from explorer.report.duel.account import Account, Course, written
from explorer.report.duel.chart import chart
from explorer.report.layout import (
    BODY,
    GAP,
    INNER,
    MARGIN,
    SMALL,
    TITLE,
    below_each_other,
    check_ending,
    columns_for,
    foot,
    painted,
)
from explorer.report.sheets import Colour, Sheet
from explorer.synthesis.journey import Frame

HEADING, NUMBER = 52, 46  # sizes of type
MOVED = "What this run moves"
MOST, LEAST_HEIGHT, TALLEST = 6, 160, 900  # columns at most; heights of a picture


def contact_sheet(account: Account, ending: str = "pdf") -> bytes:
    """Compose it, 2400 pixels or 8 inches wide; equal journeys give equal bytes.

    Args:
        account: What is told.
        ending: A key of `FORMATS`.

    Raises:
        SettingError: another ending.
    """
    check_ending(ending)
    title = account.told.sentence or account.title
    whole = below_each_other(
        [
            (0, [text_block(title, MARGIN, INNER, HEADING, INK, bold=True)]),
            (12, [text_block(_where(account), MARGIN, INNER, BODY, MUTED)]),
            *((44, row) for row in _rows(account)),
            (44, chart(account)),
            (20, foot([COMPARABLE, account.recipe, account.citation])),
        ]
    )
    return painted(whole, f"{cut(account.reference.name)}: {title}", ending)


def chosen(course: Course, most: int) -> tuple[Frame, ...]:
    """Frames of a run for as many places, the first and the last among them.

    Those that stay lie ever farther apart, so each second or third of them is of the same make.
    """
    frames = course.frames
    if len(frames) <= most:
        return frames
    return tuple(frames[round(place * (len(frames) - 1) / (most - 1))] for place in range(most))


def _where(account: Account) -> str:
    steps = f"{account.steps} step{'' if account.steps == 1 else 's'}"
    return f"{account.title}. {account.method.label}, measured at {times(account.reference.size)}; {steps}."


def _rows(account: Account) -> list[list[Block]]:
    """A row a run; pictures that stay stand at the end of each, since the others are held against them."""
    still = [course for course in account.courses if course.stays]
    moving = [course for course in account.courses if not course.stays]
    if not moving:
        return [_row(account, course, []) for course in still]
    return [_row(account, course, still) for course in moving]


def _row(account: Account, course: Course, still: Sequence[Course]) -> list[Block]:
    """The reference, a run's frames, and what stays; below them a row of numbers a metric."""
    reference = account.reference
    aspect = reference.width / reference.height
    columns = columns_for(MOST, aspect, MOST, LEAST_HEIGHT)
    still = still[: columns - 3]
    width = (INNER - (columns - 1) * GAP) // columns
    size = width, max(1, min(round(width / aspect), TALLEST))
    own = chosen(course, columns - 1 - len(still))
    shown = [(course, frame) for frame in own] + [(each, each.frames[0]) for each in still]
    titles = ["Reference", *(each.label if each in still else _title(each, frame) for each, frame in shown)]
    pictures = [reference, *(frame.picture for _, frame in shown)]
    lefts = [MARGIN + place * (width + GAP) for place in range(columns)]

    def across(texts: Sequence[str], type_size: int, colour: Colour = INK, bold: bool = False) -> Block:
        return beside(
            [
                text_block(text, left, width, type_size, colour, bold)
                for left, text in zip(lefts, texts, strict=False)
            ]
        )

    def numbers(ruler: Ruler) -> list[str]:
        return [written(ruler, each.value(ruler, frame)) for each, frame in shown]

    first, *others = account.rulers
    named = [
        text_block(label_of(first), MARGIN, width, SMALL, INK, bold=True),
        text_block("lower is closer", MARGIN, width, SMALL, MUTED),
    ]
    rows = [[_titled(ruler), *numbers(ruler)] for ruler in others if any(numbers(ruler))]
    if account.moves_another:
        rows.insert(0, [MOVED, *(f"{each.values[frame.step]:.4g}" for each, frame in shown)])
    return [
        text_block(course.label, MARGIN, INNER, TITLE, bold=True),
        space(10),
        beside(
            [
                _picture(picture, left, size, title if picture is reference else f"{course.label}: {title}")
                for picture, left, title in zip(pictures, lefts, titles, strict=False)
            ]
        ),
        space(10),
        across(titles, SMALL, MUTED),
        space(6),
        beside([stack(named), across(["", *numbers(first)], NUMBER, bold=True)]),
        space(8),
        *(across(row, SMALL, MUTED) for row in rows),
    ]


def _title(course: Course, frame: Frame) -> str:
    if course.stays:
        return "As it is"
    return "Start" if frame.step == 0 else f"Step {frame.step}"


def _titled(ruler: Ruler) -> str:
    """A metric's name, and which way is closer where that is another than in the first row."""
    return f"{label_of(ruler)}, higher is closer" if is_similarity(ruler) else label_of(ruler)


def _picture(picture: Picture, left: int, size: tuple[int, int], alt: str) -> Block:
    """A picture with all its pixels, or in PNG as many as there is room for."""

    def paint(sheet: Sheet, top: int) -> None:
        image = Image.fromarray(picture.pixels)
        is_crisp = size[0] >= 2 * image.width
        if size[0] < image.width:
            image = image.resize(size, Image.Resampling.LANCZOS)
        sheet.picture(image, (left, top, *size), alt, is_crisp)

    return Block(size[1], paint)

"""A figure of versions of one picture that are equal by one measure, in the order of another."""

from collections.abc import Callable

from PIL import Image

from explorer.analysis.versions import Version, Versions, short_ordinal, value_text
from explorer.analysis.wording import COMPARABLE
from explorer.distortions import Recipe, distorted
from explorer.images import Picture, times
from explorer.names import cut
from explorer.report.canvas import INK, MUTED, Block, beside, space, stack, text_block
from explorer.report.layout import (
    BODY,
    GAP,
    INNER,
    MARGIN,
    SMALL,
    below_each_other,
    check_ending,
    columns_for,
    foot,
    painted,
)
from explorer.report.sheets import Sheet

COLUMNS, LEAST_HEIGHT = 7, 160
HEADING, NUMBER = 56, 50  # sizes of type
TALLEST = 900  # of a picture


def figure_of_versions(versions: Versions, order: str, name: str, ending: str = "pdf") -> bytes:
    """Compose the reference and all versions, each with its numbers, closest first.

    Args:
        order: "psnr", "ssim" or "lpips".
        name: The reference's.
        ending: A key of `FORMATS`.

    Raises:
        SettingError: another ending.
    """
    check_ending(ending)
    lines = [_method_line(versions), COMPARABLE]
    whole = below_each_other(
        [
            (0, [text_block(versions.sentence, MARGIN, INNER, HEADING, INK, bold=True)]),
            (12, [text_block(versions.second_sentence or " ", MARGIN, INNER, BODY)]),
            (44, _rows(versions, order, name)),
            (20, foot(lines)),
        ]
    )
    return painted(whole, f"{cut(name)}: {versions.sentence}", ending)


def _method_line(versions: Versions) -> str:
    width_height = times(versions.reference.size)
    return f"{versions.method.label}; distorted and measured at {width_height}."


def _rows(versions: Versions, order: str, name: str) -> list[Block]:
    shown = versions.order(order)
    aspect = versions.reference.width / versions.reference.height
    columns = columns_for(len(shown) + 1, aspect, COLUMNS, LEAST_HEIGHT)
    width = (INNER - (columns - 1) * GAP) // columns
    size = width, max(1, min(round(width / aspect), TALLEST))
    cells = [_reference(versions, name, size), *(_cell(versions, each, order, size) for each in shown)]
    blocks = []
    for start in range(0, len(cells), columns):
        row = [cell(MARGIN + i * (width + GAP)) for i, cell in enumerate(cells[start : start + columns])]
        blocks += [beside(row), space(30)]
    return blocks[:-1]


def _reference(versions: Versions, name: str, size: tuple[int, int]):
    def at(left: int) -> Block:
        return stack(
            [
                _picture(lambda: versions.reference, left, size, "The reference"),
                space(12),
                text_block(cut(name), left, size[0], SMALL, bold=True),
                text_block("Reference", left, size[0], SMALL, MUTED),
            ]
        )

    return at


def _cell(versions: Versions, version: Version, order: str, size: tuple[int, int]):
    rank = versions.rank(version, order)
    label = version.entry.label
    others = [metric for metric in versions.metrics if metric.name != order]
    lines = [
        f"{metric.label} {value_text(metric, version.value(metric.name))}"
        + (f" · {short_ordinal(place)}" if (place := versions.rank(version, metric.name)) else "")
        for metric in others
        if metric is not versions.held  # those that differ in it say so below
    ]
    lines += [version.step.label] + ([versions.remark(version)] if versions.remark(version) else [])

    def made() -> Picture:
        return distorted(versions.reference, Recipe((version.step,)))

    def at(left: int) -> Block:
        number = value_text(versions.metric(order), version.value(order))
        return stack(
            [
                _picture(made, left, size, f"{label}: {version.step.label}"),
                space(12),
                text_block(f"{rank}  {label}" if rank else label, left, size[0], SMALL, bold=True),
                text_block(number, left, size[0], NUMBER, bold=True),
                *(text_block(line, left, size[0], SMALL, MUTED) for line in lines),
            ]
        )

    return at


def _picture(made: Callable[[], Picture], left: int, size: tuple[int, int], alt: str) -> Block:
    """A picture that is made when it is painted, and held no larger than it is shown: there may be many."""

    def paint(sheet: Sheet, top: int) -> None:
        image = Image.fromarray(made().pixels)
        is_crisp = size[0] >= 2 * image.width
        if size[0] < image.width:
            image = image.resize(size, Image.Resampling.LANCZOS)
        sheet.picture(image, (left, top, *size), alt, is_crisp)

    return Block(size[1], paint)

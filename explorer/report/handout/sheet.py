"""What a chapter shows on paper: pictures, tables and sentences. Plain values, which the template draws."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.wording import decibels
from explorer.images import Picture
from explorer.metrics import Measurement
from explorer.render import colourise

SCALE = "magma"
CRISP = 240  # pixels of a map's longest side at least, so that printers keep its cells crisp

Window = tuple[int, int, int, int]  # (x, y, width, height) in pixels of a picture


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture with its words.

    Attributes:
        label: What it is.
        pixels: uint8 (H, W, 3).
        note: A number or two about it; may be "".
        window: What is marked on it; None for nothing.
        is_named: Whether its label stands below it; else its column and its row say what it is.
    """

    label: str
    pixels: np.ndarray
    note: str = ""
    window: Window | None = None
    is_named: bool = True


@dataclass(frozen=True)
class Number:
    """A number in a table: as it is read, and as it was measured."""

    shown: str
    value: float


@dataclass(frozen=True)
class Boxes:
    """Answers in a table, each with a box to tick; none of them breaks."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Room:
    """Room in a table for what is written by hand."""


Cell = Number | Boxes | Room | str


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers.

    Attributes:
        columns: Their heads, the first one that of the words.
        rows: As many cells each.
        note: How to read it; may be "".
        total: The last row, such as a sum; () for none.
        is_turned: Whether it is printed upside down, for those who have answered first.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    total: tuple[Cell, ...] = ()
    is_turned: bool = False


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a chapter shows.

    Attributes:
        shots: Rows of pictures of one size; None leaves a place empty, and words name the row.
        tables: In their order.
        said: What the numbers say, in sentences.
        answers: What is said on the page of answers: (question, answer).
    """

    shots: tuple[tuple[Shot | str | None, ...], ...] = ()
    tables: tuple[Table, ...] = ()
    said: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


def photo(label: str, picture: Picture, note: str = "", window: Window | None = None) -> Shot:
    """A picture as it was measured."""
    return Shot(label, picture.pixels, note, window)


def map_shot(
    label: str, values: np.ndarray, end: float, note: str = "", cell: tuple[int, int] | None = None
) -> Shot:
    """A map in its own cells, each of them many pixels of the paper.

    Args:
        values: (rows, columns); NaN is grey.
        end: Of the colour scale, which begins at 0.
        cell: (row, column) of one that is marked.
    """
    times = max(1, -(-CRISP // max(values.shape)))
    pixels = colourise(values, SCALE, end).repeat(times, axis=0).repeat(times, axis=1)
    window = None if cell is None else (cell[1] * times, cell[0] * times, times, times)
    return Shot(label, pixels, note, window)


def number(value: float, digits: int = 4) -> Number:
    """A number with so many digits behind the point."""
    return Number(f"{value:.{digits}f}", value)


def psnr(value: float) -> Number:
    """A PSNR in dB."""
    return Number(decibels(value, "∞ dB"), value)


def three(found: Measurement) -> tuple[Number, Number, Number]:
    """PSNR, SSIM and the score of a measurement."""
    return psnr(found.psnr), number(found.ssim), number(found.score)


def versions_table(rows: Sequence[tuple[str, Measurement]], note: str = "") -> Table:
    """What three metrics say of versions of one picture."""
    metric = rows[0][1].name.metric
    columns = ("", "PSNR", "SSIM", metric)
    return Table(columns, tuple((label, *three(found)) for label, found in rows), note)

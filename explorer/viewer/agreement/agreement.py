"""A square table of how far metrics agree; its cells can be opened, and the browser's side is `js/`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Protocol

from explorer.viewer.common.small import called, numbered, register_small


class Cell(Protocol):
    """A dataclass such as `explorer.figures.AgreementCell`, whose fields these are."""

    text: str
    colour: str
    ink: str
    words: str


_component = register_small("agreement", "table")


def agreement_table(
    names: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    *,
    key: str,
    label: str,
    on_open: Callable[[tuple[int, int]], None],
) -> None:
    """Draw the table; the arrow keys go from cell to cell.

    Args:
        names: Of the metrics, n, which head both rows and columns.
        cells: n rows of n; one with words can be opened.
        key: Of the component.
        label: What the whole table is about, its caption for who cannot see it.
        on_open: Called with a cell's (row, column).
    """
    _component(
        key=key,
        data=numbered(
            key,
            {
                "names": list(names),
                "cells": [[asdict(cell) for cell in row] for row in cells],
                "label": label,
            },
        ),
        on_open_change=called(key, "open", lambda cell: on_open((cell["row"], cell["column"]))),
    )

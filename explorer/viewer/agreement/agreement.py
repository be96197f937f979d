"""A square table of how far metrics agree; its cells can be opened, and the browser's side is `js/`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import streamlit as st

FOLDER = Path(__file__).parent


class Cell(Protocol):
    """A dataclass such as `explorer.figures.AgreementCell`, whose fields these are."""

    text: str
    colour: str
    ink: str
    words: str


_component = st.components.v2.component(
    "agreement",
    html='<div class="agreement"></div>',
    css=(FOLDER / "agreement.css").read_text(encoding="utf-8"),
    js=(FOLDER / "js" / "table.js").read_text(encoding="utf-8"),
)


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

    def opened() -> None:
        cell = st.session_state[key].open
        if cell:
            on_open((cell["row"], cell["column"]))

    _component(
        key=key,
        data={
            "names": list(names),
            "cells": [[asdict(cell) for cell in row] for row in cells],
            "label": label,
        },
        on_open_change=opened,
    )

"""How far metrics agree, as the cells of a table."""

from dataclasses import dataclass

import numpy as np

from explorer.analysis.agreement import Agreement
from explorer.figures.colours import as_rgb, readable_on
from explorer.render import colours


@dataclass(frozen=True)
class AgreementCell:
    """One cell of the table of agreement.

    Attributes:
        text: The rank correlation, as it is written; "–" where it is undefined.
        colour, ink: Of the cell, and of its number, which stands out from it by 4.5:1 at least; "" for the
            page's own.
        words: The two metrics, their correlation, and what they differ most about; "" for one metric twice.
    """

    text: str
    colour: str
    ink: str
    words: str


def agreement_cells(found: Agreement) -> tuple[tuple[AgreementCell, ...], ...]:
    """Rank correlations as a table of n rows and n columns, coloured from 0 to 1 (cividis).

    Whoever disagrees is darker; a correlation below 0 has the colour of 0.
    """
    places = range(len(found.names))
    return tuple(tuple(_agreement_cell(found, (i, j)) for j in places) for i in places)


def _agreement_cell(found: Agreement, cell: tuple[int, int]) -> AgreementCell:
    value = found.correlations[cell]
    words = _dispute_text(found, cell) if cell in found.disputes else ""
    if np.isnan(value):
        return AgreementCell("–", "", "", words)
    shade = colours("cividis")[round(255 * float(np.clip(value, 0, 1)))]
    return AgreementCell(f"{value:.2f}", as_rgb(shade), readable_on(shade), words)


def _dispute_text(found: Agreement, cell: tuple[int, int]) -> str:
    dispute, correlation = found.disputes[cell], found.correlations[cell]
    value = f"{correlation:.2f}" if np.isfinite(correlation) else "undefined"
    return (
        f"{dispute.first} and {dispute.second}: {value}. They differ most about {dispute.rung.label}: "
        f"rank {dispute.first_rank:g} and {dispute.second_rank:g}."
    )

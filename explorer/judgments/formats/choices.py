"""Tables of single choices between two versions, in the convention of pwcmp, as judgment.py writes them."""

from dataclasses import dataclass

from explorer.errors import SettingError
from explorer.judgments.formats.listing import Left
from explorer.judgments.formats.tables import Table, texts
from explorer.judgments.judgment import COLUMNS, Judgment
from explorer.judgments.sets import Skipped

SELECTED = {"1": True, "0": False, "1.0": True, "0.0": False, "true": True, "false": False}
FORMULAS = ("'=", "'+", "'-", "'@")  # what `as_cell` has put a "'" before


@dataclass(frozen=True)
class Choices:
    """Choices as they were read.

    Attributes:
        name: The file's.
        judgments: In the file's order.
        skipped: Rows that cannot be used.
    """

    name: str
    judgments: tuple[Judgment, ...]
    skipped: tuple[Skipped, ...]


def is_choices(columns: list[str]) -> bool:
    """Whether a table with these columns is one of choices."""
    return COLUMNS[-1] in columns


def read_choices(table: Table) -> Choices:
    """Take the choices of a table.

    Raises:
        SettingError: a column is missing, or no row can be used.
    """
    missing = [name for name in COLUMNS if name not in table.frame.columns]
    if missing:
        raise SettingError(
            f"{table.shown} has no column {', '.join(missing)}; a table of choices has {', '.join(COLUMNS)}."
        )
    left, judgments = Left(), []
    for place, row in enumerate(zip(*(texts(table.frame[name]) for name in COLUMNS), strict=True), start=2):
        *told, selected = map(_plain, row)
        if selected.lower() not in SELECTED:
            left.add(f"row {place}", f"its {COLUMNS[-1]} is neither 0 nor 1")
        elif not told[2]:  # a condition may be empty: nothing was done there
            left.add(f"row {place}", "it names no scene")
        else:
            judgments.append(Judgment(*told, SELECTED[selected.lower()]))
    if not judgments:
        raise SettingError(f"{table.shown} holds no choice that can be used{left.first}; mend its rows.")
    return Choices(table.name, tuple(judgments), left.skipped)


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith(FORMULAS) else cell

"""A table of pictures by metrics, with ranks and clickable cells; the browser's side is `js/`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from explorer.viewer.common.small import called, register_small


@dataclass(frozen=True)
class TableColumn:
    """A metric: its name, and which way it runs."""

    label: str
    direction: str


@dataclass(frozen=True)
class TableCell:
    """A value as it is shown, and its rank where it has one."""

    text: str
    rank: int | None


@dataclass(frozen=True)
class TableRow:
    """A picture.

    Attributes:
        key: What a click on it reports.
        name: As it is shown.
        full_name: The same where it was not cut, for tooltips.
        note: A quiet line below the name; may be empty.
        picture: A small version as a data address; empty while there is none.
        cells: In the columns' order.
        agreement: Its ranks in words; empty where it has none.
        disagrees: Whether its ranks differ.
        removable: Whether it has a button that takes it out.
    """

    key: str
    name: str
    full_name: str
    note: str
    picture: str
    cells: tuple[TableCell, ...]
    agreement: str
    disagrees: bool
    removable: bool


_component = register_small("ranking", "table")


def ranking(
    columns: tuple[TableColumn, ...],
    rows: tuple[TableRow, ...],
    *,
    key: str,
    on_open: Callable[[str, int], None],
    on_remove: Callable[[str], None],
) -> None:
    """Draw the table.

    Args:
        columns, rows: What it shows; rows in this order until a column's title is clicked.
        key: Of the component.
        on_open: Called with a row's key and the clicked column's index, -1 where no value was clicked.
        on_remove: Called with a row's key.
    """
    _component(
        key=key,
        data={"columns": [asdict(column) for column in columns], "rows": [asdict(row) for row in rows]},
        on_open_change=called(key, "open", lambda click: on_open(click["row"], click["column"])),
        on_remove_change=called(key, "remove", on_remove),
    )

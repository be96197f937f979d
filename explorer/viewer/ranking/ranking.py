"""A table of pictures by metrics, with ranks and clickable cells; the browser's side is `js/`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from explorer.errors import SettingError
from explorer.viewer.common.component import linked, reporting
from explorer.viewer.common.settings import ViewerSettings
from explorer.viewer.common.small import called, numbered, register_small


@dataclass(frozen=True)
class TableColumn:
    """A metric: its key, its name, and which way it runs."""

    key: str
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


@dataclass(frozen=True)
class TableSort(ViewerSettings):
    """How the rows are sorted.

    Attributes:
        by: Key of a column; "" leaves it to the table, which takes the first that ranks any row.
        reversed: Whether the farthest is on top, not the closest; rows without a rank are last either way.

    Raises:
        SettingError: something else.
    """

    by: str = ""
    reversed: bool = False

    def __post_init__(self):
        if not isinstance(self.by, str):
            raise SettingError(f"The display setting “by” must be a column's key, not {self.by!r}.")
        if not isinstance(self.reversed, bool):
            raise SettingError(f"The display setting “reversed” is on or off, not {self.reversed!r}.")


_component = register_small("ranking", "table")


def ranking(
    columns: tuple[TableColumn, ...],
    rows: tuple[TableRow, ...],
    *,
    key: str,
    on_open: Callable[[str, int], None],
    on_remove: Callable[[str], None],
    sort: TableSort | None = None,
    on_sort: Callable[[TableSort], None] | None = None,
) -> TableSort:
    """Draw the table.

    Args:
        columns, rows: What it shows; the rows closest first by the first column that ranks any.
        key: Of the component.
        on_open: Called with a row's key and the clicked column's index, -1 where no value was clicked.
        on_remove: Called with a row's key.
        sort, on_sort: How it is sorted, as the settings of a `Viewer`: its `display` and `on_display`.

    Returns:
        How it is sorted now.
    """
    link = linked(TableSort, key=key, display=sort)
    _component(
        key=key,
        data=numbered(
            key,
            {
                "columns": [asdict(column) for column in columns],
                "rows": [asdict(row) for row in rows],
                "display": link.sent.to_json(),
                "ticket": link.ticket,
            },
        ),
        on_display_change=reporting(link, key, on_sort),
        on_open_change=called(key, "open", lambda click: on_open(click["row"], click["column"])),
        on_remove_change=called(key, "remove", on_remove),
    )
    return link.shown

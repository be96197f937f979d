"""Files of judgments that others write and read: the paper's folders, opinion scores, tables of votes.

read("bapps/2afc/val")   # -> TrialSet: pictures on disk, with what people said of them
read("votes.csv.gz")     # -> Distances: what people said beside what metrics say, without pictures
"""

from pathlib import Path

from explorer.errors import SettingError
from explorer.judgments.distances import Distances
from explorer.judgments.formats.bapps import is_layout, read_layout
from explorer.judgments.formats.listing import Progress, no_progress
from explorer.judgments.formats.opinions import (
    KADID_COLUMNS,
    KADID_SCORES,
    TID_SCORES,
    is_kadid,
    is_opinions,
    is_tid,
    read_kadid,
    read_opinions,
    read_tid,
)
from explorer.judgments.formats.tables import Table, is_table, read_table
from explorer.judgments.formats.votes import is_votes, read_votes
from explorer.judgments.judgment import COLUMNS
from explorer.judgments.sets import TrialSet
from explorer.names import cut, harmless

__all__ = ["read", "read_bytes"]

CHOICE = COLUMNS[-1]  # the column by which a table of single choices (pwcmp) is known
WANTED = (
    "name a folder in the layout of the paper’s data set (2afc/val/SUBSET/ref, p0, p1, judge), of TID2013 or "
    "KADID-10k, or a CSV table of votes or of opinion scores"
)


def read(path: str | Path, progress: Progress = no_progress) -> TrialSet | Distances:
    """Read a set of judgments, by what the path is.

    Args:
        path: A folder or a file.
        progress: Told how many trials of a folder are looked at, and how many there are.

    Raises:
        SettingError: it is nothing of the kind, or cannot be used; the sentence says how to mend it.
    """
    path = Path(path)
    shown = cut(harmless(str(path)))
    try:
        if path.is_dir():
            return _read_folder(path, shown, progress)
        if not path.exists():
            raise SettingError(f"There is no {shown}; check the path.")
    except (OSError, ValueError) as error:  # a name that no file system has
        raise SettingError(f"{shown} cannot be read; check its name and permissions.") from error
    if path.name.lower() == TID_SCORES:
        return read_tid(path.parent)
    if not path.is_file() or not is_table(path):
        raise SettingError(f"{shown} is no set of judgments; {WANTED}.")
    table = read_table(path)
    if path.name.lower() == KADID_SCORES and set(KADID_COLUMNS) <= set(table.frame.columns):
        return read_kadid(path.parent)
    if is_opinions(table.frame.columns):
        return read_opinions(table, path.parent)
    return _votes_of(table)


def read_bytes(data: bytes, name: str) -> Distances:
    """Read an uploaded table of votes with distances, gzipped or not.

    Raises:
        SettingError: as `read`; a table that names pictures is none that can be uploaded alone.
    """
    table = read_table(data, name)
    if is_opinions(table.frame.columns):
        raise SettingError(f"{table.shown} names pictures; open it from the folder in which they lie.")
    return _votes_of(table)


def _read_folder(path: Path, shown: str, progress: Progress) -> TrialSet:
    if is_tid(path):
        return read_tid(path)
    if is_kadid(path):
        return read_kadid(path)
    if is_layout(path) or path.name in ("ref", "p0", "p1", "judge", "same"):
        return read_layout(path, progress)
    raise SettingError(f"{shown} is no set of judgments; {WANTED}.")


def _votes_of(table: Table) -> Distances:
    columns = list(table.frame.columns)
    if is_votes(columns):
        return read_votes(table)
    if CHOICE in columns:
        raise SettingError(
            f"{table.shown} holds single choices without distances or pictures; export the session as a "
            "folder of the paper’s layout, which metrics can measure."
        )
    raise SettingError(f"{table.shown} is no table of judgments; {WANTED}.")

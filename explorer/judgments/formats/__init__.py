"""Files of judgments that others write and read: the paper's folders, opinion scores, tables of votes.

read("bapps/2afc/val")   # -> TrialSet: pictures on disk, with what people said of them
read("votes.csv.gz")     # -> Distances: what people said beside what metrics say, without pictures
"""

from pathlib import Path

from explorer.errors import SettingError
from explorer.judgments.evaluation import Distances
from explorer.judgments.formats.tables import is_table, read_table
from explorer.judgments.formats.votes import is_votes, read_votes
from explorer.judgments.sets import TrialSet
from explorer.names import cut, harmless

__all__ = ["read"]


def read(path: str | Path) -> TrialSet | Distances:
    """Read a set of judgments, by what the path is.

    Raises:
        SettingError: it is nothing of the kind; the sentence says what would be.
    """
    path = Path(path)
    if path.is_dir() or not is_table(path):
        raise SettingError(f"{cut(harmless(str(path)))} is no set of judgments.")
    table = read_table(path)
    if is_votes(list(table.frame.columns)):
        return read_votes(table)
    raise SettingError(f"{table.shown} is no set of judgments.")

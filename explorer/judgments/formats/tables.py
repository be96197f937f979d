"""CSV files, gzipped or not, read with a bound on their bytes: they may come from anybody."""

import csv
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.errors import SettingError
from explorer.names import cut, harmless

MOST_BYTES = 1 << 30  # of a table on disk, unpacked; a million votes on four metrics are 200 MB
MOST_UPLOADED = 256 << 20  # of one from anybody, unpacked (docs/files.md says this one, and the next)
MOST_ROWS = 1_000_000
MOST_COLUMNS = 1000
MOST_CELLS = 16_000_000  # which take some 100 bytes each while they are read, where they hold text
PIECE = 1 << 20
ENDINGS = (".csv", ".csv.gz")
# Columns of text, which may look like numbers: 000001 is a name.
TEXTS = ("subset", "name", "reference", "distorted", "dist_img", "ref_img")
GZIP = b"\x1f\x8b"
TOO_LONG = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")  # as pandas says it


@dataclass(frozen=True, eq=False)
class Table:
    """A table as it was read: all cells as text or numbers, by their columns' names.

    Attributes:
        name: The file's.
        frame: Its rows.
    """

    name: str
    frame: pd.DataFrame

    @property
    def shown(self) -> str:
        """Its name in a sentence."""
        return cut(harmless(self.name))


def is_table(path: Path) -> bool:
    """Whether a file is called as a table is."""
    return path.name.lower().endswith(ENDINGS)


def read_table(source: Path | bytes, name: str = "") -> Table:
    """Read a CSV file.

    Args:
        source: The file, or its bytes.
        name: What to call bytes.

    Raises:
        SettingError: it cannot be read, is larger than any table is read, is no table in UTF-8, or has a row
            with more fields than columns: no field says which of its neighbours it was parted from.
    """
    if not isinstance(source, bytes):
        name = name or source.name
    shown = cut(harmless(name))
    data = read_bytes(source, name)
    if not data.strip():
        raise SettingError(f"{shown} is empty; name a table with rows.")
    _check_size(data, len(_header(data, shown)), shown)
    try:
        frame = pd.read_csv(
            io.BytesIO(data),
            dtype=dict.fromkeys(TEXTS, object),
            keep_default_na=False,
            na_values={},
            encoding="utf-8-sig",
            low_memory=False,
        )
    except pd.errors.ParserError as error:
        raise _unreadable(str(error), shown) from error
    except (pd.errors.EmptyDataError, ValueError, OverflowError) as error:
        raise _unreadable(str(error), shown) from error
    if not isinstance(frame.index, pd.RangeIndex):  # as pandas takes a first row that is too long
        count = len(frame.columns)
        raise _too_long(shown, "its first row", count + frame.index.nlevels, count)
    return Table(name, frame)


def numbers(column: pd.Series) -> np.ndarray:
    """A column as float64 (n,): NaN for what is no number."""
    values = column if column.dtype.kind in "fiub" else pd.to_numeric(column, errors="coerce")
    return values.to_numpy(np.float64)


def texts(column: pd.Series) -> np.ndarray:
    """A column as text (n,), tame: control characters are no names."""
    return np.array([_tame(str(value)) for value in column.tolist()], object)


def _tame(text: str) -> str:
    """Text made `harmless`; of a million names nearly all are, and that is quickly seen."""
    return text if text.isascii() and text.isprintable() else harmless(text)


def _unreadable(said: str, shown: str) -> SettingError:
    """What pandas says of a table, in words."""
    match = TOO_LONG.search(said)
    if match:
        return _too_long(shown, f"line {match[2]}", int(match[3]), int(match[1]))
    return SettingError(
        f"{shown} cannot be read as a table ({cut(harmless(said), 80)}); export it as CSV again."
    )


def _too_long(shown: str, where: str, fields: int, columns: int) -> SettingError:
    return SettingError(
        f"{shown} names {columns} columns, and {where} has {fields} fields; write numbers with a point, and "
        "put text that holds a comma in quotes."
    )


def _check_size(data: bytes, columns: int, shown: str) -> None:
    """Refuse what would take more memory than a table may: a small packed file may hold many rows."""
    rows = max(map(data.count, (b"\n", b"\r")))  # of the header too, and of each break within quotes
    if rows > MOST_ROWS + 1:
        raise SettingError(f"{shown} has more than {MOST_ROWS:,} rows, the most that are read; split it.")
    if rows * columns > MOST_CELLS:
        raise SettingError(
            f"{shown} has more than {MOST_CELLS:,} cells, the most that are read; split it, or leave out "
            "columns."
        )


def _header(data: bytes, shown: str) -> list[str]:
    """The columns; refuses those that stand twice, or that no table has so many of."""
    line = data[: data.find(b"\n") if b"\n" in data else len(data)]
    try:
        text = line.decode("utf-8-sig")
        columns = next(csv.reader([text]))
    except (UnicodeDecodeError, csv.Error, StopIteration) as error:
        raise SettingError(f"{shown} is no table in UTF-8; export it as CSV again.") from error
    if len(columns) > MOST_COLUMNS:
        raise SettingError(
            f"{shown} has {len(columns):,} columns, and up to {MOST_COLUMNS:,} are read; split it."
        )
    twice = [column for column in dict.fromkeys(columns) if columns.count(column) > 1]
    if twice:
        raise SettingError(f"{shown} has two columns {cut(harmless(twice[0]))}; rename one of them.")
    return columns


def read_bytes(source: Path | bytes, name: str = "") -> bytes:
    """The bytes of a file, unpacked where it is gzipped.

    Raises:
        SettingError: it cannot be read, is damaged, or holds more than MOST_BYTES, of bytes MOST_UPLOADED.
    """
    shown = cut(harmless(name or source.name))
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            is_packed = file.peek(2)[:2] == GZIP if hasattr(file, "peek") else source[:2] == GZIP
            most = MOST_UPLOADED if isinstance(source, bytes) else MOST_BYTES
            return _at_most(gzip.GzipFile(fileobj=file) if is_packed else file, most, shown)
    except FileNotFoundError as error:
        raise SettingError(f"There is no file {shown}; check the path.") from error
    except IsADirectoryError as error:
        raise SettingError(f"{shown} is a folder; name a table in it.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SettingError(f"{shown} is cut off or damaged; fetch it or pack it again.") from error
    except OSError as error:
        raise SettingError(f"{shown} cannot be read; check its permissions and the disk.") from error


def _at_most(file: io.BufferedIOBase, most: int, shown: str) -> bytes:
    """All bytes, of which there may be only so many; a small packed file may hold more than any memory."""
    pieces, size = [], 0
    while piece := file.read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise SettingError(f"{shown} is larger than {most >> 20:,} MB unpacked; split it.")
    return b"".join(pieces)

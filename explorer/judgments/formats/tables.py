"""CSV files, gzipped or not, read with a bound on their bytes: they may come from anybody."""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.errors import SettingError
from explorer.judgments.judgment import COLUMNS
from explorer.names import cut, harmless

MOST_BYTES = 1 << 30  # of a table, unpacked; a million votes on four metrics are 200 MB
MOST_COLUMNS = 1000
PIECE = 1 << 20
ENDINGS = (".csv", ".csv.gz")
# Columns of text, which may look like numbers: 000001 is a name.
TEXTS = ("subset", "name", "reference", "distorted", "dist_img", "ref_img", *COLUMNS)
GZIP = b"\x1f\x8b"


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
        SettingError: it cannot be read, is larger than MOST_BYTES, or is no table in UTF-8.
    """
    if not isinstance(source, bytes):
        name = name or source.name
    shown = cut(harmless(name))
    data = read_bytes(source, name)
    if not data.strip():
        raise SettingError(f"{shown} is empty; name a table with rows.")
    _check_header(data, shown)
    try:
        frame = pd.read_csv(
            io.BytesIO(data),
            dtype=dict.fromkeys(TEXTS, object),
            keep_default_na=False,
            na_values={},
            encoding="utf-8-sig",
            low_memory=False,
            index_col=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OverflowError) as error:
        raise SettingError(
            f"{shown} cannot be read as a table ({cut(harmless(str(error)), 80)}); export it as CSV again."
        ) from error
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


def _check_header(data: bytes, shown: str) -> None:
    """Refuse columns that stand twice, or that no table has so many of."""
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


def read_bytes(source: Path | bytes, name: str = "") -> bytes:
    """The bytes of a file, unpacked where it is gzipped.

    Raises:
        SettingError: it cannot be read, is damaged, or holds more than MOST_BYTES.
    """
    shown = cut(harmless(name or source.name))
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            is_packed = file.peek(2)[:2] == GZIP if hasattr(file, "peek") else source[:2] == GZIP
            return _at_most(gzip.GzipFile(fileobj=file) if is_packed else file, shown)
    except FileNotFoundError as error:
        raise SettingError(f"There is no file {shown}; check the path.") from error
    except IsADirectoryError as error:
        raise SettingError(f"{shown} is a folder; name a table in it.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SettingError(f"{shown} is cut off or damaged; fetch it or pack it again.") from error
    except OSError as error:
        raise SettingError(f"{shown} cannot be read; check its permissions and the disk.") from error


def _at_most(file: io.BufferedIOBase, shown: str) -> bytes:
    """All bytes, of which there may be only so many; a small packed file may hold more than any memory."""
    pieces, size = [], 0
    while piece := file.read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise SettingError(f"{shown} is larger than {MOST_BYTES >> 20:,} MB unpacked; split it.")
    return b"".join(pieces)

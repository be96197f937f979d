"""Pairs of files: measured one by one, and a CSV table of them that an interrupted run goes on with.

The table has a row a pair and backbone, in the columns of every other row (rows.py), and behind them what is
of such a run alone: the flags that are no part of a measurement, what went wrong, and a digest of each file.
A row is kept by the next run only if it holds no error and both files are still the same; so whatever ends a
run in between, the same call goes on where it ended.
"""

import csv
import errno
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.analysis.pairing import FilePair
from explorer.analysis.rows import Row, columns_of_all, layers_of, row_of
from explorer.errors import ImageError, SettingError

if TYPE_CHECKING:  # importing it would load torch, which pairing does not need
    from explorer.metrics import Measurement

SETTINGS = ("backbone", "heads", "weights", "precision", "longest_side", "background", "fit")
FILES = ("reference.name", "distorted.name")
DIGESTS = ("reference.file_digest", "distorted.file_digest")  # of the files, where `digest` is of the pixels
OF_A_RUN = ("background", "fit", "error", *DIGESTS)  # behind the columns that every row has
FIRST_VERSION = ("reference", "distorted", "score", "psnr", "ssim", "width", "height")  # how its tables began
MEND = "name another file for --csv"
_hash = partial(hashlib.blake2b, digest_size=16)

Measure = Callable[[str], "Measurement"]  # by a backbone's name
Read = Callable[[Path, Path], Measure]  # reads a pair, once for all backbones that it is measured with


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a pair and a backbone: a measurement, or the sentence that says why there is none."""

    pair: FilePair
    backbone: str
    measurement: "Measurement | None"
    error: str
    digests: tuple[str, str]  # of the files before they were read; "" for one that cannot be


Key = tuple[str, str, str]  # of a row: its two files' names and its backbone
Left = tuple[FilePair, tuple[str, ...]]  # a pair, and the backbones that it is still to be measured with


@dataclass(frozen=True)
class Way:
    """How a table's pairs are measured with one backbone.

    Attributes:
        settings: The columns `SETTINGS` as text; the same in every row of this backbone.
        layers: Names of the layers in the sum.
        parts: Names of the parts of a layer's distance, where the metric has some.
    """

    settings: Row
    layers: tuple[str, ...]
    parts: tuple[str, ...] = ()

    @property
    def backbone(self) -> str:
        """Which one; a table has one way for each."""
        return self.settings["backbone"]


@dataclass(frozen=True, eq=False)
class Table:
    """A CSV file that is to hold a row for each pair and backbone.

    Attributes:
        path: Where it is, or will be.
        ways: How the pairs are measured, one for each backbone.
        pairs: All pairs, in order.
        found: The rows that the file holds; those of other folders are left alone.
        left: What is to be measured: not in the file, failed, or changed since.
    """

    path: Path
    ways: tuple[Way, ...]
    pairs: tuple[FilePair, ...]
    found: dict[Key, Row]
    left: tuple[Left, ...]

    @property
    def keys(self) -> list[Key]:
        """Of all rows that it is to hold, in order."""
        return [_key(pair, way.backbone) for pair in self.pairs for way in self.ways]

    @property
    def count_left(self) -> int:
        """How many measurements are left."""
        return sum(len(backbones) for _, backbones in self.left)


def measure_pairs(left: Iterable[Left], read: Read) -> Iterator[Outcome]:
    """Measure pairs one by one, in their order; an image that cannot be measured does not stop the rest.

    The measurements come without their maps, which would fill the memory with a long list of pairs.
    """
    for pair, backbones in left:
        digests = (file_digest(pair.reference), file_digest(pair.distorted))
        measure, unread = None, ""
        try:
            measure = read(pair.reference, pair.distorted)
        except ImageError as error:
            unread = str(error)
        for backbone in backbones:
            try:
                measurement = measure(backbone) if measure else None
            except ImageError as error:  # such as a picture that is too small for this network alone
                yield Outcome(pair, backbone, None, str(error), digests)
                continue
            if measurement is not None:
                layers = tuple(replace(layer, map=None) for layer in measurement.layers)
                measurement = replace(measurement, layers=layers)
            yield Outcome(pair, backbone, measurement, unread, digests)


def open_table(path: Path, ways: Sequence[Way], pairs: Sequence[FilePair]) -> Table:
    """Look at what a table already holds; nothing is written. A last line that was cut off does not count.

    Args:
        path: The CSV file, which need not exist.
        ways: How the pairs are measured, one for each backbone.
        pairs: What the table is to hold.

    Raises:
        SettingError: the file is something else, was measured with other settings, or was begun by an earlier
            version, whose columns are others.
        OSError: the file is there, but cannot be read, or is no file for tables (a folder, a pipe, a device).
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "Not a regular file")  # reading it might never end
    found, left = _read(path, ways), []
    for pair in pairs:
        rows = {way.backbone: found.get(_key(pair, way.backbone)) for way in ways}
        now = _digests(pair) if any(rows.values()) else ("", "")
        wanted = tuple(backbone for backbone, row in rows.items() if not _is_done(row, now))
        if wanted:
            left.append((pair, wanted))
    return Table(path, tuple(ways), tuple(pairs), found, tuple(left))


def fill_table(table: Table, read: Read) -> Iterator[Outcome]:
    """Measure what is left, writing each row before it is given.

    Whenever this ends, the file holds whole rows and at most one half line at its end. Once all pairs were
    measured, their rows stand in the order of the pairs, however often the run was interrupted.

    Raises:
        OSError: the file cannot be written.
    """
    rows = dict(table.found)
    for pair, backbones in table.left:
        for backbone in backbones:
            rows.pop(_key(pair, backbone), None)
    _replace(table, rows.values())  # also drops a line that was cut off
    with table.path.open("ab") as file:
        for outcome in measure_pairs(table.left, read):
            row = rows[_key(outcome.pair, outcome.backbone)] = row_of_outcome(table.ways, outcome)
            file.write(lines([list(row.values())]))
            file.flush()
            yield outcome
    order = table.keys
    if list(rows)[-len(order) :] != order:
        wanted = set(order)
        others = [key for key in rows if key not in wanted]
        _replace(table, [rows[key] for key in (*others, *order)])


def measured_rows(table: Table) -> list[Row]:
    """The rows of all pairs that have been measured, by this run or an earlier one, in their order.

    Raises:
        SettingError, OSError: as `open_table`; the file may have been changed meanwhile.
    """
    found = _read(table.path, table.ways)
    rows = (found.get(key) for key in table.keys)
    return [row for row in rows if row is not None and not row["error"]]


def row_of_outcome(ways: Sequence[Way], outcome: Outcome) -> Row:
    """The row of a table whose pairs are measured in these ways."""
    row = dict.fromkeys(columns_of(ways), "")
    if outcome.measurement:
        row |= row_of(outcome.measurement.to_dict())
    row |= next(way.settings for way in ways if way.backbone == outcome.backbone)
    names = str(outcome.pair.reference), str(outcome.pair.distorted)
    row |= zip(FILES, names, strict=True)  # by which they can be found again
    row |= zip(DIGESTS, outcome.digests, strict=True)
    row["error"] = outcome.error
    return row


def file_digest(path: Path) -> str:
    """The BLAKE2 hash of a file's bytes, 32 hex digits; "" for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, _hash).hexdigest()
    except (OSError, ValueError):
        return ""


def bytes_digest(data: bytes) -> str:
    """The `file_digest` of a file that holds these bytes."""
    return _hash(data).hexdigest()


def lines(records: Sequence[Sequence[str]]) -> bytes:
    """Records as the bytes of CSV lines; names of files that are no text keep their bytes."""
    stream = io.StringIO(newline="")
    for record in records:
        # Before Python 3.13 the csv module leaves a carriage return unquoted, and then trips over it.
        quoting = csv.QUOTE_ALL if any("\r" in field for field in record) else csv.QUOTE_MINIMAL
        csv.writer(stream, quoting=quoting, lineterminator="\n").writerow(record)
    return stream.getvalue().encode("utf-8", "surrogateescape")


def columns_of(ways: Sequence[Way]) -> list[str]:
    """The columns of a table whose pairs are measured in these ways."""
    return [*columns_of_all((way.layers, way.parts) for way in ways), *OF_A_RUN]


def _key(pair: FilePair, backbone: str) -> Key:
    return str(pair.reference), str(pair.distorted), backbone


def _digests(pair: FilePair) -> tuple[str, str]:
    return file_digest(pair.reference), file_digest(pair.distorted)


def _is_done(row: Row | None, now: tuple[str, str]) -> bool:
    """Whether a row still holds of its two files, whose digests are these now."""
    if row is None or row["error"]:
        return False
    return all(now) and now == tuple(row[column] for column in DIGESTS)


def _read(path: Path, ways: Sequence[Way]) -> dict[Key, Row]:
    """The whole rows of a table; none where there is no file."""
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        text = ""
    return {tuple(row[name] for name in (*FILES, "backbone")): row for row in _rows(path, text, ways)}


def _rows(path: Path, text: str, ways: Sequence[Way]) -> Iterator[Row]:
    """The whole rows of a table, each checked for having been measured in the same way."""
    columns = columns_of(ways)
    settings = {way.backbone: way.settings for way in ways}
    # Only whole lines count. Names of files may hold line breaks, so a half row may still look like a line;
    # it has too few fields then, because the last ones hold no breaks.
    lines = text[: text.rfind("\n") + 1]
    try:
        header, *records = list(csv.reader(io.StringIO(lines, newline=""))) or [[]]
    except csv.Error:
        header, records = ["?"], []
    if not header and not text:
        return
    _check_header(path, header, columns)
    if records and len(records[-1]) < len(columns):
        records.pop()
    for number, record in enumerate(records, start=1):
        if len(record) != len(columns):
            raise SettingError(f"Row {number} of {path} has a wrong number of fields; remove it, or {MEND}.")
        row = dict(zip(columns, record, strict=True))
        asked = settings.get(row["backbone"], {"backbone": ", ".join(settings)})
        for name in SETTINGS:
            if row[name] != asked[name]:  # the backbone is the first of them
                shown = name.replace("_", " ")
                raise SettingError(
                    f"{path} was measured with {shown} {row[name] or 'none'}, and this run asks for "
                    f"{asked[name] or 'none'}; ask for the same, or {MEND}."
                )
        yield row


def _check_header(path: Path, header: list[str], columns: list[str]) -> None:
    """Refuse a file whose rows would not mean what this run's do."""
    if header == columns:
        return
    if header[: len(FIRST_VERSION)] == list(FIRST_VERSION):
        raise SettingError(
            f"{path} was begun by an earlier version of LPIPS Explorer, with other columns; {MEND}."
        )
    theirs, ours = layers_of(header), layers_of(columns)
    if theirs == ours or not set(columns_of(())) <= set(header):
        raise SettingError(f"{path} is no table of an earlier run of this kind; {MEND}.")
    raise SettingError(
        f"{path} holds the layers {', '.join(theirs)}, and this run asks for {', '.join(ours)}; "
        f"ask for the same layers, or {MEND}."
    )


def _replace(table: Table, rows: Iterable[Row]) -> None:
    """Write the table anew; it is the old one or the new one at any moment."""
    final = Path(os.path.realpath(table.path))  # through a link, to the file that it names
    part = final.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(lines([columns_of(table.ways), *(list(row.values()) for row in rows)]))
        part.replace(final)
    finally:
        part.unlink(missing_ok=True)

"""Tables of measured pairs, as `lpips-explorer measure … --csv` writes them: read with distrust.

A table may come from anybody. What cannot be read is refused in one sentence; rows that are no good are left
out and counted in one, and the rest is shown.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from explorer.analysis.dataset.values import LAYER, PSNR, SCORE, SSIM, Dataset, How, Metric
from explorer.analysis.rows import Row, layers_of
from explorer.errors import SettingError
from explorer.names import cut, harmless

MOST_BYTES = 64 << 20  # of a table, as of an upload
MOST_ROWS = 100_000
MOST_HOWS = 24  # ways of measuring in one table, each with its own metrics
LARGEST = 1e12  # of any number that means something
NAMES = ("reference.name", "distorted.name")
DIGESTS = ("reference.file_digest", "distorted.file_digest")
NEEDED = (*NAMES, SCORE, PSNR, SSIM, "backbone", "heads", "weights", "longest_side")
WRITE_ONE = "`lpips-explorer measure A/ B/ --csv scores.csv` writes a table that can"


def read_table(data: bytes, name: str) -> Dataset:
    """Read a CSV table.

    Args:
        data: The file, UTF-8; what is no text in it, such as a file's name, keeps its bytes.
        name: What to call it.

    Raises:
        SettingError: it is empty, too large, no such table, or holds no pair that was measured.
    """
    shown = cut(harmless(name))
    if len(data) > MOST_BYTES:
        raise SettingError(
            f"{shown} has {len(data) >> 20} MB, and tables up to {MOST_BYTES >> 20} MB open here; split it."
        )
    if not data.strip():
        raise SettingError(f"{shown} is empty, and so cannot be opened; {WRITE_ONE}.")
    text = data.decode("utf-8-sig", "surrogateescape")
    records = _records(csv.reader(io.StringIO(text, newline="")), shown)
    header = next(records)
    missing = [column for column in NEEDED if column not in header]
    if not layers_of(header):
        missing.append("a layer's distance")
    if missing:
        what = "is no table of measured pairs" if len(missing) > 2 else "lacks what is needed"
        columns = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise SettingError(f"{shown} {what}, and so cannot be opened: no column {columns}; {WRITE_ONE}.")
    return _read(header, records, shown)


def read_rows(rows: Sequence[Row], name: str) -> Dataset:
    """The same of rows as they were measured, all of the same columns.

    Raises:
        SettingError: none of them holds a pair that was measured.
    """
    header = list(rows[0]) if rows else list(NEEDED)
    return _read(header, (list(row.values()) for row in rows), name)


def _records(reader: Iterator[list[str]], shown: str) -> Iterator[list[str]]:
    """The lines of a table, of which there may be only so many."""
    try:
        for count, record in enumerate(reader):
            if count > MOST_ROWS:  # the first is the header
                raise SettingError(
                    f"{shown} has more than {MOST_ROWS:,} rows, the most that open here; split it, or take "
                    "a part of it."
                )
            if record:
                yield record
    except csv.Error as error:
        raise SettingError(f"{shown} is no table of measured pairs ({error}); {WRITE_ONE}.") from error


@dataclass
class _Found:
    """What was read so far.

    Attributes:
        places: Pair -> its place.
        digests: By place.
        rows: How -> place -> the numbers of the row: score, PSNR, SSIM, and the layers' distances.
        failed, odd, cut_off: Sentences about rows without numbers; counted by their length.
        twice: How many rows another one has replaced.
    """

    places: dict[tuple[str, str], int] = field(default_factory=dict)
    digests: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[How, dict[int, tuple[float, ...]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    cut_off: list[int] = field(default_factory=list)
    twice: int = 0

    def take(self, row: Mapping[str, str], layers: Sequence[str]) -> None:
        """Take a row that holds no error.

        Raises:
            ValueError: with the column and its text; it is no number.
        """
        own = tuple(layer for layer in layers if row[f"{layer}.distance"].strip())
        columns = (SCORE, PSNR, SSIM, *(f"{layer}.distance" for layer in own))
        numbers = tuple(_number(row, column) for column in columns)
        names = row[NAMES[0]], row[NAMES[1]]
        if not all(names):
            raise ValueError("no names of files")
        how = _how(row, own)
        place = self.places.setdefault(names, len(self.places))
        if place == len(self.digests):
            self.digests.append((row.get(DIGESTS[0], ""), row.get(DIGESTS[1], "")))
        known = self.rows.setdefault(how, {})
        self.twice += place in known
        known[place] = numbers

    def remarks(self) -> tuple[str, ...]:
        """A sentence for each kind of rows that are left out."""
        said = []
        if self.failed:
            rows = _count(len(self.failed), "pair was not measured", "pairs were not measured")
            said.append(f"{rows}: {cut(harmless(self.failed[0]), 200)}")
        if self.odd:
            rows = _count(len(self.odd), "row is left out", "rows are left out")
            said.append(f"{rows}, for what should be a number is text: {self.odd[0]}.")
        if self.cut_off:
            rows = _count(len(self.cut_off), "row is left out", "rows are left out")
            said.append(f"{rows}, for the number of fields is wrong: row {self.cut_off[0]}.")
        if self.twice:
            rows = _count(self.twice, "row stands", "rows stand")
            said.append(f"{rows} in the table twice; the last one counts.")
        return tuple(said)


def _read(header: Sequence[str], records: Iterable[list[str]], shown: str) -> Dataset:
    layers, found = layers_of(header), _Found()
    for number, record in enumerate(records, start=1):
        if len(record) != len(header):
            found.cut_off.append(number)
            continue
        row = dict(zip(header, record, strict=True))
        if row.get("error"):
            found.failed.append(row["error"])
            continue
        try:
            found.take(row, layers)
        except ValueError as error:
            found.odd.append(f"row {number} has {error}")
        if len(found.rows) > MOST_HOWS:
            raise SettingError(
                f"{shown} was measured in more than {MOST_HOWS} ways, the most that one page shows; split it "
                "by its settings."
            )
    if not found.places:
        why = found.remarks() or ("it has no rows.",)
        raise SettingError(f"{shown} holds no pair that was measured: {why[0]}")
    return _dataset(shown, found)


def _dataset(name: str, found: _Found) -> Dataset:
    """What was read as arrays."""
    hows, count = tuple(found.rows), len(found.places)
    arrays = []
    for how in hows:
        values = np.full((3 + len(how.layers), count), np.nan)
        for place, numbers in found.rows[how].items():
            values[:, place] = numbers
        arrays.append(values)
    labels = _labels(hows)
    keys = _distinct([f"{how.backbone}:{how.heads}" + ":random" * (how.weights == "random") for how in hows])
    metrics, values = [], {}
    for place, (key, label) in enumerate(zip(keys, labels, strict=True)):
        metrics.append(Metric(key, label, SCORE, place))
        values[key] = arrays[place][0]
    sizes = {}
    for place, how in enumerate(hows):
        sizes.setdefault(how.pixels, []).append(place)
    for number, places in enumerate(sizes.values()):
        less = (f".{number + 1}", f" · {hows[places[0]].at}") if len(sizes) > 1 else ("", "")
        for row, kind in ((1, PSNR), (2, SSIM)):
            # Equal in all rows of a pair that were measured at one size: the first that there is.
            merged = arrays[places[0]][row].copy()
            for other in places[1:]:
                merged = np.where(np.isnan(merged), arrays[other][row], merged)
            if not np.isnan(merged).all():
                metrics.append(Metric(f"{kind}{less[0]}", f"{kind.upper()}{less[1]}", kind, places[0]))
                values[f"{kind}{less[0]}"] = merged
    for place, how in enumerate(hows):
        for row, layer in enumerate(how.layers, start=3):
            key = f"{keys[place]}/{layer}"
            shown = layer if len(hows) == 1 else f"{layer} · {labels[place]}"
            metrics.append(Metric(key, shown, LAYER, place, layer))
            values[key] = arrays[place][row]
    pairs = tuple(found.places)
    return Dataset(name, pairs, tuple(found.digests), hows, tuple(metrics), values, found.remarks())


def _labels(hows: Sequence[How]) -> list[str]:
    """Each way's label, with its size where they have several."""
    has_sizes = len({how.longest_side for how in hows}) > 1
    return _distinct([f"{how.label} · {how.at}" if has_sizes else how.label for how in hows])


def _distinct(texts: Sequence[str]) -> list[str]:
    """The texts, numbered where two are equal."""
    seen: dict[str, int] = {}
    distinct = []
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        distinct.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return distinct


def _how(row: Mapping[str, str], layers: tuple[str, ...]) -> How:
    label = harmless(row.get("metric") or f"{row['backbone']} · {row['heads']}")
    plain = ("backbone", "heads", "weights", "precision", "longest_side", "background", "fit")
    return How(*(row.get(column, "") for column in plain), layers, cut(label, 80))


def _number(row: Mapping[str, str], column: str) -> float:
    """A field as a number; NaN for an empty one that may be empty.

    Raises:
        ValueError: with the column and its text.
    """
    text = row[column].strip()
    if not text and column in (PSNR, SSIM):  # pictures smaller than SSIM's window have none
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    is_identical = column == PSNR and value == math.inf
    if not (is_identical or abs(value) < LARGEST) or "_" in text:
        raise ValueError(f"“{cut(harmless(text), 20)}” for {harmless(column)}")
    return value


def _count(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"

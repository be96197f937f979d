"""Tables of measured pairs, as `lpips-explorer measure … --csv` writes them: read with distrust.

A table may come from anybody. What cannot be read is refused in one sentence; rows that are no good are left
out and counted in one, and the rest is shown.
"""

import codecs
import csv
import io
import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from explorer.analysis.dataset.values import LAYER, PSNR, SCORE, SSIM, Dataset, How, Metric, in_a_label
from explorer.analysis.folders import DIGESTS, FILES
from explorer.analysis.rows import Row, layers_of
from explorer.analysis.wording import counted
from explorer.errors import SettingError
from explorer.names import cut, harmless

MOST_BYTES = 64 << 20  # of a table, as of an upload
MOST_ROWS = 100_000
MOST_HOWS = 24  # ways of measuring in one table, each with its own metrics
MOST_LAYERS = 256  # that a table has columns for
MOST_NUMBERS = 10_000_000  # in all arrays, 80 MB
LONGEST_ROW = 1 << 20  # letters, which are held one by one while it is read
LARGEST = 1e12  # of any number that means something
NEEDED = (*FILES, SCORE, PSNR, SSIM, "backbone", "heads", "weights", "longest_side")
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
    check_bytes(name, len(data))
    records = _records(_Lines(data, shown), shown)
    header = next(records, None)
    if header is None or not data.removeprefix(codecs.BOM_UTF8).strip():
        raise SettingError(f"{shown} is empty, and so cannot be opened; {WRITE_ONE}.")
    layers = layers_of(header)
    missing = [column for column in NEEDED if column not in header]
    if not layers:
        missing.append("a layer's distance")
    if missing:
        what = "is no table of measured pairs" if len(missing) > 2 else "lacks what is needed"
        columns = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise SettingError(f"{shown} {what}, and so cannot be opened: no column {columns}; {WRITE_ONE}.")
    if len(layers) > MOST_LAYERS:
        raise SettingError(
            f"{shown} has columns for {len(layers):,} layers, and up to {MOST_LAYERS} open here; leave out "
            "some of them."
        )
    return _read(header, records, shown)


def check_bytes(name: str, size: int) -> None:
    """Refuse a table for its size in bytes, before it is read.

    Raises:
        SettingError: it has more than MOST_BYTES.
    """
    if size > MOST_BYTES:
        raise SettingError(
            f"{cut(harmless(name))} has {size >> 20} MB, and tables up to {MOST_BYTES >> 20} MB open here; "
            "split it."
        )


def read_rows(rows: Sequence[Row], name: str) -> Dataset:
    """The same of rows as they were measured; each may lack the columns of which it has nothing.

    Raises:
        SettingError: none of them holds a pair that was measured.
    """
    header = list(dict.fromkeys((*NEEDED, *(column for row in rows for column in row))))
    return _read(header, ([row.get(column, "") for column in header] for row in rows), name)


class _Lines(Iterator[str]):
    """The lines of a table as text, never all at once; those of one row may hold only so many letters."""

    def __init__(self, data: bytes, shown: str):
        self._file = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", "surrogateescape", newline="")
        self._shown = shown
        self.begin_row()

    def begin_row(self) -> None:
        """Count the letters of another row."""
        self._left = LONGEST_ROW

    def __next__(self) -> str:
        line = self._file.readline(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            raise SettingError(
                f"{self._shown} is no table of measured pairs (a row of more than {LONGEST_ROW:,} letters); "
                f"{WRITE_ONE}."
            )
        if not line:
            raise StopIteration
        return line


def _records(lines: _Lines, shown: str) -> Iterator[list[str]]:
    """The rows of a table, of which there may be only so many."""
    try:
        for count, record in enumerate(csv.reader(lines)):
            lines.begin_row()
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
        rows: How -> place -> the numbers of the row: score, PSNR, SSIM, and the layers' distances (float64).
        failed: Names of the pairs that were not measured, by any of several ways -> why not.
        odd, cut_off: Sentences about rows without numbers; counted by their length.
        twice: How many rows another one has replaced.
    """

    places: dict[tuple[str, str], int] = field(default_factory=dict)
    digests: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[How, dict[int, array]] = field(default_factory=dict)
    failed: dict[tuple[str, str], str] = field(default_factory=dict)
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
        numbers = array("d", (_number(row, column) for column in columns))
        names = row[FILES[0]], row[FILES[1]]
        if not all(names):
            raise ValueError("no names of files")
        how = _how(row, own)
        place = self.places.setdefault(names, len(self.places))
        if place == len(self.digests):
            self.digests.append((row.get(DIGESTS[0], ""), row.get(DIGESTS[1], "")))
        known = self.rows.setdefault(how, {})
        self.twice += place in known
        known[place] = numbers

    @property
    def count(self) -> int:
        """How many numbers the arrays hold: one of each pair for each metric of each way."""
        return sum(_width(how) for how in self.rows) * len(self.places)

    def remarks(self) -> tuple[str, ...]:
        """A sentence for each kind of rows that are left out."""
        said = []
        if self.failed:
            rows = counted(len(self.failed), "pair was not measured", "pairs were not measured")
            said.append(f"{rows}: {cut(harmless(next(iter(self.failed.values()))), 200)}")
        if self.odd:
            rows = counted(len(self.odd), "row is left out", "rows are left out")
            said.append(f"{rows}, for what should be a number is text: {self.odd[0]}.")
        if self.cut_off:
            rows = counted(len(self.cut_off), "row is left out", "rows are left out")
            said.append(f"{rows}, for the number of fields is wrong: row {self.cut_off[0]}.")
        if self.twice:
            rows = counted(self.twice, "row stands", "rows stand")
            said.append(f"{rows} in the table twice; the last one counts.")
        return tuple(said)


def _read(header: Sequence[str], records: Iterable[list[str]], shown: str) -> Dataset:
    layers, found = tuple(dict.fromkeys(layers_of(header))), _Found()
    for number, record in enumerate(records, start=1):
        if len(record) != len(header):
            found.cut_off.append(number)
            continue
        row = dict(zip(header, record, strict=True))
        if row.get("error"):
            found.failed.setdefault((row[FILES[0]], row[FILES[1]]), row["error"])
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
        if found.count > MOST_NUMBERS:  # those that were read are fewer
            raise SettingError(
                f"{shown} holds more than {MOST_NUMBERS:,} numbers (pairs times layers times ways of "
                "measuring), the most that open here; split it."
            )
    if not found.places:
        why = found.remarks() or ("it has no rows.",)
        raise SettingError(f"{shown} holds no pair that was measured: {why[0]}")
    return _dataset(shown, found)


def _dataset(name: str, found: _Found) -> Dataset:
    """What was read as arrays."""
    hows = tuple(found.rows)
    arrays = [_array(found, how) for how in hows]
    labels = _labels(hows)
    keys = _distinct(map(_key, hows))
    scores = [
        (Metric(key, label, SCORE, place), arrays[place][0])
        for place, (key, label) in enumerate(zip(keys, labels, strict=True))
    ]
    layers = []
    for place, how in enumerate(hows):
        # A table may have any names: those that are shown are told apart here, where they are made.
        for row, layer in enumerate(_distinct(map(in_a_label, how.layers)), start=3):
            label = layer if len(hows) == 1 else f"{layer} · {labels[place]}"
            metric = Metric(f"{keys[place]}/{layer}", label, LAYER, place, layer)
            layers.append((metric, arrays[place][row]))
    both = [*scores, *_classic(hows, arrays), *layers]
    for column, text in enumerate(_distinct(metric.label for metric, _ in both)):
        metric, numbers = both[column]
        both[column] = replace(metric, label=text), numbers
    values = {metric.key: numbers for metric, numbers in both}
    metrics = tuple(metric for metric, _ in both)
    return Dataset(name, tuple(found.places), tuple(found.digests), hows, metrics, values, found.remarks())


def _array(found: _Found, how: How) -> np.ndarray:
    """The numbers of one way, float64 (score, PSNR, SSIM and layers; pairs): NaN where there is none."""
    values = np.full((_width(how), len(found.places)), np.nan)
    for place, numbers in found.rows[how].items():
        values[:, place] = numbers
    return values


def _classic(hows: Sequence[How], arrays: Sequence[np.ndarray]) -> Iterator[tuple[Metric, np.ndarray]]:
    """PSNR and SSIM, which are equal in all rows of a pair at one size: the first that there is."""
    sizes: dict[tuple[str, ...], list[int]] = {}
    for place, how in enumerate(hows):
        sizes.setdefault(how.pixels, []).append(place)
    for number, places in enumerate(sizes.values(), start=1):
        key, at = (f".{number}", f" · {hows[places[0]].at}") if len(sizes) > 1 else ("", "")
        for row, kind in ((1, PSNR), (2, SSIM)):
            merged = arrays[places[0]][row].copy()
            for other in places[1:]:
                merged = np.where(np.isnan(merged), arrays[other][row], merged)
            if not np.isnan(merged).all():
                yield Metric(f"{kind}{key}", f"{kind.upper()}{at}", kind, places[0]), merged


def _width(how: How) -> int:
    """How many numbers a row has: score, PSNR, SSIM, and one a layer."""
    return 3 + len(how.layers)


def _key(how: How) -> str:
    """By what links name the score."""
    return f"{in_a_label(how.backbone)}:{in_a_label(how.heads)}" + ":random" * (how.weights == "random")


def _labels(hows: Sequence[How]) -> list[str]:
    """Each way's label, with its size where they have several."""
    has_sizes = len({how.longest_side for how in hows}) > 1
    return _distinct([f"{how.label} · {how.at}" if has_sizes else how.label for how in hows])


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts, numbered where two are equal, or one is what another became."""
    counts: dict[str, int] = {}
    distinct: dict[str, None] = {}
    for text in texts:
        numbered = text
        while numbered in distinct:
            counts[text] = counts.get(text, 1) + 1
            numbered = f"{text} ({counts[text]})"
        distinct[numbered] = None
    return list(distinct)


def _how(row: Mapping[str, str], layers: tuple[str, ...]) -> How:
    label = in_a_label(row.get("metric") or f"{row['backbone']} · {row['heads']}", 80)
    plain = ("backbone", "heads", "weights", "precision", "longest_side", "background", "fit")
    return How(*(row.get(column, "") for column in plain), layers, label)


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
        raise ValueError(f"“{cut(harmless(text), 20)}” for {in_a_label(column, 60)}")
    return value

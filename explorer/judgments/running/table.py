"""The CSV file of a run: a row a trial in the order of the set, which an interrupted run goes on with.

Of triplets it is a table of votes with distances as `formats` reads them. Behind these stand how they were
measured, what went wrong, and a digest of the trial's files. A row is kept by the next run only if it holds
no error and its files are still the same; so whatever ends a run in between, the same call goes on where it
ended, and leaves the same bytes as a run that nothing has ended.
"""

import csv
import errno
import io
import os
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.analysis.folders import lines
from explorer.cores import on_all_cores
from explorer.errors import SettingError
from explorer.judgments.running.measuring import Outcome
from explorer.judgments.running.reading import read_files
from explorer.judgments.running.way import Way
from explorer.judgments.sets import Kind, Opinion, Trial, TrialSet, Triplet
from explorer.names import cut, harmless

PEOPLE: dict[Kind, str] = {"2afc": "judge", "jnd": "same", "mos": "mos"}  # the column of what people say
OF_A_RUN = ("longest_side", "resampling", "error", "digest")
MEND = "name another file for --csv"
SYNC_EVERY = 1.0  # seconds: what is lost at most where the power fails; a kill alone loses no row
CHECKED = 512  # rows whose files are looked at before it is told how far that is

Record = list[str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Table:
    """A CSV file that is to hold a row for each trial of a set.

    Attributes:
        path: Where it is, or will be.
        trials: The set.
        way: How they are measured.
        found: Rows of the file that still hold, by the trial's place.
        is_clean: Whether the file holds these in order, and nothing else.
    """

    path: Path
    trials: TrialSet
    way: Way
    found: dict[int, Record]
    is_clean: bool

    @property
    def left(self) -> list[int]:
        """Places of the trials that are to be measured: not in the file, failed, or changed since."""
        return [place for place in range(len(self.trials.trials)) if place not in self.found]


def columns_of(kind: Kind, way: Way) -> list[str]:
    """The columns of a table."""
    starts = ("d0_", "d1_") if kind == "2afc" else ("d_",)
    distances = [start + name for name in way.names for start in starts]
    reference = [] if kind == "jnd" else ["reference"]
    return ["subset", "name", *reference, PEOPLE[kind], *distances, *OF_A_RUN]


def open_table(
    path: Path, trials: TrialSet, way: Way, progress: Progress = lambda _done, _whole: None
) -> Table:
    """Look at what a table already holds; nothing is written. A last line that was cut off does not count.

    Args:
        path: The CSV file, which need not exist.
        trials, way: What it is to hold.
        progress: Told how many of its rows were checked against their files.

    Raises:
        SettingError: the file is something else, or of another set, size or metrics.
        OSError: the file is there, but cannot be read, or is no file for tables (a folder, a pipe, a device).
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EISDIR if path.is_dir() else errno.EINVAL, "Not a regular file")
    text = path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else ""
    records, is_torn = _records(path, text, columns_of(trials.kind, way))
    rows = _placed(path, records, trials, way)
    found = _that_hold(rows, trials, progress)
    is_clean = bool(text) and not is_torn and list(rows) == sorted(rows) and len(found) == len(records)
    return Table(path, trials, way, found, is_clean)


def fill_table(table: Table, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Write what is left, each row before it is given.

    Whenever this ends, the file holds whole rows and at most one half line at its end. Once all trials were
    measured, their rows stand in the order of the set, however often the run was interrupted.

    Args:
        table: As it was opened.
        outcomes: Of the trials that are left, in the order of the set.

    Raises:
        OSError: the file cannot be written.
    """
    rows = dict(table.found)
    if not table.is_clean:
        _replace(table, rows)
    last = time.monotonic()
    with table.path.open("ab") as file:
        for outcome in outcomes:
            rows[outcome.place] = record_of(table, outcome)
            file.write(lines([rows[outcome.place]]))
            file.flush()
            if time.monotonic() - last > SYNC_EVERY:
                os.fsync(file.fileno())
                last = time.monotonic()
            yield outcome
        os.fsync(file.fileno())
    if list(rows) != sorted(rows):
        _replace(table, rows)


def record_of(table: Table, outcome: Outcome) -> Record:
    """A trial's row."""
    columns = columns_of(table.trials.kind, table.way)
    start = [*_head(outcome.trial)]
    values = [repr(value) for own in outcome.distances or () for value in own]
    values = values or [""] * (len(columns) - len(start) - len(OF_A_RUN))
    return [*start, *values, *_settings(table.way), outcome.error, outcome.digest]


def values_of(table: Table, record: Record) -> tuple[tuple[float, ...], ...] | None:
    """The distances that a row holds, as those of an `Outcome`."""
    each = 2 if table.trials.kind == "2afc" else 1
    start = len(record) - len(OF_A_RUN) - each * len(table.way.rulers)
    texts = record[start : -len(OF_A_RUN)]
    if "" in texts:
        return None
    return tuple(tuple(map(float, texts[at : at + each])) for at in range(0, len(texts), each))


def _head(trial: Trial) -> Record:
    """What a row says of the trial itself."""
    if isinstance(trial, Triplet):
        # Read back as votes, trials with one reference are drawn together; alone, it is called as its trial.
        return [trial.subset, trial.name, trial.scene or trial.name, repr(float(trial.judge))]
    if isinstance(trial, Opinion):
        return [trial.subset, trial.name, trial.reference.name, repr(float(trial.mos))]
    return [trial.subset, trial.name, repr(float(trial.same))]


def _settings(way: Way) -> Record:
    return [str(way.size or ""), way.resampling]


def _records(path: Path, text: str, columns: list[str]) -> tuple[list[Record], bool]:
    """The whole rows of a file, and whether its last line was cut off."""
    # Only whole lines count. Names of files may hold line breaks, so a half row may still look like a line;
    # it has too few fields then, because the last ones hold none.
    whole = text[: text.rfind("\n") + 1]
    try:
        header, *records = list(csv.reader(io.StringIO(whole, newline=""))) or [[]]
    except csv.Error:
        header, records = ["?"], []
    if not whole and columns_begin_with(text, columns):
        return [], True  # killed while it wrote its first line
    if header != columns:
        raise _other_columns(path, header, columns)
    is_torn = whole != text
    if records and len(records[-1]) < len(columns):
        records.pop()
        is_torn = True
    for number, record in enumerate(records, start=1):
        if len(record) != len(columns):
            raise SettingError(f"Row {number} of {path} has a wrong number of fields; remove it, or {MEND}.")
    return records, is_torn


def columns_begin_with(text: str, columns: list[str]) -> bool:
    """Whether a text is the beginning of a table's first line, or nothing."""
    return lines([columns]).decode().startswith(text)


def _other_columns(path: Path, header: list[str], columns: list[str]) -> SettingError:
    def metrics(names: list[str]) -> list[str]:
        starts = ("d0_", "d_")
        return [name.partition("_")[2] for name in names if name.startswith(starts)]

    theirs, ours = metrics(header), metrics(columns)
    if not theirs or not set(OF_A_RUN) <= set(header) or theirs == ours:
        return SettingError(f"{path} is no table of an earlier run of this kind; {MEND}.")
    shown = cut(harmless(", ".join(theirs)))
    return SettingError(
        f"{path} holds the metrics {shown}, and this run asks for {', '.join(ours)}; ask for the same in the "
        f"same order, or {MEND}."
    )


def _placed(path: Path, records: list[Record], trials: TrialSet, way: Way) -> dict[int, Record]:
    """Rows by the place of their trial, each checked for being of this set and measured in this way."""
    heads: dict[tuple[str, ...], deque[int]] = {}  # equal trials, as a table may list, have equal heads
    for place, trial in enumerate(trials.trials):
        heads.setdefault(tuple(_head(trial)), deque()).append(place)
    columns, rows = columns_of(trials.kind, way), {}
    length = columns.index(PEOPLE[trials.kind]) + 1
    for record in records:
        for name, theirs, ours in zip(OF_A_RUN, record[-len(OF_A_RUN) :], _settings(way), strict=False):
            if theirs != ours:
                shown = name.replace("_", " ")
                raise SettingError(
                    f"{path} was measured with {shown} {cut(harmless(theirs)) or 'none'}, and this run asks "
                    f"for {ours or 'none'}; ask for the same, or {MEND}."
                )
        left = heads.get(tuple(record[:length]))
        if left is None:
            shown = cut(harmless("/".join(record[:2])))
            raise SettingError(
                f"{path} is of another set: {shown} is no trial of {trials.name}, or people say "
                f"something else of it; {MEND}."
            )
        rows[left.popleft() if len(left) > 1 else left[0]] = record
    return rows


def _that_hold(rows: dict[int, Record], trials: TrialSet, progress: Progress) -> dict[int, Record]:
    """The rows without an error whose files are what they were, in the order of the file."""
    sound = [(place, row) for place, row in rows.items() if not row[-2]]
    found = {}
    for start in range(0, len(sound), CHECKED):
        progress(start, len(sound))
        part = sound[start : start + CHECKED]
        now = on_all_cores(lambda own: read_files(trials.trials[own[0]]).digest, part)
        found |= {
            place: row for (place, row), digest in zip(part, now, strict=True) if digest == row[-1] != ""
        }
    if sound:
        progress(len(sound), len(sound))
    return found


def _replace(table: Table, rows: dict[int, Record]) -> None:
    """Write the table anew, in the order of the set; it is the old one or the new one at any moment."""
    final = Path(os.path.realpath(table.path))  # through a link, to the file that it names
    part = final.with_name(f".{secrets.token_hex(8)}.part")
    columns = columns_of(table.trials.kind, table.way)
    try:
        with part.open("wb") as file:
            file.write(lines([columns, *(rows[place] for place in sorted(rows))]))
            file.flush()
            os.fsync(file.fileno())
        part.replace(final)
    finally:
        part.unlink(missing_ok=True)

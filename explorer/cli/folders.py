"""`measure` for two folders: pairs, progress, and a table that an interrupted run goes on with."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.analysis.folders import (
    Outcome,
    Pairing,
    fill_table,
    measure_pairs,
    measured_rows,
    open_table,
    pair_folders,
)
from explorer.analysis.summary import PairNumbers, of_measurement, of_row, summarize
from explorer.analysis.tables import pair_table, summary_table
from explorer.cli.asked import Asked
from explorer.cli.files import unwritable
from explorer.cli.group import SOME_FAILED, bad, note, printable
from explorer.cli.progress import ProgressBar
from explorer.names import harmless

if TYPE_CHECKING:
    from explorer.metrics import Measurement, Method

Measure = Callable[[Path, Path], "Measurement"]


def measure_folders(reference: Path, distorted: Path, asked: Asked, csv: Path | None, as_json: bool) -> None:
    """Measure all pairs of two folders; exits with 1 when some could not be measured.

    Args:
        reference, distorted: The folders.
        asked: How to measure.
        csv: The table to fill; None prints all pairs when done.
        as_json: Print JSON in place of a table.
    """
    pairing = pair_folders(reference, distorted)
    _tell_what_is_left_out(pairing)
    method = asked.method()

    from explorer.backbones.sizes import LARGER_SIZE, too_small  # brings torch

    square = (method.size, method.size)  # no picture is larger than that
    if method.size and (why := too_small(method.row, square, name="The largest picture", mend=LARGER_SIZE)):
        raise bad("--size", why)
    measure = partial(asked.measure, method)
    if csv is None:
        failed = _print(pairing, measure, as_json)
    else:
        failed = _fill(csv, pairing, measure, asked.columns(method), method)
    if failed or pairing.ambiguous:
        click.get_current_context().exit(SOME_FAILED)


def _print(pairing: Pairing, measure: Measure, as_json: bool) -> int:
    """Measure all pairs, then print them; returns how many failed."""
    outcomes = list(_with_progress(measure_pairs(pairing.pairs, measure), len(pairing.pairs)))
    if as_json:
        click.echo(json.dumps([_plain(outcome) for outcome in outcomes], indent=2, allow_nan=False))
    else:
        click.echo(pair_table(outcomes))
        _tell_together(
            [
                of_measurement(str(outcome.pair.distorted), outcome.measurement)
                for outcome in outcomes
                if outcome.measurement
            ]
        )
    return _failures(outcomes)


def _fill(path: Path, pairing: Pairing, measure: Measure, settings: dict[str, str], method: "Method") -> int:
    """Measure what a table lacks, a row at a time; returns how many failed."""
    from explorer.metrics.results import parts_of  # brings torch

    try:
        table = open_table(path, settings, method.layers, pairing.pairs, parts_of(method.heads))
        failed = _failures(_with_progress(fill_table(table, measure), len(table.left)))
        found = [of_row(row) for row in measured_rows(table)]
    except OSError as error:
        raise unwritable(path, "--csv", error) from error
    except KeyboardInterrupt:
        click.echo("Stopped; the same command goes on from here.", err=True)
        raise
    measured, kept = len(table.left) - failed, len(table.pairs) - len(table.left)
    counts = f"{measured} measured, {kept} already there, {failed} failed"
    click.echo(f"{harmless(click.format_filename(path))}: {counts}")
    _tell_together(found)
    return failed


def _tell_together(found: Sequence[PairNumbers]) -> None:
    """What several pairs say together; of one its row says it all."""
    if len(found) > 1:
        click.echo(f"\n{summary_table(summarize(found))}")


def _tell_what_is_left_out(pairing: Pairing) -> None:
    for path in pairing.alone:
        note(f"{path} has no partner")
    for files in pairing.ambiguous:
        names = ", ".join(path.name for path in files)
        note(f"{names} in {files[0].parent} differ only in their endings, so none of them is measured")


def _with_progress(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """Pass all outcomes on, with a bar, naming those that fail as they come."""
    if not total:
        yield from outcomes
        return
    with ProgressBar(total, lambda done, total: f"{done} of {total} pairs") as progress:
        for done, outcome in enumerate(outcomes, start=1):
            if outcome.error:
                progress.say(f"Failed: {printable(outcome.error)}")
            progress.at(done)
            yield outcome


def _failures(outcomes: Iterable[Outcome]) -> int:
    return sum(outcome.measurement is None for outcome in outcomes)


def _plain(outcome: Outcome) -> dict[str, Any]:
    """An outcome for JSON; a pair that failed has its two files and the error."""
    names = {role: click.format_filename(path) for role, path in vars(outcome.pair).items()}
    if outcome.measurement is None:
        files = {role: {"name": name, "digest": None} for role, name in names.items()}
        return {**files, "error": outcome.error}
    return outcome.measurement.called(**names).to_dict()

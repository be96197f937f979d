"""`measure` for many pairs: folders, progress, and a table that an interrupted run goes on with."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.analysis.folders import (
    Outcome,
    Read,
    Way,
    fill_table,
    measure_pairs,
    measured_rows,
    open_table,
)
from explorer.analysis.pairing import Pairing
from explorer.analysis.summary import PairNumbers, of_measurement, of_row, summarize
from explorer.analysis.tables import pair_table, ranking, summary_table
from explorer.cli.asked import Asked
from explorer.cli.files import unwritable
from explorer.cli.group import SOME_FAILED, bad, note, printable
from explorer.cli.progress import ProgressBar
from explorer.names import harmless

if TYPE_CHECKING:
    from explorer.metrics import Method


def measure_many(
    pairing: Pairing, asked: Asked, csv: Path | None, as_json: bool, is_ranked: bool = False
) -> None:
    """Measure all pairs with each backbone; exits with 1 when some could not be measured.

    Args:
        pairing: What folders hold.
        asked: How to measure.
        csv: The table to fill; None prints all pairs when done.
        as_json: Print JSON in place of a table.
        is_ranked: Whether all pairs have one reference, so that what is printed is a ranking.
    """
    _tell_what_is_left_out(pairing)
    methods = asked.methods()

    from explorer.backbones.sizes import LARGER_SIZE, too_small  # brings torch

    for method in methods:
        square = (method.size, method.size)  # no picture is larger than that
        problem = method.size and too_small(method.row, square, name="The largest picture", mend=LARGER_SIZE)
        if problem:
            raise bad("--size", problem)
    read = asked.reader(methods)
    if csv is None:
        failed = _print(pairing, read, methods, as_json, is_ranked)
    else:
        failed = _fill(csv, pairing, read, methods, asked)
    if failed or pairing.ambiguous:
        click.get_current_context().exit(SOME_FAILED)


def _print(pairing: Pairing, read: Read, methods: "Sequence[Method]", as_json: bool, is_ranked: bool) -> int:
    """Measure all pairs, then print them; returns how many measurements failed."""
    backbones = tuple(method.backbone for method in methods)
    left = [(pair, backbones) for pair in pairing.pairs]
    outcomes = list(_with_progress(measure_pairs(left, read), len(left) * len(backbones), len(backbones)))
    if as_json:
        plain = [_plain(outcome, len(backbones) > 1) for outcome in outcomes]
        click.echo(json.dumps(plain, indent=2, allow_nan=False))
        return _failures(outcomes)
    for place, backbone in enumerate(backbones):
        if place:
            click.echo()
        own = [outcome for outcome in outcomes if outcome.backbone == backbone]
        measured = [(str(each.pair.distorted), each.measurement) for each in own if each.measurement]
        if is_ranked and measured:
            click.echo(ranking(sorted(measured, key=lambda result: result[1].score)))
        else:
            click.echo(pair_table(own))
        tell_together([of_measurement(name, measurement) for name, measurement in measured])
    return _failures(outcomes)


def _fill(path: Path, pairing: Pairing, read: Read, methods: "Sequence[Method]", asked: Asked) -> int:
    """Measure what a table lacks, a row at a time; returns how many measurements failed."""
    from explorer.metrics.results import parts_of  # brings torch

    ways = [Way(asked.columns(method), method.layers, parts_of(method.heads)) for method in methods]
    try:
        table = open_table(path, ways, pairing.pairs)
        failed = _failures(_with_progress(fill_table(table, read), table.count_left, len(ways)))
        rows = measured_rows(table)
    except OSError as error:
        raise unwritable(path, "--csv", error) from error
    except KeyboardInterrupt:
        click.echo("Stopped; the same command goes on from here.", err=True)
        raise
    measured, kept = table.count_left - failed, len(table.keys) - table.count_left
    counts = f"{measured} measured, {kept} already there, {failed} failed"
    click.echo(f"{harmless(click.format_filename(path))}: {counts}")
    for method in methods:
        found = [of_row(row) for row in rows if row["backbone"] == method.backbone]
        tell_together(found, method.label if len(methods) > 1 else "")
    return failed


def tell_together(found: Sequence[PairNumbers], heading: str = "") -> None:
    """What several pairs say together, below a line that tells by what; of one its row says it all."""
    if len(found) > 1:
        above = f"{heading}\n\n" if heading else ""
        click.echo(f"\n{above}{summary_table(summarize(found))}")


def _tell_what_is_left_out(pairing: Pairing) -> None:
    for path in pairing.alone:
        note(f"{path} has no partner")
    for files in pairing.ambiguous:
        names = ", ".join(path.name for path in files)
        note(f"{names} in {files[0].parent} differ only in their endings, so none of them is measured")
    for path in pairing.itself:
        note(f"{path} is the reference itself, and so no candidate")


def _with_progress(outcomes: Iterable[Outcome], total: int, ways: int) -> Iterator[Outcome]:
    """Pass all outcomes on, with a bar, naming those that fail as they come.

    Args:
        total: How many there will be.
        ways: With how many backbones each pair is measured; a file that cannot be read is named once.
    """
    if not total:
        yield from outcomes
        return
    what = "pairs" if ways == 1 else "measurements"
    told = None
    with ProgressBar(total, lambda done, total: f"{done} of {total} {what}") as progress:
        for done, outcome in enumerate(outcomes, start=1):
            if outcome.error and told != (outcome.pair, outcome.error):
                progress.say(f"Failed: {printable(outcome.error)}")
                told = outcome.pair, outcome.error
            progress.at(done)
            yield outcome


def _failures(outcomes: Iterable[Outcome]) -> int:
    return sum(outcome.measurement is None for outcome in outcomes)


def _plain(outcome: Outcome, is_of_several: bool) -> dict[str, Any]:
    """An outcome for JSON; a pair that failed has its two files, the error, and of several the backbone."""
    names = {role: click.format_filename(path) for role, path in vars(outcome.pair).items()}
    if outcome.measurement is None:
        files = {role: {"name": name, "digest": None} for role, name in names.items()}
        backbone = {"backbone": outcome.backbone} if is_of_several else {}
        return {**files, **backbone, "error": outcome.error}
    return outcome.measurement.called(**names).to_dict()

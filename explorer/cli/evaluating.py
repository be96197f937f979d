"""`evaluate`: metrics held against what people said, from a folder of pictures or a table of votes."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from explorer.cli.files import PATH, existing, unwritable
from explorer.cli.group import SOME_FAILED, bad, note, printable
from explorer.cli.progress import ProgressBar
from explorer.errors import SettingError
from explorer.names import harmless, shortened

if TYPE_CHECKING:
    from explorer.judgments.distances import Distances
    from explorer.judgments.evaluation import Evaluation, SubsetScores
    from explorer.judgments.intervals import Interval
    from explorer.judgments.running import Outcome, Way
    from explorer.judgments.sets import TrialSet

AT_ONCE = 1.0  # seconds for which nobody needs to be told how far it is
MOST_TOLD = 5  # of what was left out, by name
AS_GIVEN = "as-given"
OF_MEASURING = {
    "size": "--size",
    "resampling": "--resampling",
    "device": "--device",
    "table": "--csv",
    "ray": "--ray",
}
SCORES = {"2afc": "2AFC", "jnd": "JND mAP", "mos": "Spearman"}


@click.command(short_help="Hold metrics against what people said.")
@click.argument("path", type=PATH, callback=existing)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    help="psnr, ssim, lpips (AlexNet's), or backbone:heads such as vgg16:uniform, with :random behind it for "
    "random weights; may be repeated. By default psnr, ssim and alexnet:lpips-0.1; of a table of votes all "
    "that it holds.",
)
@click.option(
    "--size",
    default="64",
    show_default=True,
    metavar="N",
    help=f"Longest side to measure at, in pixels (never upscaled), or {AS_GIVEN}. It moves scores by points.",
)
@click.option(
    "--resampling",
    type=click.Choice(("lanczos", "bilinear")),
    default="lanczos",
    show_default=True,
    help="How pictures are brought to that size; the paper's own code uses bilinear.",
)
@click.option("--device", metavar="NAME", default="auto", show_default=True, help="auto, cuda, mps or cpu.")
@click.option(
    "--csv",
    "table",
    type=PATH,
    metavar="FILE.csv",
    help="Write a row a trial with its distances; the same command goes on with a file that is not complete.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
@click.option(
    "--ray",
    metavar="ADDRESS",
    help="Measure by the workers of a Ray cluster: auto, or an address such as ray://host:10001.",
)
def evaluate(
    path: Path,
    metrics: tuple[str, ...],
    size: str,
    resampling: str,
    device: str,
    table: Path | None,
    as_json: bool,
    ray: str | None,
) -> None:
    """Hold metrics against what people said of the pictures in PATH.

    PATH is a folder in the layout of the paper's data set (2afc/val/SUBSET/ref, p0, p1 and judge, or
    jnd/val/SUBSET/p0, p1 and same), a set of opinion scores (TID2013, KADID-10k, or a CSV file with
    reference, distorted and mos), or a CSV file of votes with distances, such as --csv writes, which needs no
    pictures.

    Of each subset it tells how often a metric agrees with people (2AFC, in %), beside how often they agree
    among themselves, with 95% intervals over references.

    Exit code 1: some trials could not be measured; they are named.

    \b
    Examples:
      python -m explorer evaluate dataset/2afc/val --metric psnr --metric alexnet:lpips-0.1 --csv out.csv
      python -m explorer evaluate votes.csv.gz --json
    """
    if table and table.suffix.lower() != ".csv":
        raise bad("--csv", f"{click.format_filename(table)} must end in .csv.")

    with _one_thread_each():
        _evaluate(path, metrics, size, resampling, device, table, as_json, ray)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Have as many batches worked on at once as there are cores: the steps of small pictures share badly."""
    import torch  # two seconds, which --help need not wait for

    before = torch.get_num_threads()
    torch.set_num_threads(1)  # before the metrics are imported, which count how many passes fit side by side
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _evaluate(
    path: Path,
    metrics: tuple[str, ...],
    size: str,
    resampling: str,
    device: str,
    table: Path | None,
    as_json: bool,
    ray: str | None,
) -> None:
    from explorer.judgments import formats
    from explorer.judgments.distances import Distances
    from explorer.judgments.evaluation import evaluate as score
    from explorer.judgments.running import chosen

    with _told_after_a_while("trials looked at") as at:
        found = formats.read(path, at)
    if isinstance(found, Distances):
        _check_no_measuring()
        distances, failed = chosen(found, metrics), False
    else:
        way = _way(metrics, size, resampling, device)
        distances, failed = _measured(found, way, table, ray)
    result = score(distances)
    for each in result.skipped[:MOST_TOLD]:
        note(f"left out: {each.what}: {each.why}")
    if len(result.skipped) > MOST_TOLD:
        note(f"{len(result.skipped) - MOST_TOLD} more are left out; --json names all")
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=2, allow_nan=False))
    else:
        click.echo(_text(result))
    if failed:
        click.get_current_context().exit(SOME_FAILED)


def _check_no_measuring() -> None:
    """Refuse flags that say how to measure, where nothing is.

    Raises:
        click.BadParameter: names the flag.
    """
    context = click.get_current_context()
    for name, flag in OF_MEASURING.items():
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise bad(flag, "a table of votes is measured already; leave it out.")


def _way(metrics: tuple[str, ...], size: str, resampling: str, device: str) -> "Way":
    """What the flags say of measuring.

    Raises:
        click.BadParameter: an unknown name or a value out of range; says which flag gave it.
    """
    from explorer.judgments.running import USUAL_METRICS, read_way

    side = None if size == AS_GIVEN else int(size) if size.isdecimal() and len(size) < 10 else size
    try:
        return read_way(metrics or USUAL_METRICS, side, resampling, device)
    except SettingError as error:
        # What a metric's name says, such as its heads, has a flag in other commands, and none here.
        flag = OF_MEASURING.get(error.setting or "", "--metric")
        raise bad(flag, str(error)) from error


def _measured(trials: "TrialSet", way: "Way", path: Path | None, ray: str | None) -> tuple["Distances", bool]:
    """Measure what is not in the table yet; the set's distances, and whether some trials failed."""
    from explorer.judgments.running import distances_of, measured_by
    from explorer.judgments.running.table import fill_table, open_table, values_of

    if path is None:
        count = len(trials.trials)
        try:
            outcomes = list(_with_progress(measured_by(trials, way, ray), count))
        except KeyboardInterrupt:
            click.echo("Stopped; with --csv FILE.csv the next run would go on from there.", err=True)
            raise
        values = {each.place: each.distances for each in outcomes if each.distances is not None}
    else:
        try:
            with _told_after_a_while("rows checked") as at:
                table = open_table(path, trials, way, at)
            values = {place: values_of(table, row) for place, row in table.found.items()}
            left = table.left
            outcomes = []
            if left or not table.is_clean:
                measured = measured_by(trials, way, ray, left) if left else iter(())
                outcomes = list(_with_progress(fill_table(table, measured), len(left)))
        except OSError as error:
            raise unwritable(path, "--csv", error) from error
        except KeyboardInterrupt:
            click.echo("Stopped; the same command goes on from here.", err=True)
            raise
        values |= {each.place: each.distances for each in outcomes if each.distances is not None}
        failed = sum(each.distances is None for each in outcomes)
        counts = f"{len(outcomes) - failed} measured, {len(table.found)} already there, {failed} failed"
        click.echo(f"{harmless(click.format_filename(path))}: {counts}", err=True)
    errors = {each.place: each.error for each in outcomes if each.distances is None}
    return distances_of(trials, way, values, errors), bool(errors)


@contextmanager
def _told_after_a_while(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that tells how far something is, once that has taken a second."""
    begun = time.monotonic()
    with ExitStack() as stack:
        bars: list[ProgressBar] = []

        def at(done: int, total: int) -> None:
            if not bars and time.monotonic() - begun > AT_ONCE:
                bar = ProgressBar(total, lambda done, total: f"{done:,} of {total:,} {what}")
                bars.append(stack.enter_context(bar))
            for bar in bars:
                bar.at(done, total)

        yield at


def _with_progress(outcomes: "Iterable[Outcome]", total: int) -> "Iterator[Outcome]":
    """Pass all outcomes on, with a bar."""
    if not total:
        yield from outcomes
        return
    with ProgressBar(total, lambda done, total: f"{done:,} of {total:,} trials") as progress:
        for done, outcome in enumerate(outcomes, start=1):
            progress.at(done)
            yield outcome


def _text(result: "Evaluation") -> str:
    """Scores as a table: a row a subset and metric, people first."""
    from explorer.analysis.tables import table

    score = SCORES[result.kind] + ("" if result.kind == "mos" else " %")
    rows = [("subset", "trials", "metric", score, "95% interval")]
    for subset in result.every:
        rows += _rows(subset, is_percent=result.kind != "mos")
    notes = [printable(text) for text in result.notes]
    return "\n\n".join((table(rows, "<><>>"), *(["\n".join(notes)] if notes else [])))


def _rows(subset: "SubsetScores", is_percent: bool) -> Iterator[tuple[str, ...]]:
    told = [("people among themselves", subset.ceiling)] if subset.ceiling else []
    told += [(shortened(printable(metric)), each) for metric, each in subset.scores.items()]
    for place, (metric, each) in enumerate(told):
        head = (shortened(printable(subset.name)), f"{subset.trials:,}") if not place else ("", "")
        yield *head, metric, *_numbers(each, is_percent)


def _numbers(each: "Interval", is_percent: bool) -> tuple[str, str]:
    def told(value: float) -> str:
        if value != value:
            return "–"
        return f"{100 * value:.2f}" if is_percent else f"{value:.4f}"

    return told(each.value), f"{told(each.low)} – {told(each.high)}"

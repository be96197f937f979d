"""`data`: data sets of what people said, and fetching them from their publishers."""

from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.cli.group import SOME_FAILED, naming, printable
from explorer.cli.progress import ProgressBar
from explorer.jobs import PATIENCE
from explorer.names import harmless

if TYPE_CHECKING:
    from pathlib import Path

    from explorer.files.datasets import DataSet

POLL = 0.1  # seconds between two looks at a fetch


@click.group(no_args_is_help=False, short_help="List or fetch data sets of human judgments.")
def data() -> None:
    """List or fetch data sets of human judgments. Nothing is ever fetched but by `data fetch`.

    \b
    Examples:
      python -m explorer data list
      python -m explorer data fetch bapps-val
    """


@data.command("list", short_help="List the data sets, and where they are.")
def list_data() -> None:
    """List the data sets that can be fetched, and where they are on this machine.

    \b
    Example:
      python -m explorer data list
    """
    from explorer.files.datasets import DATASETS, folder_of, megabytes

    rows = [("name", "to fetch", "data set", "folder")]
    for row in DATASETS.values():
        folder = folder_of(row)
        there = _shown(folder / row.opens) if folder else "not on this machine"
        rows.append((row.name, "" if folder else f"about {megabytes(row.size)}", row.label, there))
    click.echo(table(rows, "<><<"))


@data.command("fetch", short_help="Fetch a data set into the data folder.")
@click.argument("name", metavar="NAME")
def fetch_data(name: str) -> None:
    """Fetch the data set NAME from its publisher into the data folder, unless it is there.

    Its terms are shown first. Ctrl-C cancels; the same command goes on from there. Exit code 1: it could not
    be fetched; says why, and how to bring it by hand.

    \b
    Example:
      python -m explorer data fetch bapps-val
    """
    from explorer.files.datasets import find_dataset, folder_of, megabytes, start_fetch

    with naming("NAME"):
        row = find_dataset(name)
    found = folder_of(row)
    if found:
        click.echo(f"{row.name}: nothing to fetch: {_shown(found / row.opens)}")
        return
    click.echo(f"{row.label}, about {megabytes(row.size)}: {row.summary}\n{row.terms}\n{row.page}", err=True)
    job = start_fetch(row)
    told = 0
    with ProgressBar(0, lambda *_: f"{row.name}: {job.amounts}") as progress:
        try:
            while True:
                is_over = job.wait(POLL)
                for text in job.results[told:]:
                    progress.say(printable(text))
                told = len(job.results)
                if job.done:  # else nothing has come yet, which need not be told ten times a second
                    progress.at(job.done, job.total or None)
                if is_over:
                    break
        except KeyboardInterrupt:
            job.cancel()
            job.wait(PATIENCE)
            click.echo("Stopped; the same command goes on from here.", err=True)
            raise
    _tell(row, job.error)


def _tell(row: "DataSet", error: str) -> None:
    from explorer.files.datasets import folder_of

    found = folder_of(row)
    if found is None:
        click.echo(f"Error: {printable(error or f'{row.name} was not fetched')}", err=True)
        click.get_current_context().exit(SOME_FAILED)
    click.echo(f"{row.name}: {_shown(found / row.opens)}")


def _shown(path: "Path") -> str:
    return harmless(click.format_filename(path))

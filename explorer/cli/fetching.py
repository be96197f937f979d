"""`weights`: where the weights of each backbone are, and fetching those that are not there."""

from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.cli.group import SOME_FAILED, naming, printable
from explorer.cli.notes import note_unfit_heads
from explorer.cli.progress import ProgressBar
from explorer.jobs import PATIENCE
from explorer.names import harmless

if TYPE_CHECKING:
    from explorer.backbones import Backbone
    from explorer.files.weights import Status

POLL = 0.1  # seconds between two looks at a fetch


@click.group(no_args_is_help=False, short_help="List or fetch the backbones' weights.")
def weights() -> None:
    """List or fetch the backbones' weights. Nothing is ever fetched but by `weights fetch` or a click.

    \b
    Examples:
      python -m explorer weights list
      python -m explorer weights fetch vgg16
    """


@weights.command("list", short_help="List where each backbone's weights are.")
def list_weights() -> None:
    """List where each backbone's weights are, or where they would be fetched from.

    \b
    Example:
      python -m explorer weights list
    """
    from explorer.backbones import BACKBONES  # brings torch
    from explorer.files.weights import megabytes, status

    rows = [("name", "on disk", "weights", "file")]
    for row in BACKBONES.values():
        found = status(row.weights)
        size, path = (megabytes(found.size), click.format_filename(found.path)) if found.path else ("", "")
        rows.append((row.name, size, found.where, path))
    click.echo(table(rows, "<><<"))
    note_unfit_heads()


@weights.command("fetch", short_help="Fetch weights into the cache folder.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def fetch_weights(names: tuple[str, ...]) -> None:
    """Fetch the weights of the backbones NAME... into the cache folder, unless they are on this machine.

    Ctrl-C cancels. Exit code 1: some could not be fetched; says why, and how to bring them by hand.

    \b
    Example:
      python -m explorer weights fetch vgg16 resnet50
    """
    from explorer.backbones import find_backbone  # brings torch

    with naming("NAME"):
        rows = [find_backbone(name) for name in dict.fromkeys(names)]
    failed = [row for row in rows if not _fetch(row)]
    if failed:
        click.get_current_context().exit(SOME_FAILED)


def _fetch(row: "Backbone") -> bool:
    """Fetch one backbone's weights and tell how it went; whether they are there now."""
    from explorer.files.fetching import start_fetch
    from explorer.files.weights import megabytes, status

    found = status(row.weights)
    if found.ready:
        click.echo(
            f"{row.name}: {found.where}, nothing to fetch: {harmless(click.format_filename(found.path))}"
        )
        return True
    job = start_fetch(row.name, row.weights)
    with ProgressBar(found.size, lambda *_: f"{row.name}: {job.amounts}") as progress:
        try:
            while not job.wait(POLL):
                progress.at(job.done, job.total or None)
            progress.at(job.done, job.total or None)
        except KeyboardInterrupt:
            job.cancel()
            job.wait(PATIENCE)
            raise
    found = status(row.weights)
    if not found.ready:
        click.echo(f"Error: {printable(job.error or f'{row.name}: {found.where}')}", err=True)
        return False
    click.echo(
        f"{row.name}: {megabytes(found.size)} {found.where}: {harmless(click.format_filename(found.path))}"
    )
    return True


def _path(found: "Status") -> str:
    return harmless(click.format_filename(found.path))

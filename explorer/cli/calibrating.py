"""`calibrate`: learn heads from people's votes, and keep them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.cli.files import PATH
from explorer.cli.group import bad, naming, note
from explorer.cli.progress import ProgressBar
from explorer.cli.tuning import train
from explorer.errors import SettingError

if TYPE_CHECKING:
    from explorer.judgments.calibration import Learned
    from explorer.judgments.calibration.sources import Source
    from explorer.metrics import Method


@click.command(short_help="Learn heads from people's votes.")
@click.argument("folder", type=PATH, required=False)
@click.option(
    "--backbone",
    metavar="NAME",
    default="alexnet",
    show_default=True,
    help="The feature network; `backbones` lists them.",
)
@click.option(
    "--session",
    metavar="CODE",
    help="Learn from a class of this machine's store, in the place of FOLDER; `judgments list` lists them.",
)
@click.option(
    "--leave-out",
    type=click.IntRange(1),
    metavar="N",
    help="Of a class, leave out who failed N sentinels or more.",
)
@click.option("--name", metavar="NAME", help="Keep the heads as yours-NAME; without it they are only scored.")
@click.option(
    "--size",
    type=click.IntRange(1),
    metavar="N",
    help="Longest side to measure at, in pixels: 64 without it, as the paper asked people about, and the "
    "pictures of a class as they were shown.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Of all draws."
)
@click.option("--simulated", is_flag=True, help="Learn from a simulated observer, in the place of FOLDER.")
@click.option(
    "--tune", "way", flag_value="tune", help="Train the network too, from its trained weights; into --out."
)
@click.option("--scratch", "way", flag_value="scratch", help="The same from random weights.")
@click.option(
    "--out",
    type=PATH,
    metavar="FILE",
    help="Where the metric that --tune or --scratch trains goes, as safetensors.",
)
@click.option(
    "--device",
    metavar="NAME",
    default="auto",
    show_default=True,
    help="Where --tune and --scratch train: auto, cuda, mps or cpu.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def calibrate(
    folder: Path | None,
    backbone: str,
    session: str | None,
    leave_out: int | None,
    name: str | None,
    size: int | None,
    seed: int,
    simulated: bool,
    way: str | None,
    out: Path | None,
    device: str,
    as_json: bool,
) -> None:
    """Learn heads for a backbone from the votes of FOLDER, as LPIPS learned its own.

    FOLDER is in the layout of the paper's data set, with 2AFC trials: ref, p0, p1 and judge. A fifth of the
    references is held out for the score. Kept heads are used everywhere as --heads yours-NAME.

    --tune and --scratch train the network together with the heads, on a GPU where there is one: for thousands
    of trials, for an epoch has a step for each 50. The file is loaded by explorer.Lpips.from_file(FILE).

    \b
    Examples:
      python -m explorer calibrate bapps/2afc/train --backbone resnet18 --name mine
      python -m explorer calibrate --session C4P7XM --name class
      python -m explorer calibrate bapps/2afc/train --tune --out tuned.safetensors
      python -m explorer measure a.png b.png --backbone resnet18 --heads yours-mine
    """
    if [folder is not None, session is not None, simulated].count(True) != 1:
        raise click.UsageError(
            "Name the FOLDER of votes, a --session, or ask for --simulated ones; one of the three."
        )
    if leave_out is not None and session is None:
        raise bad("--leave-out", "Sentinels are known of a --session alone; name one, or leave this away.")

    _check_way(way, out, name, simulated)

    from explorer.files import own_heads  # brings torch
    from explorer.judgments.calibration.sources import SIZE, FromFolder, FromSession, Simulated
    from explorer.metrics import Method

    with naming("--backbone"):
        method = Method(backbone)
        if not method.has_maps:
            raise SettingError(f"{method.row.label} has no maps, and so no heads to learn; choose another.")
    if name is not None:
        with naming("--name"):
            own_heads.check_free(name, method.backbone)
    if session is not None:
        source, named = FromSession(session, leave_out or 0, size), "--session"
    else:
        source, named = (Simulated(seed), "") if simulated else (FromFolder(folder, size or SIZE), "FOLDER")
    if way is not None:
        train(method.backbone, source, named, way, out, device, seed, as_json)
        return
    found = _learned(method, source, named, seed)
    kept = None if name is None else own_heads.keep(name, found.weights, found.provenance)
    if as_json:
        heads = {} if kept is None else {"heads": kept.name, "file": str(kept.path)}
        click.echo(json.dumps(found.to_dict() | heads, indent=2, allow_nan=False))
        return
    click.echo(_text(found))
    if kept is not None:
        click.echo(f"\nKept as {kept.short} in {click.format_filename(kept.path)}.")


def _check_way(way: str | None, out: Path | None, name: str | None, simulated: bool) -> None:
    """Raise where flags do not go together."""
    if way is None:
        if out is not None:
            raise bad("--out", "It is for --tune and --scratch; heads alone are kept by --name.")
        return
    if out is None:
        raise bad(f"--{way}", "Say where the trained metric goes: --out FILE.")
    if name is not None:
        raise bad("--name", f"What --{way} trains is no heads but a whole metric; --out FILE keeps it.")
    if simulated:
        raise bad("--simulated", f"--{way} learns from what people said; name a FOLDER or --session.")


def _learned(method: "Method", source: "Source", named: str, seed: int) -> "Learned":
    """Learn; who stops it while it learns gets the best heads so far."""
    from explorer.judgments.calibration import learn
    from explorer.judgments.calibration.job import EPOCHS

    network, found = method.network, None
    with naming(named, unless=not named), _said_where_stopped():
        with ProgressBar(0, lambda done, total: f"{done} of {total} passed the network") as bar:
            votes, hidden = source.votes(network, bar.at)
        for skipped in votes.skipped:
            note(f"{skipped.what} is left out: {skipped.why}")
        try:
            with ProgressBar(EPOCHS, lambda done, total: f"{done} of {total} epochs") as bar:
                for found in learn(network, votes, seed, hidden):
                    bar.at(len(found.course.epochs))
        except KeyboardInterrupt:
            if found is None:
                raise
            note(f"Stopped after epoch {len(found.course.epochs)}; the best heads so far are taken.")
    return found


@contextmanager
def _said_where_stopped() -> Iterator[None]:
    """Say what a Ctrl-C leaves, where that is nothing."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped before the first epoch; no heads are learned.", err=True)
        raise


def _text(found: "Learned") -> str:
    """What was learned, for people."""
    rows = [("on the votes held out", "agreement")]
    rows += [(standing.label, f"{standing.score:.1%}") for standing in found.standings]
    layers = [("layer", "channels", "that count", "heaviest")]
    layers += [
        (layer, str(len(own)), str(int((own > 0).sum())), f"{own.max():.4f}")
        for layer, own in found.weights.items()
    ]
    return "\n\n".join((found.sentence, table(rows, "<>"), table(layers, "<>>>"), found.provenance.sentence))

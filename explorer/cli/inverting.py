"""`invert`: a picture that chosen layers take for the reference, grown from noise or from another one."""

import json
import math
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.analysis.tables import table
from explorer.analysis.wording import decibels
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output, spare
from explorer.cli.group import bad, naming, note
from explorer.cli.options import picture_options
from explorer.cli.progress import ProgressBar
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.images import Picture, measured_size, resize, times

if TYPE_CHECKING:
    from explorer.synthesis.journey import Frame, Journey
    from explorer.synthesis.keeping import Keeping


@click.command(short_help="Grow a picture that chosen layers take for another.")
@click.argument("reference", type=PATH, callback=existing)
@click.option(
    "--from",
    "start",
    default="noise",
    show_default=True,
    metavar="NAME|FILE",
    help="What it is grown from: noise, grey, a sample's name, or an image, cropped to its shape.",
)
@click.option(
    "--by",
    type=click.Choice(("pixels", "fourier", "smooth")),
    default="pixels",
    show_default=True,
    help="How it is drawn: pixels follow the raw gradient; fourier and smooth keep its checkerboards down.",
)
@click.option("--steps", type=int, metavar="N", help="How many are made; 200 by default.")
@click.option(
    "--seed", type=click.IntRange(0, HIGHEST_SEED), default=0, metavar="N", help="The pattern of the noise."
)
@picture_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-o", "--output", "target", type=PATH, metavar="FILE.png", help="Write the picture.")
def invert(
    reference: Path,
    start: str,
    by: str,
    steps: int | None,
    seed: int,
    as_json: bool,
    target: Path | None,
    asked: Asked,
) -> None:
    """Grow another picture until the layers that --layers names take it for REFERENCE.

    What both have in common is what these layers keep. --heads uniform lowers their distance without heads.

    \b
    Examples:
      python -m explorer invert photo.png --layers conv3 -o out.png
      python -m explorer invert photo.png --layers conv5 --from coffee --by smooth --size 256 -o out.png
    """
    if target and target.suffix.lower() != ".png":
        raise bad("--output", f"{click.format_filename(target)} must end in .png.")
    if target:
        spare(target, "--output", reference, Path(start), what="one of the images that are read")
    picture = asked.read(reference)
    method = asked.method()

    from explorer.synthesis.keeping import STEPS, Keeping  # these bring torch
    from explorer.synthesis.objective import check_gradient
    from explorer.synthesis.process import check_steps

    steps = STEPS if steps is None else steps
    with naming("--steps"):
        check_steps(steps)
    with naming("--backbone"):
        check_gradient(method)
    with naming("--size", unless=measured_size(picture.size, method.size) == picture.size):
        base = resize(picture, method.size)
        whole = replace(method, layers=_all_of(method.layers, method.row.layer_names), size=None)
        asked_for = Keeping(base, (method.layers,), whole, by=by, seed=seed)
    with naming("--from"):
        asked_for = replace(asked_for, start=_start(start, asked))
    for conversion in picture.notes:
        note(str(conversion))
    if isinstance(asked_for.start, Picture):
        _note_fitted(asked_for.start, base)
    made = _made(asked_for, steps, target)
    if as_json:
        click.echo(json.dumps(_plain(made, asked_for, start, steps), indent=2, allow_nan=False))
    else:
        click.echo(_text(made, asked_for))


def _all_of(chosen: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...] | None:
    """The network's own layers, by which the whole score is told; with other nodes among the chosen these."""
    return None if set(chosen) <= set(own) else tuple(dict.fromkeys((*own, *chosen)))


def _start(text: str, asked: Asked) -> Picture | str:
    from explorer.synthesis.starts import STARTS

    if text in STARTS:
        return text
    path = Path(text)
    if not path.exists():
        raise bad("--from", f"{text} is no file, and no start; the starts are {', '.join(STARTS)}.")
    return asked.read(path)


def _note_fitted(start: Picture, base: Picture) -> None:
    """Say what becomes of an image that another one is grown from: a small one is enlarged."""
    for conversion in start.notes:
        note(f"{start.name}: {conversion}")
    if start.size != base.size:
        note(f"{start.name}: scaled and cropped from {times(start.size)} to {times(base.size)} pixels")


def _made(asked: "Keeping", steps: int, target: Path | None) -> "Journey":
    """The run, with its file written; that it can be is known before the work."""
    from explorer.render import png  # brings plotly
    from explorer.synthesis.journey import travel

    with ExitStack() as files:
        write = files.enter_context(output(target, "--output")) if target else None
        with ProgressBar(steps + 1, lambda done, total: f"{done} of {total} steps") as bar:
            made = travel(asked.plan(), steps, bar.tell)
        if write:
            (run,) = made.runs
            write(png(made.frames(run)[-1].picture.pixels))
            click.echo(f"{click.format_filename(target)}: written", err=True)
    return made


def _pictures(made: "Journey") -> "dict[str, Frame]":
    (run,) = made.runs
    frames = made.frames(run)
    return {"start": frames[0], "grown": frames[-1]}


def _plain(made: "Journey", asked: "Keeping", start: str, steps: int) -> dict[str, Any]:
    """Plain values for JSON; an infinite PSNR and an SSIM that cannot be had are null."""
    from explorer.analysis.rulers import text_of
    from explorer.synthesis.keeping import distance_in

    method, (group,) = made.plan.method, asked.groups
    pictures = []
    for name, frame in _pictures(made).items():
        values = {
            text_of(ruler): value if value is not None and math.isfinite(value) else None
            for ruler, value in frame.standing.values.items()
        }
        pictures.append(
            {
                "name": name,
                "step": frame.step,
                "distance": distance_in(frame, method.layers, group),
                "values": values,
                "layers": dict(zip(method.layers, frame.standing.distances, strict=True)),
            }
        )
    return {
        "reference": asked.reference.name,
        "size": list(asked.reference.size),
        "lowered": list(group),
        "from": start,
        "by": asked.by,
        "seed": asked.seed,
        "steps": steps,
        "method": method.to_dict(),
        "pictures": pictures,
        "curves": {run: list(curve) for run, curve in made.curves.items()},
    }


def _text(made: "Journey", asked: "Keeping") -> str:
    """For people: what was done, then a row a picture."""
    from explorer.analysis.rulers import PSNR, SSIM
    from explorer.synthesis.keeping import distance_in

    method, (group,) = made.plan.method, asked.groups
    width, height = asked.reference.size
    head = f"{made.plan.label} of {asked.reference.name} at {width} × {height} pixels, by {method.label}"
    rows = [("", "step", " + ".join(group), "all layers", PSNR, SSIM)]
    for name, frame in _pictures(made).items():
        values = frame.standing.values
        rows.append(
            (
                name,
                str(frame.step),
                f"{distance_in(frame, method.layers, group):.4f}",
                f"{values[method]:.4f}",
                decibels(values[PSNR]),
                "" if values[SSIM] is None else f"{values[SSIM]:.4f}",
            )
        )
    return f"{head}\n\n{table(rows, '<>>>>>')}"

"""`sweep`: what every metric says of one distortion, from weak to strong."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.analysis.wording import decibels
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output
from explorer.cli.group import bad, naming, note
from explorer.cli.options import picture_options
from explorer.cli.progress import told
from explorer.distortions import CATALOGUE
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.images import measured_size, resize

if TYPE_CHECKING:
    from explorer.analysis.sweep import Sweep


ENDINGS = {"--csv": ".csv", "--npz": ".npz", "--figure": ".png"}


@click.command(short_help="Measure one distortion of an image from weak to strong.")
@click.argument("image", type=PATH, callback=existing)
@click.option(
    "--name",
    type=click.Choice(tuple(CATALOGUE)),
    metavar="NAME",
    required=True,
    help="A distortion; `distortions` lists them.",
)
@click.option(
    "--parameter",
    metavar="PARAMETER",
    help="One of its physical parameters, in the place of the severity from 0 to 1.",
)
@click.option("--from", "low", type=float, metavar="X", help="Where the parameter begins, in its unit.")
@click.option("--to", "high", type=float, metavar="Y", help="Where the parameter ends.")
@click.option("--points", type=int, default=21, show_default=True, metavar="N", help="How many, 2 to 201.")
@click.option(
    "--seed",
    type=click.IntRange(0, HIGHEST_SEED),
    default=0,
    metavar="N",
    help="The pattern of a random distortion.",
)
@picture_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "file", type=PATH, metavar="FILE.csv", help="Write a row a point, with all digits.")
@click.option("--npz", type=PATH, metavar="FILE.npz", help="Write all numbers as NumPy arrays.")
@click.option("--figure", type=PATH, metavar="FILE.png", help="Draw the curves, and the layers stacked.")
def sweep(
    image: Path,
    name: str,
    parameter: str | None,
    low: float | None,
    high: float | None,
    points: int,
    seed: int,
    as_json: bool,
    file: Path | None,
    npz: Path | None,
    figure: Path | None,
    asked: Asked,
) -> None:
    """Measure IMAGE under one distortion from weak to strong: LPIPS with its layers, PSNR and SSIM.

    The distortion is laid on the image at the measured size.

    \b
    Examples:
      python -m explorer sweep photo.png --name gaussian_blur
      python -m explorer sweep photo.png --name jpeg --parameter quality --from 5 --to 95 --csv jpeg.csv
    """
    if file and as_json:
        raise bad("--csv", "one place is enough for the numbers; leave out --csv or --json.")
    files = {"--csv": file, "--npz": npz, "--figure": figure}
    files = {flag: target for flag, target in files.items() if target}
    for flag, target in files.items():
        if target.suffix.lower() != ENDINGS[flag]:
            raise bad(flag, f"{click.format_filename(target)} must end in {ENDINGS[flag]}.")
    if parameter is None and (low, high) != (None, None):
        raise bad("--parameter", "--from and --to are the ends of a parameter; name it, or leave them out.")
    picture = asked.read(image)
    method = asked.method()

    from explorer.analysis import sweep as curves  # brings torch

    with naming("--points"):
        curves.check_count(points)
    if parameter is None:
        axis = curves.severity_axis(name, points, seed)
    else:
        with naming("--parameter"):
            axis = curves.parameter_axis(name, parameter, low, high, points, seed)
    with naming("--size", unless=measured_size(picture.size, method.size) == picture.size):
        base = resize(picture, method.size)
        found = tuple(told(curves.measured(base, axis, (method,)), len(axis.steps), "points"))
    sweep = curves.Sweep(base, axis, (method,), found)
    for conversion in picture.notes:
        note(str(conversion))
    for flag, target in files.items():
        with output(target, flag) as write:
            write(_made(flag, sweep))
        click.echo(f"{click.format_filename(target)}: {len(found)} points", err=as_json)
    if as_json:
        click.echo(json.dumps(sweep.to_dict(), indent=2, allow_nan=False))
    elif not files:
        click.echo(_text(sweep))


def _made(flag: str, sweep: "Sweep") -> bytes:
    """The file that a flag asks for."""
    from explorer.analysis import sweep_curves, sweep_files
    from explorer.report import curves

    if flag == "--csv":
        return sweep_files.to_csv((sweep,)).encode()
    if flag == "--npz":
        return sweep_files.to_npz((sweep,))
    return curves.figure(sweep_curves.lines((sweep,)), (sweep,), sweep.methods[0])


def _text(found: "Sweep") -> str:
    """The curves for people: how it was measured, a row a point, and what deserves a word."""
    (method,) = found.methods
    width, height = found.reference.size
    what = f"{found.axis.distortion.label} of {found.reference.name}"
    head = f"{what}: {method.label}, at {width} × {height} pixels"
    rows = [(found.axis.label, "values", "score", "PSNR", "SSIM", *method.layers)]
    for point in found.points:
        (score,), (layers,) = point.scores, point.distances
        rows.append(
            (
                f"{found.axis.values[point.place]:g}",
                found.axis.steps[point.place].label,
                f"{score:.4f}",
                decibels(point.psnr),
                "" if point.ssim is None else f"{point.ssim:.4f}",
                *(f"{distance:.4f}" for distance in layers),
            )
        )
    said = [
        f"{name} {mark.kind} at {found.axis.text(mark.place)}."
        for name, marks in found.marks().items()
        for mark in marks
    ]
    return "\n\n".join(part for part in (head, table(rows, "><" + ">" * (len(rows[0]) - 2)), *said) if part)

"""`match`: an image under many distortions, each just as strong as one metric's value asks."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from PIL import Image

from explorer.analysis.tables import table
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output
from explorer.cli.group import bad, naming, note
from explorer.cli.options import picture_options
from explorer.cli.progress import told
from explorer.distortions import CATALOGUE, Recipe, distorted
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.images import measured_size, resize

if TYPE_CHECKING:
    from explorer.analysis.versions import Versions

KNOWN_BYTES = 1_000_000  # of what the search has found of the one picture


@click.command(short_help="Distort an image in many ways to one value of a metric.")
@click.argument("image", type=PATH, callback=existing)
@click.option(
    "--metric",
    type=click.Choice(("psnr", "ssim", "lpips")),
    default="psnr",
    show_default=True,
    help="What is to be equal; lpips is the method that the other flags name.",
)
@click.option("--target", type=float, required=True, metavar="X", help="Its value; decibels for psnr.")
@click.option(
    "--names",
    metavar="A,B",
    help="Distortions, such as jpeg,shift; `distortions` lists them. A dozen by default.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, HIGHEST_SEED),
    default=0,
    metavar="N",
    help="The pattern of the random ones.",
)
@picture_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--folder", type=PATH, metavar="FOLDER", help="Also write the pictures there, a PNG a distortion."
)
def match(
    image: Path,
    metric: str,
    target: float,
    names: str | None,
    seed: int,
    as_json: bool,
    folder: Path | None,
    asked: Asked,
) -> None:
    """Distort IMAGE in many ways, each tuned until a metric has the same value, and print what that takes.

    The distortions are laid on the image at the measured size. Where no strength has that value, the nearest
    is shown, with the reason: it lies between two steps, or out of the distortion's reach.

    \b
    Examples:
      python -m explorer match photo.png --target 26
      python -m explorer match photo.png --metric lpips --target 0.3 --names jpeg,gaussian_blur,shift
      python -m explorer match photo.png --target 26 --size 512 --folder equal/
    """
    picture = asked.read(image)
    method = asked.method()

    from explorer.analysis import match as equal  # these bring torch
    from explorer.analysis.rulers import read_ruler, value
    from explorer.analysis.versions import Equality, Versions
    from explorer.analysis.versions_job import Known, version_of

    ruler = read_ruler(metric, method)
    with naming("--target"):
        equality = Equality(metric, target)
    chosen = equal.USUAL if names is None else tuple(name.strip() for name in names.split(","))
    for name in chosen:
        if name not in CATALOGUE:
            raise bad(
                "--names", f"There is no distortion {name!r}; `distortions` lists those that there are."
            )
    if folder:
        _make(folder)
    with naming("--size", unless=measured_size(picture.size, method.size) == picture.size):
        base = resize(picture, method.size)
        value(ruler, base, base)  # one that is too small is told before the work
    method, known, made = replace(method, size=None), Known(KNOWN_BYTES), []
    each = (version_of(base, method, equality, name, seed, known, equal.unchecked) for name in chosen)
    for version in told(each, len(chosen), "distortions"):
        made.append(version)
        if folder:
            _write(folder / f"{version.name}.png", distorted(base, Recipe((version.step,))).pixels)
    found = Versions(base, method, equality, chosen, tuple(made))
    for conversion in picture.notes:
        note(str(conversion))
    if as_json:
        head = {"reference": picture.name, "size": list(base.size), "metric": metric, "target": target}
        whole = head | {"method": method.to_dict(), "matches": found.to_dicts()}
        click.echo(json.dumps(whole, indent=2, allow_nan=False))
    else:
        click.echo(_text(found))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        shown = click.format_filename(folder)
        raise bad("--folder", f"{shown} cannot be made ({reason}); choose another place or name.") from error


def _write(path: Path, pixels: np.ndarray) -> None:
    with output(path, "--folder") as write:
        write(_png(pixels))


def _png(pixels: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def _text(found: "Versions") -> str:
    """What the versions say together, then a row each, the closest by another metric first."""
    from explorer.analysis.versions import value_text

    order = found.told[1].name
    rows = [("", "distortion", *(metric.label for metric in found.metrics), "", "parameters")]
    for each in found.order(order):
        values = [value_text(metric, each.value(metric.name)) for metric in found.metrics]
        place = found.rank(each, order)
        rows.append((f"{place or ''}", each.name, *values, found.remark(each), each.step.note))
    said = " ".join(filter(None, (found.sentence, found.second_sentence)))
    return f"{said}\n\n{table(rows, '><>>><<')}"

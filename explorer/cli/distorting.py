"""`distort`, and the lists of what there is: `distortions` and `samples`."""

import io
import os
from pathlib import Path
from typing import Any

import click
from PIL import Image

from explorer.analysis.tables import table
from explorer.cli.files import PATH, existing, output, read
from explorer.cli.group import bad, naming
from explorer.distortions import CATALOGUE
from explorer.distortions import distort as apply_distortion
from explorer.samples import FOLDER, SAMPLES, load_sample

# What is written by a file name's ending, and with which of Pillow's options. All but JPEG are lossless.
_LOSSY = ("JPEG", {"quality": 100, "subsampling": 0})
FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    ".png": ("PNG", {}),
    ".tif": ("TIFF", {}),
    ".tiff": ("TIFF", {}),
    ".bmp": ("BMP", {}),
    ".webp": ("WEBP", {"lossless": True}),
    ".jpg": _LOSSY,
    ".jpeg": _LOSSY,
}


@click.command(short_help="Distort an image and write it to a file.")
@click.argument("source", metavar="IN", type=PATH, callback=existing)
@click.argument("target", metavar="OUT", type=PATH)
@click.option(
    "--name",
    type=click.Choice(tuple(CATALOGUE)),
    metavar="NAME",
    required=True,
    help="A distortion; `distortions` lists them.",
)
@click.option(
    "--severity",
    type=click.FloatRange(0, 1),
    metavar="S",
    required=True,
    help="0 (every pixel as it was) to 1 (strongest).",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    default=0,
    show_default=True,
    help="The pattern of a random distortion.",
)
def distort(source: Path, target: Path, name: str, severity: float, seed: int) -> None:
    """Distort the image IN and write it to OUT, in the format of OUT's ending.

    PNG, TIFF, BMP and WebP (.png, .tiff, .bmp, .webp) keep every pixel; JPEG (.jpg) loses a little.

    \b
    Example:
      python -m explorer distort photo.png blurred.png --name gaussian_blur --severity 0.4
    """
    with naming("--severity"):
        parameters = CATALOGUE[name].describe(severity)  # NaN lies in every range, except in this check
    shown = click.format_filename(target)
    if target.suffix.lower() not in FORMATS:
        raise bad("OUT", f"{shown} must end in {', '.join(FORMATS)}.")
    if os.path.exists(target) and target.samefile(source):
        raise bad("OUT", f"{shown} is the image IN itself; give another name.")

    with output(target, "OUT") as write:
        picture = read(source)
        distorted = Image.fromarray(apply_distortion(picture.pixels, name, severity, seed))
        format, options = FORMATS[target.suffix.lower()]
        encoded = io.BytesIO()
        try:
            distorted.save(encoded, format, **options)
        except (OSError, ValueError) as error:  # Pillow's words for "too large" differ from format to format
            size = f"{picture.width} × {picture.height}"
            raise bad("OUT", f"{format} cannot hold {size} pixels; use .png.") from error
        write(encoded.getvalue())

    pattern = f" (seed {seed})" if CATALOGUE[name].random and severity > 0 else ""
    click.echo(f"{shown}: {name} at severity {severity:g}, {parameters}{pattern}")
    for note in picture.notes:
        click.echo(f"Note: {note}", err=True)
    if FORMATS[target.suffix.lower()] is _LOSSY:
        click.echo("Note: JPEG is lossy and changes the pixels once more; .png keeps them.", err=True)


@click.command(short_help="List the distortions.")
def distortions() -> None:
    """List the distortions: name, family, parameters at full severity, and what they do.

    \b
    Example:
      python -m explorer distort photo.png noisy.png --name gaussian_noise --severity 0.5 --seed 7
    """
    rows = [("name", "family", "at severity 1", "description")]
    rows += [(entry.name, entry.family, entry.describe(1), entry.summary) for entry in CATALOGUE.values()]
    click.echo(table(rows, "<<<<"))


@click.command(short_help="List the bundled photographs.")
def samples() -> None:
    """List the bundled photographs: name, size, licence and path, parted by tabs.

    \b
    Example:
      python -m explorer samples | cut -f 4
    """
    for sample in SAMPLES.values():
        width, height = load_sample(sample.name).size
        fields = (sample.name, f"{width}x{height}", sample.licence, str(FOLDER / sample.file))
        click.echo("\t".join(fields))

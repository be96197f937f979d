"""`project`: a pair with its settings, boxes and results as one file, which the app opens again."""

from pathlib import Path

import click

from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output, spare
from explorer.cli.group import bad, naming
from explorer.cli.opening import ENDING
from explorer.cli.options import box_option, method_options
from explorer.cli.region import prepare
from explorer.errors import ImageError
from explorer.images import measured_size
from explorer.names import harmless


@click.command(short_help="Save a pair, its settings, boxes and results as one file.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("distorted", type=PATH, callback=existing)
@click.option(
    "-o",
    "--output",
    "target",
    type=PATH,
    metavar="FILE.zip",
    required=True,
    help="Where the project goes: one file with both images in it as they are.",
)
@box_option("With any, the app opens the project on Region.")
@method_options
def project(reference: Path, distorted: Path, target: Path, boxes: tuple[str, ...], asked: Asked) -> None:
    """Measure DISTORTED against REFERENCE, and save both with the settings, boxes and results in one file.

    `lpips-explorer FILE.zip` opens the app on it, on any machine; so does an upload in the app.

    \b
    Examples:
      python -m explorer project photo.png copy.jpg -o pair.zip
      python -m explorer project photo.png copy.jpg -o pair.zip --box 100,80,90,120 --backbone vgg16
    """
    shown = click.format_filename(target)
    if target.suffix.lower() != ENDING:
        raise bad("--output", f"{shown} must end in {ENDING}, by which the app is opened on it.")
    spare(target, "--output", reference, distorted)
    with output(target, "--output") as write:
        pair, method, chosen = prepare(reference, distorted, boxes, asked)

        from explorer.projects import PictureFile  # these bring torch
        from explorer.projects.files import colour, measured

        files = tuple(PictureFile(path.name, path.read_bytes()) for path in (reference, distorted))
        with naming("--size", unless=measured_size(pair[0].size, method.size) == pair[0].size):
            made = measured(files, pair, method, chosen, colour(asked.background), asked.fit)
        if [picture.digest for picture in made.pictures] != [picture.digest for picture in pair]:
            raise ImageError(
                "An image has changed while it was measured, or is no file on a disk; try again."
            )
        write(made.to_bytes())
    click.echo(harmless(shown))

"""`report`: all that was found of a pair, as one file to print, to send and to cite."""

import os
from contextlib import nullcontext
from pathlib import Path

import click

from explorer.cli.asked import Asked, investigate
from explorer.cli.files import PATH, existing, output
from explorer.cli.group import bad
from explorer.cli.options import box_option, method_options
from explorer.cli.region import prepare
from explorer.names import harmless


@click.command(short_help="Write a report of a pair, to print and to cite.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("distorted", type=PATH, callback=existing)
@click.option(
    "-o",
    "--output",
    "target",
    type=PATH,
    metavar="FILE.html",
    required=True,
    help="Where the report goes: one file with its pictures in it, which opens without a network.",
)
@click.option(
    "--figure", type=PATH, metavar="FILE.png", help="Also write a figure for a paper or a slide, 2400 wide."
)
@box_option("Without any, the report has hot spots, but no table of boxes.")
@method_options
def report(
    reference: Path,
    distorted: Path,
    target: Path,
    figure: Path | None,
    boxes: tuple[str, ...],
    asked: Asked,
) -> None:
    """Write all that is found of the distance between REFERENCE and DISTORTED to one HTML file.

    It has the numbers, the pictures with boxes and hot spots, all maps, the ledgers of layers and boxes, the
    settings, and a line to cite, and prints on A4.

    \b
    Examples:
      python -m explorer report photo.png copy.jpg -o report.html
      python -m explorer report photo.png copy.jpg -o report.html --box 100,80,90,120 --figure figure.png
    """
    _check_target(target, "--output", ".html", (reference, distorted))
    if figure:
        _check_target(figure, "--figure", ".png", (reference, distorted))
    with (
        output(target, "--output") as write,
        output(figure, "--figure") if figure else nullcontext() as write_figure,
    ):
        pair, method, chosen = prepare(reference, distorted, boxes, asked)
        found = investigate(method, *pair, chosen)

        from explorer.report import figure_png, report_html

        page = report_html(found).encode()
        if write_figure:
            write_figure(figure_png(found))
        write(page)
    for path in filter(None, (target, figure)):
        click.echo(harmless(click.format_filename(path)))


def _check_target(target: Path, flag: str, ending: str, sources: tuple[Path, Path]) -> None:
    """Refuse a file of another kind, and to write over what is measured."""
    shown = click.format_filename(target)
    if target.suffix.lower() != ending:
        raise bad(flag, f"{shown} must end in {ending}.")
    if os.path.exists(target) and any(target.samefile(source) for source in sources):
        raise bad(flag, f"{shown} is one of the images that are measured; give another name.")

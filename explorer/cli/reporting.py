"""`report` and `figure`: what was found of a pair as files to print, to send and to cite."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.asked import Asked, investigate
from explorer.cli.files import PATH, existing, output, spare
from explorer.cli.group import bad, naming, note
from explorer.cli.meaning import NOTHING, Wanted, meaning_of, meaning_options
from explorer.cli.options import box_option, method_options
from explorer.cli.region import prepare
from explorer.names import harmless

if TYPE_CHECKING:
    from explorer.report import Choice

# As `explorer.report` has them, which brings torch: --help need not wait for it.
PARTS = (
    "numbers, reference, distorted, overlay, squared_error, one_minus_ssim, shares, layers, combined, marks, "
    "words, citation"
)
FIGURES = (".png", ".svg", ".pdf")


def _figure_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the flags that say what a figure shows."""
    parts = click.option(
        "--parts",
        metavar="A,B",
        help=f"What the figure shows, of {PARTS}; all but squared_error and one_minus_ssim by default.",
    )
    crop = click.option(
        "--crop",
        metavar="X,Y,W,H",
        help="The part of the pictures that the figure shows, in pixels of the image as given; all of them "
        "by default.",
    )
    return parts(crop(command))


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
    "--figure",
    "drawing",
    type=PATH,
    metavar="FILE.png",
    help="Also write a figure for a paper or a slide: a .png 2400 wide, or an .svg or a .pdf.",
)
@_figure_options
@box_option("Without any, the report has hot spots, but no table of boxes.")
@meaning_options
@method_options
def report(
    reference: Path,
    distorted: Path,
    target: Path,
    drawing: Path | None,
    parts: str | None,
    crop: str | None,
    boxes: tuple[str, ...],
    as_far_as: bool,
    how_sure: bool,
    asked: Asked,
) -> None:
    """Write all that is found of the distance between REFERENCE and DISTORTED to one HTML file.

    It has the numbers, the pictures with boxes and hot spots, all maps, the ledgers of layers and boxes, the
    settings, and a line to cite, and prints on A4. What takes longer is asked for by a flag.

    \b
    Examples:
      python -m explorer report photo.png copy.jpg -o report.html
      python -m explorer report photo.png copy.jpg -o report.html --box 100,80,90,120 --figure figure.pdf
    """
    _check_target(target, "--output", (".html",), (reference, distorted))
    if drawing:
        _check_target(drawing, "--figure", FIGURES, (reference, distorted))
    for flag, value in (("--parts", parts), ("--crop", crop)):
        if value is not None and not drawing:
            raise bad(flag, "It is of the figure, which was not asked for; add --figure FILE.png.")
    wanted = Wanted(as_far_as, how_sure)
    _write(reference, distorted, target, drawing, (parts, crop), boxes, asked, wanted)


@click.command(short_help="Draw a figure of a pair, for a paper or a slide.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("distorted", type=PATH, callback=existing)
@click.option(
    "-o",
    "--output",
    "target",
    type=PATH,
    metavar="FILE.pdf",
    required=True,
    help="Where it goes: a .png 2400 wide, or an .svg or a .pdf, in which text stays text.",
)
@_figure_options
@box_option("Without any, the figure has hot spots, but no boxes.")
@method_options
def figure(
    reference: Path,
    distorted: Path,
    target: Path,
    parts: str | None,
    crop: str | None,
    boxes: tuple[str, ...],
    asked: Asked,
) -> None:
    """Draw what is found of the distance between REFERENCE and DISTORTED as one figure.

    \b
    Examples:
      python -m explorer figure photo.png copy.jpg -o figure.pdf
      python -m explorer figure photo.png copy.jpg -o nose.svg --parts distorted,overlay --crop 80,60,90,90
    """
    _check_target(target, "--output", FIGURES, (reference, distorted))
    _write(reference, distorted, None, target, (parts, crop), boxes, asked)


def _write(
    reference: Path,
    distorted: Path,
    page: Path | None,
    drawing: Path | None,
    shown: tuple[str | None, str | None],
    boxes: tuple[str, ...],
    asked: Asked,
    wanted: Wanted = NOTHING,
) -> None:
    """Measure, and write a report, a figure, or both; `shown` is what --parts and --crop say."""
    with (
        output(page, "--output") if page else nullcontext() as write_page,
        output(drawing, "--figure" if page else "--output") if drawing else nullcontext() as write_drawing,
    ):
        pair, method, chosen = prepare(reference, distorted, boxes, asked)
        choice = _choice(*shown, pair[0].size) if drawing else None
        found = investigate(method, *pair, chosen)

        from explorer import report

        meaning = meaning_of(method, pair, wanted)
        html = b""
        if write_page:
            html = report.report_html(found, meaning.readings, meaning.stability).encode()
        if write_drawing:
            with naming("--parts"):
                write_drawing(report.figure(found, drawing.suffix.lower().removeprefix("."), choice))
        if write_page:
            write_page(html)
    for path in filter(None, (page, drawing)):
        click.echo(harmless(click.format_filename(path)))


def _choice(parts: str | None, crop: str | None, size: tuple[int, int]) -> "Choice":
    """What --parts and --crop ask for of a pair of (width, height); a crop is cut to it with a note."""
    from explorer.analysis.region import fitted, read_box
    from explorer.report import Choice, check_parts

    names, box = None, None
    if parts is not None:
        names = tuple(filter(None, (name.strip() for name in parts.split(","))))
        with naming("--parts"):
            check_parts(names)
    if crop is not None:
        with naming("--crop"):
            box, sentence = fitted(read_box(crop), size, "The crop")
        if sentence:
            note(sentence)
    return Choice(names, box)


def _check_target(target: Path, flag: str, endings: tuple[str, ...], sources: tuple[Path, Path]) -> None:
    """Refuse a file of another kind, and to write over what is measured."""
    shown = click.format_filename(target)
    if target.suffix.lower() not in endings:
        *others, last = endings
        raise bad(flag, f"{shown} must end in {', '.join(others)}{' or ' if others else ''}{last}.")
    spare(target, flag, *sources)

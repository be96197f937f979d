"""`disagree`: the versions of an image on which two metrics disagree most."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing
from explorer.cli.group import naming, note
from explorer.cli.options import picture_options
from explorer.cli.progress import told
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.images import measured_size, resize

if TYPE_CHECKING:
    from explorer.analysis.disagreement import Disagreements


@click.command(short_help="Find the versions of an image on which two metrics disagree most.")
@click.argument("image", type=PATH, callback=existing)
@click.option(
    "--metrics",
    nargs=2,
    default=("psnr", "lpips"),
    show_default=True,
    metavar="A B",
    help="Two of psnr, ssim, lpips (the method that the other flags name), or others as backbone:heads.",
)
@click.option(
    "--names",
    metavar="A,B",
    help="Distortions, such as jpeg,shift, or all; `distortions` lists them. A dozen by default.",
)
@click.option(
    "--severities",
    metavar="X,Y",
    help="At which each is laid on the image, above 0 and up to 1. 0.25,0.5,0.75,1 by default.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, HIGHEST_SEED),
    default=0,
    metavar="N",
    help="The pattern of the random ones.",
)
@click.option("--top", type=click.IntRange(1), default=12, show_default=True, metavar="N", help="How many.")
@picture_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def disagree(
    image: Path,
    metrics: tuple[str, str],
    names: str | None,
    severities: str | None,
    seed: int,
    top: int,
    as_json: bool,
    asked: Asked,
) -> None:
    """Find the pairs of versions of IMAGE that one metric orders one way and the other metric the other way.

    The distortions are laid on the image at the measured size. No version, and no two distortions, come
    twice.

    \b
    Examples:
      python -m explorer disagree photo.png
      python -m explorer disagree photo.png --metrics ssim vgg16:lpips-0.1 --names all --size 256
      python -m explorer disagree photo.png --metrics alexnet:lpips-0.1 alexnet:uniform --json
    """
    picture = asked.read(image)
    method = asked.method()

    from explorer.analysis import disagreement, version_grid  # these bring torch
    from explorer.analysis.match import USUAL
    from explorer.analysis.rulers import read_ruler, value

    with naming("--metrics"):
        first, second = (read_ruler(name, method) for name in metrics)
        disagreement.check_rulers((first, second))
    with naming("--names"):
        chosen = USUAL if names is None else version_grid.named_distortions(_listed(names))
    with naming("--severities"):
        strengths = version_grid.SEVERITIES if severities is None else _numbers(severities)
        strengths = version_grid.check_severities(strengths)
    with naming("--size", unless=measured_size(picture.size, method.size) == picture.size):
        base = resize(picture, method.size)
        for ruler in (first, second):  # one that is too small is told before the work
            value(ruler, base, base)
    work = version_grid.measured(base, (first, second), chosen, strengths, seed)
    found = disagreement.disagreements(
        base, (first, second), list(told(work, len(chosen), "distortions")), top
    )
    for conversion in picture.notes:
        note(str(conversion))
    for sentence in found.left_out:
        note(sentence)
    if as_json:
        click.echo(json.dumps(found.to_dict(), indent=2, allow_nan=False))
    else:
        click.echo(_text(found))


def _listed(names: str) -> Sequence[str] | str:
    return "all" if names.strip() == "all" else [name.strip() for name in names.split(",")]


def _numbers(text: str) -> list[float | str]:
    """What is no number stays as it is, and is refused in the words of Python."""
    found: list[float | str] = []
    for part in text.split(","):
        try:
            found.append(float(part))
        except ValueError:
            found.append(part.strip())
    return found


def _text(found: "Disagreements") -> str:
    from explorer.analysis.rulers import label_of

    one, other = map(label_of, found.rulers)
    rows = [("clarity", f"{one} prefers", one, other, f"{other} prefers", one, other)]
    for card in found.cards:
        (of_first, of_second), (of_first_too, of_second_too) = card.shown
        rows.append(
            (
                f"{card.clarity:.2f}",
                *(card.first.label, of_first, of_first_too),
                *(card.second.label, of_second, of_second_too),
            )
        )
    parts = [found.sentence, *([table(rows, "><>><>>")] if found.cards else [])]
    return "\n\n".join(parts)

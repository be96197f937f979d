"""`directions`: the small changes of an image that a metric sees most and least."""

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.analysis.wording import decibels
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output, spare
from explorer.cli.group import bad, naming, note
from explorer.cli.options import picture_options
from explorer.cli.progress import ProgressBar
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.images import measured_size, resize

if TYPE_CHECKING:
    from explorer.metrics import Method
    from explorer.synthesis.eigendistortions import Directions, DirectionsPlan, Seen


@click.command(short_help="Find the changes that a metric sees most and least.")
@click.argument("reference", type=PATH, callback=existing)
@click.option("--at", type=float, default=40.0, show_default=True, metavar="DB", help="The PSNR they have.")
@click.option(
    "--each",
    is_flag=True,
    help="By each of --layers for itself, up to three, in place of their sum; sum among them is all layers.",
)
@click.option(
    "--steps", type=int, metavar="N", help="How many are made; 60 by default. The least falls with each."
)
@click.option(
    "--seed", type=click.IntRange(0, HIGHEST_SEED), default=0, metavar="N", help="The noise they start from."
)
@picture_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "-o",
    "--output",
    "target",
    type=PATH,
    metavar="FILE.png",
    help="Write the pictures: FILE-most.png and FILE-least.png; with --each FILE-conv1-most.png and so on.",
)
def directions(
    reference: Path,
    at: float,
    each: bool,
    steps: int | None,
    seed: int,
    as_json: bool,
    target: Path | None,
    asked: Asked,
) -> None:
    """Find the changes of REFERENCE, all of one strength, that a metric or its layers see most and least.

    They are the eigenvectors of the metric near the image: the eigenvalue is the distance of a change of one
    grey level (root mean square), if the metric were quadratic so far.

    \b
    Examples:
      python -m explorer directions photo.png --size 256 -o seen.png
      python -m explorer directions photo.png --layers conv2 --at 30
      python -m explorer directions photo.png --layers sum,conv1,conv5 --each --size 256
    """
    if target and target.suffix.lower() != ".png":
        raise bad("--output", f"{click.format_filename(target)} must end in .png.")
    picture = asked.read(reference)

    from explorer.synthesis.eigendistortions import STEPS, check_psnr, check_seen_by, plan_of
    from explorer.synthesis.objective import check_gradient, check_large_enough
    from explorer.synthesis.process import check_steps  # these bring torch

    by, method = _seen_by(asked, each)

    steps = STEPS if steps is None else steps
    with naming("--steps"):
        check_steps(steps)
    with naming("--at"):
        check_psnr(at)
    with naming("--backbone"):
        check_gradient(method)
    with naming("--layers"):
        check_seen_by(by, method)
    files = _files(target, by)
    for file in files.values():
        spare(file, "--output", reference, what="the image REFERENCE itself")
    with naming("--size", unless=measured_size(picture.size, method.size) == picture.size):
        base = resize(picture, method.size)
        check_large_enough(method, base)
    for conversion in picture.notes:
        note(str(conversion))
    found = _made(plan_of(base, method, by, at, seed), steps, files)
    click.echo(json.dumps(found.to_dict(), indent=2, allow_nan=False) if as_json else _text(found))


def _seen_by(asked: Asked, each: bool) -> "tuple[tuple[str, ...], Method]":
    """Who sees, as --layers names it, and the method that tells what each of them says.

    Raises:
        click.BadParameter: --each of no layers, or the sum among others that are not seen by each.
    """
    from explorer.synthesis.eigendistortions import MOST_SEEN_BY, SUM

    text = asked.parameters["layers"]
    names = set(filter(None, (name.strip() for name in (text or "").split(","))))
    layers = ",".join(sorted(names - {SUM}))  # the method puts them in the network's order
    if SUM in names and layers and not each:
        raise bad("--layers", f"{SUM} is all layers together; add --each to look beside it at others.")
    if SUM in names:
        asked = replace(asked, parameters=asked.parameters | {"layers": layers or None})
    method = asked.method()
    if each and not names:
        known = ", ".join((SUM, *method.layers))
        raise bad("--each", f"Name them with --layers, 1 to {MOST_SEEN_BY} of {known}.")
    if names == {SUM} or (not each and len(method.layers) > 1):
        return (SUM,), method
    return (*names & {SUM}, *method.layers), _whole(method)


def _whole(method: "Method") -> "Method":
    """The same method with all of its network's own layers, by which the score is told as well."""
    own = method.row.layer_names
    inner = set(method.layers) <= set(own)
    return replace(method, layers=None if inner else tuple(dict.fromkeys((*own, *method.layers))))


def _files(target: Path | None, by: tuple[str, ...]) -> dict[tuple[str, bool], Path]:
    """Where each picture goes, by who sees it and whether that is most."""
    if target is None:
        return {}
    files = {}
    for name in by:
        for is_most, word in ((True, "most"), (False, "least")):
            parts = (target.stem, *([name] if len(by) > 1 else []), word)
            files[name, is_most] = target.with_name("-".join(parts) + target.suffix)
    return files


def _made(plan: "DirectionsPlan", steps: int, files: dict[tuple[str, bool], Path]) -> "Directions":
    """All of them, with the files written; that they can be is known before the work."""
    from explorer.render import png  # brings plotly
    from explorer.synthesis.eigendistortions import found_in
    from explorer.synthesis.journey import travel

    with ExitStack() as open_files:
        writers = {key: open_files.enter_context(output(path, "--output")) for key, path in files.items()}
        whole = 2 * len(plan.by) * steps + 1
        with ProgressBar(whole, lambda done, total: f"{done} of {total} steps") as bar:
            found = found_in(travel(plan, steps, bar.tell))
        for each in found.seen:
            if write := writers.get((each.by, each.is_most)):
                write(png(each.picture.pixels))
    for path in files.values():
        click.echo(f"{click.format_filename(path)}: written", err=True)
    return found


def _text(found: "Directions") -> str:
    """What was found, then a row a direction."""
    from explorer.analysis.rulers import PSNR, SSIM
    from explorer.synthesis.eigendistortions import SUM, distance_text, small_text

    width, height = found.reference.size
    head = f"{found.reference.name} at {width} × {height} pixels, by {found.method.label}"
    rows = [("seen by", "", "step", "eigenvalue", "distance", "score", PSNR, SSIM)]

    def row(each: "Seen") -> tuple[str, ...]:
        standing, ssim = each.standing, each.standing.values[SSIM]
        bound = "" if each.is_settled else "≥ " if each.is_most else "≤ "
        return (
            "all layers" if each.by == SUM else each.by,
            "most" if each.is_most else "least",
            str(each.step),
            bound + small_text(each.eigenvalue),
            distance_text(each.distance),
            f"{sum(standing.distances):.4f}",
            decibels(standing.values[PSNR]),
            "" if ssim is None else f"{ssim:.4f}",
        )

    rows += map(row, found.seen)
    bounds = found.bounds[0].upper() + found.bounds[1:]
    return f"{head}: {found.sentence} {bounds}.\n\n{table(rows, '<<>>>>>>')}"

"""`verdict`: the smallest change of the closer of two images that makes a metric prefer the other one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output, spare
from explorer.cli.group import bad, naming, note
from explorer.cli.options import method_options
from explorer.cli.progress import ProgressBar
from explorer.images import Picture, measured_size, resize

if TYPE_CHECKING:
    from explorer.analysis.rulers import Ruler
    from explorer.metrics import Method
    from explorer.synthesis.bounds import Bound
    from explorer.synthesis.found import Found
    from explorer.synthesis.trial import Trial


@click.command(short_help="Turn a metric's verdict by a change hardly seen.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("a", type=PATH, callback=existing)
@click.argument("b", type=PATH, callback=existing)
@click.option(
    "--levels", type=int, metavar="N", help="Change no value by more, in grey levels of 255: 1 to 16."
)
@click.option("--psnr", type=float, metavar="X", help="Change it by no more than this PSNR, in dB: 20 to 60.")
@click.option(
    "--same-score",
    is_flag=True,
    help="The converse: scale the change of B until the metric finds it as far as A, and let PSNR fall.",
)
@click.option("--steps", type=int, metavar="N", help="How many are made at most; 40 by default.")
@click.option(
    "--beside",
    metavar="A,B",
    help="Other metrics that are asked whether they fall for it, such as vgg16:lpips-0.1; by default those "
    "whose weights are on this machine.",
)
@method_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-o", "--output", "target", type=PATH, metavar="FILE.png", help="Write the changed image.")
def verdict(
    reference: Path,
    a: Path,
    b: Path,
    levels: int | None,
    psnr: float | None,
    same_score: bool,
    steps: int | None,
    beside: str | None,
    as_json: bool,
    target: Path | None,
    asked: Asked,
) -> None:
    """Change A or B, whichever a metric finds closer to REFERENCE, until it finds the other one closer.

    Without --levels and --psnr the fewest grey levels are looked for.

    \b
    Examples:
      python -m explorer verdict photo.png noisy.png blurred.png
      python -m explorer verdict photo.png noisy.png blurred.png --levels 4 --size 256 -o turned.png
      python -m explorer verdict photo.png noisy.png pale.png --same-score --steps 100 --json
    """
    if (levels is not None) + (psnr is not None) + same_score > 1:
        raise bad("--levels", "Of --levels, --psnr and --same-score only one can be asked for; choose one.")
    if target and target.suffix.lower() != ".png":
        raise bad("--output", f"{click.format_filename(target)} must end in .png.")
    if target:
        spare(target, "--output", reference, a, b)
    base, method = asked.read(reference), asked.method()

    from explorer.synthesis.objective import check_gradient, check_large_enough
    from explorer.synthesis.process import check_steps  # these bring torch
    from explorer.synthesis.transfer import usual_witnesses
    from explorer.synthesis.trial import STEPS, Trial

    steps = STEPS if steps is None else steps
    with naming("--steps"):
        check_steps(steps)
    bound = _bound(levels, psnr)
    pictures = [base, *(asked.matched(base, asked.read(path))[1] for path in (a, b))]
    with naming("--size", unless=measured_size(base.size, method.size) == base.size):
        at_size = [resize(each, method.size) for each in pictures]
        check_large_enough(method, at_size[0])
    method = replace(method, size=None)
    with naming("--backbone"):
        check_gradient(method)
    trial = Trial(*at_size, method, bound, same_score)
    witnesses = usual_witnesses(method, at_size[0].size) if beside is None else _rulers(beside, method)
    for conversion in base.notes:
        note(str(conversion))
    found = _made(trial, witnesses, steps, target)
    if as_json:
        names = {"reference": base.name, "a": pictures[1].name, "b": pictures[2].name}
        click.echo(json.dumps(names | found.to_dict(), indent=2, allow_nan=False))
    else:
        click.echo(_text(found))


def _bound(levels: int | None, psnr: float | None) -> "Bound | None":
    from explorer.synthesis.bounds import Decibels, Levels

    if levels is not None:
        with naming("--levels"):
            return Levels(levels)
    if psnr is not None:
        with naming("--psnr"):
            return Decibels(psnr)
    return None


def _rulers(names: str, method: "Method") -> "tuple[Ruler, ...]":
    from explorer.analysis.rulers import read_ruler

    with naming("--beside"):
        return tuple(read_ruler(name.strip(), method) for name in names.split(",") if name.strip())


def _made(trial: "Trial", witnesses: "tuple[Ruler, ...]", steps: int, target: Path | None) -> "Found":
    """The result, with the file written; that it can be is known before the work."""
    from explorer.render import png  # brings plotly
    from explorer.synthesis.found import Found
    from explorer.synthesis.journey import travel
    from explorer.synthesis.trial import RUNS

    def work() -> "Found":
        whole = len(RUNS) * steps + 1
        with ProgressBar(whole, lambda done, total: f"{done} of {total} steps") as bar:
            journey = travel(trial.plan(witnesses), steps, bar.tell)
        return Found(journey)

    if target is None:
        return work()
    with output(target, "--output") as write:
        found = work()
        picture: Picture = found.now.picture
        write(png(picture.pixels))
    click.echo(f"{click.format_filename(target)}: written", err=True)
    return found


def _text(found: "Found") -> str:
    """For people: the sentence, then a row a metric."""
    from explorer.analysis.rulers import label_of, value_text

    changed, other = found.changed.upper(), found.other.upper()
    before = f"{changed} scaled" if found.keeps_score else f"{changed} before"
    rows = [("", before, f"{changed} changed", other, "")]
    for each in found.opinions():
        values = (value_text(each.ruler, value) for value in (each.before, each.after, each.other))
        mark = "" if found.keeps_score else each.outcome.value
        rows.append((label_of(each.ruler), *values, mark))
    width, height = found.journey.plan.reference.size
    how = f"{found.method.label}, at {width} × {height} pixels, {found.now.step} steps"
    return f"{found.sentence}\n\n{how}\n\n{table(rows, '<>>><')}"

"""`duel`: a picture that one metric calls equal, and another one as close or as far as it can be driven."""

import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from PIL import Image

from explorer.analysis.tables import table
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output, spare
from explorer.cli.group import bad, naming, note
from explorer.cli.options import method_options
from explorer.cli.progress import ProgressBar
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.images import Picture, measured_size, resize

if TYPE_CHECKING:
    from explorer.analysis.rulers import Ruler
    from explorer.metrics import Method
    from explorer.synthesis.competition import Competition
    from explorer.synthesis.journey import Frame, Journey


@click.command(short_help="Make pictures equal by one metric, not by another.")
@click.argument("reference", type=PATH, callback=existing)
@click.option(
    "--hold",
    default="psnr=24",
    show_default=True,
    metavar="METRIC=X",
    help="What stays, and its value: psnr, ssim, lpips, which is the method that the other flags name, or "
    "another, as in vgg16:lpips-0.1=0.3.",
)
@click.option("--lower", metavar="METRIC", help="What is lowered, named in the same way.")
@click.option("--raise", "raised", metavar="METRIC", help="What is raised; with --lower the same metric.")
@click.option(
    "--start",
    default="gaussian_noise",
    show_default=True,
    metavar="NAME|FILE",
    help="A noise, laid on as strongly as --hold asks; or an image, whose change is scaled to that.",
)
@click.option("--steps", type=int, metavar="N", help="How many are made; 100 by default.")
@click.option(
    "--seed", type=click.IntRange(0, HIGHEST_SEED), default=0, metavar="N", help="The pattern of the noise."
)
@click.option(
    "--beside", metavar="A,B", help="Other metrics that are asked at the ends, such as vgg16:lpips-0.1."
)
@method_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "-o",
    "--output",
    "target",
    type=PATH,
    metavar="FILE.png",
    help="Write the picture; where both are made, FILE-lowered.png and FILE-raised.png.",
)
def duel(
    reference: Path,
    hold: str,
    lower: str | None,
    raised: str | None,
    start: str,
    steps: int | None,
    seed: int,
    beside: str | None,
    as_json: bool,
    target: Path | None,
    asked: Asked,
) -> None:
    """Lower and raise a metric among the pictures that lie equally far from REFERENCE by another one.

    Without --lower and --raise both are made, of lpips; where that is held, of psnr.

    \b
    Examples:
      python -m explorer duel photo.png --hold psnr=24 --raise lpips -o out.png
      python -m explorer duel photo.png --hold lpips=0.2 --size 256 -o out.png
      python -m explorer duel photo.png --start blurred.png --hold ssim=0.6 --lower vgg16:lpips-0.1
    """
    if lower and raised and lower != raised:
        raise bad("--raise", f"{raised} is not {lower}, which --lower names; name one metric for both.")
    if target and target.suffix.lower() != ".png":
        raise bad("--output", f"{click.format_filename(target)} must end in .png.")
    held, at = _held(hold)
    picture = asked.read(reference)
    method = asked.method()

    from explorer.synthesis.competition import LOWERED, NOISES, RAISED, RUNS, STEPS, Competition
    from explorer.synthesis.objective import check_large_enough
    from explorer.synthesis.process import check_steps  # these bring torch

    steps = STEPS if steps is None else steps
    with naming("--steps"):
        check_steps(steps)
    runs = tuple(name for name, named in zip((LOWERED, RAISED), (lower, raised), strict=True) if named)
    files = _files(target, runs or RUNS)
    for file in files.values():
        spare(file, "--output", reference, Path(start), what="one of the images that are read")
    first: Picture | str = start
    if start not in NOISES:
        path = Path(start)
        if not path.exists():
            raise bad("--start", f"{start} is no file, and no noise; the noises are {', '.join(NOISES)}.")
        picture, first = asked.matched(picture, asked.read(path))
        first = resize(first, method.size)
    size, method = method.size, replace(method, size=None)
    ruler = _ruler("--hold", held, method)
    # As on the page: where the metric itself is held, nothing is asked of what moves, and PSNR does.
    usual = "psnr" if ruler == method else "lpips"
    moved = _ruler("--lower" if lower else "--raise", lower or raised or usual, method)
    with naming("--size", unless=measured_size(picture.size, size) == picture.size):
        base = resize(picture, size)
        for each in (ruler, moved):
            check_large_enough(each, base)
    with naming("--start" if isinstance(first, Picture) else "--hold"):
        asked_for = Competition(base, ruler, at, moved, first, method, seed, runs or RUNS)
    witnesses = tuple(_ruler("--beside", name.strip(), method) for name in (beside or "").split(",") if name)
    for conversion in picture.notes:
        note(str(conversion))
    made = _made(asked_for, witnesses, steps, files)
    if as_json:
        click.echo(json.dumps(_plain(made, asked_for, start, steps), indent=2, allow_nan=False))
    else:
        click.echo(_text(made, asked_for))


def _held(text: str) -> tuple[str, float]:
    """What --hold says: a metric's name and its value."""
    name, _, value = text.rpartition("=")
    try:
        return name or value, float(value)
    except ValueError:
        raise bad("--hold", f"{text} names no value; write METRIC=X, as in psnr=24.") from None


def _ruler(flag: str, name: str, method: "Method") -> "Ruler":
    from explorer.analysis.rulers import read_ruler
    from explorer.synthesis.objective import check_gradient

    with naming(flag):
        ruler = read_ruler(name, method)
        if flag != "--beside":
            check_gradient(ruler)
    return ruler


def _files(target: Path | None, runs: tuple[str, ...]) -> dict[str, Path]:
    """Where each run's picture goes."""
    if target is None:
        return {}
    if len(runs) == 1:
        return {runs[0]: target}
    return {name: target.with_name(f"{target.stem}-{name}{target.suffix}") for name in runs}


def _made(
    asked: "Competition", witnesses: "tuple[Ruler, ...]", steps: int, files: dict[str, Path]
) -> "Journey":
    """All of it, with the files written; that they can be is known before the work."""
    from contextlib import ExitStack

    from explorer.synthesis.journey import travel

    with ExitStack() as open_files:
        writers = {name: open_files.enter_context(output(path, "--output")) for name, path in files.items()}
        whole = steps * len(asked.runs) + 1
        with ProgressBar(whole, lambda done, total: f"{done} of {total} steps") as bar:
            made = travel(asked.plan(witnesses), steps, bar.tell)
        for name, write in writers.items():
            write(_png(made.frames(name)[-1].picture))
    for path in files.values():
        click.echo(f"{click.format_filename(path)}: written", err=True)
    return made


def _png(picture: Picture) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture.pixels).save(stream, "PNG")
    return stream.getvalue()


def _pictures(made: "Journey") -> "list[tuple[str, Frame]]":
    """What is told: the start, which all runs share, and where each came to."""
    runs = made.runs
    return [("start", made.frames(runs[0])[0]), *((name, made.frames(name)[-1]) for name in runs)]


def _plain(made: "Journey", asked: "Competition", start: str, steps: int) -> dict[str, Any]:
    """Plain values for JSON; an infinite PSNR and an SSIM that cannot be had are null."""
    from explorer.analysis.rulers import text_of

    def number(value: float | None) -> float | None:
        return value if value is not None and math.isfinite(value) else None

    return {
        "reference": asked.reference.name,
        "size": list(asked.reference.size),
        "hold": {"metric": text_of(asked.hold), "value": asked.at},
        "moved": text_of(asked.moved),
        "start": start,
        "seed": asked.seed,
        "steps": steps,
        "method": made.plan.method.to_dict(),
        "pictures": [
            {
                "name": name,
                "step": frame.step,
                "values": {text_of(ruler): number(value) for ruler, value in made.values(frame).items()},
                "layers": dict(zip(made.plan.method.layers, frame.standing.distances, strict=True)),
            }
            for name, frame in _pictures(made)
        ],
        "curves": {name: list(map(number, curve)) for name, curve in made.curves.items()},
    }


def _text(made: "Journey", asked: "Competition") -> str:
    """For people: what was done, then a row a picture."""
    from explorer.analysis.rulers import PSNR, label_of
    from explorer.analysis.wording import decibels

    shown = _pictures(made)
    rulers = tuple(dict.fromkeys(ruler for _, frame in shown for ruler in made.values(frame)))
    width, height = asked.reference.size
    head = (
        f"{made.plan.label} of {asked.reference.name} at {width} × {height} pixels, "
        f"{label_of(asked.hold)} held at {asked.at:g}"
    )

    def told(ruler: "Ruler", value: float | None) -> str:
        if value is None:
            return ""
        return decibels(value) if ruler == PSNR else f"{value:.4f}"

    rows = [("", "step", *map(label_of, rulers))]
    for name, frame in shown:
        values = made.values(frame)
        rows.append((name, str(frame.step), *(told(ruler, values.get(ruler)) for ruler in rulers)))
    return f"{head}\n\n{table(rows, '<' + '>' * (len(rulers) + 1))}"

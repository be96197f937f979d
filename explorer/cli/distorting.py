"""`distort`, and the lists of what there is: `distortions` and `samples`."""

import io
from pathlib import Path
from typing import Any

import click
from PIL import Image

from explorer.analysis.tables import table
from explorer.cli.files import PATH, existing, output, read, spare
from explorer.cli.group import bad, naming, note
from explorer.distortions import CATALOGUE, Distortion, Recipe, Step, random_sequence, table_2
from explorer.distortions.recipe import LONGEST_TEXT
from explorer.errors import SettingError
from explorer.names import harmless
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
    help="A distortion; `distortions` lists them.",
)
@click.option(
    "--severity",
    type=click.FloatRange(0, 1),
    metavar="S",
    help="0 (every pixel as it was) to 1 (strongest).",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="In the place of a severity, a parameter's value, as `distortions` lists them; once for each.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    help="The pattern of a random distortion; 0 by default.",
)
@click.option(
    "--random-sequence",
    "is_drawn",
    is_flag=True,
    help="In the place of all but --seed, two distortions of the paper's Table 2, drawn with the seed.",
)
@click.option(
    "--recipe",
    "file",
    metavar="FILE",
    help="In the place of all these, steps as JSON, one after the other; - reads them from standard input.",
)
def distort(
    source: Path,
    target: Path,
    name: str | None,
    severity: float | None,
    values: tuple[str, ...],
    seed: int | None,
    is_drawn: bool,
    file: str | None,
) -> None:
    """Distort the image IN and write it to OUT, in the format of OUT's ending.

    PNG, TIFF, BMP and WebP (.png, .tiff, .bmp, .webp) keep every pixel; JPEG (.jpg) loses a little.

    A recipe is a list such as [{"name": "jpeg", "values": {"quality": 9}},
    {"name": "gaussian_noise", "values": {"sigma": 12}, "seed": 7}].

    \b
    Examples:
      python -m explorer distort photo.png blurred.png --name gaussian_blur --severity 0.4
      python -m explorer distort photo.png blurred.png --name gaussian_blur --set sigma=1.8
      python -m explorer distort photo.png twice.png --recipe steps.json
      python -m explorer distort photo.png drawn.png --random-sequence --seed 7
    """
    is_said = (name, severity, values) != (None, None, ())
    if file is not None:
        if is_said or is_drawn or seed is not None:
            raise bad("--recipe", "its steps hold names, values and seeds; leave out the other flags.")
        recipe = _read_recipe(file)
    elif is_drawn:
        if is_said:
            raise bad("--random-sequence", "it draws names and values; give --seed alone beside it.")
        with naming("--seed"):
            recipe = random_sequence(seed or 0)
    else:
        recipe = Recipe((_step(name, severity, values, seed or 0),))
    shown = click.format_filename(target)
    if target.suffix.lower() not in FORMATS:
        raise bad("OUT", f"{shown} must end in {', '.join(FORMATS)}.")
    spare(target, "OUT", source, what="the image IN itself")

    with output(target, "OUT") as write:
        picture = read(source)
        distorted = Image.fromarray(recipe.apply(picture.pixels))
        format, options = FORMATS[target.suffix.lower()]
        encoded = io.BytesIO()
        try:
            distorted.save(encoded, format, **options)
        except (OSError, ValueError) as error:  # Pillow's words for "too large" differ from format to format
            size = f"{picture.width} × {picture.height}"
            raise bad("OUT", f"{format} cannot hold {size} pixels; use .png.") from error
        write(encoded.getvalue())

    click.echo(f"{harmless(shown)}: {_told(recipe, severity)}")
    for conversion in picture.notes:
        note(str(conversion))
    if FORMATS[target.suffix.lower()] is _LOSSY:
        note("JPEG is lossy and changes the pixels once more; .png keeps them.")


def _step(name: str | None, severity: float | None, values: tuple[str, ...], seed: int) -> Step:
    """The step that the flags ask for; an error names the one that it is about."""
    if name is None:
        raise click.UsageError(
            "Missing option '--name'; or give all steps with '--recipe', or draw it by '--random-sequence'."
        )
    entry = CATALOGUE[name]
    if severity is not None and values:
        raise bad("--set", "a severity is given too; leave one of the two out.")
    if values:
        with naming("--set"):
            taken = entry.checked(_by_name(values))
    elif severity is not None:
        with naming("--severity"):
            taken = entry.values(severity)  # NaN lies in every range, except in this check
    else:
        raise click.UsageError(f"Missing option '--severity'; or give with '--set' {entry.ranges}.")
    with naming("--seed"):
        return Step(name, taken, seed)


def _by_name(texts: tuple[str, ...]) -> dict[str, float]:
    values = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            raise SettingError(f"{text!r} is no value; write it like sigma=1.8.") from None
        if name in values:
            raise SettingError(f"{name} is given twice; leave one of the two out.")
        values[name] = value
    return values


def _read_recipe(file: str) -> Recipe:
    shown = "Standard input" if file == "-" else click.format_filename(file)
    try:
        with click.open_file(file, "rb") as stream:
            data = stream.read(4 * LONGEST_TEXT)  # a character takes at most four bytes
    except OSError as error:
        reason = error.strerror or error
        raise bad("--recipe", f"{shown} cannot be read ({reason}); check the path.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad("--recipe", f"{shown} is no text in UTF-8; write the recipe as JSON.") from error
    with naming("--recipe"):
        return Recipe.from_json(text)


def _told(recipe: Recipe, severity: float | None) -> str:
    """What was done, in words that name the severity where that was given."""
    if severity is None:
        return ", then ".join(f"{step.name} ({step.note})" for step in recipe)
    (step,) = recipe
    pattern = f" (seed {step.seed})" if step.entry.random and severity > 0 else ""
    return f"{step.name} at severity {severity:g}, {step.label}{pattern}"


@click.command(short_help="List the distortions.")
@click.option(
    "--table2",
    "is_paper",
    is_flag=True,
    help="Those of the paper's Table 2 alone, by its names, with what it leaves open.",
)
def distortions(is_paper: bool) -> None:
    """List the distortions: name, family, parameters with their ranges and at full severity, what they do.

    \b
    Examples:
      python -m explorer distort photo.png noisy.png --name gaussian_noise --severity 0.5 --seed 7
      python -m explorer distortions --table2
    """
    if is_paper:
        rows = [
            ("in the paper", "name", "family", "parameters", "at severity 1", "what the paper leaves open")
        ]
        rows += [(entry.paper, *_facts(entry), entry.left_open) for entry in table_2()]
    else:
        rows = [("name", "family", "parameters", "at severity 1", "description")]
        rows += [(*_facts(entry), _summary(entry)) for entry in CATALOGUE.values()]
    click.echo(table(rows, "<" * len(rows[0])))


def _facts(entry: Distortion) -> tuple[str, str, str, str]:
    return entry.name, entry.family, entry.ranges, entry.describe(1)


def _summary(entry: Distortion) -> str:
    needed = f" Needs {' and '.join(entry.needs)}." if entry.needs else ""
    return entry.summary + needed


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

"""The explorer's questions from a shell: `python -m explorer measure | distort | distortions | samples`.

Results go to standard output. What a user can mend is one line on standard error and exit code 2. A file is
written whole or not at all.
"""

import io
import json
import os
import secrets
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from PIL import Image

from explorer import __version__
from explorer.analysis.tables import ledger, ranking, table
from explorer.distortions import CATALOGUE
from explorer.distortions import distort as apply_distortion
from explorer.errors import ExplorerError, ImageError, SettingError, SizeMismatchError
from explorer.images import FITS, Picture, load, match, measured_size, resize
from explorer.samples import FOLDER, SAMPLES, load_sample

# Nothing at the top of this file may import torch: its two seconds belong to `measure`, not to `--help`.
if TYPE_CHECKING:
    from explorer.metrics import Measurement

BACKBONE = "alexnet"
INTERRUPTED = 130  # what shells report for a process that Ctrl-C has ended: 128 + SIGINT

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


class Shell(click.Group):
    """A group of commands that tells every error in one line."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command and exit: 0 when done, 2 on bad input, 130 on Ctrl-C, 1 on a closed pipe."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal without "σ" or "×" still gets the numbers
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}))
        except click.Abort:
            sys.exit(INTERRUPTED)
        except (click.ClickException, ExplorerError) as error:
            click.echo(f"Error: {_one_line(error)}", err=True)
            sys.exit(2)


def _one_line(error: Exception) -> str:
    text = error.format_message() if isinstance(error, click.ClickException) else str(error)
    names_the_mend = isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter)
    if isinstance(error, click.UsageError) and error.ctx and not names_the_mend:
        text += f" Try '{error.ctx.command_path} --help'."
    # Names of files may hold anything, and click lists choices on lines of their own.
    return "".join(c if c.isprintable() else "�" for c in " ".join(text.split()))


def _existing(
    context: click.Context, parameter: click.Parameter, value: Path | tuple[Path, ...]
) -> Path | tuple[Path, ...]:
    """Refuse the last of many missing files before the first one is measured."""
    for path in value if isinstance(value, tuple) else (value,):
        if not os.path.exists(path):  # unlike Path.exists, False also for a name that is too long
            raise ImageError(f"There is no file {click.format_filename(path)}; check the path.")
    return value


def _longest_side(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Turn --size into a number; what is none is refused in the same words as in Python."""
    if value is None:
        return None
    try:
        size = int(value)
    except ValueError:
        size = value
    measured_size((1, 1), size)
    return size


_PATH = click.Path(path_type=Path)


@click.group(
    "python -m explorer",
    cls=Shell,
    no_args_is_help=False,
    epilog="Each command has its own --help.",
)
@click.version_option(__version__, message="LPIPS Explorer %(version)s")
def shell() -> None:
    """LPIPS Explorer: see where, and in which layer, a perceptual distance arises."""


@shell.command(short_help="Measure LPIPS with its layers, PSNR and SSIM.")
@click.argument("reference", type=_PATH, callback=_existing)
@click.argument("distorted", type=_PATH, callback=_existing, nargs=-1, required=True)
@click.option(
    "--heads", metavar="NAME", default="lpips-0.1", show_default=True, help="lpips-0.1, lpips-0.0 or uniform."
)
@click.option("--layers", metavar="A,B", help="Layers to add up, such as conv1,conv2; all by default.")
@click.option(
    "--size",
    callback=_longest_side,
    metavar="N",
    help="Longest side to measure at, in pixels (never upscaled); as given by default.",
)
@click.option(
    "--background",
    default="white",
    show_default=True,
    metavar="COLOUR",
    help="Laid under transparent images.",
)
@click.option(
    "--fit",
    type=click.Choice(FITS),
    help="Where sizes differ: resize the distorted image to the reference, or crop both to their centre.",
)
@click.option("--device", metavar="NAME", default="auto", show_default=True, help="auto, cuda, mps or cpu.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; for several images a list.")
@click.option(
    "--maps",
    type=_PATH,
    metavar="FILE.npz",
    help="Also write all maps of one pair, with the numbers and settings they belong to, for numpy.load.",
)
def measure(
    reference: Path,
    distorted: tuple[Path, ...],
    heads: str,
    layers: str | None,
    size: int | None,
    background: str,
    fit: str | None,
    device: str,
    as_json: bool,
    maps: Path | None,
) -> None:
    """Measure how far DISTORTED is from REFERENCE: LPIPS with its layers, PSNR and SSIM.

    Several DISTORTED images are ranked, the closest to the reference (the lowest score) first.

    \b
    Examples:
      python -m explorer measure photo.png copy.jpg
      python -m explorer measure photo.png a.png b.png c.png --size 512 --json
      python -m explorer measure photo.png copy.jpg --layers conv1,conv2 --maps maps.npz
    """
    if maps and len(distorted) > 1:
        raise _bad("--maps", "it takes the maps of one pair; name one DISTORTED image.")
    if maps and maps.suffix.lower() != ".npz":
        raise _bad("--maps", f"{click.format_filename(maps)} must end in .npz.")
    original = _load(reference, background)

    # These bring torch, and with it two seconds that a wrong path above need not wait for.
    from explorer.analysis.export import to_json, to_npz
    from explorer.backbones import find_backbone, find_device, find_heads, network
    from explorer.metrics import choose_layers, compare

    backbone = find_backbone(BACKBONE)
    with _naming("--heads"):
        find_heads(heads)
    with _naming("--layers"):
        wanted = None if layers is None else [name.strip() for name in layers.split(",")]
        names = backbone.layer_names if wanted is None else choose_layers(backbone, wanted)
    with _naming("--device"):
        trunk = network(backbone, find_device(device))

    results: list[tuple[str, Measurement]] = []
    with _output(maps, "--maps") if maps else nullcontext() as write:
        for path in distorted:
            pair = _pair(original, path, background, fit)
            scaled = [resize(picture, size) for picture in pair]
            with _naming("--size", unless=pair[0].size == scaled[0].size):
                comparison = compare(*scaled, trunk, [heads], last=names[-1])
            measurement = comparison.measurement(heads, names)
            results.append((click.format_filename(path), measurement))
            if write:
                write(to_npz(comparison, measurement))

    results.sort(key=lambda result: result[1].score)
    if as_json and len(results) == 1:
        click.echo(to_json(results[0][1]), nl=False)
    elif as_json:
        listed = [{**measurement.to_dict(), "distorted": name} for name, measurement in results]
        click.echo(json.dumps(listed, indent=2, allow_nan=False))
    else:
        click.echo(ledger(results[0][1]) if len(results) == 1 else ranking(results))


@shell.command(short_help="Distort an image and write it to a file.")
@click.argument("source", metavar="IN", type=_PATH, callback=_existing)
@click.argument("target", metavar="OUT", type=_PATH)
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
    with _naming("--severity"):
        parameters = CATALOGUE[name].describe(severity)  # NaN lies in every range, except in this check
    shown = click.format_filename(target)
    if target.suffix.lower() not in FORMATS:
        raise _bad("OUT", f"{shown} must end in {', '.join(FORMATS)}.")
    if os.path.exists(target) and target.samefile(source):
        raise _bad("OUT", f"{shown} is the image IN itself; give another name.")

    with _output(target, "OUT") as write:
        picture = _load(source)
        distorted = Image.fromarray(apply_distortion(picture.pixels, name, severity, seed))
        format, options = FORMATS[target.suffix.lower()]
        encoded = io.BytesIO()
        try:
            distorted.save(encoded, format, **options)
        except (OSError, ValueError) as error:  # Pillow's words for "too large" differ from format to format
            size = f"{picture.width} × {picture.height}"
            raise _bad("OUT", f"{format} cannot hold {size} pixels; use .png.") from error
        write(encoded.getvalue())

    pattern = f" (seed {seed})" if CATALOGUE[name].random and severity > 0 else ""
    click.echo(f"{shown}: {name} at severity {severity:g}, {parameters}{pattern}")
    for note in picture.notes:
        click.echo(f"Note: {note}", err=True)
    if FORMATS[target.suffix.lower()] is _LOSSY:
        click.echo("Note: JPEG is lossy and changes the pixels once more; .png keeps them.", err=True)


@shell.command(short_help="List the distortions.")
def distortions() -> None:
    """List the distortions: name, family, parameters at full severity, and what they do.

    \b
    Example:
      python -m explorer distort photo.png noisy.png --name gaussian_noise --severity 0.5 --seed 7
    """
    rows = [("name", "family", "at severity 1", "description")]
    rows += [(entry.name, entry.family, entry.describe(1), entry.summary) for entry in CATALOGUE.values()]
    click.echo(table(rows, "<<<<"))


@shell.command(short_help="List the bundled photographs.")
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


def _load(path: Path, background: str = "white") -> Picture:
    """Read an image; what Pillow would warn about on standard error is in its notes or its error."""
    with warnings.catch_warnings(action="ignore"):
        return load(path, background=background)


def _pair(reference: Picture, path: Path, background: str, fit: str | None) -> tuple[Picture, Picture]:
    """Read a distorted image and bring both to one size; the error says which of many files it is about."""
    try:
        return match(reference, _load(path, background), fit)
    except SizeMismatchError as error:
        sentence = str(error).removesuffix(".")
        raise ImageError(
            f"{click.format_filename(path)}: {sentence} (--fit resize or --fit crop)."
        ) from error


def _bad(parameter: str, message: str) -> click.BadParameter:
    return click.BadParameter(message, param_hint=f"'{parameter}'")


@contextmanager
def _naming(flag: str, unless: bool = False) -> Iterator[None]:
    """Name the flag that an error is about, `unless` it is not to blame."""
    try:
        yield
    except (SettingError, ImageError) as error:
        if unless:
            raise
        raise _bad(flag, str(error)) from error


@contextmanager
def _output(target: Path, parameter: str) -> Iterator[Callable[[bytes], None]]:
    """Give a function that writes a whole file, once it is known that the target can be written.

    The bytes go to a new file beside the target, which then takes its place: whatever fails or is interrupted
    in between, the target is either complete or as it was.

    Args:
        target: Where the file goes.
        parameter: The flag or argument that named it, for the error.

    Raises:
        click.BadParameter: the target cannot be written; raised before the block runs.
    """
    final = Path(os.path.realpath(target))  # through a link, to the file that it names
    part = final.with_name(f".{secrets.token_hex(8)}.part")

    def unwritable(error: OSError) -> click.BadParameter:
        shown, reason = click.format_filename(target), error.strerror or error
        return _bad(parameter, f"{shown} cannot be written ({reason}); choose another place or name.")

    def write(data: bytes) -> None:
        try:
            part.write_bytes(data)
            part.replace(final)
        except OSError as error:
            raise unwritable(error) from error

    try:
        if final.exists():
            final.open("r+b").close()  # refuses folders, pipes and read-only files, and changes nothing
        part.touch(exist_ok=False)
    except OSError as error:
        raise unwritable(error) from error
    try:
        yield write
    finally:
        part.unlink(missing_ok=True)

"""`measure`: a pair, several images against one reference, or two folders."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import ledger, ranking
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output
from explorer.cli.folders import measure_folders
from explorer.cli.group import bad
from explorer.cli.options import method_options

if TYPE_CHECKING:
    from explorer.metrics import Measurement


@click.command(short_help="Measure LPIPS with its layers, PSNR and SSIM.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("distorted", type=PATH, callback=existing, nargs=-1, required=True)
@method_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON; for several images a list.")
@click.option(
    "--maps",
    type=PATH,
    metavar="FILE.npz",
    help="Also write all maps of one pair, with the numbers and settings they belong to, for numpy.load.",
)
@click.option(
    "--csv",
    "table",
    type=PATH,
    metavar="FILE.csv",
    help="For two folders: write a row a pair. The same command goes on with a file that is not complete.",
)
def measure(
    reference: Path,
    distorted: tuple[Path, ...],
    as_json: bool,
    maps: Path | None,
    table: Path | None,
    asked: Asked,
) -> None:
    """Measure how far DISTORTED is from REFERENCE: LPIPS with its layers, PSNR and SSIM.

    Several DISTORTED images are ranked, the closest to the reference (the lowest score) first. Two folders
    are paired by their images' names without the ending: a.png with a.jpg, night/b.png with night/b.webp.

    Exit code 1: some pairs of two folders could not be measured; they are named.

    \b
    Examples:
      python -m explorer measure photo.png copy.jpg
      python -m explorer measure photo.png a.png b.png c.png --size 512 --json
      python -m explorer measure photo.png copy.jpg --layers conv1,conv2 --maps maps.npz
      python -m explorer measure originals/ outputs/ --csv scores.csv
    """
    many = _are_folders(reference, distorted)
    if maps and (many or len(distorted) > 1):
        raise bad("--maps", "it takes the maps of one pair; name one DISTORTED image.")
    if maps and maps.suffix.lower() != ".npz":
        raise bad("--maps", f"{click.format_filename(maps)} must end in .npz.")
    if table and not many:
        raise bad("--csv", "it takes the pairs of two folders; name folders for REFERENCE and DISTORTED.")
    if table and table.suffix.lower() != ".csv":
        raise bad("--csv", f"{click.format_filename(table)} must end in .csv.")
    if table and as_json:
        raise bad("--csv", "the numbers go to one place; leave out --csv or --json.")

    if many:
        measure_folders(reference, distorted[0], asked, table, as_json)
    else:
        _measure_files(reference, distorted, asked, maps, as_json)


def _are_folders(reference: Path, distorted: tuple[Path, ...]) -> bool:
    """Whether two folders are named; anything between folders and files is refused."""
    kinds = [path.is_dir() for path in (reference, *distorted)]
    if not any(kinds):
        return False
    if len(distorted) > 1:
        folder = click.format_filename((reference, *distorted)[kinds.index(True)])
        raise bad("DISTORTED", f"{folder} is a folder, and folders are measured two at a time; name two.")
    if not all(kinds):
        folder, file = sorted((reference, *distorted), key=Path.is_dir, reverse=True)
        raise bad(
            "DISTORTED",
            f"{click.format_filename(folder)} is a folder and {click.format_filename(file)} is not; "
            "name two images or two folders.",
        )
    return True


def _measure_files(
    reference: Path, distorted: tuple[Path, ...], asked: Asked, maps: Path | None, as_json: bool
) -> None:
    original = asked.read(reference)
    method = asked.method()

    from explorer.analysis.export import to_json, to_npz  # these bring torch
    from explorer.analysis.inspection import combined_of

    if maps and not method.has_maps:
        raise bad("--maps", f"{method.heads} has no maps, for it compares whole layers; leave out --maps.")
    results: list[tuple[str, Measurement]] = []
    with output(maps, "--maps") if maps else nullcontext() as write:
        for path in distorted:
            comparison, measurement = asked.compare(method, original, asked.read(path))
            shown = click.format_filename(path)
            measurement = measurement.called(click.format_filename(reference), shown)
            results.append((shown, measurement))
            if write:
                write(to_npz(comparison, measurement, combined_of(measurement)))

    results.sort(key=lambda result: result[1].score)
    if as_json and len(results) == 1:
        click.echo(to_json(results[0][1]), nl=False)
    elif as_json:
        listed = [measurement.to_dict() for _, measurement in results]
        click.echo(json.dumps(listed, indent=2, allow_nan=False))
    else:
        click.echo(ledger(results[0][1]) if len(results) == 1 else ranking(results))

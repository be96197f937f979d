"""`measure`: a pair, several images or a folder against one reference, or two folders."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.analysis.pairing import FilePair, Pairing, pair_folders, pair_with_all
from explorer.analysis.summary import of_measurement
from explorer.analysis.tables import ledger, ranking
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output
from explorer.cli.folders import measure_many, tell_together
from explorer.cli.group import bad
from explorer.cli.options import method_options

if TYPE_CHECKING:
    from explorer.metrics import Measurement


@click.command(short_help="Measure LPIPS with its layers, PSNR and SSIM.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("distorted", type=PATH, callback=existing, nargs=-1, required=True)
@method_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON; for several images or backbones a list.")
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
    help="Write a row a pair and backbone; the same command goes on with a file that is not complete. "
    "What can't be measured is named, and has a row that says why.",
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

    Several DISTORTED images, or a folder of them, are ranked, the closest to the reference (the lowest score)
    first. Two folders are paired by their images' names without the ending: a.png with a.jpg, night/b.png
    with night/b.webp. Several backbones measure each pair, which is read once.

    Exit code 1: some pairs of many could not be measured; they are named.

    \b
    Examples:
      python -m explorer measure photo.png copy.jpg
      python -m explorer measure photo.png a.png b.png c.png --size 512 --json
      python -m explorer measure photo.png copy.jpg --layers conv1,conv2 --maps maps.npz
      python -m explorer measure photo.png candidates/ --csv candidates.csv
      python -m explorer measure originals/ outputs/ --csv scores.csv
      python -m explorer measure originals/ outputs/ --backbone alexnet,vgg16 --csv scores.csv
    """
    is_of_folders = _names_a_folder(reference, distorted)
    if maps and (is_of_folders or len(distorted) > 1 or "," in asked.parameters["backbone"]):
        raise bad("--maps", "it takes the maps of one pair and one backbone; name one DISTORTED image.")
    if maps and maps.suffix.lower() != ".npz":
        raise bad("--maps", f"{click.format_filename(maps)} must end in .npz.")
    if maps and table:
        raise bad("--maps", "it takes the maps of one pair; leave out --csv or --maps.")
    if table and table.suffix.lower() != ".csv":
        raise bad("--csv", f"{click.format_filename(table)} must end in .csv.")
    if table and as_json:
        raise bad("--csv", "the numbers go to one place; leave out --csv or --json.")

    if is_of_folders or table:
        is_ranked = not reference.is_dir()
        measure_many(_pairing(reference, distorted), asked, table, as_json, is_ranked)
    else:
        _measure_files(reference, distorted, asked, maps, as_json)


def _names_a_folder(reference: Path, distorted: tuple[Path, ...]) -> bool:
    """Whether folders are named: two, or one of the distorted images; another mixture is refused."""
    kinds = [path.is_dir() for path in (reference, *distorted)]
    if not any(kinds):
        return False
    folder = click.format_filename((reference, *distorted)[kinds.index(True)])
    if len(distorted) > 1:
        raise bad(
            "DISTORTED",
            f"{folder} is a folder, and folders are measured two at a time, or one behind a REFERENCE image; "
            "name two.",
        )
    if not kinds[1]:
        file = click.format_filename(distorted[0])
        raise bad(
            "DISTORTED",
            f"{folder} is a folder and {file} is not; name two images, two folders, or an image and the "
            "folder that is measured against it.",
        )
    return True


def _pairing(reference: Path, distorted: tuple[Path, ...]) -> Pairing:
    if reference.is_dir():
        return pair_folders(reference, distorted[0])
    if distorted[0].is_dir():
        return pair_with_all(reference, distorted[0])
    return Pairing(tuple(FilePair(reference, path) for path in dict.fromkeys(distorted)))


def _measure_files(
    reference: Path, distorted: tuple[Path, ...], asked: Asked, maps: Path | None, as_json: bool
) -> None:
    original = asked.read(reference)
    methods = asked.methods()

    from explorer.analysis.export import to_json, to_npz  # these bring torch
    from explorer.analysis.inspection import combined_of

    if maps and not methods[0].has_maps:
        raise bad(
            "--maps", f"{methods[0].heads} has no maps, for it compares whole layers; leave out --maps."
        )
    by_method: list[list[tuple[str, Measurement]]] = [[] for _ in methods]
    with output(maps, "--maps") if maps else nullcontext() as write:
        for path in distorted:
            picture, shown = asked.read(path), click.format_filename(path)
            for method, results in zip(methods, by_method, strict=True):
                comparison, measurement = asked.compare(method, original, picture)
                measurement = measurement.called(click.format_filename(reference), shown)
                results.append((shown, measurement))
                if write:
                    write(to_npz(comparison, measurement, combined_of(measurement)))

    for results in by_method:
        results.sort(key=lambda result: result[1].score)
    listed = [measurement for results in by_method for _, measurement in results]
    if as_json and len(listed) == 1:
        click.echo(to_json(listed[0]), nl=False)
    elif as_json:
        plain = [measurement.to_dict() for measurement in listed]
        click.echo(json.dumps(plain, indent=2, allow_nan=False))
    else:
        _print(by_method)


def _print(by_method: "Sequence[Sequence[tuple[str, Measurement]]]") -> None:
    """What each backbone says of the images, and of all of them together."""
    for place, results in enumerate(by_method):
        if place:
            click.echo()
        click.echo(ledger(results[0][1]) if len(results) == 1 else ranking(results))
        tell_together([of_measurement(name, measurement) for name, measurement in results])

"""`measure`: a pair, several images or a folder against one reference, or two folders."""

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.analysis.pairing import FilePair, Pairing, pair_folders, pair_with_all
from explorer.analysis.summary import of_measurement
from explorer.analysis.tables import ledger, ranking
from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output
from explorer.cli.folders import measure_many, tell_together
from explorer.cli.group import bad, printable
from explorer.cli.meaning import Meaning, Wanted, meaning_of, meaning_options, meaning_text
from explorer.cli.options import method_options
from explorer.images import Picture

if TYPE_CHECKING:
    from explorer.analysis.stability import Verdict
    from explorer.metrics import Measurement


@dataclass(frozen=True)
class _Result:
    """What one backbone says of one image: its path as it is shown, the pair as given, and what was found."""

    name: str
    pair: tuple[Picture, Picture]
    measurement: "Measurement"
    meaning: Meaning

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: the measurement, and what its score means where that was asked for."""
        return self.measurement.to_dict() | self.meaning.to_dict()


@click.command(short_help="Measure LPIPS with its layers, PSNR and SSIM.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("distorted", type=PATH, callback=existing, nargs=-1, required=True)
@meaning_options
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
    as_far_as: bool,
    how_sure: bool,
    asked: Asked,
) -> None:
    """Measure how far DISTORTED is from REFERENCE: LPIPS with its layers, PSNR and SSIM.

    Several DISTORTED images, or a folder of them, are ranked, the closest to the reference (the lowest score)
    first. Two folders are paired by their images' names without the ending: a.png with a.jpg, night/b.png
    with night/b.webp. Several backbones measure each pair, which is read once.

    With --how-sure it is also told whether the order of the two closest images survives changes that nobody
    sees.

    Exit code 1: some pairs of many could not be measured; they are named.

    \b
    Examples:
      python -m explorer measure photo.png copy.jpg
      python -m explorer measure photo.png a.png b.png c.png --size 512 --json
      python -m explorer measure photo.png copy.jpg --layers conv1,conv2 --maps maps.npz
      python -m explorer measure photo.png copy.jpg --as-far-as --how-sure
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

    wanted = Wanted(as_far_as, how_sure)
    if wanted and (is_of_folders or table):
        raise bad(wanted.flag, "it asks about images that are named one by one; leave out folders and --csv.")

    if is_of_folders or table:
        is_ranked = not reference.is_dir()
        measure_many(_pairing(reference, distorted), asked, table, as_json, is_ranked)
    else:
        _measure_files(reference, distorted, asked, maps, as_json, wanted)


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
    reference: Path,
    distorted: tuple[Path, ...],
    asked: Asked,
    maps: Path | None,
    as_json: bool,
    wanted: Wanted,
) -> None:
    original = asked.read(reference)
    methods = asked.methods()

    from explorer.analysis.export import to_npz  # these bring torch
    from explorer.analysis.inspection import combined_of

    if maps and not methods[0].has_maps:
        raise bad(
            "--maps", f"{methods[0].heads} has no maps, for it compares whole layers; leave out --maps."
        )
    by_method: list[list[_Result]] = [[] for _ in methods]
    with output(maps, "--maps") if maps else nullcontext() as write:
        for path in distorted:
            picture, shown = asked.read(path), click.format_filename(path)
            pair = asked.matched(original, picture)
            for method, results in zip(methods, by_method, strict=True):
                comparison, measurement = asked.compare(method, original, picture)
                measurement = measurement.called(click.format_filename(reference), shown)
                results.append(_Result(shown, pair, measurement, meaning_of(method, pair, wanted)))
                if write:
                    write(to_npz(comparison, measurement, combined_of(measurement)))

    for results in by_method:
        results.sort(key=lambda result: result.measurement.score)
    verdicts = [_verdict(results[:2]) for results in by_method]
    if as_json:
        _print_json(by_method, verdicts)
    else:
        _print(by_method, verdicts)


def _verdict(closest: Sequence[_Result]) -> "Verdict | None":
    """Whether the order of the two closest images survives the changes; None where that was not asked for."""
    found = [each.meaning.stability for each in closest if each.meaning.stability is not None]
    if len(found) < 2:
        return None
    from explorer.analysis.stability import decided  # brings torch

    return decided([each.name for each in closest], found)


def _print_json(by_method: Sequence[Sequence[_Result]], verdicts: "Sequence[Verdict | None]") -> None:
    """One object, or a list; a verdict stands in that of the closer of its two images."""
    listed = []
    for results, found in zip(by_method, verdicts, strict=True):
        plain = [result.to_dict() for result in results]
        if found is not None:
            plain[0]["verdict"] = found.to_dict()
        listed += plain
    click.echo(json.dumps(listed[0] if len(listed) == 1 else listed, indent=2, allow_nan=False))


def _print(by_method: Sequence[Sequence[_Result]], verdicts: "Sequence[Verdict | None]") -> None:
    """What each backbone says of the images, and of all of them together."""
    for place, (results, found) in enumerate(zip(by_method, verdicts, strict=True)):
        if place:
            click.echo()
        measured = [(result.name, result.measurement) for result in results]
        click.echo(ledger(measured[0][1]) if len(results) == 1 else ranking(measured))
        for text in _meanings(results):
            click.echo(f"\n{text}")
        if found is not None:
            click.echo(f"\n{printable(found.sentence)}")
        tell_together([of_measurement(name, measurement) for name, measurement in measured])


def _meanings(results: Sequence[_Result]) -> Iterator[str]:
    """What the scores mean; of several images each below its name."""
    for result in results:
        text = meaning_text(result.meaning)
        if text:
            yield text if len(results) == 1 else f"{printable(result.name)}\n\n{text}"

"""What was measured with, so that others can measure it again: versions, weights, and a line to cite."""

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from explorer.backbones import HEADS, Backbone, file_of, find_backbone
from explorer.backbones.loading import SEED
from explorer.errors import WeightsError
from explorer.files.own_heads import is_changed
from explorer.files.source import WeightsFile
from explorer.files.weights import checksum, find
from explorer.images import times
from explorer.version import __version__

if TYPE_CHECKING:  # they are made there, and say this of themselves
    from explorer.metrics.results import Measurement

PACKAGES = ("torch", "torchvision", "numpy", "pillow")


def citation_of(measurement: "Measurement") -> str:
    """The citable line: metric, network, weights with their checksums, sizes, resize filter, versions."""
    row = find_backbone(measurement.backbone)
    given, measured = times(measurement.given), times(measurement.size)
    parts = (
        _metric(measurement),
        f"LPIPS Explorer {__version__}",
        f"backbone {measurement.backbone}",
        f"heads {measurement.heads}",
        *_layers(measurement, row),
        _backbone_weights(measurement, row),
        *_head_weights(measurement, row),
        f"{measurement.precision} on {measurement.device}",
        f"given at {given}, measured at {measured} pixels, resize filter {resize_filter(measurement)}",
        ", ".join(f"{name} {number}" for name, number in versions().items()),
    )
    return "; ".join(parts) + "."


def weights_files(measurement: "Measurement") -> list[dict[str, str | None]]:
    """Name and sha256 of each weights file that is read: the backbone's and the heads', where they have one.

    Random weights and uniform heads have none. The sha256 is None where the file is no longer there.
    """
    row = find_backbone(measurement.backbone)
    choices = [] if measurement.weights == "random" else [row.weights]
    found = [_file_of(files) for files in choices] + _head_file(measurement, row)
    return [dict(zip(("name", "sha256"), each, strict=True)) for each in found]


def resize_filter(measurement: "Measurement") -> str:
    """What any of the two pictures was resized with: the notes on conversions tell."""
    return "Lanczos" if any(note.kind == "resized" for note in measurement.notes) else "none"


@cache
def versions() -> dict[str, str]:
    """Of the packages that a number may depend on."""
    return {name: version(name) for name in PACKAGES}


def explorer_and_packages() -> dict[str, str]:
    """The same after the explorer's own."""
    return {"explorer": __version__} | versions()


def layer_choice(measurement: "Measurement", row: Backbone) -> str:
    """The layers in the sum, or "" for the backbone's own."""
    names = tuple(layer.name for layer in measurement.layers)
    return "" if names == row.layer_names else ", ".join(names)


def _metric(measurement: "Measurement") -> str:
    """The metric and its paper, or what else the distance is and where its heads are from."""
    reference = HEADS[measurement.heads].reference
    if measurement.is_published or measurement.heads == "uniform":
        return reference
    return f"Feature distance, {measurement.name.how}; heads from {reference}"


def _layers(measurement: "Measurement", row: Backbone) -> tuple[str, ...]:
    chosen = layer_choice(measurement, row)
    return (f"layers {chosen}",) if chosen else ()


def _backbone_weights(measurement: "Measurement", row: Backbone) -> str:
    if measurement.weights == "random":
        return f"random weights, seed {SEED}"
    return f"{measurement.weights} weights {_checksum_of(row.weights)}"


def _head_weights(measurement: "Measurement", row: Backbone) -> tuple[str, ...]:
    """Uniform heads have no file."""
    return tuple(f"head weights {_in_words(*found)}" for found in _head_file(measurement, row))


def _head_file(measurement: "Measurement", row: Backbone) -> list[tuple[str, str | None]]:
    """Name and sha256 of the heads' file, if they have one."""
    file, own = file_of(row, measurement.heads), HEADS[measurement.heads].own
    if own is not None:
        return [(own.file.file, None if is_changed(own) else own.file.sha256)]
    return [] if file is None else [_file_of((file,))]


def _checksum_of(files: tuple[WeightsFile, ...]) -> str:
    """Name and sha256 of the file that is read, in words."""
    return _in_words(*_file_of(files))


def _in_words(name: str, sha256: str | None) -> str:
    return f"{name} (sha256 {sha256})" if sha256 else f"{name} (no longer on this machine)"


def _file_of(files: tuple[WeightsFile, ...]) -> tuple[str, str | None]:
    """Name and sha256 of the file that is read; None where it was taken away after the network was loaded."""
    try:
        found = find(files)
        return (files[0].file, None) if found is None else (found[1].name, checksum(found[1]))
    except (WeightsError, OSError):
        return files[0].file, None

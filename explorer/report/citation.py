"""One line that says exactly what was measured with, so that someone else can measure it again."""

from importlib.metadata import version

from explorer import __version__
from explorer.analysis.region import Findings
from explorer.backbones import HEADS, Backbone, find_backbone
from explorer.backbones.loading import SEED
from explorer.errors import WeightsError
from explorer.files.source import WeightsFile
from explorer.files.weights import checksum, find
from explorer.images import times
from explorer.metrics import Measurement

PACKAGES = ("torch", "torchvision", "numpy", "pillow")


def citation(found: Findings) -> str:
    """The citable line: metric, network, weights with their checksums, sizes, resize filter, versions."""
    measurement = found.measurement
    row = find_backbone(measurement.backbone)
    given, measured = times(found.reference.size), times(measurement.size)
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


def resize_filter(measurement: Measurement) -> str:
    """What any of the two pictures was resized with: the notes on conversions tell."""
    return "Lanczos" if any(note.kind == "resized" for note in measurement.notes) else "none"


def versions() -> dict[str, str]:
    """Of the packages that a number may depend on."""
    return {name: version(name) for name in PACKAGES}


def layer_choice(measurement: Measurement, row: Backbone) -> str:
    """The layers in the sum, or "" for the backbone's own."""
    names = tuple(layer.name for layer in measurement.layers)
    return "" if names == row.layer_names else ", ".join(names)


def _metric(measurement: Measurement) -> str:
    """The metric and its paper, or what else the distance is and where its heads are from."""
    reference = HEADS[measurement.heads].reference
    if measurement.is_published or measurement.heads == "uniform":
        return reference
    return f"Feature distance, {measurement.name.how}; heads from {reference}"


def _layers(measurement: Measurement, row: Backbone) -> tuple[str, ...]:
    chosen = layer_choice(measurement, row)
    return (f"layers {chosen}",) if chosen else ()


def _backbone_weights(measurement: Measurement, row: Backbone) -> str:
    if measurement.weights == "random":
        return f"random weights, seed {SEED}"
    return f"{measurement.weights} weights {_checksum_of(row.weights)}"


def _head_weights(measurement: Measurement, row: Backbone) -> tuple[str, ...]:
    """Uniform heads have no file."""
    if measurement.heads not in row.heads:
        return ()
    return (f"head weights {_checksum_of((row.heads[measurement.heads],))}",)


def _checksum_of(files: tuple[WeightsFile, ...]) -> str:
    """Name and sha256 of the file that is read."""
    try:
        found = find(files)
    except WeightsError:
        found = None
    if found is None:  # taken away after the network was loaded
        return f"{files[0].file} (no longer on this machine)"
    _, path = found
    return f"{path.name} (sha256 {checksum(path)})"

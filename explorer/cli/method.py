"""From the flags of `measure` to a measurement: the one place of the shell that calls the metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.cli.files import read
from explorer.cli.group import naming
from explorer.errors import ImageError, SizeMismatchError
from explorer.images import Picture, match, measured_size, resize

if TYPE_CHECKING:
    from explorer.analysis.region import Box, Findings
    from explorer.backbones import Network
    from explorer.metrics import Comparison, Measurement


@dataclass(frozen=True)
class Flags:
    """What the command line says about how to measure."""

    backbone: str
    heads: str | None
    layers: str | None
    weights: str
    precision: str
    size: int | None
    background: str
    fit: str | None
    device: str


@dataclass(frozen=True, eq=False)
class Method:
    """The same, with every name checked and every default filled in."""

    flags: Flags
    heads: str
    layers: tuple[str, ...]
    network: "Network"

    def settings(self) -> dict[str, str]:
        """As the columns of a table of pairs have them."""
        return {
            "backbone": self.flags.backbone,
            "heads": self.heads,
            "weights": self.flags.weights,
            "precision": self.flags.precision,
            "longest_side": str(self.flags.size or ""),
            "background": self.flags.background,
            "fit": self.flags.fit or "",
        }

    def compare(self, reference: Picture, distorted: Picture) -> "tuple[Comparison, Measurement]":
        """Measure one picture against another.

        Raises:
            ImageError: the sizes differ and no --fit was given, or a side is too small.
        """
        from explorer.metrics import compare

        pair = matched(reference, distorted, self.flags.fit)
        scaled = [resize(picture, self.flags.size) for picture in pair]
        with naming("--size", unless=pair[0].size == scaled[0].size):
            comparison = compare(*scaled, self.network, [self.heads], self.layers, self.flags.precision)
        return comparison, comparison.measurement(self.heads, self.layers)

    def investigate(
        self, reference: Picture, distorted: Picture, boxes: "Sequence[Box] | None"
    ) -> "Findings":
        """Measure a pair of one size and ask about boxes of it; None asks about its hot spots.

        Raises:
            ImageError: a side is too small.
        """
        from explorer.analysis.region import Meter, investigate

        meter = Meter(self.network, self.heads, self.layers, self.flags.size, self.flags.precision)
        as_given = measured_size(reference.size, self.flags.size) == reference.size
        with naming("--size", unless=as_given):
            found = investigate(reference, distorted, boxes or (), meter)
        if boxes is None and found.spots:
            found = investigate(reference, distorted, [spot.box for spot in found.spots], meter)
        return found

    def measure(self, reference: Path, distorted: Path) -> "Measurement":
        """Measure two files of many; raises as `compare` does, or an ImageError for one that is no image."""
        pictures = (read(path, self.flags.background, full_name=True) for path in (reference, distorted))
        return self.compare(*pictures)[1]


def find_method(flags: Flags) -> Method:
    """Check all names and load the network. This brings torch, and with it two seconds.

    Raises:
        click.BadParameter: an unknown name; says which flag gave it.
        WeightsError: the weights are not there.
    """
    from explorer.backbones import (
        find_backbone,
        find_device,
        find_heads,
        find_precision,
        network,
    )
    from explorer.metrics import choose_layers

    with naming("--backbone"):
        backbone = find_backbone(flags.backbone)
    with naming("--heads"):
        heads = find_heads(flags.heads, backbone).name
    with naming("--layers"):
        wanted = None if flags.layers is None else [name.strip() for name in flags.layers.split(",")]
        layers = backbone.layer_names if wanted is None else choose_layers(backbone, wanted, heads)
    with naming("--device"):
        device = find_device(flags.device)
    with naming("--precision"):
        find_precision(flags.precision, device)
    return Method(flags, heads, layers, network(backbone, device, flags.weights))


def matched(reference: Picture, distorted: Picture, fit: str | None) -> tuple[Picture, Picture]:
    """Bring both to one size; the error says which of many files it is about.

    Raises:
        ImageError: the sizes differ and no --fit was given.
    """
    try:
        return match(reference, distorted, fit)
    except SizeMismatchError as error:
        sentence = str(error).removesuffix(".")
        raise ImageError(f"{distorted.name}: {sentence} (--fit resize or --fit crop).") from error

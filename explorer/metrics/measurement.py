"""From two images to a `Measurement`: the score, its ledger of layers, PSNR and SSIM."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from explorer.backbones import (
    HEADS,
    Backbone,
    Network,
    find_backbone,
    find_device,
    find_heads,
    find_precision,
    find_weights,
    graph_of,
    network,
    precision_on,
)
from explorer.errors import SettingError
from explorer.images import Picture, Source, as_picture, derive, match, resize
from explorer.metrics import classic
from explorer.metrics.dists import network_terms
from explorer.metrics.memory import with_smaller_batches
from explorer.metrics.perceptual import LayerMaps, layer_maps


@dataclass(frozen=True, eq=False)
class LayerMeasurement:
    """One layer's term in the sum."""

    name: str
    channels: int
    grid: tuple[int, int]  # rows, columns
    distance: float  # >= 0, the mean of the map
    share: float  # distance / score, 0..1; NaN where the score is 0
    map: np.ndarray | None  # float32 (rows, columns), the terms before the mean; None where it has none
    parts: Mapping[str, float] = field(default_factory=dict)  # DISTS: texture and structure, whose sum it is


@dataclass(frozen=True, eq=False)
class Measurement:
    """What was measured of a pair, and how."""

    score: float  # the sum of the layers' distances; 0 for identical images, lower is closer
    layers: tuple[LayerMeasurement, ...]  # those in the sum, shallow to deep
    psnr: float  # dB, infinite for identical images
    ssim: float  # -1..1
    backbone: str
    heads: str
    weights: str  # "trained" or "random"
    device: str
    precision: str  # "float32" is exact
    size: tuple[int, int]  # (width, height) that was measured
    notes: tuple[str, ...]  # what was converted or resized on the way

    @property
    def is_published(self) -> bool:
        """Whether this is a metric as it was published: learned heads, trained weights, its own layers."""
        row = find_backbone(self.backbone)
        names = tuple(layer.name for layer in self.layers)
        return self.heads in row.heads and self.weights == "trained" and names == row.layer_names

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an infinite PSNR and undefined shares become None."""
        return {
            "backbone": self.backbone,
            "heads": self.heads,
            "weights": self.weights,
            "device": self.device,
            "precision": self.precision,
            "size": list(self.size),
            "score": self.score,
            "psnr": _finite(self.psnr),
            "ssim": self.ssim,
            "layers": [
                {
                    "name": layer.name,
                    "channels": layer.channels,
                    "grid": list(layer.grid),
                    "distance": layer.distance,
                    "share": _finite(layer.share),
                    **layer.parts,
                }
                for layer in self.layers
            ],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, eq=False)
class Comparison:
    """All of a pair that takes time to compute; any choice of layers and these heads is then arithmetic."""

    reference: Picture  # at the measured size
    distorted: Picture
    backbone: Backbone
    weights: str
    device: str
    precision: str
    layers: tuple[str, ...]  # layers and nodes that were compared, in the network's order
    maps: Mapping[str, LayerMaps]  # heads' name -> layer name -> map; none for DISTS
    terms: Mapping[str, tuple[float, float]]  # DISTS alone: layer name -> (structure, texture)
    squared_error: np.ndarray  # float32 (H, W), mean over channels
    psnr: float
    ssim: float
    ssim_map: np.ndarray  # float64 (H, W), NaN in the border of 5 pixels
    notes: tuple[str, ...] = ()  # how it had to be computed, where that was not as asked

    def measurement(self, heads: str, layers: Sequence[str] | None = None) -> Measurement:
        """The ledger for heads that were compared and a choice of layers (None: all that were compared)."""
        names = self.layers if layers is None else choose_layers(self.backbone, layers, heads)
        entries = {name: self._entry(heads, name) for name in names if name in self.layers}
        score = math.fsum(distance for distance, _, _ in entries.values())
        grids = graph_of(self.backbone).grids(self.reference.size)
        return Measurement(
            score=score,
            layers=tuple(
                LayerMeasurement(
                    name=name,
                    channels=graph_of(self.backbone).channels(name),
                    grid=grids[name],
                    distance=distance,
                    share=distance / score if score > 0 else math.nan,
                    map=map_,
                    parts=parts,
                )
                for name, (distance, map_, parts) in entries.items()
            ),
            psnr=self.psnr,
            ssim=self.ssim,
            backbone=self.backbone.name,
            heads=heads,
            weights=self.weights,
            device=self.device,
            precision=self.precision,
            size=self.reference.size,
            notes=(
                *(f"reference: {note}" for note in self.reference.notes),
                *(f"distorted: {note}" for note in self.distorted.notes),
                *self.notes,
            ),
        )

    @property
    def map_bytes(self) -> int:
        """Bytes of all native maps."""
        return sum(values.nbytes for maps in self.maps.values() for values in maps.values())

    def _entry(self, heads: str, name: str) -> tuple[float, np.ndarray | None, Mapping[str, float]]:
        """A layer's distance, its map, and the parts of the distance where the metric has some."""
        if HEADS[heads].has_maps:
            values = self.maps[heads][name]
            return float(values.mean(dtype=np.float64)), values, {}
        structure, texture = self.terms[name]
        return structure + texture, None, {"structure": structure, "texture": texture}


def compare(
    reference: Picture,
    distorted: Picture,
    trunk: Network,
    heads: Sequence[str],
    layers: Sequence[str] | None = None,
    precision: str = "float32",
) -> Comparison:
    """Compare two pictures of one size, in at most one pass of the network for each.

    Args:
        heads: Names of heads that share their input scaling (`heads_sharing_a_pass`).
        layers: Those to compute, as `choose_layers` gives them; None means the default set.
        precision: A key of `PRECISIONS`.

    Raises:
        SizeMismatchError: the sizes differ.
        ImageError: a side is below the backbone's smallest.
        WeightsError: a weights file is missing or damaged.
    """
    reference, distorted = (
        crop_to_multiple(picture, trunk.backbone) for picture in match(reference, distorted)
    )
    names = trunk.backbone.layer_names if layers is None else tuple(layers)

    def run(net: Network, batch: int) -> tuple[Mapping[str, LayerMaps], Mapping[str, tuple[float, float]]]:
        exactness = precision_on(net.device, precision)
        if all(HEADS[name].has_maps for name in heads):
            return layer_maps(net, reference, [distorted], heads, names, exactness, batch)[0], {}
        return {}, network_terms(net, reference, distorted, names, exactness)

    (maps, terms), used, notes = with_smaller_batches(run, trunk)
    error = classic.squared_error(reference.pixels, distorted.pixels)
    ssim, ssim_map = classic.ssim(reference.pixels, distorted.pixels)
    return Comparison(
        reference=reference,
        distorted=distorted,
        backbone=trunk.backbone,
        weights=trunk.weights,
        device=used.device,
        precision=precision_on(used.device, precision),
        layers=names,
        maps=maps,
        terms=terms,
        squared_error=error,
        psnr=classic.psnr(error),
        ssim=ssim,
        ssim_map=ssim_map,
        notes=notes,
    )


def crop_to_multiple(picture: Picture, backbone: Backbone) -> Picture:
    """Cut a picture right and bottom where a backbone takes only multiples of some number of pixels."""
    multiple = backbone.multiple
    width, height = (side // multiple * multiple for side in picture.size)
    if (width, height) == picture.size or 0 in (width, height):  # one too small is refused in words later
        return picture
    note = f"cropped to {width} × {height}, multiples of {multiple} for {backbone.label}"
    return derive(picture, picture.pixels[:height, :width], note=note)


def measure(
    reference: Source,
    distorted: Source,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    precision: str = "float32",
) -> Measurement:
    """Measure the perceptual distance of two images, with its ledger of layers, PSNR and SSIM.

    Args:
        reference, distorted: A path, the bytes of an image file, a PIL image, a uint8 array of shape
            (H, W, 3) in sRGB, or a `Picture`.
        backbone: The feature network, a key of `explorer.backbones.BACKBONES`.
        heads: "lpips-0.1", "lpips-0.0", "uniform" or what else the backbone has; None takes its first,
            which is "lpips-0.1" for AlexNet, VGG16 and SqueezeNet.
        layers: Names of the layers to add up; None means all. No layer deeper than these is computed. With
            uniform heads also names of the network's other nodes (`explorer.backbones.graph_of(row).nodes`).
        size: The longest side to measure at, in pixels (Lanczos, never upscaled); None never resizes.
        background: What transparent images are laid on, a colour such as "white" or "#808080".
        device: "auto" (cuda, then mps, then cpu) or one of these.
        fit: What to do with two sizes: "resize" the distorted image to the reference's, "crop" both to the
            common centre, or None, which refuses them.
        weights: "trained", or "random" for the control (the same random weights at each call).
        precision: "float32" is exact; "tf32" (CUDA) and "bf16" are faster and move the score.

    Raises:
        ImageError: an image cannot be read, or is too small for the backbone.
        SizeMismatchError: the sizes differ and no `fit` was given.
        SettingError: an unknown name or a value out of range.
        WeightsError: a weights file is missing or damaged.

    Source: Zhang et al., CVPR 2018, equation 1; agrees with the `lpips` package to 1e-5 * max(1, score).
    """
    row = find_backbone(backbone)
    chosen = find_heads(heads, row).name
    names = row.layer_names if layers is None else choose_layers(row, layers, chosen)
    on = find_device(device)
    find_precision(precision, on)
    trunk = network(row, on, find_weights(weights))
    pictures = match(
        as_picture(reference, "reference", background), as_picture(distorted, "distorted", background), fit
    )
    first, second = (resize(picture, size) for picture in pictures)
    return compare(first, second, trunk, [chosen], names, precision).measurement(chosen, names)


def choose_layers(backbone: Backbone, layers: Sequence[str], heads: str = "uniform") -> tuple[str, ...]:
    """Check names of layers, and of nodes where the heads are uniform, and put them in the network's order.

    Raises:
        SettingError: no layer, or one that the backbone or its heads do not have.
    """
    known = ", ".join(backbone.layer_names)
    try:
        layers = [layers] if isinstance(layers, str) else list(layers)
    except TypeError:
        raise SettingError(f"{layers!r} is no list of layers; choose from: {known}.") from None
    if not layers:
        raise SettingError(f"No layer is left in the sum; choose at least one of: {known}.")
    graph = graph_of(backbone)
    for name in layers if heads != "uniform" else ():
        if name not in (*backbone.layer_names, *graph.nodes):
            raise SettingError(f"{backbone.label} has no layer {name!r}; choose from: {known}.")
    names = graph.ordered(tuple(layers))
    for name in names if heads != "uniform" else ():
        if name not in backbone.layer_names:
            raise SettingError(
                f"{backbone.label}'s node {name} has no weights in the heads {heads}; choose the uniform "
                f"heads, or layers from: {known}."
            )
    return names


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None

"""From two images to a `Measurement`: the score, its ledger of layers, PSNR and SSIM."""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from explorer.backbones import (
    Backbone,
    Network,
    find_backbone,
    find_device,
    find_heads,
    network,
)
from explorer.errors import SettingError
from explorer.images import Picture, load, match, resize
from explorer.metrics import classic
from explorer.metrics.perceptual import LayerMaps, layer_maps

Source = str | os.PathLike | bytes | Image.Image | np.ndarray | Picture


@dataclass(frozen=True, eq=False)
class LayerMeasurement:
    """One layer's term in the sum."""

    name: str
    channels: int
    grid: tuple[int, int]  # rows, columns
    distance: float  # >= 0, the mean of the map
    share: float  # distance / score, 0..1; NaN where the score is 0
    map: np.ndarray  # float32 (rows, columns), the terms before the mean


@dataclass(frozen=True, eq=False)
class Measurement:
    """What was measured of a pair, and how."""

    score: float  # the sum of the layers' distances; 0 for identical images, lower is closer
    layers: tuple[LayerMeasurement, ...]  # those in the sum, shallow to deep
    psnr: float  # dB, infinite for identical images
    ssim: float  # -1..1
    backbone: str
    heads: str
    device: str
    size: tuple[int, int]  # (width, height) that was measured
    notes: tuple[str, ...]  # what was converted or resized on the way

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an infinite PSNR and undefined shares become None."""
        return {
            "backbone": self.backbone,
            "heads": self.heads,
            "device": self.device,
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
    device: str
    maps: dict[str, LayerMaps]  # heads' name -> layer name -> map
    squared_error: np.ndarray  # float32 (H, W), mean over channels
    psnr: float
    ssim: float
    ssim_map: np.ndarray  # float64 (H, W), NaN in the border of 5 pixels

    def measurement(self, heads: str, layers: Sequence[str] | None = None) -> Measurement:
        """The ledger for heads that were compared and a choice of layers (None: all that were compared)."""
        maps = self.maps[heads]
        names = self.backbone.layer_names if layers is None else choose_layers(self.backbone, layers)
        distances = {name: float(maps[name].mean(dtype=np.float64)) for name in names if name in maps}
        score = math.fsum(distances.values())
        channels = {layer.name: layer.channels for layer in self.backbone.layers}
        return Measurement(
            score=score,
            layers=tuple(
                LayerMeasurement(
                    name=name,
                    channels=channels[name],
                    grid=maps[name].shape,
                    distance=distance,
                    share=distance / score if score > 0 else math.nan,
                    map=maps[name],
                )
                for name, distance in distances.items()
            ),
            psnr=self.psnr,
            ssim=self.ssim,
            backbone=self.backbone.name,
            heads=heads,
            device=self.device,
            size=self.reference.size,
            notes=(
                *(f"reference: {note}" for note in self.reference.notes),
                *(f"distorted: {note}" for note in self.distorted.notes),
            ),
        )


def compare(
    reference: Picture,
    distorted: Picture,
    trunk: Network,
    heads: Sequence[str],
    last: str | None = None,
) -> Comparison:
    """Compare two pictures of one size, in at most one pass of the network for each.

    Args:
        heads: Names of heads that share their input scaling (`heads_sharing_a_pass`).
        last: The deepest layer wanted; None means all.

    Raises:
        SizeMismatchError: the sizes differ.
        ImageError: a side is below the backbone's smallest.
        WeightsError: a weights file is missing or damaged.
    """
    reference, distorted = match(reference, distorted)
    (maps,) = layer_maps(trunk, reference, [distorted], heads, last)
    error = classic.squared_error(reference.pixels, distorted.pixels)
    ssim, ssim_map = classic.ssim(reference.pixels, distorted.pixels)
    return Comparison(
        reference=reference,
        distorted=distorted,
        backbone=trunk.backbone,
        device=trunk.device,
        maps=maps,
        squared_error=error,
        psnr=classic.psnr(error),
        ssim=ssim,
        ssim_map=ssim_map,
    )


def measure(
    reference: Source,
    distorted: Source,
    backbone: str = "alexnet",
    heads: str = "lpips-0.1",
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
) -> Measurement:
    """Measure the perceptual distance of two images, with its ledger of layers, PSNR and SSIM.

    Args:
        reference, distorted: A path, the bytes of an image file, a PIL image, a uint8 array of shape
            (H, W, 3) in sRGB, or a `Picture`.
        backbone: The feature network, a key of `explorer.backbones.BACKBONES`.
        heads: "lpips-0.1", "lpips-0.0" or "uniform".
        layers: Names of the layers to add up; None means all. No layer deeper than these is computed.
        size: The longest side to measure at, in pixels (Lanczos, never upscaled); None never resizes.
        background: What transparent images are laid on, a colour such as "white" or "#808080".
        device: "auto" (cuda, then mps, then cpu) or one of these.
        fit: What to do with two sizes: "resize" the distorted image to the reference's, "crop" both to the
            common centre, or None, which refuses them.

    Raises:
        ImageError: an image cannot be read, or is too small for the backbone.
        SizeMismatchError: the sizes differ and no `fit` was given.
        SettingError: an unknown name or a value out of range.
        WeightsError: a weights file is missing or damaged.

    Source: Zhang et al., CVPR 2018, equation 1; agrees with the `lpips` package to 1e-5 * max(1, score).
    """
    row = find_backbone(backbone)
    names = row.layer_names if layers is None else choose_layers(row, layers)
    find_heads(heads)
    trunk = network(row, find_device(device))
    pictures = match(
        as_picture(reference, "reference", background), as_picture(distorted, "distorted", background), fit
    )
    first, second = (resize(picture, size) for picture in pictures)
    return compare(first, second, trunk, [heads], last=names[-1]).measurement(heads, names)


def as_picture(source: Source, name: str, background: str = "white") -> Picture:
    """Load an image from any source; `name` stands for those that have none of their own."""
    if isinstance(source, Picture):
        return source
    is_path = isinstance(source, str | os.PathLike)
    return load(source, name=None if is_path else name, background=background)


def choose_layers(backbone: Backbone, layers: Sequence[str]) -> tuple[str, ...]:
    """Check layer names, and put them in the network's order.

    Raises:
        SettingError: no layer, or one that the backbone does not have.
    """
    known = ", ".join(backbone.layer_names)
    try:
        layers = [layers] if isinstance(layers, str) else list(layers)
    except TypeError:
        raise SettingError(f"{layers!r} is no list of layers; choose from: {known}.") from None
    if not layers:
        raise SettingError(f"No layer is left in the sum; choose at least one of: {known}.")
    for name in layers:
        if name not in backbone.layer_names:
            raise SettingError(f"{backbone.label} has no layer {name!r}; choose from: {known}.")
    return tuple(name for name in backbone.layer_names if name in layers)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None

"""What was measured of a pair, as frozen values: a `Measurement`, and the `Comparison` that it comes from."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from explorer.backbones import HEADS, Backbone, find_backbone, graph_of
from explorer.errors import SettingError
from explorer.images import Picture, times
from explorer.metrics.method import choose_layers
from explorer.metrics.naming import Name, is_published, name_of, word_of
from explorer.metrics.perceptual import LayerMaps
from explorer.metrics.provenance import citation_of, explorer_and_packages, weights_files
from explorer.notes import Note


@dataclass(frozen=True)
class Identity:
    """Which picture it was.

    Attributes:
        name: As `Picture.name`: the file's name, a sample's label, what a distortion did. The shell puts the
            path here as it was named there.
        digest: As `Picture.digest`, of the pixels as they were measured: after conversion, resize and crop.
    """

    name: str
    digest: str

    @classmethod
    def of(cls, picture: Picture) -> "Identity":
        """A picture's."""
        return cls(picture.name, picture.digest)


@dataclass(frozen=True, eq=False)
class LayerMeasurement:
    """One layer's term in the sum."""

    name: str
    channels: int
    grid: tuple[int, int]  # rows, columns
    distance: float  # >= 0, the mean of the map
    share: float  # distance / score, 0..1; NaN where the score is 0
    # float32 (rows, columns), the terms before the mean; None where it has none
    map: np.ndarray | None = field(repr=False)
    parts: Mapping[str, float] = field(default_factory=dict)  # DISTS: texture and structure, whose sum it is


@dataclass(frozen=True, eq=False, repr=False)
class Measurement:
    """What was measured of a pair, and how.

    Attributes:
        as_html: What a notebook shows of one. That takes pictures, which the metrics do not make: the public
            face gives it (`explorer/__init__.py`).
    """

    as_html: ClassVar[Callable[["Measurement"], str] | None] = None

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
    notes: tuple[Note, ...]  # what was converted or resized on the way
    reference: Identity
    distorted: Identity
    given: tuple[int, int]  # (width, height) before any resize to `longest_side`
    longest_side: int | None  # that was asked for, in pixels; None for as given

    @property
    def is_published(self) -> bool:
        """Whether this is a metric as it was published: learned heads, trained weights, its own layers."""
        row, names = find_backbone(self.backbone), tuple(layer.name for layer in self.layers)
        return is_published(row, self.heads, self.weights, names)

    @property
    def name(self) -> Name:
        """What it was measured with, as users read it."""
        row, names = find_backbone(self.backbone), tuple(layer.name for layer in self.layers)
        return name_of(row, self.heads, self.weights, names, self.precision)

    @property
    def word(self) -> str:
        """What it was measured with, in one word for the names of files: "alexnet-v0.1"."""
        row, names = find_backbone(self.backbone), tuple(layer.name for layer in self.layers)
        return word_of(row, self.heads, self.weights, names, self.precision)

    @property
    def is_as_given(self) -> bool:
        """Whether the size that was measured is that of the reference as it was given."""
        changed = ("resized", "cropped")
        return not any(note.kind in changed and note.role == "reference" for note in self.notes)

    def __repr__(self) -> str:
        """One line, for a prompt."""
        numbers = f"{self.score:.4f}; PSNR {self.psnr:.2f} dB, SSIM {self.ssim:.4f}"
        return f"<Measurement {self.name.label}: {numbers}, {times(self.size)} pixels>"

    def _repr_html_(self) -> str | None:
        """For a notebook; None, which shows the one line instead, where nobody draws."""
        draw = type(self).as_html
        return None if draw is None else draw(self)

    def called(self, reference: str, distorted: str) -> Self:
        """The same with other names for its pictures, such as the paths by which they can be found again."""
        return replace(
            self,
            reference=replace(self.reference, name=reference),
            distorted=replace(self.distorted, name=distorted),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in the one shape that docs/files.md describes.

        Sizes and grids are [width, height]; an infinite PSNR and undefined shares are None.
        """
        return {
            "reference": {"name": self.reference.name, "digest": self.reference.digest},
            "distorted": {"name": self.distorted.name, "digest": self.distorted.digest},
            "score": self.score,
            "psnr": finite(self.psnr),
            "ssim": self.ssim,
            "size": list(self.size),
            "given": list(self.given),
            "longest_side": self.longest_side,
            "metric": self.name.label,
            "published": self.is_published,
            "backbone": self.backbone,
            "heads": self.heads,
            "weights": self.weights,
            "precision": self.precision,
            "device": self.device,
            "layers": [
                {
                    "name": layer.name,
                    "channels": layer.channels,
                    "grid": list(reversed(layer.grid)),  # as all sizes are; arrays have rows first
                    "distance": layer.distance,
                    "share": finite(layer.share),
                    **layer.parts,
                }
                for layer in self.layers
            ],
            "notes": [str(note) for note in self.notes],
            "weights_files": [dict(file) for file in weights_files(self)],
            "versions": explorer_and_packages(),
            "citation": citation_of(self),
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
    heads: tuple[str, ...]  # that were compared
    layers: tuple[str, ...]  # layers and nodes that were compared, in the network's order
    maps: Mapping[str, LayerMaps]  # heads' name -> layer name -> map; none for DISTS
    terms: Mapping[str, tuple[float, float]]  # DISTS alone: layer name -> (structure, texture)
    squared_error: np.ndarray  # float32 (H, W), mean over channels
    psnr: float
    ssim: float
    ssim_map: np.ndarray  # float64 (H, W), NaN in the border of 5 pixels
    pass_seconds: float  # of one picture through the network, once another had gone the same way
    notes: tuple[Note, ...] = ()  # how it had to be computed, where that was not as asked
    given: tuple[int, int] | None = None  # (width, height) before any resize; None: as measured
    longest_side: int | None = None  # that was asked for; None for as given

    def measurement(self, heads: str, layers: Sequence[str] | None = None) -> Measurement:
        """The ledger for heads that were compared and a choice of layers (None: all that were compared).

        Raises:
            SettingError: heads or a layer that were not compared.
        """
        names = self.layers if layers is None else choose_layers(self.backbone, layers, heads)
        self._check(heads, names)
        entries = {name: self._entry(heads, name) for name in names}
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
                *(replace(note, role="reference") for note in self.reference.notes),
                *(replace(note, role="distorted") for note in self.distorted.notes),
                *self.notes,
            ),
            reference=Identity.of(self.reference),
            distorted=Identity.of(self.distorted),
            given=self.given or self.reference.size,
            longest_side=self.longest_side,
        )

    @property
    def map_bytes(self) -> int:
        """Bytes of all native maps."""
        return sum(values.nbytes for maps in self.maps.values() for values in maps.values())

    def _check(self, heads: str, names: Sequence[str]) -> None:
        """A score with something left out would look like any other."""
        if heads not in self.heads:
            raise SettingError(f"The heads {heads} were not compared, only {', '.join(self.heads)}.", "heads")
        missing = [name for name in names if name not in self.layers]
        if missing:
            raise SettingError(
                f"The layers {', '.join(missing)} were not compared, only {', '.join(self.layers)}.", "layers"
            )

    def _entry(self, heads: str, name: str) -> tuple[float, np.ndarray | None, Mapping[str, float]]:
        """A layer's distance, its map, and the parts of the distance where the metric has some."""
        if HEADS[heads].has_maps:
            values = self.maps[heads][name]
            return float(values.mean(dtype=np.float64)), values, {}
        structure, texture = self.terms[name]
        return structure + texture, None, dict(zip(parts_of(heads), (structure, texture), strict=True))


def parts_of(heads: str) -> tuple[str, ...]:
    """Names of the parts of which a layer's distance is the sum: DISTS has two, maps have none."""
    return () if HEADS[heads].has_maps else ("structure", "texture")


def finite(value: float) -> float | None:
    """A number as JSON has it: None where it is infinite or undefined."""
    return value if math.isfinite(value) else None

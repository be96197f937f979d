"""Many measured pairs as arrays, by metric."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import ImageColor

from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.names import cut, harmless

SCORE, PSNR, SSIM = "score", "psnr", "ssim"  # columns of a table's row, and kinds of metrics
LAYER = "layer"  # one layer's distance, another kind


def in_a_label(text: str, longest: int = 40) -> str:
    """A word of a table, which may be anything, as a label holds it: harmless, and cut whatever is in it."""
    tame = harmless(text)
    return tame if len(tame) <= longest else f"{tame[: longest - 1]}…"


@dataclass(frozen=True)
class How:
    """How some of the pairs were measured, as a table's columns say it, which nobody has checked yet.

    Attributes:
        longest_side: In pixels, as text; "" for as given.
        background: Laid under transparent pixels, as Pillow's ImageColor knows it.
        fit: How two sizes were made one; "" where they were not.
        layers: Those in the sum, shallow to deep.
        label: What it is called: "AlexNet · LPIPS v0.1".
    """

    backbone: str
    heads: str
    weights: str
    precision: str
    longest_side: str
    background: str
    fit: str
    layers: tuple[str, ...]
    label: str

    @property
    def pixels(self) -> tuple[str, str, str]:
        """What PSNR and SSIM depend on beside the pictures."""
        return self.longest_side, self.background, self.fit

    @property
    def at(self) -> str:
        """The size in words: "at 512", "as given"."""
        return f"at {in_a_label(self.longest_side)}" if self.longest_side else "as given"

    @property
    def method(self) -> Method:
        """The same as a method, on any device.

        Raises:
            SettingError: this version, or this machine, cannot measure so; its sentence says why.
        """
        if self.longest_side and not (self.longest_side.isdecimal() and len(self.longest_side) < 6):
            side = cut(harmless(self.longest_side))
            raise SettingError(f"The table's longest side {side!r} is no size in pixels; measure it anew.")
        size = int(self.longest_side) if self.longest_side else None
        precision = self.precision or "float32"
        return Method(self.backbone, self.heads, self.layers, self.weights, size, precision=precision)

    @property
    def colour(self) -> str:
        """The background as "#rrggbb".

        Raises:
            SettingError: it is no colour.
        """
        try:
            red, green, blue = ImageColor.getcolor(self.background or "white", "RGB")
        except ValueError as error:
            colour = cut(harmless(self.background))
            raise SettingError(f"The table's background {colour!r} is no colour; measure it anew.") from error
        return f"#{red:02x}{green:02x}{blue:02x}"


@dataclass(frozen=True)
class Metric:
    """One number of each pair.

    Attributes:
        key: By which links and `Dataset.values` know it: "psnr", "alexnet:lpips-0.1", and for one of its
            layers "alexnet:lpips-0.1/conv2".
        label: For people; no two metrics of a data set have the same.
        kind: `SCORE`, `PSNR`, `SSIM` or `LAYER`.
        how: The place in `Dataset.hows` of the way in which it was measured.
        layer: Its name, for people as well; "" for what is of no single layer.
    """

    key: str
    label: str
    kind: str
    how: int
    layer: str = ""

    @property
    def is_distance(self) -> bool:
        """Whether lower is closer; else higher is."""
        return self.kind in (SCORE, LAYER)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Many pairs and their numbers, in the order in which they came.

    Attributes:
        name: Of the table, or of the folders.
        pairs: Names of the two files, reference first, as the table has them.
        digests: Hashes of their bytes when they were measured, by which a changed file is told (`file_digest`
            in `explorer.analysis.folders`); "" where a table has none.
        hows: The ways of measuring.
        metrics: Scores first, then PSNR and SSIM, then single layers.
        values: Metric key -> float64 (pairs,): NaN where a pair has no such number; a PSNR may be infinite.
        remarks: A sentence for whatever is not shown of what there was: rows that failed, or were no good.
    """

    name: str
    pairs: tuple[tuple[str, str], ...]
    digests: tuple[tuple[str, str], ...]
    hows: tuple[How, ...]
    metrics: tuple[Metric, ...]
    values: Mapping[str, np.ndarray]
    remarks: tuple[str, ...] = ()

    def metric(self, key: str) -> Metric | None:
        """The metric of this key, if there is one."""
        return next((metric for metric in self.metrics if metric.key == key), None)

    @property
    def scores(self) -> tuple[Metric, ...]:
        """The metrics of no single layer."""
        return tuple(metric for metric in self.metrics if metric.kind != LAYER)

    def how_of(self, pair: int, metric: Metric) -> How:
        """How a pair was measured by a metric, or by the first of them where that has no number of it."""
        wanted = [metric, *(each for each in self.metrics if each.kind == SCORE)]
        found = next((each for each in wanted if not np.isnan(self.values[each.key][pair])), metric)
        return self.hows[found.how]

    @property
    def nbytes(self) -> int:
        """About what it takes in memory, in bytes."""
        names = sum(len(text) + 60 for pair in (*self.pairs, *self.digests) for text in pair)
        return names + sum(values.nbytes for values in self.values.values())

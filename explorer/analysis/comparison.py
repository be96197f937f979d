"""The Compare question: how do networks and heads differ on one pair?

Raw distances of different networks are not comparable. A map is therefore shown as a share of its own score
(its mean is 1), or scaled to the score's percentile among a fixed ladder of distortions (`ladder.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from explorer.analysis.inspection import SCALE_PERCENTILE, combined_of
from explorer.backbones import BACKBONES, HEADS, Backbone, find_backbone, find_heads, find_weights
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Comparison, Measurement, classic

MOST = 6  # choices beside each other
SCALES = {
    "share": "Each map over its own score: 1 is the average place. Networks can be compared.",
    "percentile": "Each map's mean is its score's percentile among the ladder of distortions.",
    "raw": "Distances as they are. Those of different networks are not comparable.",
}
UNITS = {"share": "× average", "percentile": "percentile points", "raw": "distance"}
JUDGED = ("lpips-0.1", "lpips-0.0")  # heads that were learned from human judgments on a finished network


@dataclass(frozen=True)
class Choice:
    """What one column measures with.

    Attributes:
        backbone: A key of `BACKBONES`.
        heads: Those of the backbone.
        weights: "trained" or "random".

    Raises:
        SettingError: a name that does not exist, or heads that the backbone has not.
    """

    backbone: str
    heads: str
    weights: str = "trained"

    def __post_init__(self):
        find_heads(self.heads, find_backbone(self.backbone))
        find_weights(self.weights)

    @property
    def row(self) -> Backbone:
        """The backbone's row in the catalogue."""
        return BACKBONES[self.backbone]

    @property
    def label(self) -> str:
        """As users read it."""
        heads = "" if self.heads == "dists" else f" · {HEADS[self.heads].label}"  # the row says DISTS already
        return f"{self.row.label}{heads}{' · random weights' if self.weights == 'random' else ''}"

    @property
    def trained_on(self) -> str:
        """What the network, and the heads on it, were trained on."""
        network = "nothing" if self.weights == "random" else self.row.trained_on
        return f"{network}; heads on human judgments" if self.heads in JUDGED else network

    def __str__(self) -> str:
        """As a link holds it: "vgg16:uniform", or "vgg16:uniform:random"."""
        return f"{self.backbone}:{self.heads}" + (":random" if self.weights == "random" else "")


def read_choice(text: str) -> Choice:
    """Read what `str(choice)` wrote.

    Raises:
        SettingError: not that form, or a name that does not exist.
    """
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise SettingError(
            f"{text!r} names no column; write backbone:heads, such as vgg16:lpips-0.1, and :random behind it "
            "for random weights."
        )
    return Choice(*parts)


def read_choices(text: str) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """Read a link's columns, separated by commas; returns the good ones, and a sentence for each that is not.

    More than `MOST` are refused as a whole, since leaving some out would be a choice that nobody made.
    """
    choices: dict[Choice, None] = {}  # an ordered set
    problems = []
    names = [part for part in text.split(",") if part]
    if len(set(names)) > MOST:
        return (), (too_many(len(set(names))),)
    for name in names:
        try:
            choices[read_choice(name)] = None
        except SettingError as error:
            problems.append(f"The link asks for a column that cannot be had: {error}")
    return tuple(choices), tuple(problems)


def too_many(count: int) -> str:
    """The sentence that refuses more columns than fit."""
    return f"The link asks for {count} columns, but at most {MOST} fit beside each other; leave some out."


def all_choices() -> tuple[Choice, ...]:
    """Every choice of the catalogue, a backbone after the other."""
    return tuple(
        Choice(row.name, heads, weights)
        for row in BACKBONES.values()
        for weights in ("trained", "random")
        for heads in row.head_names
    )


def first_choices(is_ready: Callable[[Backbone], bool]) -> tuple[Choice, ...]:
    """The columns of a first visit: what needs no fetching."""
    choices = (*trained_or_random("alexnet"), Choice("vgg16", "lpips-0.1"))
    return tuple(choice for choice in choices if choice.weights == "random" or is_ready(choice.row))


def trained_or_random(backbone: str) -> tuple[Choice, ...]:
    """One backbone with learned heads, without them, and with random weights: what training adds.

    Raises:
        SettingError: there is no such backbone.
    """
    row = find_backbone(backbone)
    learned = [Choice(row.name, heads) for heads in list(row.heads)[:1]]
    plain = row.head_names[-1]  # uniform where it is offered
    both = dict.fromkeys([*learned, Choice(row.name, plain), Choice(row.name, plain, "random")])
    return tuple(both)


def backbones_for(size: tuple[int, int]) -> tuple[str, ...]:
    """Labels of the backbones that can measure a picture of (width, height)."""
    return tuple(row.label for row in BACKBONES.values() if row.smallest_side <= min(size))


def too_small(choice: Choice, size: tuple[int, int]) -> str | None:
    """The sentence that a picture of (width, height) is too small for a choice; None where it is not."""
    if min(size) >= choice.row.smallest_side:
        return None
    could = backbones_for(size)
    others = f"These could: {', '.join(could)}." if could else "No network could."
    return (
        f"At {size[0]} × {size[1]} the picture is too small: {choice.row.label} needs at least "
        f"{choice.row.smallest_side} pixels on the short side. {others}"
    )


@dataclass(frozen=True, eq=False)
class Column:
    """What one choice measured of the pair."""

    choice: Choice
    measurement: Measurement
    values: np.ndarray | None  # combined map, float32 (H, W) of the whole picture; None where there is none
    seconds: float  # that the comparison took
    cropped: tuple[int, int] | None  # the (width, height) that was measured, where a border was left out

    @property
    def without_map(self) -> str:
        """Why there is no map to show as a share; "" where there is one."""
        if self.values is None:
            return (
                f"{self.choice.row.label} compares statistics of whole layers, so it has a score but no map."
            )
        return "" if self.measurement.score > 0 else "The score is 0, so there are no shares to show."


def column(choice: Choice, comparison: Comparison, size: tuple[int, int], seconds: float) -> Column:
    """Arrange a comparison as a column.

    Args:
        comparison: With the choice's heads among its own.
        size: (width, height) of the whole picture, of which some backbones leave out a border.
        seconds: That the comparison took.
    """
    measurement = comparison.measurement(choice.heads, choice.row.layer_names)
    values = combined_of(measurement)
    if values is not None:
        values = laid_on(values, size)
    return Column(
        choice, measurement, values, seconds, measurement.size if measurement.size != size else None
    )


def laid_on(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A map of a picture that was cropped right and bottom, on the whole picture: NaN where nothing is known.

    Args:
        values: float32 (h, w).
        size: (width, height) of the whole picture, at least (w, h).

    Raises:
        ValueError: the picture is smaller than the map.
    """
    rows, columns = values.shape
    width, height = size
    if rows > height or columns > width:
        raise ValueError(f"a map of {columns} × {rows} does not fit a picture of {width} × {height}")
    if (columns, rows) == size:
        return values
    whole = np.full((height, width), np.nan, np.float32)
    whole[:rows, :columns] = values
    return whole


def scaled(shown: Column, scale: str, percentile: float | None = None) -> np.ndarray | None:
    """A column's map on one of `SCALES`: float32 (H, W), NaN where nothing is known.

    Args:
        percentile: Of the score among the ladder, 0..100, for that scale.

    Returns:
        A map whose mean is 1 ("share"), the percentile, or the score ("raw"). None where there is no map, and
        on the first two scales also where the score is 0.

    Raises:
        SettingError: an unknown scale, or no percentile for that scale.
    """
    if scale not in SCALES:
        raise SettingError(f"There is no scale {scale!r}; choose one of: {', '.join(SCALES)}.")
    if scale == "percentile" and percentile is None:
        raise SettingError("The percentile is not known yet; wait for the ladder, or show shares.")
    score = shown.measurement.score
    if shown.values is None or scale == "raw":
        return shown.values
    if score <= 0:
        return None
    factor = 1.0 if scale == "share" else percentile
    return (shown.values * (factor / score)).astype(np.float32)


def difference_map(first: Column, second: Column) -> np.ndarray | None:
    """Where the first spends more of its score than the second: float32 (H, W).

    The mean is 0 where both cover the whole picture. NaN where one of them knows nothing; None where one of
    them has no shares.
    """
    shares = [scaled(shown, "share") for shown in (first, second)]
    return None if any(values is None for values in shares) else shares[0] - shares[1]


def common_end(maps: Iterable[np.ndarray]) -> float:
    """Where one scale for several maps ends: the 99.5th percentile of all |values|; 1 where all are 0."""
    known = [np.abs(values[np.isfinite(values)]) for values in maps]
    together = np.concatenate(known) if known else np.zeros(0)
    if not together.size:
        return 1.0
    end = float(np.percentile(together, SCALE_PERCENTILE))
    return end if end > 0 else float(together.max()) or 1.0


def reduced(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A map for looking at, on (width, height) pixels, by means; a cell with a NaN in it is NaN."""
    if (values.shape[1], values.shape[0]) == size:
        return values
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BOX))


def classic_numbers(reference: Picture, distorted: Picture) -> tuple[float, float]:
    """PSNR in dB and SSIM of two pictures of one size; SSIM is NaN below 11 × 11 pixels."""
    error = classic.squared_error(reference.pixels, distorted.pixels)
    if min(reference.size) <= 2 * classic.RADIUS:
        return classic.psnr(error), np.nan
    return classic.psnr(error), classic.ssim(reference.pixels, distorted.pixels)[0]


def sentence(columns: Sequence[Column]) -> str:
    """One sentence about where each column's distance arises; "" without columns."""
    if not columns:
        return ""
    measured = [shown for shown in columns if shown.measurement.score > 0]
    if not measured:
        return "Every distance is 0: these networks see no difference between the two images."
    leading = [
        (shown.choice.label, max(shown.measurement.layers, key=lambda layer: layer.share))
        for shown in measured
    ]
    parts = [f"{label} finds {layer.share:.0%} of its distance in {layer.name}" for label, layer in leading]
    return f"{'; '.join(parts)}."

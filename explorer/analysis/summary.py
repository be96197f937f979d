"""What the measurements of many pairs say together: mean and median, the worst pairs, each layer's mean."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.analysis.rows import Row, layers_of

if TYPE_CHECKING:  # importing it would load torch, which a table's rows do not need
    from explorer.metrics import Measurement

MOST_WORST = 5
NUMBERS = ("score", "psnr", "ssim")


@dataclass(frozen=True)
class PairNumbers:
    """One pair's numbers.

    Attributes:
        name: Of the distorted file.
        numbers: By `NUMBERS`; without an SSIM where the picture is smaller than its window.
        layers: Name -> distance.
    """

    name: str
    numbers: Mapping[str, float]
    layers: Mapping[str, float]


@dataclass(frozen=True)
class Summary:
    """Many pairs' numbers together.

    Attributes:
        pairs: How many they are.
        means, medians: By `NUMBERS`, without those that no pair has. A PSNR may be infinite.
        layers: Name -> mean distance; they add up to the score's mean.
        worst: The pairs with the highest scores, the highest first.
    """

    pairs: int
    means: Mapping[str, float]
    medians: Mapping[str, float]
    layers: Mapping[str, float]
    worst: tuple[PairNumbers, ...]


def of_measurement(name: str, measurement: "Measurement") -> PairNumbers:
    """The numbers of a pair that was just measured."""
    numbers = {name: getattr(measurement, name) for name in NUMBERS}
    return PairNumbers(
        name,
        {name: value for name, value in numbers.items() if value is not None},
        {layer.name: layer.distance for layer in measurement.layers},
    )


def of_row(row: Row) -> PairNumbers:
    """The numbers of a table's row, which holds no error."""
    return PairNumbers(
        row["distorted.name"],
        {name: float(row[name]) for name in NUMBERS if row[name]},
        # A table of several backbones has columns for layers of the others, which are empty.
        {layer: float(text) for layer in layers_of(list(row)) if (text := row[f"{layer}.distance"])},
    )


def summarize(found: Sequence[PairNumbers]) -> Summary:
    """Put the numbers of pairs together, all measured in one way.

    Raises:
        ValueError: there is none.
    """
    if not found:
        raise ValueError("there must be a pair at least")
    columns = {name: [pair.numbers[name] for pair in found if name in pair.numbers] for name in NUMBERS}
    columns = {name: values for name, values in columns.items() if values}
    return Summary(
        len(found),
        {name: statistics.fmean(values) for name, values in columns.items()},
        {name: statistics.median(values) for name, values in columns.items()},
        {name: statistics.fmean(pair.layers[name] for pair in found) for name in found[0].layers},
        tuple(sorted(found, key=lambda pair: -pair.numbers["score"])[:MOST_WORST]),
    )

"""From cells to one number: each layer's map, its mean, and the sum as it grows from layer to layer."""

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from explorer.analysis.inspection import layers_end, sentence
from explorer.analysis.wording import percent
from explorer.errors import SettingError
from explorer.metrics import Comparison, Measurement


@dataclass(frozen=True, eq=False)
class LedgerEntry:
    """One layer on its way into the sum.

    Attributes:
        name: The layer's.
        map: float32 (rows, columns), >= 0.
        distance: Its mean, whether the layer is in the sum or not.
        is_in_sum: Whether it counts.
        is_of_method: Whether it counts where nothing is changed.
        before, after: The sum of the distances in the sum up to this layer, without it and with it.
        share: Of the score, 0..1; NaN outside the sum, and where the score is 0.
    """

    name: str
    map: np.ndarray
    distance: float
    is_in_sum: bool
    is_of_method: bool
    before: float
    after: float
    share: float

    @property
    def cells(self) -> int:
        """Over how many the mean goes."""
        return self.map.size


@dataclass(frozen=True, eq=False)
class Ledger:
    """All layers of a pair, and the score.

    Attributes:
        heads: Whose weights the maps have.
        entries: In the network's order.
        score: The sum of the distances in it, as `Measurement.score`.
        whole: The same with all layers of the method in the sum.
        maximum: Where the one colour scale of the maps ends, > 0.
        clipped: The part of all cells beyond it, 0..1.
        sentence: What the numbers say.
    """

    heads: str
    entries: tuple[LedgerEntry, ...]
    score: float
    whole: float
    maximum: float
    clipped: float
    sentence: str


def ledger_of(
    comparison: Comparison, heads: str, off: Collection[str] = (), never: Collection[str] = ()
) -> Ledger:
    """Arrange a comparison as a ledger; arithmetic only, no pass of a network.

    Args:
        comparison: Of a metric with maps, with all layers that are to be shown.
        heads: Heads that were compared.
        off: Names of layers that do not count.
        never: Those of them that the method itself leaves out.

    Raises:
        SettingError: heads that were not compared, or no layer is left in the sum.
    """
    everything = comparison.measurement(heads)
    names = [layer.name for layer in everything.layers if layer.name not in {*off, *never}]
    if not names:
        raise SettingError("The sum needs at least one layer; leave one on.")
    measurement = comparison.measurement(heads, names)
    members = {layer.name: layer for layer in measurement.layers}
    entries, before = [], 0.0
    for layer in everything.layers:
        member = members.get(layer.name)
        after = before + (layer.distance if member else 0.0)
        share = member.share if member else float("nan")
        is_in_sum, is_of_method = member is not None, layer.name not in never
        entries.append(
            LedgerEntry(layer.name, layer.map, layer.distance, is_in_sum, is_of_method, before, after, share)
        )
        before = after
    end = layers_end(everything.layers)
    values = np.concatenate([layer.map.ravel() for layer in everything.layers])
    return Ledger(
        heads,
        tuple(entries),
        measurement.score,
        math.fsum(entry.distance for entry in entries if entry.is_of_method),
        end,
        float((values > end).mean()),
        _most_and_least(measurement) or sentence(comparison, measurement),
    )


def _most_and_least(measurement: Measurement) -> str:
    """What the bars say, with their own numbers; "" where they are too few, or none."""
    if measurement.score == 0 or len(measurement.layers) == 1:
        return ""
    most = max(measurement.layers, key=lambda layer: layer.share)
    least = min(measurement.layers, key=lambda layer: layer.share)
    return (
        f"{most.name} makes the most of the distance, {percent(most.share)}; "
        f"{least.name} the least, {percent(least.share)}."
    )

"""Which channels of a layer make the distance in a region?"""

import math
from dataclasses import dataclass

import numpy as np

from explorer.analysis.region.boxes import Area, Frame, coverage
from explorer.analysis.wording import listed, percent
from explorer.metrics.channels import ChannelPlanes, LayerFeatures

MOST = 10  # channels that are shown
PARTS = (0.5, 0.9, 0.99)  # of the layer's distance in the region


@dataclass(frozen=True, eq=False)
class Channel:
    """One of the channels that contribute most.

    Attributes:
        index: Its number in the layer, from 0.
        weight: Of the heads.
        distance: Its part of the layer's distance in the region.
        share: That over the layer's distance in the region, 0..1.
        planes: What it sees, on the layer's own grid.
    """

    index: int
    weight: float
    distance: float
    share: float
    planes: ChannelPlanes

    @property
    def end(self) -> float:
        """Where the scale ends that both pictures of it share: at the largest magnitude."""
        return float(max(np.abs(self.planes.reference).max(), np.abs(self.planes.distorted).max()))

    @property
    def is_signed(self) -> bool:
        """Whether it falls below 0 anywhere."""
        return bool(min(self.planes.reference.min(), self.planes.distorted.min()) < 0)


@dataclass(frozen=True, eq=False)
class Channels:
    """A layer's channels in a region.

    Attributes:
        layer: Its name.
        contributions: Of each channel, float64 (C,), >= 0.
        top: Those that contribute most, largest first; only channels that contribute.
    """

    layer: str
    contributions: np.ndarray
    top: tuple[Channel, ...]

    @property
    def distance(self) -> float:
        """The layer's distance in the region: the sum of all contributions."""
        return math.fsum(self.contributions)

    @property
    def cumulative(self) -> np.ndarray:
        """Part of the distance that the n largest channels make, n = 1 ... C; empty where it is 0."""
        if not self.distance > 0:
            return np.zeros(0)
        return np.minimum(np.cumsum(np.sort(self.contributions)[::-1]) / self.distance, 1)

    def needed(self, part: float) -> int:
        """How many of the largest channels make a part of the distance, 0..1; 0 where it is 0."""
        return int(np.searchsorted(self.cumulative, part - 1e-12)) + 1 if self.cumulative.size else 0

    @property
    def marks(self) -> tuple[tuple[int, float], ...]:
        """For each of `PARTS` how many of the largest channels reach it, and which part they make, 0..1.

        One channel alone may make far more than half; parts that the same channels reach are one mark.
        """
        cumulative = self.cumulative
        counts = dict.fromkeys(self.needed(part) for part in PARTS) if cumulative.size else {}
        return tuple((count, float(cumulative[count - 1])) for count in counts)

    @property
    def sentence(self) -> str:
        """What the curve says."""
        if not self.top:
            return f"No channel of {self.layer} differs in this region."
        counts = [
            f"{count} {'makes' if count == 1 else 'make'} {percent(share)}" for count, share in self.marks
        ]
        return (
            f"Of {self.layer}'s {len(self.contributions)} channels, {listed(counts)} of its distance in the "
            "region."
        )


def channels_of(features: LayerFeatures, area: Area, frame: Frame, most: int = MOST) -> Channels:
    """Take a layer's distance in a region apart by channel.

    Args:
        features: Of both pictures at the measured size.
        area: In pixels of the image as given.
        frame: How those lie in what was measured.
        most: How many channels to show.
    """
    contributions = features.contributions(coverage(area, frame, features.grid))
    distance = math.fsum(contributions)
    largest = np.argsort(-contributions, kind="stable")[:most]
    chosen = [int(index) for index in largest if contributions[index] > 0]
    top = tuple(
        Channel(
            index,
            float(features.weights[index]),
            float(contributions[index]),
            float(contributions[index]) / distance,
            planes,
        )
        for index, planes in zip(chosen, features.planes(chosen), strict=True)
    )
    return Channels(features.layer, contributions, top)

"""Does a change made for one metric fool others, too?

Each metric is asked of three pictures: the version that was changed as it was, as it is now, and the other
version. It was fooled where it found the changed one closer than the other, and now finds it farther.

Source: that adversarial pictures carry over from one network to the next is of Szegedy et al., Intriguing
properties of neural networks, ICLR 2014 (arXiv 1312.6199), section 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from explorer.analysis.rulers import Ruler, is_similarity, label_of, text_of
from explorer.files.weights import status
from explorer.metrics import Method

OTHERS = ("alexnet", "vgg16", "squeezenet1_1", "dists")  # asked beside the metric, where they are here


class Outcome(StrEnum):
    """What became of a metric's verdict, as users read it."""

    FOOLED = "fooled"
    HOLDS = "not fooled"
    OTHERWISE = "other order before"


@dataclass(frozen=True)
class Opinion:
    """What one metric says.

    Attributes:
        ruler: The metric.
        before, after: Of the changed version as it was, and as it is now.
        other: Of the other version.
    """

    ruler: Ruler
    before: float
    after: float
    other: float

    @property
    def outcome(self) -> Outcome:
        """Whether it was fooled."""
        if not is_closer(self.ruler, self.before, self.other):
            return Outcome.OTHERWISE
        return Outcome.FOOLED if is_closer(self.ruler, self.other, self.after) else Outcome.HOLDS

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "metric": text_of(self.ruler),
            "label": label_of(self.ruler),
            "before": self.before,
            "after": self.after,
            "other": self.other,
            "outcome": self.outcome.value,
        }


def is_closer(ruler: Ruler, one: float, other: float) -> bool:
    """Whether a metric's value is that of a picture closer to the reference than another value's."""
    return one > other if is_similarity(ruler) else one < other


def usual_witnesses(
    method: Method, size: tuple[int, int], names: Sequence[str] = OTHERS
) -> tuple[Method, ...]:
    """The published metrics whose weights are on this machine, but for the method itself.

    Args:
        method: Whose device they take.
        size: (width, height) of the pictures; what needs larger ones is left out.
        names: Of backbones.
    """
    found = (Method(name, device=method.device) for name in names)
    return tuple(
        each
        for each in found
        if each.identity != replace(method, size=None).identity
        and status(each.row.weights).ready
        and min(size) >= each.row.smallest_side
    )

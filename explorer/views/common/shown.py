"""A pair of pictures as a page has it, and the pair as it was measured and is on screen."""

from collections.abc import Hashable
from dataclasses import dataclass

from explorer.analysis.inspection import Inspection
from explorer.analysis.viewing import Viewing
from explorer.errors import SizeMismatchError
from explorer.images import Picture
from explorer.metrics import Measurement, Method
from explorer.views.common.settings import Settings


@dataclass(frozen=True)
class Pair:
    """Two pictures as given, and whether a link can bring them back."""

    reference: Picture
    distorted: Picture
    linkable: bool


class MisfitError(SizeMismatchError):
    """Two pictures of different sizes, for which no mend was chosen.

    Attributes:
        reference, distorted: As given.
    """

    def __init__(self, message: str, reference: Picture, distorted: Picture):
        super().__init__(message, reference.size, distorted.size)
        self.reference, self.distorted = reference, distorted


@dataclass(frozen=True, eq=False)
class Shown:
    """What is on screen: a measured pair, and all that is drawn of it."""

    key: Hashable  # what it was made from
    pair: Pair
    settings: Settings
    method: Method  # of the settings, at this pair's size
    inspection: Inspection
    viewing: Viewing
    seconds: float  # that the comparison took
    exact_score: float | None = None  # where the precision is not float32: what the exact score is
    first: Measurement | None = None  # at a smaller size, where these numbers came first

    def is_of(self, pair: Pair | None) -> bool:
        """Whether this run has measured it of the very pair that is chosen; where it could not, it is not."""
        return self.pair is pair

    @property
    def cost(self) -> tuple[tuple[int, int], float]:
        """The measured size and its seconds."""
        return self.inspection.measurement.size, self.seconds

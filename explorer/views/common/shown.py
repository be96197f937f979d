"""A pair of pictures as a page has it, and the pair as it was measured and is on screen."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from explorer.analysis.inspection import Inspection
from explorer.analysis.viewing import Viewing
from explorer.errors import SizeMismatchError
from explorer.images import Picture
from explorer.metrics import Measurement, Method
from explorer.views.common.settings import Settings


@dataclass(frozen=True)
class Given:
    """Where a picture of a pair comes from, before two sizes were made one.

    Attributes:
        picture: As it was read or made.
        data: The file that was uploaded; None for a sample, and for what a distortion made.
    """

    picture: Picture
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Pair:
    """Two pictures as given, and whether a link can bring them back.

    Attributes:
        given: What they were made of, reference first; None where nobody asks.
    """

    reference: Picture
    distorted: Picture
    linkable: bool
    given: tuple[Given, Given] | None = None


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

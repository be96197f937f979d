"""What a question of the page is asked of."""

from dataclasses import dataclass

from explorer.images import Picture
from explorer.metrics import Method

PAIR = "pair"  # how settings in a link call the distorted image that is chosen in Inspect


@dataclass(frozen=True, eq=False)
class Asked:
    """The pair of the session, as far as it is needed, at the size that is measured.

    Attributes:
        reference: At the measured size.
        distorted: The session's distorted image at that size; None where there is none.
        method: How it is measured; its size is None.
        seed: Of random starts.
    """

    reference: Picture
    distorted: Picture | None
    method: Method
    seed: int

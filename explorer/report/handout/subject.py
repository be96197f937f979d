"""What a chapter's page is made of: a pair, how it is measured, and what the step's link says beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explorer.analysis.ladder import Scores
from explorer.images import Picture
from explorer.metrics import Method

Check = Callable[[], None]


@dataclass(frozen=True)
class Subject:
    """What a page is made of.

    Attributes:
        reference, distorted: Of one size; as they are measured where the method has no size.
        method: How; with a size only for a step on another page.
        parameters: Of the step's link; what a scene does not know is left aside.
        scores: Of the ladder, as far as other chapters have measured it.
        check: Called between two pieces of work; what it raises ends it.
    """

    reference: Picture
    distorted: Picture
    method: Method
    parameters: Mapping[str, str]
    scores: Scores
    check: Check

    def own(self, name: str) -> str:
        """A parameter; "" where the link has none."""
        return self.parameters.get(name, "")

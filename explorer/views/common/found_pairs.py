"""The pairs of versions that Disagree has found last in this tab, for pages that ask people about them."""

from dataclasses import dataclass

from explorer.analysis.disagreement import Disagreements


@dataclass
class FoundPairs:
    """What Disagree leaves to others.

    Attributes:
        found: None before it has measured all versions.
    """

    found: Disagreements | None = None

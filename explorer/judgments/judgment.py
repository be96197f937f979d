"""One person's choice between two versions of a picture, and many of them as a table.

The table is that of pwcmp (Perez-Ortiz and Mantiuk, "A practical guide and software for analysing pairwise
comparison experiments", 2017), which scales such choices: a row a choice, with the columns `COLUMNS`.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.images import Picture
from explorer.names import as_cell

COLUMNS = ("observer", "session", "scene", "condition_A", "condition_B", "is_A_selected")
DIGITS = 12  # of a digest: enough to tell a person's pictures apart


@dataclass(frozen=True)
class Judgment:
    """Which of two versions of a picture somebody finds closer to it.

    Attributes:
        observer: Who has judged, as they want to be called.
        session: In which sitting.
        scene: The reference, as `scene_of` names it.
        condition_a, condition_b: What was done to it, as the text of a recipe in a link; A was on the left.
        is_a_selected: Whether A was chosen; B otherwise.
    """

    observer: str
    session: str
    scene: str
    condition_a: str
    condition_b: str
    is_a_selected: bool

    @property
    def row(self) -> tuple[str, ...]:
        """Its line of the table, under `COLUMNS`."""
        texts = self.observer, self.session, self.scene, self.condition_a, self.condition_b
        return *map(as_cell, texts), str(int(self.is_a_selected))


def scene_of(reference: Picture) -> str:
    """A reference at the size at which it was judged: its name, this size, and how its digest begins.

    A condition's recipe, laid on the picture of this size, makes what was seen.
    """
    return f"{reference.name} {reference.width}x{reference.height} {reference.digest[:DIGITS]}"


def to_csv(judgments: Sequence[Judgment]) -> str:
    """Judgments as a table, in their order, without what a spreadsheet would take for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(judgment.row for judgment in judgments)
    return stream.getvalue()

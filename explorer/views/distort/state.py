"""What the Distort page keeps in a session: the list of steps as it is edited, and what was measured."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from explorer.analysis.steps import AfterStep, Found, StepLedger
from explorer.distortions import Recipe, Step
from explorer.distortions.recipe import MOST_STEPS
from explorer.images import Picture
from explorer.jobs import Job
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause
from explorer.views.common.session import Session, set_distortion
from explorer.views.common.settings import Settings

NEW_SEVERITY = 0.5  # of a step that is added


@dataclass
class Row:
    """A step in the list.

    Attributes:
        number: Its own for as long as it is in the list, wherever it stands: its widgets' keys hold it.
        step: As it is now.
        severity: That it was chosen by; None where its values were typed.
    """

    number: int
    step: Step
    severity: float | None


@dataclass
class DistortState(PageState):
    """What the page keeps.

    Attributes:
        rows: The list of steps; it follows the settings where these were changed elsewhere.
        reference: The last one there was; it stays on screen where another choice is none.
        known: What was measured, by the step's number among those that are on.
        shown: The reference, and the ledger that is on screen, from which files are made.
        measuring: The work on what is missing of that, running or over.
        display: How the pictures are shown.
        added: How many steps were added; a part of the key of the menu that adds them.
        file_id: Of the uploaded recipe that was read last.
    """

    rows: list[Row] = field(default_factory=list)
    reference: Picture | None = None
    known: Kept[dict[int, AfterStep]] = field(default_factory=Kept)
    shown: Kept[tuple[Picture, StepLedger]] = field(default_factory=Kept)
    measuring: Kept[Job[Found]] = field(default_factory=Kept)
    display: CandidatesDisplay = field(default_factory=CandidatesDisplay)
    added: int = 0
    file_id: str = ""
    _numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.measuring)

    def follow(self, settings: Settings) -> None:
        """Have the rows that the settings say, which may come from a link or another page."""
        steps = settings.recipe.steps
        if tuple(row.step for row in self.rows) == steps:
            return
        self.rows = [self._row(step) for step in steps]
        if not settings.steps:  # one distortion, of which it is known how it was chosen
            self.rows[0].severity = settings.severity if settings.values is None else None

    def _row(self, step: Step) -> Row:
        return Row(self._numbers(), step, step.entry.severity_of(step.values))

    def add(self, name: str) -> None:
        """Put a distortion behind the others, at a medium severity."""
        self.added += 1
        if len(self.rows) < MOST_STEPS:
            self.rows.append(Row(self._numbers(), Step.at(name, NEW_SEVERITY), NEW_SEVERITY))

    def remove(self, number: int) -> None:
        """Take a row out; the last one stays, since a recipe has a step."""
        if len(self.rows) > 1:
            self.rows = [row for row in self.rows if row.number != number]

    def move(self, number: int, by: int) -> None:
        """Move a row up (−1) or down (1), where there is room."""
        places = [row.number for row in self.rows]
        place = places.index(number) if number in places else -1
        if place >= 0 and 0 <= place + by < len(self.rows):
            self.rows.insert(place + by, self.rows.pop(place))

    def replace(self, recipe: Recipe) -> None:
        """Have the steps of another recipe, as rows of their own."""
        self.rows = [self._row(step) for step in recipe]

    def settings_from(self, settings: Settings) -> Settings:
        """The settings with what the rows say; one row alone is the one distortion of the sidebar."""
        first, *others = self.rows
        if not others and first.step.is_on and first.severity is not None:
            return settings.with_severity(first.step.name, first.severity, first.step.seed)
        return settings.with_recipe(Recipe(tuple(row.step for row in self.rows)))


def keep_rows(session: Session) -> None:
    """Make the list the recipe of all pages; where it has changed, the pair is the reference under it."""
    settings = session.state(DistortState).settings_from(session.settings)
    if settings.recipe != session.settings.recipe or settings.steps != session.settings.steps:
        session.origins["pairing"] = "distort"
        session.settings = settings
        set_distortion(session)


def change_rows(session: Session, change: Callable[..., None], *arguments: Any) -> None:
    """Change the list, and the recipe with it.

    Args:
        change: A method of the session's `DistortState`.
    """
    change(*arguments)
    keep_rows(session)


def with_step(row: Row, step: Step, severity: float | None, is_on: bool) -> None:
    """Change what a row does."""
    row.step, row.severity = replace(step, is_on=is_on), severity

"""What the page Results keeps in a session: the votes that it has read, and what was measured for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from explorer.jobs import Job
from explorer.judgments.asking.trial import Vote
from explorer.judgments.class_distances import TrialDistances
from explorer.judgments.class_results import ClassResults
from explorer.judgments.scaling import Choices, Scale, ScaledGroup
from explorer.judgments.store import SessionInfo, Store
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause

MOST_DISTANCES = 16  # metrics of a session
MOST_GROUPS = 16  # of a scale, that were looked at


@dataclass
class ResultsState(PageState):
    """What the page keeps.

    Attributes:
        code: Of the session that the votes are of.
        votes: Those that were read so far, in their order.
        measuring: The work on pictures that are not measured yet, running or over.
        distances: What metrics say, by session and metric.
        found: The results that are shown.
        shown: What the metrics among them say.
        scale: The scale that is shown without intervals, how many votes it is of, and when it was made.
        choices: Of what it was made.
        group: Groups of it with intervals, by their places.
        chosen: The dispute that is looked at: a trial's number, by the table that lists it.
        rows, listed: Of that table in the last run: the rows that were selected, and all trials.
        display: How the maps are shown.
        removed: Code of the session that was removed just now; "" where none was.
    """

    code: str = ""
    votes: tuple[Vote, ...] = ()
    measuring: Kept[Job[int]] = field(default_factory=Kept)
    distances: Kept[TrialDistances] = field(default_factory=lambda: Kept(MOST_DISTANCES))
    found: Kept[ClassResults] = field(default_factory=Kept)
    shown: tuple[TrialDistances, ...] = ()
    scale: Kept[tuple[Scale, int, float]] = field(default_factory=Kept)
    choices: Choices | None = None
    group: Kept[ScaledGroup] = field(default_factory=lambda: Kept(MOST_GROUPS))
    chosen: Kept[int] = field(default_factory=Kept)
    rows: Sequence[int] = ()
    listed: Sequence[int] = ()
    display: CandidatesDisplay = field(default_factory=lambda: CandidatesDisplay(first="A", second="B"))
    removed: str = ""

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.measuring)
        self.removed = ""

    def read(self, store: Store, info: SessionInfo) -> tuple[Vote, ...]:
        """The session's votes; only those are read that have come since the last time.

        Raises:
            AskingError: the session was removed.
            StoreError: the database fails.
        """
        if info.code != self.code:
            self.code, self.votes = info.code, ()
        known = self.votes[-1].order if self.votes else 0
        if info.votes > known:
            self.votes += store.votes(info.code, since=known)
        return self.votes

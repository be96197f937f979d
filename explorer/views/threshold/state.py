"""What the page Threshold keeps in a session: runs, what was answered since, and the work at the end."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from explorer.images import Picture
from explorer.jobs import Job
from explorer.judgments.asking.noticed import MetricThere, Noticed
from explorer.judgments.asking.threshold import WEAKEST, Detection, Side, next_severity, next_side
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause
from explorer.views.threshold.browsers import ByBrowser, lasting


@dataclass(frozen=True)
class Run:
    """The answers about one distortion of one picture.

    Attributes:
        seed: Of the sides.
        attempt: How often it was started over: the sides are then others.
        answers: In their order.
        weakest: The weakest severity that can be shown.
    """

    seed: int
    attempt: int = 0
    answers: tuple[Detection, ...] = ()
    weakest: float = WEAKEST

    @property
    def side(self) -> Side:
        """Where the distorted picture stands next."""
        return next_side(self.seed, len(self.answers), self.attempt)

    @property
    def severity(self) -> float:
        """Of what is shown next."""
        return next_severity(self.answers, self.weakest)

    def answered(self, chosen: Side) -> "Run":
        """The run with an answer to what is shown now."""
        return replace(self, answers=(*self.answers, Detection(self.severity, self.side, chosen)))

    def anew(self) -> "Run":
        """Without any answer."""
        return Run(self.seed, self.attempt + 1, weakest=self.weakest)


@dataclass
class ThresholdState(PageState):
    """What the page keeps.

    Attributes:
        base: The reference at the measured size.
        runs: By what they are about. The page puts the browser's here, which outlive a closed tab.
        made: The distorted picture that is shown.
        noticed: What the answers say, once they are all there, for the files.
        measuring: The work on the metrics' values, running or over.
        done: What was chosen on cards since the last run of the page: the card's key, and a side.
        reference: The last one there was; what is known of it stays on screen.
    """

    base: Kept[Picture] = field(default_factory=Kept)
    runs: Kept[Run] = field(default_factory=lasting)
    made: Kept[Picture] = field(default_factory=Kept)
    noticed: Kept[Noticed] = field(default_factory=Kept)
    measuring: Kept[Job[MetricThere]] = field(default_factory=Kept)
    done: list[tuple[str, Side]] = field(default_factory=list)
    reference: Picture | None = None

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.measuring)

    def choose(self, key: str, side: Side) -> None:
        """Take what was chosen on a card; the page, which knows the card, then follows."""
        self.done.append((key, side))

    def run_of(self, about: Hashable, seed: int, weakest: Callable[[], float]) -> Run:
        """The run about a distortion of a picture, as far as it has come.

        Args:
            about: What it is about.
            seed: Of the sides.
            weakest: Finds the weakest severity that can be shown, for a run that begins.
        """
        return self.runs.get(about) or self.runs.keep(about, Run(seed, weakest=weakest()))

    def start_over(self, about: Hashable, run: Run) -> None:
        """Forget a run's answers."""
        self.runs.keep(about, run.anew())


browsers: ByBrowser[Run] = ByBrowser()

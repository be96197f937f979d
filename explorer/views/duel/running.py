"""What is made on the page: begun, paused, gone on with, made longer; and about how long that takes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal

from explorer.backbones import find_device
from explorer.errors import SettingError
from explorer.jobs import Job, Task, pool
from explorer.synthesis.competition import CompetitionPlan
from explorer.synthesis.cost import step_seconds
from explorer.synthesis.example import STEPS, example, is_example
from explorer.synthesis.journey import Frame, Journey, Plan
from explorer.synthesis.process import MOST_STEPS
from explorer.views.common.browser import browser_is_there
from explorer.views.common.runs import runs

PATIENCE = 5.0  # seconds for a step that is still under way to end, before another job goes on
FIRST_LOOK = 0.6  # seconds that the page waits for the first pictures before it is drawn
RUNS = 2  # side by side, of a plan that does not say what its steps take
SHORT = 90.0  # seconds; beyond, it is said in minutes
KINDS = 64  # of work whose pace is remembered
UNASKED = 60.0  # seconds; longer work is started by nobody but the user

Stage = Literal["running", "pausing", "paused", "failed", "done"]


@dataclass(eq=False)
class Trip:
    """One journey of a session, with the work on it.

    Attributes:
        mode: Which question it answers.
        settings: Of that mode.
        journey: What was made so far.
        steps: How many are asked for in all.
        job: The work, running or over; None before it.
        was_left: Whether it ran when the page was left, so that it goes on when the page is there again.
        is_asked: Whether a click or a link has asked for it; what nobody has asked for begins only where it
            takes no time from that.
        is_bundled: Whether its pictures came with the app; the work is to measure them.
    """

    mode: str
    settings: Any
    journey: Journey
    steps: int
    job: Job[Frame] | None = None
    was_left: bool = False
    is_asked: bool = False
    is_bundled: bool = False

    @property
    def stage(self) -> Stage:
        """How far the work is."""
        job = self.job
        if job is None or job.state == "done":
            return "done"
        if not job.is_over:
            return "pausing" if job.is_ending or self.was_left else "running"
        return "failed" if job.state == "failed" else "paused"

    @property
    def is_under_way(self) -> bool:
        """Whether more comes."""
        return self.stage in ("running", "pausing")

    @property
    def key(self) -> Hashable:
        """What the result depends on, but for the number of steps."""
        return self.journey.plan.key

    def go_on(self, steps: int, instead_of: "Trip | None" = None) -> None:
        """Start the work, or go on with it until so many steps in all; it ends where the tab is closed.

        Args:
            steps: In all.
            instead_of: Another trip, which is paused once this one is under way: a refusal leaves it alone.

        Raises:
            SettingError: it would take more memory than there is, or a step of before has not ended.
        """
        with runs.aside():
            if self.job is not None and not self.job.wait(PATIENCE):
                raise SettingError("The last step is still under way; ask again in a moment.")
            task = _measuring(self.journey) if self.is_bundled else self.journey.task(steps)
            self.job, self.steps, self.was_left = pool.start(task, browser_is_there()), steps, False
            if instead_of is not None:
                instead_of.pause()
            self.job.wait(FIRST_LOOK)

    def pause(self) -> None:
        """End the work at its next step; what was made stays."""
        if self.job is not None:
            self.job.cancel()

    def leave(self) -> None:
        """The same for a page that is left, on which the work goes on by itself later."""
        if self.stage == "running":
            self.was_left = True
            self.pause()


def bundled(mode: str, settings: Any, plan: Plan) -> Trip | None:
    """The example that comes with the app, where that is what is asked for."""
    if not (isinstance(plan, CompetitionPlan) and is_example(plan.competition)):
        return None
    return Trip(mode, settings, Journey(plan), STEPS, is_bundled=True)


def _measuring(journey: Journey) -> Task[Frame]:
    """Measure the bundled pictures, and then ask the other metrics, which takes longer."""

    def work(job: Job[Frame]) -> None:
        found = example(journey.plan.competition.plan())
        if found is not None:
            journey.take(found)
        journey.ask_witnesses(job)

    return Task("Measuring the example", work)


# Seconds of a step of all runs together, by the kind of work; of all users together, one at a time.
_paces: OrderedDict[Hashable, float] = OrderedDict()
_noting = threading.Lock()


def note_pace(trip: Trip) -> None:
    """Remember how fast the steps of a running trip come, as far as that is known."""
    job = trip.job
    left = None if job is None or trip.is_bundled else job.seconds_left
    # After the last step other metrics are asked, which tells nothing of steps.
    if not left or job.total <= job.done or trip.journey.step >= trip.steps:
        return
    # A run that stays as it is takes no time.
    moving = sum(len(values) > 1 for values in tuple(trip.journey.curves.values()))
    kind = _kind(trip.mode, trip.journey.plan)
    with _noting:
        _paces[kind] = left / (job.total - job.done) * max(1, moving)
        _paces.move_to_end(kind)
        while len(_paces) > KINDS:
            _paces.popitem(last=False)


def about(mode: str, plan: Plan, steps: int) -> str:
    """About how long so many steps take, as the end of a button's words."""
    return f", about {short_words(seconds_of(mode, plan, steps))}"


def short_words(seconds: float) -> str:
    """A time where there is little room: "12 s", "3 min"."""
    return f"{max(1, seconds):.0f} s" if seconds < SHORT else f"{seconds / 60:,.0f} min"


def seconds_of(mode: str, plan: Plan, steps: int) -> float:
    """About how long so many steps take: as the last of their kind did, else by a first guess."""
    with _noting:
        each = _paces.get(_kind(mode, plan))
    if each is None:
        device = find_device(plan.method.device)
        each = step_seconds(plan.rulers or RUNS * (plan.method,), plan.reference.size, device)
    return each * steps


def _kind(mode: str, plan: Plan) -> Hashable:
    rulers = tuple(each if isinstance(each, str) else each.identity for each in plan.rulers)
    return mode, rulers, plan.method.identity, plan.reference.size


def more_steps(made: int, usual: int) -> int:
    """How many there are in all where some more are asked for, and so many were made."""
    return min(MOST_STEPS, made + usual)


def is_quick(mode: str, plan: Plan, steps: int) -> bool:
    """Whether so many steps may start unasked, on a page that has nothing else to show."""
    return seconds_of(mode, plan, steps) <= UNASKED

"""A verdict about two versions: what is asked, as a plan, and what was found, from its journey."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import torch

from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.images import Picture, to_one_size
from explorer.metrics import Method
from explorer.synthesis.bounds import Bound
from explorer.synthesis.holding import holding_of
from explorer.synthesis.journey import Frame, Journey, Plan
from explorer.synthesis.levels import levels_of
from explorer.synthesis.mad import Competitor
from explorer.synthesis.objective import Objective, check_gradient
from explorer.synthesis.process import Process
from explorer.synthesis.transfer import Opinion, Outcome
from explorer.synthesis.verdict import Still, check_order, moved_by, process_for

RUNS = ("a", "b")


@dataclass(frozen=True, eq=False)
class Trial:
    """What is asked.

    Attributes:
        reference, a, b: The picture and its versions, of one size, at which they are measured.
        method: Whose verdict it is; its size is None.
        bound: How far the closer version may be changed; None looks for the fewest grey levels.
        keeps_score: Whether the converse is asked, in which no bound counts: the closer version is changed as
            far as PSNR can see, while the method's score stays.
    """

    reference: Picture
    a: Picture
    b: Picture
    method: Method
    bound: Bound | None = None
    keeps_score: bool = False

    def __post_init__(self) -> None:
        check_gradient(self.method)
        for version in (self.a, self.b):
            to_one_size(self.reference, version)

    @property
    def key(self) -> Hashable:
        """Equal for trials that make the same."""
        pictures = (each.digest for each in (self.reference, self.a, self.b))
        way = "score" if self.keeps_score else self.bound
        return "verdict", *pictures, self.method.identity, way

    def plan(self, witnesses: tuple[Ruler, ...] = ()) -> Plan:
        """What is to be made: a run for each version, by the names of `RUNS`.

        Args:
            witnesses: Other metrics that are asked, beside PSNR and SSIM, whether they fall for it.
        """
        label = "Changing it at one score" if self.keeps_score else "Turning the verdict"
        key = self.key, tuple(each if isinstance(each, str) else each.identity for each in witnesses)
        return Plan(key, label, self.reference, self.method, witnesses, self._make)

    def _make(self) -> Mapping[str, Process]:
        """What changes the closer version, beside the other one, which stays.

        Raises:
            SettingError: both are equally far, or the closer one is the reference to the method.
        """
        objective = Objective(self.method, self.reference, self.method.device)
        with torch.no_grad():
            scores = [float(objective(levels_of(each, objective.device))) for each in (self.a, self.b)]
        order = (self.a, self.b) if scores[0] <= scores[1] else (self.b, self.a)
        if self.keeps_score:
            check_order(self.method, min(scores), max(scores))
            moved = Objective(PSNR, self.reference, self.method.device)
            moving = Competitor(moved, holding_of(objective, min(scores)), order[0], raises=False)
        else:
            moving = process_for(objective, *order, self.bound)
        made = (moving, Still(objective, order[1]))
        return dict(zip(RUNS, made if order[0] is self.a else made[::-1], strict=True))


@dataclass(frozen=True, eq=False)
class Found:
    """A journey of such a plan, with its versions told apart. It may be under way, once it `has_begun`.

    Attributes:
        journey: With the runs of `RUNS`.
        keeps_score: As in `Trial`.
    """

    journey: Journey
    keeps_score: bool = False

    @property
    def has_begun(self) -> bool:
        """Whether there is a frame of both."""
        return all(map(self.journey.frames, RUNS))

    @property
    def method(self) -> Method:
        """Whose verdict it is."""
        return self.journey.plan.method

    @property
    def changed(self) -> str:
        """The run of the version that is changed: that which was closer."""
        first, second = (self._first(run).standing.values[self.method] for run in RUNS)
        return RUNS[first > second]

    @property
    def other(self) -> str:
        """The run of the other version."""
        return RUNS[1 - RUNS.index(self.changed)]

    @property
    def before(self) -> Frame:
        """The changed version as it was."""
        return self._first(self.changed)

    @property
    def now(self) -> Frame:
        """The changed version as it is."""
        return self.journey.frames(self.changed)[-1]

    @property
    def beside(self) -> Frame:
        """The other version."""
        return self._first(self.other)

    @property
    def rulers(self) -> tuple[Ruler, ...]:
        """All metrics that are asked, the method first."""
        return tuple(dict.fromkeys((self.method, PSNR, SSIM, *self.journey.plan.witnesses)))

    @property
    def has_turned(self) -> bool:
        """Whether the method's verdict has turned."""
        return self.opinion(self.method, self.now).outcome is Outcome.FOOLED

    @property
    def levels(self) -> int:
        """By how many grey levels the value that moved farthest has moved."""
        return moved_by(self.before.picture, self.now.picture)

    def values(self, frame: Frame) -> Mapping[Ruler, float | None]:
        """What each metric says of a frame; witnesses are asked at last, and of first and last frames."""
        return dict(frame.standing.values) | dict(self.journey.said.get((frame.run, frame.step), {}))

    def opinion(self, ruler: Ruler, frame: Frame) -> Opinion | None:
        """What a metric says of the changed version at one of its frames; None where it was not asked."""
        found = [self.values(each).get(ruler) for each in (self.before, frame, self.beside)]
        return None if None in found else Opinion(ruler, *found)

    def opinions(self) -> tuple[Opinion, ...]:
        """What each metric says of the version as it is, as far as it was asked; the method first."""
        found = (self.opinion(ruler, self.now) for ruler in self.rulers)
        return tuple(each for each in found if each is not None)

    def _first(self, run: str) -> Frame:
        return self.journey.frames(run)[0]

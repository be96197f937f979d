"""What was found about a verdict that was to be turned, read from its journey."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explorer.analysis.rulers import PSNR, SSIM, Ruler, value_text
from explorer.analysis.wording import counted, listed
from explorer.metrics import Method
from explorer.metrics.classic import psnr, squared_error
from explorer.synthesis.bounds import Decibels
from explorer.synthesis.journey import Frame, Journey
from explorer.synthesis.process import MOST_STEPS
from explorer.synthesis.transfer import Opinion, Outcome
from explorer.synthesis.trial import RUNS, Trial
from explorer.synthesis.verdict import moved_by


@dataclass(frozen=True, eq=False)
class Found:
    """A journey of such a plan, with its versions told apart. It may be under way, once it `has_begun`.

    Attributes:
        journey: Of a `TrialPlan`.
    """

    journey: Journey

    @property
    def trial(self) -> Trial:
        """What was asked."""
        return self.journey.plan.trial

    @property
    def keeps_score(self) -> bool:
        """Whether it was the converse: a large change at one score."""
        return self.trial.keeps_score

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
        """The run of the version that is changed."""
        return self.trial.changed

    @property
    def other(self) -> str:
        """The run of the other version."""
        return RUNS[1 - RUNS.index(self.changed)]

    @property
    def before(self) -> Frame:
        """The changed version as it was; in the converse it is scaled, and not the one that was given."""
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

    @property
    def psnr(self) -> float:
        """The change's PSNR in dB: of the version as it is from the version as it was."""
        return psnr(squared_error(self.before.picture.pixels, self.now.picture.pixels))

    def values(self, frame: Frame) -> Mapping[Ruler, float | None]:
        """What each metric says of a frame; witnesses are asked at last, and of first and last frames."""
        return self.journey.values(frame)

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

    @property
    def sentence(self) -> str:
        """What was found, in one sentence, whether or not more is to come."""
        return self._said_at_one_score() if self.keeps_score else self._said()

    @property
    def transfer(self) -> str:
        """How many other metrics fall for it, as the end of a sentence; "" where nothing has turned."""
        asked = [each for each in self.opinions()[1:] if each.outcome is not Outcome.OTHERWISE]
        if self.keeps_score or not asked or not self.has_turned:
            return ""
        names = [_short(each.ruler) for each in asked if each.outcome is Outcome.FOOLED]
        if not names:
            return "the other one was not" if len(asked) == 1 else f"none of the {len(asked)} others was"
        return f"{listed(names)} {'were' if len(names) > 1 else 'was'} led astray with it"

    def score(self, frame: Frame) -> str:
        """The method's of a frame, written out."""
        return value_text(self.method, self.values(frame)[self.method])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; all are finite, since no version is the reference."""
        return {
            "method": self.method.to_dict(),
            "size": list(self.journey.plan.reference.size),
            "way": self._way,
            "changed": self.changed,
            "steps": self.now.step,
            "turned": None if self.keeps_score else self.has_turned,
            "levels": self.levels,
            "opinions": [each.to_dict() for each in self.opinions()],
            "curves": {run: list(curve) for run, curve in self.journey.curves.items()},
        }

    def _said(self) -> str:
        changed, other = self.changed.upper(), self.other.upper()
        after, beside = self.score(self.now), self.score(self.beside)
        if not self.levels:  # at the start, and as long as all changes are below a half level
            return f"{changed} is closer: {after}, and {other} {beside}."
        if self.has_turned:
            return f"{self._what_turned}: {changed}, now {after}, is farther than {other}, {beside}."
        steps = counted(self.now.step, "step", "steps")
        more = "; more steps may do" if self.now.step < MOST_STEPS else ""
        return f"{self._change} not enough after {steps}: {changed} is at {after}, {other} at {beside}{more}."

    def _said_at_one_score(self) -> str:
        stays, now = (value_text(PSNR, self.values(each)[PSNR]) for each in (self.beside, self.now))
        metric, score = self.method.name.metric, self.score(self.beside)
        return f"{metric} finds both {score} away. PSNR says {stays} of A, and {now} of B."

    @property
    def _way(self) -> str:
        """How far it might be changed, as links have it."""
        if self.keeps_score:
            return "score"
        return "smallest" if self.trial.bound is None else self.trial.bound.text

    @property
    def _what_turned(self) -> str:
        """The beginning of the sentence; that so much is enough is said only where the least was looked for.

        Inside a bound the steps go as far as it lets them, and fewer levels might have done.
        """
        if self.trial.bound is None:
            return f"{self._change} enough"
        if isinstance(self.trial.bound, Decibels):
            return f"Turned by a change of {value_text(PSNR, self.psnr)}"
        return f"Turned within {counted(self.levels, 'grey level', 'grey levels')}"

    @property
    def _change(self) -> str:
        """How far the version was changed, which may be less than it might be."""
        if isinstance(self.trial.bound, Decibels):
            return f"A change of {value_text(PSNR, self.psnr)} is"
        return counted(self.levels, "grey level is", "grey levels are")


def _short(ruler: Ruler) -> str:
    """A metric in a sentence that names several."""
    if isinstance(ruler, str):
        return ruler
    name = ruler.name
    return name.network if name.metric == "LPIPS" else name.metric

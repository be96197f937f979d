"""A verdict about two versions of a picture: what is asked, as a plan."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from explorer.analysis.rulers import PSNR, Ruler
from explorer.errors import SettingError
from explorer.images import Picture, to_one_size
from explorer.metrics import Method
from explorer.metrics.scores import scores
from explorer.synthesis.bounds import Bound
from explorer.synthesis.cost import step_bytes
from explorer.synthesis.holding import holding_of
from explorer.synthesis.journey import Plan
from explorer.synthesis.mad import BACK, Competitor
from explorer.synthesis.objective import Objective, check_gradient, check_large_enough
from explorer.synthesis.process import Point, Process
from explorer.synthesis.verdict import Still, check_order, process_for

RUNS = ("a", "b")
STEPS = 40  # of a run at most: the search takes AlexNet some 20
MEND = "choose a version A that is farther from the reference, or another B."


@dataclass(frozen=True, eq=False)
class Trial:
    """What is asked.

    Attributes:
        reference, a, b: The picture and its versions, of one size, at which they are measured.
        method: Whose verdict it is; its size is None.
        bound: How far the closer version may be changed; None looks for the fewest grey levels.
        keeps_score: Whether the converse is asked, in which no bound counts: the change that made `b` is
            scaled until the method finds it as far as `a`, and then PSNR is lowered at that score.

    Raises:
        SettingError: the metric has no gradient, or a verdict is asked for between a picture and itself.
        ImageError: the reference is too small for the method.
        SizeMismatchError: the pictures differ in size.
    """

    reference: Picture
    a: Picture
    b: Picture
    method: Method
    bound: Bound | None = None
    keeps_score: bool = False

    def __post_init__(self) -> None:
        check_gradient(self.method)
        check_large_enough(self.method, self.reference)
        for version in (self.a, self.b):
            to_one_size(self.reference, version)
        # The converse has an answer for one picture as well: what can change at its own score.
        if not self.keeps_score and self.a.digest == self.b.digest:
            raise SettingError("A and B are the same picture; choose two versions that differ.")

    @property
    def key(self) -> Hashable:
        """Equal for trials that make the same."""
        pictures = (each.digest for each in (self.reference, self.a, self.b))
        way = "score" if self.keeps_score else self.bound
        return "verdict", *pictures, self.method.identity, way

    @cached_property
    def scores(self) -> tuple[float, float]:
        """What the method says of `a` and `b`, one by one as the frames are measured, to the same bits.

        Raises:
            ImageError, WeightsError: as `explorer.measure`.
        """
        first, second = (scores(self.method, self.reference, [each])[0] for each in (self.a, self.b))
        return first, second

    @property
    def changed(self) -> str:
        """The run of the version that is changed: that which is closer, and "b" in the converse.

        Who makes it and who tells of it both ask here, so that they agree in a near tie, too.
        """
        return RUNS[self.keeps_score or self.scores[0] > self.scores[1]]

    def plan(self, witnesses: tuple[Ruler, ...] = ()) -> "TrialPlan":
        """What is to be made: a run for each version, by the names of `RUNS`.

        Args:
            witnesses: Other metrics that are asked, beside PSNR and SSIM, whether they fall for it.
        """
        label = "Changing it at one score" if self.keeps_score else "Turning the verdict"
        key = self.key, tuple(each if isinstance(each, str) else each.identity for each in witnesses)
        # The converse follows PSNR as well, which takes no more than the picture.
        size = step_bytes((self.method,), self.reference.size)
        rulers = (BACK if self.keeps_score else 1) * (self.method,)  # one version alone moves
        return TrialPlan(
            key, label, self.reference, self.method, witnesses, self._make, size, rulers, trial=self
        )

    def _make(self) -> Mapping[str, Process]:
        """What changes one version, beside the other one, which stays.

        Raises:
            SettingError: both are equally far, or a version is the reference to the method.
        """
        objective = Objective(self.method, self.reference, self.method.device)
        if self.keeps_score:
            made = Still(objective, self.a), self._at_score(objective)
            return dict(zip(RUNS, made, strict=True))
        first, other = sorted(self.scores)
        if first == other:  # in which order they stand makes no difference, so that swapping them is no mend
            raise SettingError(
                f"{self.method.label} finds A and B equally far from the reference, so there is no verdict "
                "to turn; choose another version."
            )
        check_order(self.method, first, other)
        versions = dict(zip(RUNS, (self.a, self.b), strict=True))
        return {
            run: process_for(objective, version, self.bound, other)
            if run == self.changed
            else Still(objective, version)
            for run, version in versions.items()
        }

    def _at_score(self, objective: Objective) -> Process:
        """What lowers PSNR at the score of `a`, from the change of `b` scaled to that.

        Raises:
            SettingError: to the method `a` is the reference.
        """
        score = self.scores[0]
        if score == 0:
            raise SettingError(f"To {self.method.label} A is the reference, at a score of 0; {MEND}")
        moved = Objective(PSNR, self.reference, self.method.device)
        return AtScore(moved, holding_of(objective, score), self.b, raises=False)


@dataclass(frozen=True, eq=False)
class TrialPlan(Plan):
    """A plan that says what it is of.

    Attributes:
        trial: What was asked.
    """

    trial: Trial = field(kw_only=True)


class AtScore(Competitor):
    """What lowers PSNR at one score; says in the trial's words where that cannot begin."""

    def begin(self) -> Point:
        """The change of B, scaled to the score of A.

        Raises:
            SettingError: no strength of it has that score.
        """
        try:
            return super().begin()
        except SettingError as error:
            raise SettingError(
                f"No strength of the change of B has the score of A, {self.holding.value:.4g}; {MEND}"
            ) from error

"""A verdict about two versions of a picture: what is asked, as a plan."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from explorer.analysis.rulers import PSNR, Ruler
from explorer.errors import SettingError
from explorer.images import Picture, to_one_size
from explorer.metrics import Method
from explorer.synthesis.bounds import Bound
from explorer.synthesis.cost import step_bytes
from explorer.synthesis.holding import holding_of
from explorer.synthesis.journey import Plan
from explorer.synthesis.mad import Competitor
from explorer.synthesis.objective import Objective, check_gradient
from explorer.synthesis.pauses import own_turn
from explorer.synthesis.process import Process
from explorer.synthesis.verdict import Still, process_for

RUNS = ("a", "b")
STEPS = 40  # of a run at most: the search takes AlexNet some 20


@dataclass(frozen=True, eq=False)
class Trial:
    """What is asked.

    Attributes:
        reference, a, b: The picture and its versions, of one size, at which they are measured.
        method: Whose verdict it is; its size is None.
        bound: How far the closer version may be changed; None looks for the fewest grey levels.
        keeps_score: Whether the converse is asked, in which no bound counts: the change that made `b` is
            scaled until the method finds it as far as `a`, and then PSNR is lowered at that score.
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
        # The converse follows PSNR as well, which takes no more than the picture.
        size = step_bytes((self.method,), self.reference.size)
        return Plan(key, label, self.reference, self.method, witnesses, self._make, size)

    def _make(self) -> Mapping[str, Process]:
        """What changes one version, beside the other one, which stays.

        Raises:
            SettingError: both are equally far, the closer one is the reference to the method, or the change
                of `b` never has the score of `a`.
        """
        objective = Objective(self.method, self.reference, self.method.device)
        scores = [objective.value_of(each) for each in (self.a, self.b)]
        if self.keeps_score:
            return dict(
                zip(RUNS, (Still(objective, self.a), self._at_score(objective, scores[0])), strict=True)
            )
        if scores[0] <= scores[1]:
            made = process_for(objective, self.a, self.b, self.bound), Still(objective, self.b)
        else:
            made = Still(objective, self.a), process_for(objective, self.b, self.a, self.bound)
        return dict(zip(RUNS, made, strict=True))

    def _at_score(self, objective: Objective, score: float) -> Process:
        """What lowers PSNR at one score, from the change of `b` scaled to that.

        Raises:
            SettingError: as `_make`.
        """
        mend = "choose a version A that is farther from the reference, or another B."
        if score == 0:
            raise SettingError(f"To {self.method.label} A is the reference, at a score of 0; {mend}")
        moved = Objective(PSNR, self.reference, self.method.device)
        moving = Competitor(moved, holding_of(objective, score), self.b, raises=False)
        try:
            with own_turn(objective.device, self.reference.size):
                moving.begin()  # what is found is kept for the run
        except SettingError as error:
            raise SettingError(
                f"No strength of the change of B has the score of A, {score:.4g}; {mend}"
            ) from error
        return moving

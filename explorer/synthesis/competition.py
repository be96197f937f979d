"""A competition of two metrics, as a plan: what is held, what is lowered and raised, and from which start."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from explorer.analysis.match import check_target, tuned_picture
from explorer.analysis.rulers import CLASSIC, PSNR, SSIM, Ruler, is_similarity, label_of, text_of
from explorer.backbones import find_device
from explorer.distortions import CATALOGUE, Distortion
from explorer.errors import SettingError, SizeMismatchError
from explorer.images import Picture, times
from explorer.metrics import Method
from explorer.synthesis.cost import step_bytes
from explorer.synthesis.holding import holding_of, within
from explorer.synthesis.journey import Plan
from explorer.synthesis.mad import BACK, Competitor
from explorer.synthesis.objective import Objective, check_gradient, check_large_enough
from explorer.synthesis.pauses import pause
from explorer.synthesis.process import Process

LOWERED, RAISED = "lowered", "raised"
RUNS = (LOWERED, RAISED)
STEPS = 100  # after which little more happens
STRONGER = 10  # times what counts as held: a noise is made so much too strong, and scaled down
LOWEST = {PSNR: 0.0, SSIM: -1.0}

NOISES = tuple(name for name, entry in CATALOGUE.items() if entry.family == "noise" and entry.random)
"""Distortions that a start can be made by."""


@dataclass(frozen=True, eq=False)
class Competition:
    """What is asked.

    Attributes:
        reference: At the size that is measured.
        hold, at: The metric that stays, and its value; the size of a method is None.
        moved: What is lowered and raised, likewise.
        start: A picture of the reference's size, or a name of `NOISES`, laid on the reference as strongly as
            the value held asks.
        method: By which layers and maps are told where what moves has none.
        seed: Of the noise.
        runs: "lowered", "raised", or both.
    """

    reference: Picture
    hold: Ruler
    at: float
    moved: Ruler
    start: Picture | str
    method: Method
    seed: int = 0
    runs: tuple[str, ...] = RUNS

    def __post_init__(self):
        check_target(self.hold, self.at)
        # By other layers it would be another metric, but links and files name both alike.
        if text_of(self.hold) == text_of(self.moved):
            other = ", not even by other layers" if self.hold != self.moved else ""
            raise SettingError(
                f"{label_of(self.hold)} is held, so it cannot move as well{other}; choose two different "
                f"metrics."
            )
        for ruler in (self.hold, self.moved):
            check_gradient(ruler)
            check_large_enough(ruler, self.reference)
        if isinstance(self.start, str):
            find_noise(self.start)
            return
        if self.start.digest == self.reference.digest:
            raise SettingError(
                "The start is the reference itself, where no metric has a slope; start from noise, or from "
                "a distorted image."
            )
        if self.start.size != self.reference.size:
            raise SizeMismatchError(
                f"The start is {times(self.start.size)} pixels and the reference "
                f"{times(self.reference.size)}; bring both to one size.",
                self.reference.size,
                self.start.size,
            )

    @property
    def told_by(self) -> Method:
        """By which layers and maps are told: what moves, where that is a method."""
        return next((each for each in (self.moved, self.hold) if isinstance(each, Method)), self.method)

    @property
    def key(self) -> Hashable:
        """Equal for competitions that make the same."""
        start = self.start if isinstance(self.start, str) else self.start.digest
        seed = self.seed if isinstance(self.start, str) else 0
        rulers = (each if isinstance(each, str) else each.identity for each in (self.hold, self.moved))
        return "equal", self.reference.digest, *rulers, self.at, start, seed, self.told_by.identity, self.runs

    def plan(self, witnesses: tuple[Ruler, ...] = ()) -> "CompetitionPlan":
        """What is to be made.

        Args:
            witnesses: Other metrics that are asked at the ends; those of the competition always are.
        """
        moved = label_of(self.moved)
        doing = " and ".join({LOWERED: "lowering", RAISED: "raising"}[each] for each in self.runs)
        known = (*CLASSIC, self.told_by)
        asked = tuple(
            each for each in dict.fromkeys((self.moved, self.hold, *witnesses)) if each not in known
        )
        return CompetitionPlan(
            key=(self.key, asked),
            label=f"{doing.capitalize()} {moved}",
            reference=self.reference,
            rulers=(self.moved, *BACK * (self.hold,)) * len(self.runs),
            method=self.told_by,
            witnesses=asked,
            make=self._make,
            size=step_bytes((self.moved, self.hold), self.reference.size, len(self.runs)),
            competition=self,
        )

    def _make(self) -> Mapping[str, Process]:
        device = find_device(self.method.device)
        objective = Objective(self.moved, self.reference, device)
        holding = holding_of(Objective(self.hold, self.reference, device), self.at)
        start = self._start()
        return {run: Competitor(objective, holding, start, run == RAISED) for run in self.runs}

    def _start(self) -> Picture:
        """The picture of the start; the surface itself is met by `Holding.start`."""
        if isinstance(self.start, Picture):
            return self.start
        away = STRONGER * within(self.hold, self.at)
        # A speck that is black or white already cannot be scaled up.
        aim = max(self.at - away, LOWEST[self.hold]) if is_similarity(self.hold) else self.at + away
        return tuned_picture(self.reference, find_noise(self.start), self.hold, aim, self.seed, pause)[1]


@dataclass(frozen=True, eq=False)
class CompetitionPlan(Plan):
    """A plan that says what it is of.

    Attributes:
        competition: What was asked.
    """

    competition: Competition = field(kw_only=True)


def find_noise(name: str) -> Distortion:
    """The noise of this name.

    Raises:
        SettingError: there is none.
    """
    if name not in NOISES:
        raise SettingError(f"There is no noise {name!r} to start from; choose one of {', '.join(NOISES)}.")
    return CATALOGUE[name]

"""Turn the verdict: how small a change of the closer version makes a metric prefer the other one?"""

from collections.abc import Mapping
from typing import ClassVar

from explorer.images import Picture
from explorer.metrics import Method
from explorer.synthesis.found import Found
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.transfer import usual_witnesses
from explorer.synthesis.trial import RUNS, STEPS, Trial
from explorer.viewer.duel.scene import DuelScene
from explorer.views.common.session import Session
from explorer.views.duel.asked import PAIR, Asked
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.mode import Mode
from explorer.views.duel.modes.verdict_scene import scene_of
from explorer.views.duel.modes.verdict_settings import (
    VerdictSettings,
    choose_change,
    choose_versions,
    read,
)


class Verdict(Mode):
    """Two versions, one of which is changed until the metric finds it farther than the other."""

    NAME: ClassVar[str] = "verdict"
    TITLE: ClassVar[str] = "Turn the verdict"
    PARAMETERS: ClassVar[tuple[str, ...]] = ("duel_a", "duel_b", "duel_bound")
    STEPS: ClassVar[int] = STEPS

    def read(self, link: Mapping[str, str]) -> tuple[VerdictSettings, tuple[str, ...]]:
        """Its settings, and a sentence for each parameter that was no good."""
        return read(link)

    def spelled(self, settings: VerdictSettings, journey: Journey) -> dict[str, str]:
        """All that it was asked with, by the names of the link."""
        return {"duel_a": settings.a.text, "duel_b": settings.b.text, "duel_bound": settings.bound_text}

    def uses_pair(self, settings: VerdictSettings) -> bool:
        """Whether a version is the session's distorted image."""
        return PAIR in (settings.a.name, settings.b.name)

    def question(self, settings: VerdictSettings, method: Method) -> str:
        """The page's first line."""
        metric = method.name.metric
        if settings.keeps_score:
            return f"How much can change at the same {metric}?"
        return f"How small a change turns the verdict of {metric}?"

    def choose(self, session: Session, settings: VerdictSettings, method: Method) -> VerdictSettings:
        """How far the closer version may change."""
        return choose_change(session, settings)

    def choose_in_sidebar(
        self, session: Session, settings: VerdictSettings, reference: Picture | None
    ) -> VerdictSettings:
        """The two versions."""
        return choose_versions(session, settings)

    def plan(self, asked: Asked, settings: VerdictSettings) -> Plan:
        """What is to be made.

        Raises:
            ExplorerError: the metric has no gradient, or a version cannot be had.
        """
        versions = {run: getattr(settings, run).picture(asked) for run in RUNS}
        trial = Trial(
            asked.reference,
            **versions,
            method=asked.method,
            bound=settings.bound,
            keeps_score=settings.keeps_score,
        )
        return trial.plan(usual_witnesses(asked.method, asked.reference.size))

    def sentence(self, journey: Journey, settings: VerdictSettings) -> str:
        """The answer in one sentence, of what was made so far."""
        found = Found(journey)
        return found.sentence if found.has_begun else ""

    def scene(self, journey: Journey, settings: VerdictSettings, look: Look) -> DuelScene:
        """What is shown."""
        return scene_of(Found(journey), settings, look)

"""What a layer keeps of a picture."""

from collections.abc import Mapping
from typing import ClassVar

from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.keeping import STEPS, Keeping, distance_in, run_of
from explorer.viewer.duel.scene import DuelScene
from explorer.views.common.session import Session
from explorer.views.duel.asked import PAIR, Asked
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.keeps_scene import scene_of, start_label
from explorer.views.duel.modes.keeps_settings import (
    KeepsSettings,
    choose_layers,
    choose_start,
    read,
)
from explorer.views.duel.modes.mode import Mode

BARELY = 0.995  # of the start's distance: deep layers rise at first, when more of their units come on


class Keeps(Mode):
    """Pictures that layers take for the reference, each grown by its own layers alone."""

    NAME: ClassVar[str] = "keeps"
    TITLE: ClassVar[str] = "What a layer keeps"
    PARAMETERS: ClassVar[tuple[str, ...]] = ("duel_layers", "duel_from", "duel_by")
    STEPS: ClassVar[int] = STEPS

    def read(self, link: Mapping[str, str]) -> tuple[KeepsSettings, tuple[str, ...]]:
        """Its settings, and a sentence for each parameter that was no good."""
        return read(link)

    def spelled(self, settings: KeepsSettings, journey: Journey) -> dict[str, str]:
        """All that it was asked with, by the names of the link."""
        return {"duel_layers": ";".join(journey.runs), "duel_from": settings.start, "duel_by": settings.by}

    def uses_pair(self, settings: KeepsSettings) -> bool:
        """Whether it starts from the session's distorted image."""
        return settings.start == PAIR

    def question(self, settings: KeepsSettings, method: Method) -> str:
        """The page's first line."""
        return "What does a layer keep of a picture?"

    def choose(self, session: Session, settings: KeepsSettings, method: Method) -> KeepsSettings:
        """Which layers, and how the pictures are drawn."""
        return choose_layers(session, settings, method)

    def choose_in_sidebar(
        self, session: Session, settings: KeepsSettings, reference: Picture | None
    ) -> KeepsSettings:
        """The start."""
        return choose_start(session, settings)

    def plan(self, asked: Asked, settings: KeepsSettings) -> Plan:
        """What is to be made.

        Raises:
            ExplorerError: no layer, a metric without a gradient, a start that is the reference, or none.
        """
        start: Picture | str = settings.start
        if settings.start == PAIR:
            if asked.distorted is None:
                raise SettingError("The distorted image is still being made; it comes in a moment.")
            start = asked.distorted
        groups = settings.groups_of(asked.method)
        return Keeping(asked.reference, groups, asked.method, start, settings.by, asked.seed).plan()

    def sentence(self, journey: Journey, settings: KeepsSettings) -> str:
        """The answer in one sentence, of what was made so far."""
        plan = journey.plan
        groups, method = plan.keeping.groups, plan.method
        runs = [journey.frames(run_of(group)) for group in groups]
        if not all(runs):
            return ""
        shares, scores = [], []
        for group, frames in zip(groups, runs, strict=True):
            first, last = (distance_in(frame, method.layers, group) for frame in (frames[0], frames[-1]))
            shares.append(last / first if first else 0.0)
            scores.append(frames[-1].standing.values[method])
        if not journey.step:
            return f"Growing from {start_label(plan.keeping)}, at {method.name.metric} {scores[0]:.2f}."
        left = share_text(max(shares))
        came = f"down to {left}" if max(shares) < BARELY else f"at {left} of the start’s"
        if groups == (method.layers,):
            return f"The distance is {came}: {method.name.metric} {scores[0]:.4f}."
        if len(groups) == 1:
            return f"The distance in {plan.keeping.said} is {came}; all layers together say {scores[0]:.4f}."
        said = f"{', '.join(f'{score:.2f}' for score in scores[:-1])} and {scores[-1]:.2f}"
        return f"Each picture’s own distance is {came} or less; all layers together say {said}."

    def scene(self, journey: Journey, settings: KeepsSettings, look: Look) -> DuelScene:
        """What is shown."""
        return scene_of(journey, look)


def share_text(share: float) -> str:
    """A share with no more digits than tell something: "0.07%", "2.8%", "34%"."""
    percent = 100 * share
    return f"{percent:.{0 if percent >= 9.95 else 1 if percent >= 0.095 else 2}f}%"

"""Directions: which small change of a picture does a metric see most, and which least?"""

from collections.abc import Mapping
from typing import ClassVar

from explorer.images import Picture
from explorer.metrics import Method
from explorer.synthesis.eigendistortions import STEPS, SUM, found_in, plan_of
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.transfer import usual_witnesses
from explorer.viewer.duel.scene import DuelScene
from explorer.views.common.session import Session
from explorer.views.duel.asked import Asked
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.directions_scene import scene_of
from explorer.views.duel.modes.directions_settings import (
    DirectionsSettings,
    choose_directions,
    choose_noise,
    read,
)
from explorer.views.duel.modes.mode import Mode

BESIDE = ("vgg16", "alexnet")  # who are asked as well, where they are here


class Directions(Mode):
    """The directions that a metric, or its layers each for itself, see most and least."""

    NAME: ClassVar[str] = "directions"
    TITLE: ClassVar[str] = "Directions"
    PARAMETERS: ClassVar[tuple[str, ...]] = ("duel_of", "duel_shown_at")
    STEPS: ClassVar[int] = STEPS

    def read(self, link: Mapping[str, str]) -> tuple[DirectionsSettings, tuple[str, ...]]:
        """Its settings, and a sentence for each parameter that was no good."""
        return read(link)

    def spelled(self, settings: DirectionsSettings, journey: Journey) -> dict[str, str]:
        """All that it was asked with, by the names of the link."""
        return {"duel_of": ";".join(settings.by), "duel_shown_at": f"{settings.at:g}"}

    def question(self, settings: DirectionsSettings, method: Method) -> str:
        """The page's first line."""
        by = settings.of(method).by
        if len(by) > 1:
            return "Which small changes does each of them see most, and which least?"
        name = method.name.metric if by == (SUM,) else by[0]
        return f"Which small change does {name} see most, and which least?"

    def choose(self, session: Session, settings: DirectionsSettings, method: Method) -> DirectionsSettings:
        """Who sees, and at which PSNR the directions are shown."""
        return choose_directions(session, settings, method)

    def choose_in_sidebar(
        self, session: Session, settings: DirectionsSettings, reference: Picture | None
    ) -> DirectionsSettings:
        """The noise."""
        choose_noise(session)
        return settings

    def plan(self, asked: Asked, settings: DirectionsSettings) -> Plan:
        """What is to be made.

        Raises:
            ExplorerError: a metric without a gradient, or a layer that it has not.
        """
        witnesses = usual_witnesses(asked.method, asked.reference.size, BESIDE)
        return plan_of(asked.reference, asked.method, settings.by, settings.at, asked.seed, witnesses)

    def sentence(self, journey: Journey, settings: DirectionsSettings) -> str:
        """The answer in one sentence, of what was made so far."""
        return found_in(journey).sentence if journey.has_begun else ""

    def scene(self, journey: Journey, settings: DirectionsSettings, look: Look) -> DuelScene:
        """What is shown."""
        return scene_of(journey, look)

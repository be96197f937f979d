"""Equal by one metric, worst and best by another."""

from collections.abc import Mapping
from typing import ClassVar

from explorer.analysis.rulers import is_similarity, value_text
from explorer.analysis.wording import times_text
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.synthesis.competition import LOWERED, RAISED, RUNS, Competition
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.transfer import usual_witnesses
from explorer.viewer.duel.scene import DuelScene
from explorer.views.common.session import Session
from explorer.views.duel.asked import PAIR, Asked
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.equal_scene import held_text, scene_of, short_name
from explorer.views.duel.modes.equal_settings import (
    EqualSettings,
    choose_equality,
    choose_start,
    read,
)
from explorer.views.duel.modes.mode import Mode

ALIKE = 0.01  # a distance below it: less than what a faint noise has
BESIDE = ("vgg16", "dists")  # who are asked as well, where they are here


class Equal(Mode):
    """Pictures of one PSNR, or one SSIM or distance, between which another metric sees all the difference."""

    NAME: ClassVar[str] = "equal"
    TITLE: ClassVar[str] = "Equal by one"
    PARAMETERS: ClassVar[tuple[str, ...]] = ("duel_hold", "duel_at", "duel_moved", "duel_start")
    STEPS: ClassVar[int] = 200

    def read(self, link: Mapping[str, str]) -> tuple[EqualSettings, tuple[str, ...]]:
        """Its settings, and a sentence for each parameter that was no good."""
        return read(link)

    def spelled(self, settings: EqualSettings, journey: Journey) -> dict[str, str]:
        """All that it was asked with, by the names of the link."""
        return {
            "duel_hold": settings.hold,
            "duel_at": f"{settings.value:g}",
            "duel_moved": settings.moved,
            "duel_start": settings.start,
        }

    def uses_pair(self, settings: EqualSettings) -> bool:
        """Whether it starts from the session's distorted image."""
        return settings.start == PAIR

    def question(self, settings: EqualSettings, method: Method) -> str:
        """The page's first line."""
        held, moved = settings.rulers(method)
        return f"How different are pictures that {short_name(held, beside=moved)} calls equal?"

    def choose(self, session: Session, settings: EqualSettings, method: Method) -> EqualSettings:
        """What stays, and what moves."""
        return choose_equality(session, settings, method)

    def choose_in_sidebar(
        self, session: Session, settings: EqualSettings, reference: Picture | None
    ) -> EqualSettings:
        """The start."""
        return choose_start(session, settings)

    def plan(self, asked: Asked, settings: EqualSettings) -> Plan:
        """What is to be made.

        Raises:
            ExplorerError: a metric without a gradient, a start that is the reference, or none.
        """
        return competition_of(asked, settings).plan(
            usual_witnesses(asked.method, asked.reference.size, BESIDE)
        )

    def sentence(self, journey: Journey, settings: EqualSettings) -> str:
        """The answer in one sentence, of what was made so far."""
        if any(not journey.frames(name) for name in RUNS):
            return ""
        asked = journey.plan.competition
        moved = asked.moved
        low, high = (journey.values(journey.frames(name)[-1]).get(moved) for name in RUNS)
        if low is None or high is None:
            return ""
        name, texts = short_name(moved, beside=asked.hold), (value_text(moved, low), value_text(moved, high))
        lead = f"All three have {held_text(asked, 1)}."
        if is_similarity(moved) or low <= 0:
            return f"{lead} {name} says {texts[0]} of the first, and {texts[1]} of the third."
        ratio = times_text(high / low)
        if low < ALIKE:
            return f"{lead} {name} calls the first nearly identical, the third {ratio} times as far."
        return f"{lead} {name} says {texts[0]} of the first, and {ratio} times as much of the third."

    def scene(self, journey: Journey, settings: EqualSettings, look: Look) -> DuelScene:
        """What is shown."""
        return scene_of(journey, look)


def competition_of(asked: Asked, settings: EqualSettings) -> Competition:
    """What is asked, with its pictures.

    Raises:
        SettingError: as `Competition`, and where the start is still to come.
    """
    start: Picture | str = settings.start
    if settings.start == PAIR:
        if asked.distorted is None:
            raise SettingError("The distorted image is still being made; it comes in a moment.")
        start = asked.distorted
    held, moved = settings.rulers(asked.method)
    return Competition(
        asked.reference, held, settings.value, moved, start, asked.method, asked.seed, (LOWERED, RAISED)
    )

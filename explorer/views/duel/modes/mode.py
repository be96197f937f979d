"""What each of the page's questions has to answer, so that the page is the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from explorer.images import Picture
from explorer.metrics import Method
from explorer.synthesis.journey import Journey, Plan
from explorer.viewer.duel.scene import DuelScene
from explorer.views.common.session import Session
from explorer.views.duel.asked import Asked
from explorer.views.duel.looking import Look


class Mode(ABC):
    """One question; holds nothing of any session.

    Attributes:
        NAME: In the link: "equal", "verdict", "keeps", "directions".
        TITLE: On the switch.
        PARAMETERS: Names of the link that are its own (all begin with "duel_").
        STEPS: How many are made at first.
    """

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    PARAMETERS: ClassVar[tuple[str, ...]]
    STEPS: ClassVar[int]

    @abstractmethod
    def read(self, link: Mapping[str, str]) -> tuple[Any, tuple[str, ...]]:
        """Its own settings, a frozen value with `to_link()`, and a sentence for each that was no good."""

    @abstractmethod
    def spelled(self, settings: Any, journey: Journey) -> dict[str, str]:
        """All that it was asked with, by the names of the link; that leaves out what is as at first.

        Args:
            settings: Its own.
            journey: What was made.
        """

    def uses_pair(self, settings: Any) -> bool:
        """Whether what is chosen starts from the session's distorted image."""
        return False

    @abstractmethod
    def question(self, settings: Any, method: Method) -> str:
        """The page's first line."""

    @abstractmethod
    def choose(self, session: Session, settings: Any, method: Method) -> Any:
        """Draw its controls in one row above the pictures, and return what is chosen."""

    def choose_in_sidebar(self, session: Session, settings: Any, reference: Picture | None) -> Any:
        """Draw what it has in the sidebar, under the reference: a start, or two versions."""
        return settings

    @abstractmethod
    def plan(self, asked: Asked, settings: Any) -> Plan:
        """What is to be made.

        Raises:
            ExplorerError: what cannot be made, in one sentence with the mend.
        """

    @abstractmethod
    def sentence(self, journey: Journey, settings: Any) -> str:
        """The answer in one sentence, of what was made so far; "" where nothing is."""

    @abstractmethod
    def scene(self, journey: Journey, settings: Any, look: Look) -> DuelScene:
        """What is shown."""

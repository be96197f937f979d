"""What the page Match keeps in a session."""

from dataclasses import dataclass, field

from explorer.analysis.match import USUAL
from explorer.analysis.versions import Refusal, Version, Versions
from explorer.images import Picture
from explorer.jobs import Job
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause


@dataclass
class MatchState(PageState):
    """What the page keeps.

    Attributes:
        making: The work on versions that are not known yet, running or over.
        found: All that was found of what is asked for, by the distortion's name.
        shown: The versions on screen, by the reference as given.
        opening: The version that was clicked, until it is opened in Inspect.
        asks_for_pair: Whether the value of the session's pair was asked for.
        offered: Names of the distortions that can be chosen with one click.
        rounds: How often the menu of others was emptied; a part of its key.
    """

    making: Kept[Job[Version | Refusal]] = field(default_factory=Kept)
    found: Kept[dict[str, Version | Refusal]] = field(default_factory=Kept)
    shown: Kept[tuple[Picture, Versions]] = field(default_factory=Kept)
    opening: str = ""
    asks_for_pair: bool = False
    offered: tuple[str, ...] = USUAL
    rounds: int = 0

    def leave(self) -> None:
        """Want no more what is made for the page; what is finished stays."""
        pause(self.making)

    def open(self, name: str) -> None:
        """Take a click on a version; the page then opens it."""
        self.opening = name

    def ask_for_pair(self) -> None:
        """Take a click on the button that asks for the pair's value."""
        self.asks_for_pair = True

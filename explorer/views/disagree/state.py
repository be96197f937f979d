"""What the page Disagree keeps in a session: the work on its versions, the shown card, and answers."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

import numpy as np

from explorer.analysis.disagreement import Disagreement, Disagreements, Side
from explorer.analysis.version_grid import GridRow
from explorer.images import Picture
from explorer.jobs import Job
from explorer.judgments.answers import Answer
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause

Answers = dict[str, Answer]  # by the card's key
MOST_GRIDS = 16  # of which it is kept which card was shown: who comes back goes on there


@dataclass
class DisagreeState(PageState):
    """What the page keeps.

    Attributes:
        base: The reference at the measured size.
        measuring: The work on versions that are not known yet, running or over.
        found: The disagreements that are shown, for the files.
        card: The one that is shown, by the grid that it is of. It stays while clearer ones come, and as soon
            as anything is answered.
        pictures: Its two versions, as they are laid out.
        answers: By what was asked: the reference at its size, the metrics, and the seed.
        done: What was done on cards since the last run, in order: an action, the card's key, and a side or
            "". A quick answer and a quick step to the next card come in one run.
        sitting: Tells what this tab's user says from what others say.
        shown: The last reference there was; what was found of it stays on screen.
    """

    base: Kept[Picture] = field(default_factory=Kept)
    measuring: Kept[Job[GridRow]] = field(default_factory=Kept)
    found: Kept[Disagreements] = field(default_factory=Kept)
    card: Kept[Disagreement] = field(default_factory=partial(Kept, MOST_GRIDS))
    pictures: Kept[tuple[Picture, Picture]] = field(default_factory=Kept)
    answers: dict[Hashable, Answers] = field(default_factory=dict)
    done: list[tuple[str, str, Side | str]] = field(default_factory=list)
    sitting: str = field(default_factory=lambda: uuid4().hex[:8])
    shown: Picture | None = None

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.measuring)

    def act(self, action: str, key: str, side: str = "") -> None:
        """Take what was done on a card; the page, which knows the card, then follows."""
        self.done.append((action, key, side))

    def card_of(
        self, grid: Hashable, found: Disagreements, is_whole: bool, answers: Answers
    ) -> Disagreement | None:
        """The card that is shown of a grid: the one from before, or the first.

        One that was shown early gives way to the clearest once all are known, unless somebody is at work.
        """
        now = self.card.get(grid)
        offered = found.cards if is_whole else found.clear
        is_early = now is not None and is_whole and all(card.key != now.key for card in offered)
        if now is None or (is_early and offered and not answers and not self.done):
            return self.card.keep(grid, offered[0]) if offered else None
        # The same pair, with as many digits as the versions that have come since ask for.
        return next((card for card in found.cards if card.key == now.key), now)

    def go_on(self, grid: Hashable, found: Disagreements, is_whole: bool, answers: Answers) -> None:
        """Show the next card that is not answered; where all are, the next one."""
        now = self.card.get(grid)
        offered = found.cards if is_whole else found.clear
        if not offered:
            return
        keys = [card.key for card in offered]
        place = keys.index(now.key) + 1 if now is not None and now.key in keys else 0
        turns = [*offered[place:], *offered[:place]]
        others = [card for card in turns if now is None or card.key != now.key] or turns
        self.card.keep(grid, next((card for card in others if card.key not in answers), others[0]))


def pixels_of(pictures: tuple[Picture, Picture]) -> tuple[np.ndarray, np.ndarray]:
    """The pixels of A and B."""
    return pictures[0].pixels, pictures[1].pixels

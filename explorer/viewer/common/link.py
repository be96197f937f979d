"""The display settings on their two sides: what a page asks for, and what the browser shows."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from explorer.errors import SettingError
from explorer.viewer.common.settings import ViewerSettings


@dataclass
class Link:
    """What one session's Python knows of one viewer in the browser.

    Attributes:
        kind: The class of its settings.
        asked: The settings that the page asked for last.
        shown: The settings that the viewer shows, as far as Python knows: the last sent or reported.
        sent: The settings in the data.
        ticket: Names the page's last wish. A viewer that is new in the browser takes whatever is sent, and
            from then on only what has a new ticket, so that a rerun with old data resets nothing. Its
            reports carry the ticket, so that one that crossed a newer wish is told apart.
    """

    kind: type[ViewerSettings]
    asked: ViewerSettings | None = None
    shown: ViewerSettings = field(init=False)
    sent: ViewerSettings = field(init=False)
    ticket: str = ""

    def __post_init__(self):
        self.shown = self.sent = self.kind()

    def update(self, asked: ViewerSettings | None, state: Any, mounted: bool) -> None:
        """Take in a report of the browser, and send what the page asks for where that is news.

        Args:
            asked: The page's wish; None for none.
            state: The component's state.
            mounted: Whether the viewer was on the page in the last run that came to its end. If not, the
                browser starts it with what is sent; or it has done so already in a run that was superseded,
                and what the user has done since then stays.
        """
        self.shown = self.read(state) or self.shown
        wish = asked is not None and asked not in (self.asked, self.shown)
        if wish or not mounted:
            self.shown = self.sent = asked or self.shown
        if wish or not self.ticket:
            self.ticket = uuid.uuid4().hex
        self.asked = asked

    def read(self, state: Any) -> ViewerSettings | None:
        """The settings in the component's state; None where there are none, or old ones, or nonsense."""
        report = state.get("display") if state else None
        try:
            settings = dict(report or {})
            return self.kind.from_json(settings) if settings.pop("ticket", None) == self.ticket else None
        except (SettingError, TypeError, ValueError):
            return None

"""What a browser session holds: the settings, the checked uploads, and the pair that was last measured.

A plain object, fetched once a run. Widget callbacks get its methods: Streamlit ends a superseded run at its
next use of `st.session_state`, and a callback that dies there takes the user's change with it.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from explorer.analysis.inspection import Inspection
from explorer.errors import ExplorerError
from explorer.images import Picture, load
from explorer.views.settings import Settings

WHITE = "#ffffff"


@dataclass(frozen=True)
class Upload:
    """An image file that was read without error, kept as bytes: the widget's value goes with its page."""

    name: str
    data: bytes
    picture: Picture  # on the background that was chosen


@dataclass(frozen=True)
class Pair:
    """Two pictures as given, and whether a link can bring them back."""

    reference: Picture
    distorted: Picture
    linkable: bool


@dataclass
class Session:
    """One browser tab's state, for all pages.

    Attributes:
        settings: What is measured, and how it is shown.
        problems: Sentences to show at the top of the page, until the user's next action.
        uploads: Role ("reference", "distorted", "camera") -> the last good file.
        seen: Role -> the widget's file that was checked last, so that each is checked once.
        background: The colour under transparent places of uploads.
        fit: The mend chosen for uploads of two sizes.
        pair, shown: The pair that was last measured, and the result; they stay where a new one fails.
        cost: Size and seconds of that measurement.
        bar_layer: The segment that is selected in the bar of shares, as far as Plotly knows.
    """

    settings: Settings
    problems: list[str]
    uploads: dict[str, Upload] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    background: str = WHITE
    fit: str | None = None
    pair: Pair | None = None
    shown: Inspection | None = None
    cost: tuple[tuple[int, int], float] | None = None
    bar_layer: str | None = None

    def change(self, **settings: Any) -> None:
        """Change some settings."""
        self.settings = replace(self.settings, **settings)

    def mend(self, fit: str) -> None:
        """Choose how two sizes are made one."""
        self.fit = fit

    def report(self, problem: ExplorerError | str) -> None:
        """Show a sentence at the top of the page."""
        self.problems.append(str(problem))

    def take_problems(self) -> list[str]:
        """The sentences to show now."""
        problems, self.problems = self.problems, []
        return problems

    def receive(self, role: str, name: str, data: bytes) -> None:
        """Check a new file; one that cannot be read is reported, and what was there stays."""
        try:
            picture = load(data, name=name, background=self.background)
        except ExplorerError as error:
            self.report(error)
            return
        self.uploads[role] = Upload(name, data, picture)
        self.fit = None

    def lay_on(self, background: str) -> None:
        """Put another colour under the transparent places of all uploads."""
        self.background = background
        for role, upload in self.uploads.items():
            self.uploads[role] = replace(
                upload, picture=load(upload.data, name=upload.name, background=background)
            )


def current() -> Session:
    """This tab's session; in its first run, made from the link it was opened with."""
    if "session" not in st.session_state:
        settings, problems = Settings.from_link(st.query_params.to_dict())
        st.session_state.session = Session(settings, list(problems))
    return st.session_state.session


def widget_key(name: str, value: Any) -> str:
    """Key of a setting's widget, which starts from the setting's value."""
    key = f"setting_{name}"
    st.session_state.setdefault(key, value)
    return key


def write_link(session: Session) -> None:
    """Make the page's address reopen this view."""
    link = session.settings.to_link(session.pair.linkable)
    if st.query_params.to_dict() != link:
        st.query_params.from_dict(link)

"""What a browser session holds: the settings, the checked uploads, and the pair that was last measured.

Uploads are kept as checked bytes, not as the widget's value, which is gone after a page switch.
"""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError
from explorer.images import Picture, load
from explorer.views.settings import Settings


@dataclass(frozen=True)
class Upload:
    """An image file that was read without error once."""

    name: str
    data: bytes
    picture: Picture  # on the background that was chosen

    def on(self, background: str) -> "Upload":
        """The same file with its transparent places on another colour."""
        return read_upload(self.name, self.data, background)


def read_upload(name: str, data: bytes, background: str) -> Upload:
    """Check an image file; raises ImageError with the sentence to show."""
    return Upload(name, data, load(data, name=name, background=background))


@dataclass(frozen=True)
class Pair:
    """Two pictures as given, and whether a link can bring them back."""

    reference: Picture
    distorted: Picture
    linkable: bool


def settings() -> Settings:
    """The session's settings; on its first run, those of the link it was opened with."""
    if "settings" not in st.session_state:
        chosen, problems = Settings.from_link(st.query_params.to_dict())
        st.session_state.settings = chosen
        st.session_state.problems = list(problems)
        st.session_state.uploads = {}
        st.session_state.pair = None
    return st.session_state.settings


def change(**values: Any) -> Settings:
    """Change some settings; returns all."""
    st.session_state.settings = replace(settings(), **values)
    return st.session_state.settings


def widget_key(name: str, value: Any) -> str:
    """Key of a setting's widget, which starts from the setting's value."""
    key = f"setting_{name}"
    st.session_state.setdefault(key, value)
    return key


def report(error: ExplorerError | str) -> None:
    """Show a sentence at the top of the page in this run or, from a callback, in the next."""
    st.session_state.problems.append(str(error))


def take_problems() -> list[str]:
    """The sentences to show now; each is shown until the user's next action."""
    problems, st.session_state.problems = st.session_state.problems, []
    return problems


def write_link(settings: Settings, linkable: bool) -> None:
    """Make the page's address reopen this view."""
    link = settings.to_link(linkable)
    if st.query_params.to_dict() != link:
        st.query_params.from_dict(link)

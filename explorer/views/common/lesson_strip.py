"""The way back to a lesson: a quiet line on top of a page that was opened from one of its steps.

app.py draws it before the page, so nothing here may bring torch, whose wait `start()` shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from explorer.places import page

if TYPE_CHECKING:
    from explorer.views.common.session import Session

LEARN = "learn"


@dataclass(frozen=True)
class OpenedFrom:
    """Where a page was opened from.

    Attributes:
        title: The lesson's, as Markdown.
        place, places: Which of how many steps of the lesson.
        page: What was opened, by the name of its folder.
        link: Of the page Learn, as it was.
    """

    title: str
    place: int
    places: int
    page: str
    link: Mapping[str, str]


@dataclass
class LessonStrip:
    """What a session remembers of it.

    Attributes:
        opened: None where no page was opened from a lesson, or its user has come back.
    """

    opened: OpenedFrom | None = None


def draw_strip(now: str) -> None:
    """Draw the line, where this page was opened from a lesson.

    Args:
        now: The page of this run, by the name of its folder.
    """
    with st.container(key="lesson_strip_place"):
        place = st.empty()  # always there, so that what comes below stays the same elements
    session = st.session_state.get("session")
    if session is None:
        return
    strip = session.state(LessonStrip)
    if now == LEARN:
        strip.opened = None
    if strip.opened is None or strip.opened.page != now:
        return
    opened = strip.opened
    st.html(Path(__file__).with_name("lesson_strip.css"))
    with place.container(key="lesson_strip", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/school: {opened.title} · {opened.place} of {opened.places}")
        if st.button(
            "Back to the lesson", key="back_to_lesson", icon=":material/arrow_back:", type="tertiary"
        ):
            session.gone_to = dict(opened.link)
            st.switch_page(page(LEARN))
        st.button(
            "Close",
            key="close_lesson_strip",
            icon=":material/close:",
            type="tertiary",
            on_click=_close,
            args=(session,),
        )


def _close(session: "Session") -> None:
    session.state(LessonStrip).opened = None

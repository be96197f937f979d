"""The sidebar of the page Learn: the pair that the lesson is shown on, and how it is measured."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.lessons.lesson import Lesson
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.learn import going
from explorer.views.learn.state import LONGEST, LearnState
from explorer.views.learn.view import LearnView


def choose(
    session: Session, messages: DeltaGenerator, lesson: Lesson, view: LearnView
) -> tuple[Pair | None, ExplorerError | None]:
    """Draw the sidebar; returns the pair, small enough for a lesson, or why there is none.

    A step that is a view of another page shows its pair as large as that page does.
    """
    state, step = session.state(LearnState), going.step_of(lesson, view)
    small = state.small if step.sight.page == "learn" else None
    with st.sidebar:
        _offer_the_lessons(session, lesson)
        pair, problem = pair_controls.choose_pair(session, messages, small=small)
        parts.heading("Measure")
        method_controls.choose_method(session)
        method_controls.choose_device(session)
        if small is not None:
            st.caption(f"Lessons measure at no more than {LONGEST} pixels, so that all is answered at once.")
    return pair, problem


def _offer_the_lessons(session: Session, lesson: Lesson) -> None:
    """The way back to the lesson's own picture, where the user has brought another."""
    step = going.step_of(lesson, session.view_of(LearnView))
    if going.has_own_picture(session, going.sample_of(step)):
        st.button(
            "Use the lesson’s picture",
            key="lesson_picture",
            icon=":material/undo:",
            on_click=_use_the_lessons,
            args=(session, lesson),
            width="stretch",
        )


def _use_the_lessons(session: Session, lesson: Lesson) -> None:
    view = session.view_of(LearnView)
    session.gone_to = going.as_the_lesson_has_it(session, going.step_of(lesson, view), view)

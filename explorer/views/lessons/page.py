"""Lessons: which lessons are there, and what does each step show?

Reads top to bottom: reference and method (in the sidebar), the lessons with a place for one's own, the chosen
one with its links and steps.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError, LessonError
from explorer.images import Picture
from explorer.lessons.library import LessonFile
from explorer.lessons.markup import as_markdown
from explorer.lessons.reading import USUAL
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.distorting import distorted_picture, draw_distorting
from explorer.views.common.lessons import all_lessons, lesson_of
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair
from explorer.views.lessons.own import draw_own, say_faults
from explorer.views.lessons.shown import draw_lesson
from explorer.views.lessons.view import NAME, LessonsView

CHOICE = "lessons_choice"


def chosen(session: Session) -> LessonFile:
    """The lesson of the view; one that is not here is told, and the usual one taken."""
    view = session.view_of(LessonsView)
    try:
        return lesson_of(session, view.lesson)
    except LessonError as error:
        session.report(error)
        session.keep_view(LessonsView())
        return lesson_of(session, USUAL)


def choose(session: Session, now: LessonFile) -> None:
    """All lessons in a row; a click shows another."""
    files = {file.lesson.name: file.lesson for file in all_lessons(session).files}
    st.session_state[CHOICE] = now.lesson.name

    def take() -> None:
        session.keep_view(LessonsView(st.session_state[CHOICE]))

    st.pills(
        "Lessons",
        files,
        format_func=lambda name: f"{as_markdown(files[name].title)} · {files[name].minutes} min",
        key=CHOICE,
        required=True,
        on_change=take,
        label_visibility="collapsed",
        persist_state="session",
    )


def choose_pictures(session: Session, camera: DeltaGenerator) -> tuple[Pair | None, ExplorerError | None]:
    """The sidebar: what a handout is of. What is done to the reference is a lesson's to say."""
    with st.sidebar:
        if session.origins["pairing"] != "distort":
            pair, problem = pair_controls.choose_pair(session, camera)
        else:
            pair, problem = None, None
            reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
            if reference is not None and not is_sample:
                pair, problem = _distorted(session, reference)
        parts.heading("Measure")
        method_controls.choose_method(session)
        method_controls.choose_device(session)
    return pair, problem


def _distorted(session: Session, reference: Picture) -> tuple[Pair | None, ExplorerError | None]:
    """One's own picture, and what is done to it as on the other pages."""
    try:
        distorted = distorted_picture(session, reference)
    except ExplorerError as error:
        return None, error
    return (None if distorted is None else Pair(reference, distorted, False)), None


def page(session: Session) -> None:
    """The whole page."""
    pair, problem = choose_pictures(session, st.container())
    asked = st.query_params.get(NAME, USUAL)
    file = chosen(session)
    parts.draw_problems(session.sentences(), problem)
    if pair is None and not problem:
        draw_distorting(session)
    st.markdown("## Which lesson do you teach, and what does each step show?")
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_row", gap="small"):
        choose(session, file)
        draw_own(session, file)
    say_faults(session)
    draw_lesson(session, file)
    write_link(session, LessonsView.PAGE, has_failed=problem is not None, needs_distorted=False)
    if st.query_params.get(NAME) == asked != file.lesson.name:
        st.query_params.pop(NAME, None)  # where the link was not written, a lesson that is not here goes


page(current())

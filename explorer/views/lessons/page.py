"""Lessons: which lessons are there, and what does each step show?

Reads top to bottom: pair and settings (in the sidebar), the lessons, the chosen one with its links and steps,
and a place for one's own.
"""

import streamlit as st

from explorer.errors import LessonError
from explorer.lessons.library import LessonFile
from explorer.lessons.markup import as_markdown
from explorer.lessons.reading import USUAL
from explorer.views.common import pair_controls, parts
from explorer.views.common.distorting import draw_distorting
from explorer.views.common.lessons import all_lessons, lesson_of
from explorer.views.common.method_controls import draw_measure
from explorer.views.common.session import Session, current, write_link
from explorer.views.lessons.own import draw_own
from explorer.views.lessons.shown import draw_lesson
from explorer.views.lessons.view import LessonsView

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


def page(session: Session) -> None:
    """The whole page."""
    camera = st.container()
    with st.sidebar:
        pair, problem = pair_controls.choose_pair(session, camera)
        draw_measure(session, pair)
    file = chosen(session)
    parts.draw_problems(session.sentences(), problem)
    if pair is None and not problem:
        draw_distorting(session)
    st.markdown("## Which lesson do you teach, and what does each step show?")
    choose(session, file)
    draw_lesson(session, file)
    draw_own(session)
    write_link(session, LessonsView.PAGE, has_failed=problem is not None)


page(current())

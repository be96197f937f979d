"""Which step of which lesson a link names, and what that step wants to show."""

from explorer.errors import LessonError
from explorer.lessons.lesson import Lesson
from explorer.lessons.reading import USUAL
from explorer.views.common.lessons import lesson_of
from explorer.views.common.session import Session, go_to
from explorer.views.learn import going
from explorer.views.learn.view import LearnView


def find(session: Session) -> tuple[LearnView, Lesson]:
    """The view, and its lesson, which has such a step; what the link says in vain is reported.

    Where the step was come to from outside what is chosen is then as the step's own link says.
    """
    was_read = []
    view = session.view_of(LearnView, on_read=lambda: was_read.append(True))
    try:
        lesson = lesson_of(session, view.lesson).lesson
    except LessonError as error:
        session.report(error)
        view = LearnView(is_classroom=view.is_classroom)
        lesson = lesson_of(session, USUAL).lesson
    view, problems = going.within(lesson, view)
    for problem in problems:
        session.report(problem)
    view = session.keep_view(view)
    if was_read and (link := going.arriving(session, going.step_of(lesson, view), view)):
        go_to(session, link)
        view = session.view_of(LearnView)
    return view, lesson

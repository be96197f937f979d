"""Learn: why do PSNR and LPIPS disagree?

Reads top to bottom: which lesson, chapter and step; the chapter's words; its scene; the way on.
"""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import streamlit as st

from explorer.errors import ExplorerError, SettingError
from explorer.lessons.lesson import Chapter, Lesson, LessonStep
from explorer.lessons.reading import bundled
from explorer.names import cut, harmless
from explorer.viewer.lesson.lesson import LessonChapter, LessonFrame, lesson_part
from explorer.views.common import parts
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair
from explorer.views.learn import going, scenes
from explorer.views.learn.pictures import choose
from explorer.views.learn.stage import Stage
from explorer.views.learn.view import LearnView
from explorer.views.learn.words import draw_words

OTHER_PAGES = "pair"  # the scene of steps that are views of other pages


def find(session: Session) -> tuple[LearnView, Lesson]:
    """Which step of which lesson is seen; where it was come to from outside, the step's link is followed."""
    was_read = []
    view = session.view_of(LearnView, on_read=lambda: was_read.append(True))
    lesson = bundled(view.lesson)
    view, problems = going.within(lesson, view)
    for problem in problems:
        session.report(problem)
    view = session.keep_view(view)
    if was_read and (link := going.arriving(session, going.step_of(lesson, view), view)):
        session.gone_to = link
        session.run_anew()
    return view, lesson


def frame_of(lesson: Lesson, view: LearnView) -> LessonFrame:
    """What is said around the step."""
    return LessonFrame(
        lesson.name,
        lesson.title,
        lesson.minutes,
        tuple(
            LessonChapter(each.title, each.question, each.leads, len(each.steps)) for each in lesson.chapters
        ),
        view.chapter,
        view.step,
        view.is_classroom,
    )


def scene_of(step: LessonStep) -> ModuleType:
    """The module that draws a step.

    Raises:
        SettingError: there is none of this name.
    """
    name = step.sight.scene or OTHER_PAGES
    if name not in {each.name for each in iter_modules(scenes.__path__)}:
        raise SettingError(f"The lesson shows “{cut(harmless(name))}”, which is no scene of this app.")
    return import_module(f"{scenes.__name__}.{name}")


def draw_scene(session: Session, view: LearnView, chapter: Chapter, step: LessonStep, pair: Pair) -> None:
    """What the step shows.

    Raises:
        ExplorerError: it cannot be shown.
    """

    def keep(own: Mapping[str, str]) -> None:
        session.keep_view(replace(session.view_of(LearnView), own=dict(own)))

    scene_of(step).draw(
        Stage(session, chapter, step, view.is_classroom, pair.reference, pair, view.own, keep)
    )


def page(session: Session) -> None:
    """The whole page."""
    view, lesson = find(session)
    chapter, step = lesson.chapters[view.chapter - 1], going.step_of(lesson, view)
    frame = frame_of(lesson, view)

    def go(to_chapter: int, to_step: int) -> None:
        at = session.view_of(LearnView)
        to = replace(at, chapter=to_chapter, step=to_step)
        session.gone_to = going.entering(session, going.step_of(lesson, at), going.step_of(lesson, to), to)

    def change_mode(is_classroom: bool) -> None:
        session.keep_view(replace(session.view_of(LearnView), is_classroom=is_classroom))

    calls = {"on_go": go, "on_classroom": change_mode}
    with st.container(key="classroom" if view.is_classroom else "lesson_page"), st.container(key="learn"):
        with st.container(key="learn_head"):
            lesson_part("head", frame, key="lesson_head", **calls)
            draw_words(chapter, step)
        messages = st.container(key="learn_messages")
        scene = st.container(key="learn_scene")
        with st.container(key="learn_foot"):
            lesson_part("foot", frame, key="lesson_foot", **calls)
    pair, problem = choose(session, messages, lesson, view)
    with messages:
        parts.draw_problems(session.sentences(), problem)
    if pair is not None:
        with scene:
            try:
                draw_scene(session, view, chapter, step, pair)
            except ExplorerError as error:
                parts.draw_problems([], error)
    view = session.view_of(LearnView)
    session.keep_view(replace(view, is_changed=not going.is_as_read(session, step, view)))
    write_link(session, LearnView.PAGE, problem is not None)


page(current())

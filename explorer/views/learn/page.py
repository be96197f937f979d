"""Learn: why do PSNR and LPIPS disagree?

Reads top to bottom: which lesson, chapter and step; the chapter's words; its scene; the way on.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError, MissingWeightsError
from explorer.lessons.lesson import Lesson
from explorer.lessons.markup import plain
from explorer.viewer.lesson.lesson import LessonChapter, LessonFrame, lesson_part
from explorer.views.common import parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair
from explorer.views.common.stale import say_stale
from explorer.views.learn import going
from explorer.views.learn.finding import find
from explorer.views.learn.sidebar import choose, draw_state, offer_the_lessons
from explorer.views.learn.stage import SceneState, Stage, draw_scene
from explorer.views.learn.state import LearnState
from explorer.views.learn.view import LearnView
from explorer.views.learn.words import draw_words


def frame_of(lesson: Lesson, view: LearnView) -> LessonFrame:
    """What is said around the step."""
    chapters = (
        LessonChapter(
            each.title,
            each.question,
            each.leads,
            len(each.steps),
            plain(" · ".join(each.sources)),
            each.steps[0].sight.scene,
        )
        for each in lesson.chapters
    )
    return LessonFrame(
        lesson.name,
        lesson.title,
        lesson.minutes,
        tuple(chapters),
        view.chapter,
        view.step,
        view.is_classroom,
    )


def draw_frame(session: Session, lesson: Lesson, view: LearnView) -> tuple:
    """All but the scene, and at once, so that the way on is there while the scene is computed.

    Returns:
        The places of what is said of the pictures, and of the scene.
    """
    frame = frame_of(lesson, view)
    calls = {
        "on_go": partial(going.go, session, lesson),
        "on_classroom": lambda is_on: _change(session, is_classroom=is_on),
    }
    # style.css takes the look of class mode from this key.
    with st.container(key="classroom" if view.is_classroom else "lesson_page"), st.container(key="learn"):
        with st.container(key="learn_head"):
            lesson_part("head", frame, key="lesson_head", **calls)
            draw_words(lesson.chapters[view.chapter - 1], going.step_of(lesson, view))
        messages, scene = st.container(key="learn_messages"), st.container(key="learn_scene")
        with st.container(key="learn_foot"):
            lesson_part("foot", frame, key="lesson_foot", **calls)
    return messages, scene


def draw_step(session: Session, lesson: Lesson, view: LearnView, pair: Pair) -> None:
    """What the step shows, on this pair."""
    stage = Stage(
        session,
        lesson.chapters[view.chapter - 1],
        going.step_of(lesson, view),
        view.is_classroom,
        pair.reference,
        pair,
        view.own,
        lambda own: _change(session, own=dict(own)),
    )
    try:
        draw_scene(stage)
    except MissingWeightsError as error:
        parts.draw_problems([], error)
        draw_fetch(session.settings.method.row, LearnView.PAGE)
    except ExplorerError as error:
        parts.draw_problems([], error)
        if going.has_own_picture(session, going.sample_of(stage.step)):
            offer_the_lessons(session, lesson, "lesson_picture_there")


def _come_to(session: Session, state: LearnState, lesson: Lesson, view: LearnView) -> None:
    """Want no more what goes on for another scene, which has been left."""
    sight = going.step_of(lesson, view).sight
    scene = sight.scene or sight.page
    if state.scene not in ("", scene):
        session.leave_pages(SceneState)
    state.scene = scene


def _change(session: Session, **changes: Any) -> None:
    session.keep_view(replace(session.view_of(LearnView), **changes))


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(LearnState)
    view, lesson = find(session)
    _come_to(session, state, lesson, view)
    messages, scene = draw_frame(session, lesson, view)
    pair, problem = choose(session, state, messages, lesson, view)
    state.pair = pair or (None if session.asked_for else state.pair)
    if state.pair is not None:
        with scene:
            draw_step(session, lesson, view, state.pair)
    with messages:  # the scene may have reported what its link asks for in vain
        draw_state(session, lesson, pair, problem)
        if pair is None and state.pair is not None:
            say_stale(state.pair)
    view = session.view_of(LearnView)
    step = going.step_of(lesson, view)
    _change(session, is_changed=not going.is_as_read(session, step, view))
    write_link(session, LearnView.PAGE, problem is not None, needs_distorted=going.is_about_a_pair(step))


page(current())

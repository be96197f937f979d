"""The sidebar of the page Learn: the pair that the lesson is shown on, and how it is measured."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.lessons.lesson import Lesson
from explorer.lessons.pictures import LONGEST
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.distorting import distorted_picture, draw_distorting, offer_again
from explorer.views.common.handout_controls import draw_handout
from explorer.views.common.own_pictures import own_pictures
from explorer.views.common.session import Session
from explorer.views.common.shown import MisfitError, Pair
from explorer.views.learn import going
from explorer.views.learn.state import LearnState
from explorer.views.learn.view import LearnView

ABOUT_THE_LESSONS = "This step is about the lesson’s picture."
MISSING = "Choose both pictures in the sidebar."
TAKES_ALL_WAYS = ("training",)  # a scene that shows a backbone by all weights and heads, of all its layers
MEASURES_NOTHING = ("vote",)


def choose(
    session: Session, state: LearnState, messages: DeltaGenerator, lesson: Lesson, view: LearnView
) -> tuple[Pair | None, ExplorerError | None]:
    """Draw the sidebar; returns the pair, small enough for a lesson, or why there is none.

    A step that is a view of another page shows its pair as large as that page does.
    """
    step = going.step_of(lesson, view)
    small = partial(state.small, least=least_of(session)) if step.sight.page == LearnView.PAGE else None
    with st.sidebar:
        has_own = going.has_own_picture(session, going.sample_of(step))
        if has_own:
            offer_the_lessons(session, lesson, "lesson_picture", width="stretch")
        if going.is_about_a_pair(step):
            pair, problem = pair_controls.choose_pair(session, messages, small=small)
        else:
            pair, problem = _choose_reference(session, state, messages)
        if step.sight.scene not in MEASURES_NOTHING:
            _choose_measure(session, step.sight.scene)
        if small is not None:
            st.caption(f"Lessons measure at no more than {LONGEST} pixels, so that all is answered at once.")
        draw_handout(session, lesson, own_pictures(session) if has_own else None, "learn_handout")
    return pair, problem


def _choose_measure(session: Session, scene: str) -> None:
    """How it is measured; a scene has no controls that change nothing there."""
    parts.heading("Measure")
    if scene in TAKES_ALL_WAYS:
        method_controls.choose_backbone(session)
    else:
        method_controls.choose_method(session)
    method_controls.choose_device(session)


def _choose_reference(
    session: Session, state: LearnState, messages: DeltaGenerator
) -> tuple[Pair | None, ExplorerError | None]:
    """The same for a scene that makes its own versions: what else could be done to it has no controls."""
    reference, is_sample, problem = pair_controls.reference_or_problem(session, messages)
    if reference is None:
        return None, problem
    reference = state.small(reference, least_of(session))
    try:
        distorted = distorted_picture(session, reference)
    except ExplorerError as error:
        return None, error
    return (None if distorted is None else Pair(reference, distorted, is_sample)), None


def least_of(session: Session) -> int:
    """Pixels that the short side of a picture needs in the network that is chosen."""
    return session.settings.method.row.smallest_side


def draw_state(session: Session, lesson: Lesson, pair: Pair | None, problem: ExplorerError | None) -> None:
    """Say what stands in the way of the pair that was chosen, with its mend; in class mode, too."""
    parts.draw_problems(session.sentences(), problem)
    step = going.step_of(lesson, session.view_of(LearnView))
    is_elsewhere = pair is not None and going.has_own_picture(session, going.sample_of(step))
    if is_elsewhere and going.names_places(step):
        with st.container(key="learn_places", horizontal=True, vertical_alignment="center"):
            st.markdown(ABOUT_THE_LESSONS, width="content")
            offer_the_lessons(session, lesson, "lesson_picture_places")
    if isinstance(problem, MisfitError):
        pair_controls.offer_mends(session, problem)
    elif problem:
        offer_again(session)
    if pair is not None or (problem is None and draw_distorting(session)):
        return
    if problem is None:
        pair_controls.say_missing(session, MISSING)
    offer_the_lessons(session, lesson, "lesson_picture_instead")


def offer_the_lessons(session: Session, lesson: Lesson, key: str, width: str = "content") -> None:
    """The way back to the lesson's own picture, where the user has brought another."""
    st.button(
        "Use the lesson’s picture",
        key=key,
        icon=":material/undo:",
        on_click=_use_the_lessons,
        args=(session, lesson),
        width=width,
    )


def _use_the_lessons(session: Session, lesson: Lesson) -> None:
    view = session.view_of(LearnView)
    session.gone_to = going.as_the_lesson_has_it(session, going.step_of(lesson, view), view)

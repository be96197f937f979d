"""Ask: what do people see? A session of questions for a class, answered on their phones.

Reads top to bottom: what is asked (in the sidebar), what that makes, a few of the trials, and "Start"; then
the code and the QR code for the class, who has joined, and closing.
"""

from dataclasses import replace
from functools import partial

import streamlit as st

from explorer.errors import AskingError, ExplorerError, SettingError, StoreError
from explorer.images import Picture
from explorer.judgments.asking.drafts import Drawn
from explorer.judgments.store import SessionInfo, Store, opened_store
from explorer.views.ask.controls import choose, choose_title, forget
from explorer.views.ask.drawing import draw_trials, missing, told
from explorer.views.ask.preview import draw_preview
from explorer.views.ask.running import draw_running
from explorer.views.ask.state import AskState
from explorer.views.ask.view import OF_REFERENCE, AskView
from explorer.views.common import pair_controls, parts
from explorer.views.common.asking import begin, started
from explorer.views.common.asking import show as keep_shown
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.teacher import teacher_in, teacher_keys

QUESTION = "What do people see? Ask a class, on their phones."
LINK = "asked_link"


def running(session: Session, state: AskState, store: Store) -> SessionInfo | None:
    """The session that this browser has started, if it is still there."""
    state.teacher = state.teacher or started.find(session.key)
    if not state.teacher:
        return None
    try:
        return store.by_teacher(state.teacher)
    except AskingError as error:
        started.forget(session.key)
        forget_key(session, state.teacher)
        state.teacher = ""
        session.report(error)
        return None


def show(session: Session, state: AskState, code: str, teacher: str) -> None:
    """Have the page show a session."""
    state.teacher = teacher
    keep_shown(session, code, teacher)


def forget_key(session: Session, teacher: str) -> None:
    """A key opens nothing any more."""
    for code, key in teacher_keys.of(session.key).items():
        if key == teacher:
            teacher_keys.forget(session.key, code)


def start(session: Session, state: AskState, drawn: Drawn, title: str) -> None:
    """Make the session of the trials that are drawn."""
    plan, pictures = drawn
    keys = begin(session, replace(plan, title=title), pictures)
    if keys is not None:
        state.teacher = keys.teacher


def open_again(session: Session, state: AskState, teacher: str | None = None) -> None:
    """Show the session of a teacher's key, or of the link in the box; a callback."""
    teacher = teacher_in(st.session_state[LINK]) if teacher is None else teacher
    try:
        info = opened_store().by_teacher(teacher)
    except (AskingError, StoreError) as error:
        session.report(error)
        if isinstance(error, AskingError):
            forget_key(session, teacher)
    else:
        show(session, state, info.code, teacher)


def draw_again(session: Session, state: AskState) -> None:
    """The sessions that this browser has had, and a box for the link of another one."""
    with st.popover("Go on with one that runs", key="again"):
        for code, teacher in teacher_keys.of(session.key).items():
            st.button(
                f"Session {code}",
                key=f"again_{code}",
                width="stretch",
                on_click=partial(open_again, session, state, teacher),
            )
        st.text_input(
            "Your own link of it",
            value="",
            key=LINK,
            type="password",  # the page may be projected
            placeholder="…/results?teacher=…",
            on_change=partial(open_again, session, state),
        )


def draw_setup(session: Session, state: AskState, view: AskView, reference: Picture | None) -> None:
    """What is chosen, as trials, and the button that asks them."""
    if lacking := missing(session, state, view):
        st.info(parts.plain(lacking), icon=":material/upload:")
        return
    job = draw_trials(session, state, view, reference)
    if not job.results:
        draw_work(job, "ask", None, state.drawing.clear, offer="Draw them again", kept="")
        return
    drawn: Drawn = job.results[0]
    st.markdown(f"## {told(drawn[0])}")
    draw_preview(*drawn)
    view = session.keep_view(choose_title(view))
    with st.container(horizontal=True, vertical_alignment="center", key="ask_ways"):
        # A callback would be given what was chosen in the run before.
        is_wanted = st.button("Start", type="primary", key="start_session")
        draw_again(session, state)
    if is_wanted:
        start(session, state, drawn, view.title)
        session.run_anew()


def page(session: Session) -> None:
    """The whole page."""
    state, view = session.state(AskState), session.view_of(AskView, on_read=forget)
    problem: ExplorerError | None = None
    info = store = reference = without = None
    try:
        store = opened_store()
        info = running(session, state, store)
    except StoreError as error:
        problem = error
    camera = st.container()
    with st.sidebar:
        if info is None:
            view = session.keep_view(choose(state, view))
            if view.source == OF_REFERENCE:
                reference, _is_sample, without = pair_controls.reference_or_problem(session, camera)
    st.caption(QUESTION)
    place = st.container()
    try:
        if info is not None:
            draw_running(session, state, store, info)
        elif problem is None:
            draw_setup(session, state, view, reference)
    except (SettingError, StoreError) as error:
        problem = without or error
    with place:
        parts.draw_problems(session.sentences(), problem)
    write_link(session, AskView.PAGE, has_failed=problem is not None, needs_distorted=False)


page(current())

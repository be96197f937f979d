"""Results: what does the class say, and which metrics agree with it?

Reads top to bottom: metrics (in the sidebar), how the session stands, one sentence, then one of four parts:
the metrics, the trials on which people contradict them, the scale of the conditions, and the participants;
files.
The page is opened by the teacher's key in a link of Ask, keeps it out of the address bar, and follows an open
session.
"""

from dataclasses import replace

import streamlit as st

from explorer.errors import AskingError, ExplorerError
from explorer.judgments.class_results import ClassResults, class_results
from explorer.judgments.store import SessionInfo, Store, opened_store
from explorer.views.common import parts
from explorer.views.common.opening import open_page
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.teacher import teacher_keys
from explorer.views.results.agreement import draw_agreement
from explorer.views.results.controls import choose, choose_part, draw_fetches
from explorer.views.results.disputes import draw_disputes
from explorer.views.results.files import draw_files
from explorer.views.results.finding import ask_for_session
from explorer.views.results.live import draw_controls, draw_live
from explorer.views.results.measuring import Measured, measure
from explorer.views.results.people import draw_people, read_people
from explorer.views.results.scale import draw_scale
from explorer.views.results.state import ResultsState
from explorer.views.results.view import DISPUTES, METRICS, PEOPLE, SCALE, ResultsView

QUESTION = "What does the class say, and which metrics agree with it?"
WAITING = "**Nobody has voted yet.** Answers show here by themselves, a few seconds after they are given."

NOBODY_LEFT = (
    "Under Participants you choose how many sentinels somebody may fail, and so take people in again."
)


def results_of(state: ResultsState, view: ResultsView, info: SessionInfo, known: Measured) -> ClassResults:
    """The results of the votes so far, made once for the same votes and metrics."""
    key = info.code, len(state.votes), view.leave_out, tuple(map(id, known.distances))
    state.shown = known.distances  # held, so that their ids are theirs
    found = state.found.get(key)
    if found is None:
        found = class_results(info.plan, state.votes, known.distances, view.at_most)
    return state.found.keep(key, found)


def draw_part(
    session: Session,
    state: ResultsState,
    store: Store,
    view: ResultsView,
    info: SessionInfo,
    found: ClassResults,
) -> ResultsView:
    """The part that is chosen."""
    view = choose_part(view)
    if view.shows == PEOPLE:
        draw_people(view, found)
    elif not found.votes:  # the sentence has said why
        if found.left_out:
            st.info(NOBODY_LEFT)
    elif view.shows == METRICS:
        draw_agreement(found)
    elif view.shows == DISPUTES:
        view = draw_disputes(session, state, view, info.plan, found, state.shown, store.picture)
    elif view.shows == SCALE:
        left_out = set(found.left_out)
        kept = tuple(vote for vote in state.votes if vote.participant not in left_out)
        view = draw_scale(state, view, info.plan, kept)
    return view


def draw_session(
    session: Session, state: ResultsState, store: Store, view: ResultsView, info: SessionInfo
) -> ResultsView:
    """All that is known of a session.

    Raises:
        ExplorerError: its votes cannot be read, or its pictures not be measured.
    """
    state.read(store, info)
    state.removed = ""
    rulers = view.rulers(session.settings.method)
    known = measure(state, info.code, info.plan, rulers, store.picture)
    found = results_of(state, view, info, known)
    head, controls = st.columns((5, 2), vertical_alignment="center")
    with head:
        st.markdown(f"## {parts.plain(info.plan.title or f'Class {info.code}')}")
    with controls:
        draw_controls(session, state, store, view, info)
    draw_live(session, store, view, info, found)
    draw_fetches(rulers)
    if known.job is not None:
        draw_work(known.job, "results", None, state.measuring.clear)
    if not state.votes:
        st.markdown(WAITING)
        return view
    st.markdown(f"## {parts.plain(found.sentence)}")
    view = draw_part(session, state, store, view, info, found)
    if found.notes:
        st.caption(parts.plain(" ".join(found.notes)))
    draw_files(session, state, store, info)
    if info.plan.kind == "2afc" and found.votes:
        _draw_learning(session, view)
    return view


def _draw_learning(session: Session, view: ResultsView) -> None:
    """The way to Learn heads, on the votes that are shown here."""
    if st.button("Learn heads from this class", key="results_learn", icon=":material/school:"):
        without = {"votes_without": str(view.leave_out)} if view.leave_out else {}
        open_page(session, "calibrate", {"votes": "class", "votes_of": view.code} | without)


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(ResultsState)
    view = read_people(choose(session))
    st.caption(QUESTION)
    said, problem = st.container(), None
    if not view.teacher:
        with said:
            parts.draw_problems(session.sentences(), None)
        ask_for_session(session, state, view)
    else:
        try:
            store = opened_store()
            info = store.by_teacher(view.teacher)
            view = replace(view, code=info.code)
            teacher_keys.keep(session.key, info.code, view.teacher)
            view = draw_session(session, state, store, view, info)
        except ExplorerError as error:
            problem = error
        with said:
            parts.draw_problems(session.sentences(), problem)
        if isinstance(problem, AskingError):
            ask_for_session(session, state, view)
    session.keep_view(view)
    write_link(session, ResultsView.PAGE, problem is not None, needs_distorted=False)


page(current())

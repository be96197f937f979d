"""How a session stands, live: its code, who has joined, what was answered; and what a teacher does."""

from collections.abc import Callable
from itertools import count
from math import isfinite

import streamlit as st

from explorer.errors import ExplorerError
from explorer.judgments.class_results import ClassResults
from explorer.judgments.store import SessionInfo, Store
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.common.teacher import teacher_keys
from explorer.views.results.state import ResultsState
from explorer.views.results.view import ResultsView

EVERY = 2.0  # seconds between two looks while a session is open


def draw_live(
    session: Session, store: Store, view: ResultsView, info: SessionInfo, found: ClassResults
) -> None:
    """The tiles, which follow an open session; once there are more votes the page runs anew.

    Args:
        info: The session as this run has read it.
        found: What this run shows.
    """
    looks = count()

    def look() -> None:
        now = info
        if next(looks):  # at the first the page has just read the store
            try:
                now = store.by_teacher(view.teacher)
            except ExplorerError as error:
                parts.draw_problems([], error)
                return
            if (now.votes, now.state) != (info.votes, info.state):
                session.run_anew()
        _draw_tiles(now, found)

    st.fragment(look, run_every=EVERY if info.is_open else None)()


def _draw_tiles(info: SessionInfo, found: ClassResults) -> None:
    takes = "open: takes votes" if info.is_open else "closed"
    asked = f"{info.plan.each:,} {'trial' if info.plan.each == 1 else 'trials'} each"
    parts.draw_tile_row(
        (
            ("Code", info.code, takes),
            ("Joined", f"{info.participants:,}", f"of at most {info.plan.most:,}"),
            ("Answers", f"{info.votes:,}", found.answers_told or asked),
            ("Time per answer", parts.duration(found.seconds) if isfinite(found.seconds) else "–", "median"),
        ),
        "",
    )


def draw_controls(
    session: Session, state: ResultsState, store: Store, view: ResultsView, info: SessionInfo
) -> None:
    """Close, open again, and remove."""

    def change(act: Callable[[str], object]) -> bool:
        try:
            act(view.teacher)
        except ExplorerError as error:
            session.report(error)
            return False
        return True

    def remove() -> None:
        if change(store.remove):
            teacher_keys.forget(session.key, view.code)
            session.keep_view(ResultsView())
            state.removed = info.code

    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if info.is_open:
            st.button(
                "Close",
                key="results_close",
                icon=":material/lock:",
                help="Nobody can join or answer any more; what was answered stays.",
                on_click=change,
                args=(store.close,),
            )
        else:
            st.button(
                "Open again",
                key="results_reopen",
                icon=":material/lock_open:",
                help="Participants can go on where they were, and others can join.",
                on_click=change,
                args=(store.reopen,),
            )
        with st.popover("Remove …", icon=":material/delete:"):
            st.markdown(
                f"This removes the session {info.code} with its pictures and all {info.votes:,} answers, for "
                "good. Take the files first."
            )
            st.button("Remove it for good", key="results_remove", on_click=remove)

"""How a teacher comes to a session: those that this browser has opened, and a box for another one's link."""

from dataclasses import replace

import streamlit as st

from explorer.analysis.wording import counted
from explorer.errors import AskingError, StoreError
from explorer.judgments.store import SessionInfo, opened_store
from explorer.names import cut
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.common.teacher import teacher_in, teacher_keys
from explorer.views.results.controls import forget
from explorer.views.results.state import ResultsState
from explorer.views.results.view import LONGEST_KEY, ResultsView

KEY = "results_key"
LONGEST_LINK = 2000  # letters
MOST_LISTED = 8
LONGEST_TITLE = 40  # letters


def ask_for_session(session: Session, state: ResultsState, view: ResultsView) -> None:
    """Say what was removed just now, offer this browser's sessions, and take a link or a key."""
    if state.removed:
        st.success(
            f"Session {state.removed} was removed, with its pictures and all answers.",
            icon=":material/delete:",
        )

    def take(teacher: str) -> None:
        forget()  # who was left out, and what was looked at, was of another class
        session.keep_view(replace(view, teacher=teacher[:LONGEST_KEY], code="", leave_out=0))

    if view.code and not view.teacher:
        st.info(f"The results of class {view.code} open in this browser once its link or key is pasted here.")
    known = _known(session)
    if known:
        st.markdown("**Sessions of this browser**")
        with st.container(horizontal=True, key="results_known"):
            for teacher, info in known.items():
                st.button(_told(info), key=f"results_open_{info.code}", on_click=take, args=(teacher,))
    st.markdown(
        "**Ask gives you a link to this page when you start a session.** It holds your key: keep it to "
        "yourself, for who has it can close and remove the session. Participants’ links do not open this "
        "page."
    )
    st.text_input(
        "Your link or key",
        value="",
        key=KEY,
        max_chars=LONGEST_LINK,
        type="password",  # the page may be projected
        autocomplete="off",
        on_change=lambda: take(teacher_in(st.session_state.get(KEY, ""))),
        placeholder="…/results?teacher=…",
        width=520,
    )


def _known(session: Session) -> dict[str, SessionInfo]:
    """This browser's sessions by their keys, the last ones first; those that were removed are forgotten."""
    found: dict[str, SessionInfo] = {}
    for code, teacher in teacher_keys.of(session.key).items():
        try:
            found[teacher] = opened_store().by_teacher(teacher)
        except AskingError:
            teacher_keys.forget(session.key, code)
        except StoreError:
            return {}  # the page has said so
        if len(found) == MOST_LISTED:
            break
    return found


def _told(info: SessionInfo) -> str:
    title = f"{parts.plain(cut(info.plan.title, LONGEST_TITLE))}, " if info.plan.title else ""
    return f"{title}{info.code}: {counted(info.votes, 'answer', 'answers')}"

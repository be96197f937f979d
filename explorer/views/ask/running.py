"""A session that runs: its code, its QR code, who has joined so far, and closing it."""

from functools import partial

import streamlit as st

from explorer.errors import AskingError, StoreError
from explorer.judgments.store import SessionInfo, Store
from explorer.views.ask.state import AskState
from explorer.views.common import parts
from explorer.views.common.asking import NOT_REACHABLE, invitation, place_now, standing, started
from explorer.views.common.session import Session

LOOK = 2.0  # seconds between two looks at the store


def draw_running(session: Session, state: AskState, store: Store, info: SessionInfo) -> None:
    """What the class sees, who has come, and what its teacher alone is to have."""
    place = place_now()
    link = place.vote(info.code)
    st.markdown(f"## {parts.plain(info.plan.title) or 'Take part'}")
    with st.container(key="asked_head"):
        st.html(invitation(place, info.code))
    if not place.is_reachable:
        st.warning(NOT_REACHABLE, icon=":material/wifi_off:")
    draw_standing(store, state)
    with st.container(horizontal=True, vertical_alignment="center", key="asked_ways"):
        if info.is_open:
            st.button(
                "Close the session", key="close_session", on_click=partial(_turn, session, store.close, state)
            )
        else:
            st.button(
                "Reopen it", key="reopen_session", on_click=partial(_turn, session, store.reopen, state)
            )
        with st.popover("Your own link", key="teacher_link"):
            st.markdown(
                "It opens the results, and lets whoever has it close the session. Keep it; do not "
                "show it to the class."
            )
            st.code(place.results(state.teacher), language=None)
            st.link_button("Open the results", place.results(state.teacher), icon=":material/bar_chart:")
        with st.popover("Link for the class", key="class_link"):
            st.code(link, language=None)
        with st.popover("Set up another one", key="another"):
            st.markdown(
                "This one goes on. Your own link opens it again, also on another day: copy it first, for the "
                "explorer keeps it only until it ends."
            )
            st.code(place.results(state.teacher), language=None)
            st.button(
                "Leave this one, and set up another",
                key="another_session",
                on_click=partial(set_up_another, session, state),
            )


@st.fragment(run_every=LOOK)
def draw_standing(store: Store, state: AskState) -> None:
    """How many take part, and how far they are; it follows by itself."""
    if not state.teacher:
        return
    try:
        info = store.by_teacher(state.teacher)
    except (AskingError, StoreError) as error:
        st.error(parts.plain(str(error)), icon=":material/error:")
        return
    parts.draw_tile_row(
        (
            ("Have joined", str(info.participants), f"of at most {info.plan.most}"),
            ("Answers", str(info.votes), f"{info.plan.each} from each participant"),
        ),
        standing(info),
    )


def set_up_another(session: Session, state: AskState) -> None:
    """Show the setup again; the session that runs goes on, and its teacher's link opens it."""
    started.forget(session.key)
    state.teacher = ""


def _turn(session: Session, turn, state: AskState) -> None:
    try:
        turn(state.teacher)
    except (AskingError, StoreError) as error:
        session.report(error)

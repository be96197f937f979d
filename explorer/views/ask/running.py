"""A session that runs: its code, its QR code, who has joined so far, and closing it."""

import html
from functools import partial

import streamlit as st
from streamlit import runtime

from explorer.errors import AskingError, StoreError
from explorer.judgments.store import SessionInfo, Store
from explorer.sharing import THIS_MACHINE
from explorer.views.ask.links import Place, place_of, qr, without_scheme
from explorer.views.ask.state import AskState, started
from explorer.views.common import parts
from explorer.views.common.session import Session

LOOK = 2.0  # seconds between two looks at the store
NOT_REACHABLE = (
    "Phones cannot open this link: it is of this machine alone. Start the explorer with `lpips-explorer "
    "--share` and open it at the address that it prints."
)


def place_now() -> Place:
    """Where phones find this server."""
    return place_of(st.context.url, st.get_option("server.address") if runtime.exists() else THIS_MACHINE)


def draw_running(session: Session, state: AskState, store: Store, info: SessionInfo) -> None:
    """What the class sees, who has come, and what its teacher alone is to have."""
    place = place_now()
    link = place.vote(info.code)
    st.markdown(f"## {parts.plain(info.plan.title) or 'Take part'}")
    with st.container(key="asked_head"):
        st.html(
            f'<div class="invite"><img class="qr" alt="QR code of the link" src="{qr(link)}">'
            f'<div><p>Scan, or open</p><p class="address">{html.escape(without_scheme(place.base))}/vote</p>'
            f'<p>and type</p><p class="code">{html.escape(info.code)}</p></div></div>'
        )
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


def standing(info: SessionInfo) -> str:
    """How a session stands, in a sentence."""
    if not info.is_open:
        return "The session is closed: it takes no more answers, and keeps those that it has."
    if not info.participants:
        return "It is open, and waits for the first participant."
    return "It is open. Results follow the answers as they come."


def set_up_another(session: Session, state: AskState) -> None:
    """Show the setup again; the session that runs goes on, and its teacher's link opens it."""
    started.forget(session.key)
    state.teacher = ""


def _turn(session: Session, turn, state: AskState) -> None:
    try:
        turn(state.teacher)
    except (AskingError, StoreError) as error:
        session.report(error)

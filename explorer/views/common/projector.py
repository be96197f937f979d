"""Projector mode: large type, no sidebar, each layer's map on a scale of its own; part of every page's link.

style.css holds its looks, which it takes from `.st-key-projector` being on the page.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.views.common.browser import came_by_history

SWITCH, COLOURS = "setting_projector", "projector_colours"
HELP = (
    "Large type and no sidebar; on Inspect and Region each layer’s map on a scale of its own, so that dark "
    "ones can be seen: their colours are not comparable between layers. It is part of the link. Files keep "
    "Magma."
)


def begin_projector() -> tuple[DeltaGenerator, bool]:
    """Draw the mode's own row, where it is on; to be called before a page, so that it is there all the while.

    Returns:
        The place of the row, and whether it was drawn: both for `settle_projector`.
    """
    with st.container(key="projector_place"):
        place = st.empty()
    session = st.session_state.get("session")  # its class would bring torch, which start() imports
    # A link is followed by the page, which comes later.
    is_new = session is None or came_by_history()
    is_on = st.query_params.get("projector") == "1" if is_new else session.settings.projector
    if is_on:
        _draw_row(place, st.query_params.get("colours") if is_new else session.settings.colours)
    return place, is_on


def settle_projector(place: DeltaGenerator, is_drawn: bool) -> None:
    """Draw the switch at the sidebar's end, and mend the row where a link meant something else."""
    session = st.session_state.get("session")
    if session is None:
        return
    is_on = session.settings.projector
    if is_on and not is_drawn:
        _draw_row(place, session.settings.colours)
    elif is_drawn and not is_on:
        place.empty()
    st.session_state.setdefault(SWITCH, is_on)
    with st.sidebar:
        st.toggle("Projector mode", key=SWITCH, on_change=_switch, help=HELP, persist_state="session")


def _draw_row(place: DeltaGenerator, colours: str | None) -> None:
    # Not imported above: it brings torch as well, whose wait start() shows.
    from explorer.views.common.settings import COLOURS as SCALES

    st.session_state[COLOURS] = colours if colours in SCALES else next(iter(SCALES))
    with place.container(key="projector", horizontal=True, vertical_alignment="center", gap="small"):
        st.segmented_control(
            "Colours of the maps",
            SCALES,
            format_func=SCALES.get,
            key=COLOURS,
            required=True,
            on_change=_recolour,
            label_visibility="collapsed",
            persist_state="session",
            width="content",
        )
        st.button("Leave projector mode", key="leave_projector", icon=":material/close:", on_click=_leave)


def _switch() -> None:
    session = st.session_state.session
    session.settings = session.settings.with_projector(st.session_state[SWITCH])


def _recolour() -> None:
    st.session_state.session.change(colours=st.session_state[COLOURS])


def _leave() -> None:
    st.session_state[SWITCH] = False
    _switch()

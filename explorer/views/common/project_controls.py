"""Opening a project: a quiet button beside the heading of the images, and a place for its file behind it."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.places import page as file_of
from explorer.views.common.parts import heading
from explorer.views.common.projects import take
from explorer.views.common.session import Session

ROLE = "project"  # its key among what the session has seen and refused


def draw_open(session: Session) -> None:
    """The heading of the images, and what opens a project in their place."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="images"
    ):
        heading("Images")
        with st.popover("Open a project", type="tertiary", icon=":material/folder_open:"):
            file = st.file_uploader("Project", type="zip", key=f"file_{ROLE}{session.emptied or ''}")
            st.caption(
                "It brings back both pictures, the settings and the boxes. Inspect and Region save one: "
                "“Project, ZIP”."
            )
    if file is None:
        session.refused.pop(ROLE, None)
    elif session.seen.get(ROLE) != file.file_id:
        session.seen[ROLE] = file.file_id
        _open(session, file.name, file.getvalue())


def _open(session: Session, name: str, data: bytes) -> None:
    """Open a file, and go to its page; one that is refused changes nothing but the sentence about it."""
    try:
        page = take(session, name, data)
    except ExplorerError as error:
        session.refused[ROLE] = str(error)
        return
    session.refused.pop(ROLE, None)
    if page == (session.page.rpartition("/")[2] or "inspect"):
        session.run_anew()
    st.switch_page(file_of(page))

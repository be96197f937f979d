"""Opening a project: a quiet button beside the heading of the images, and a place for its file behind it."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.names import as_meant
from explorer.places import page as file_of
from explorer.views.common.parts import heading, plain
from explorer.views.common.projects import ROLE, OpenedProject, take
from explorer.views.common.session import Session


def draw_open(session: Session) -> None:
    """The heading of the images, and what opens a project in their place."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="images"
    ):
        heading("Images")
        with st.popover(
            "Open a project",
            type="tertiary",
            icon=":material/folder_open:",
            # Another one, which is closed, once a project was opened.
            key=f"open_{ROLE}{session.rounds.get(ROLE, '')}",
        ):
            _draw_place(session)


def _draw_place(session: Session) -> None:
    """Where a project's file is put, told by its content; one that is refused is so here, beside it."""
    opened = session.state(OpenedProject)
    file = st.file_uploader("Project", key=f"file_{ROLE}{session.rounds.get(ROLE, '')}")
    if file is None:
        opened.refused = ""
    elif session.seen.get(ROLE) != file.file_id:
        session.seen[ROLE] = file.file_id
        _open(session, as_meant(file.name), file.getvalue())
    if opened.refused:
        st.error(plain(opened.refused), icon=":material/error:")
    st.caption(
        "It brings back both pictures, the settings and the boxes.  \n"
        "Inspect and Region save one: “Project, ZIP”."
    )


def _open(session: Session, name: str, data: bytes) -> None:
    """Open a file, and go to its page; one that is refused changes nothing but the sentence about it."""
    opened = session.state(OpenedProject)
    try:
        page = take(session, name, data)
    except ExplorerError as error:
        opened.refused = str(error)
        return
    opened.refused = ""
    if page == (session.page.rpartition("/")[2] or "inspect"):
        session.run_anew()
    st.switch_page(file_of(page))

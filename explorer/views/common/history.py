"""The browser's history, one entry a view, and its key to its uploads; history.js says why and how."""

from pathlib import Path

import streamlit as st

from explorer.views.common.browser import COOKIE

_component = st.components.v2.component(
    "history", js=Path(__file__).with_name("history.js").read_text(encoding="utf-8")
)


def watch_history() -> None:
    """Look after the entries from now on; to be called before a page writes its link."""
    with st.container(key="history_start"):
        _component(key="history_watch", data={})


def settle_history() -> None:
    """Tell the browser which link has been written, and the key; to be called after the page."""
    session = st.session_state.get("session")  # its class would bring torch, which start() imports
    if session is None:
        return
    session.ended += 1
    path = f"/{st.get_option('server.baseUrlPath').strip('/')}"
    with st.container(key="history_end"):
        _component(
            key="history_settle",
            data={
                "run": session.ended,  # what is the same as before is not sent again
                "is_view": session.is_written,
                "page": session.page.rstrip("/"),
                "link": st.query_params.to_dict(),
                "cookie": {"name": COOKIE, "key": session.key, "path": path},
            },
        )

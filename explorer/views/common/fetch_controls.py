"""Fetching weights from a page: a button, then progress with a way to cancel."""

import streamlit as st

from explorer.backbones import Backbone
from explorer.files.fetching import fetch_of, start_fetch
from explorer.files.weights import megabytes, status
from explorer.views.common.browser import browser_is_there
from explorer.views.common.parts import plain
from explorer.views.common.progress import draw_job


def draw_fetch(row: Backbone, place: str) -> None:
    """Offer to fetch a backbone's weights, or show how far that has come; nothing where they are there.

    Args:
        row: The backbone.
        place: Tells apart the places of a page that offer the same backbone.
    """
    job = fetch_of(row.weights)
    if job and not job.is_over:
        draw_job(job, f"{place}_{row.name}")
        return
    now = status(row.weights)
    if now.kind != "fetch":
        return
    if job and job.state == "failed":
        st.error(plain(job.error), icon=":material/error:")
    elif job and job.state == "cancelled":
        st.caption("Cancelled; what had come is kept where the source can go on from it.")
    size = f" · {megabytes(now.size)}" if now.size else ""
    st.button(
        f"Fetch {row.label}{size}",
        key=f"fetch_{place}_{row.name}",
        icon=":material/download:",
        on_click=start_fetch,
        args=(row.name, row.weights, browser_is_there(), row.label),
        help=now.where,
    )

"""Fetching weights from a page: a button, then progress with a way to cancel."""

import streamlit as st

from explorer.backbones import Backbone
from explorer.files import jobs
from explorer.files.weights import megabytes, status
from explorer.views.common.parts import plain

POLL = 0.4  # seconds between two looks at a running fetch


def draw_fetch(row: Backbone, place: str) -> None:
    """Offer to fetch a backbone's weights, or show how far that has come; nothing where they are there.

    Args:
        row: The backbone.
        place: Tells apart the places of a page that offer the same backbone.
    """
    job = jobs.job(row.name)
    if job and job.state == "running":
        _draw_progress(row, place)
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
        on_click=jobs.start,
        args=(row.name, row.weights),
        help=now.where,
    )


@st.fragment(run_every=POLL)
def _draw_progress(row: Backbone, place: str) -> None:
    """How far a fetch has come, while the page's other controls stay as they are."""
    job = jobs.job(row.name)
    if job.state != "running":
        st.rerun()
    known = f"{megabytes(job.fetched)} of {megabytes(job.total)}" if job.total else megabytes(job.fetched)
    words = "Cancelling" if job.cancelling else f"Fetching {row.label}: {known}"
    st.progress(min(1.0, job.fetched / job.total) if job.total else 0.0, text=words)
    st.button(
        "Cancel",
        key=f"cancel_{place}_{row.name}",
        icon=":material/close:",
        disabled=job.cancelling,
        on_click=job.cancel,
    )

"""How far work in the background is, with a way to cancel it: the same line on all pages."""

from typing import Any

import streamlit as st

from explorer.jobs import Job
from explorer.views.common.parts import plain

POLL = 0.4  # seconds between two looks at the work


@st.fragment(run_every=POLL)
def draw_job(job: Job[Any], key: str, before: str = "", drawn: int | None = None) -> None:
    """How far a job is, while the rest of the page stays as it is; once it is over, the page runs anew.

    Args:
        job: Running or waiting.
        key: Tells apart the jobs that a page shows.
        before: Words in front of its line.
        drawn: How many of its results the page shows; it runs anew where more have come. None waits for all.
    """
    if job.is_over or (drawn is not None and len(job.results) > drawn):
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        share = min(1.0, job.done / job.total) if job.total else 0.0
        st.progress(share, text=plain(before + job.line))
        st.button(
            "Cancel",
            key=f"cancel_{key}",
            icon=":material/close:",
            disabled=job.is_ending,
            on_click=job.cancel,
        )

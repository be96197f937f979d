"""Fetching weights from a page: a button, then progress with a way to cancel; for guests, who can do it."""

import streamlit as st

from explorer.backbones import Backbone
from explorer.files.fetching import fetch_of, start_fetch
from explorer.files.weights import megabytes, status
from explorer.views.common.browser import browser_is_there
from explorer.views.common.guests import has_guests, who_fetches
from explorer.views.common.progress import draw_job, draw_work


def draw_fetch(row: Backbone, place: str) -> None:
    """Offer to fetch a backbone's weights, or show how far that has come; nothing where they are there.

    Guests are told who can.

    Args:
        row: The backbone.
        place: Tells apart the places of a page that offer the same backbone.
    """
    if has_guests():
        if status(row.weights).kind == "fetch":
            st.caption(who_fetches(row))
        return
    job, owner = fetch_of(row.weights), browser_is_there()
    if job and not job.is_over and not job.is_ending:
        # Who sees it wants it too: it goes on where the tab that started it is closed.
        job = start_fetch(row.name, row.weights, owner, row.label)
    if job and not job.is_over:
        draw_job(job, f"{place}_{row.name}")
        return
    now = status(row.weights)
    if now.kind != "fetch":
        return
    if job:
        kept = "what had come is kept where the source can go on from it"
        draw_work(job, f"{place}_{row.name}", drawn=None, kept=kept)
    size = f" · {megabytes(now.size)}" if now.size else ""
    st.button(
        f"Fetch {row.label}{size}",
        key=f"fetch_{place}_{row.name}",
        icon=":material/download:",
        on_click=start_fetch,
        args=(row.name, row.weights, owner, row.label),
        help=now.where,
    )

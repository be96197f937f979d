"""How far work in the background is, with a way to cancel it: the same line on all pages."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from explorer.jobs import Job, Task, pool
from explorer.views.common.browser import browser_is_there
from explorer.views.common.guests import has_guests
from explorer.views.common.kept import Kept
from explorer.views.common.parts import plain
from explorer.views.common.runs import runs

T = TypeVar("T")

POLL = 0.4  # seconds between two looks at the work
YOUNG = 2.0  # seconds; until then its end is not only looked for but waited for, since most work is quick
SHORT_LOOKS = 3  # of these, between two others
QUICK = 0.8  # seconds that a page waits for work before it is drawn without: quick work then shows no flicker


def job_for(
    kept: Kept[Job[T]], key: Hashable, task: Callable[[], Task[T] | None], patience: float = QUICK
) -> Job[T] | None:
    """The work on what a page shows, running or over; it is started once, and then waited for a moment.

    Args:
        kept: Where the page keeps its job; one for another key is left.
        key: What the page shows.
        task: Makes the work, or None where nothing is left to be done.
        patience: Seconds for which it is waited for once it was started.

    Raises:
        SettingError: it would take more memory than there is.
    """
    job = kept.get(key)
    if job is not None:
        return job
    leave(kept)
    wanted = task()
    if wanted is None:
        return None
    job = kept.keep(key, pool.start(wanted, browser_is_there()))
    with runs.aside():
        job.wait(patience)
    return job


def leave(kept: Kept[Job[T]]) -> None:
    """Want the work that a page keeps no more, and forget it; where it is wanted again it is started anew."""
    if kept.latest is not None:
        kept.latest.leave(browser_is_there())
    kept.clear()


def pause(kept: Kept[Job[T]]) -> None:
    """As `leave`, for a page that one comes back to: what somebody has cancelled is not started by itself."""
    if kept.latest is not None and not kept.latest.is_over:
        leave(kept)


def draw_work(
    job: Job[Any],
    key: str,
    drawn: int | None,
    again: Callable[[], None] | None = None,
    offer: str = "Measure the rest",
    kept: str = "what was measured is shown",
    pause: float = 0.0,
) -> None:
    """How far work in the background is; where it ended too early, why, and a button that goes on with it.

    Args:
        job: Nothing is drawn where it is done.
        key: Tells apart the jobs that a page shows.
        drawn: How many of its results the page shows, as in `draw_job`.
        again: Forgets the job, so that the next run starts what is missing; None where another button does.
        offer: The words on its button.
        kept: What became of the finished part, as the end of a sentence; "" where there is none.
        pause: Seconds that the page leaves to the browser for drawing it, before it runs anew for more
            results; not for the last ones.
    """
    if not job.is_over or (drawn is not None and drawn < len(job.results)):
        draw_job(job, key, drawn=drawn, until=time.monotonic() + pause)
    elif job.state != "done":
        with st.container(horizontal=True, vertical_alignment="center"):
            if job.state == "failed":
                st.error(plain(job.error), icon=":material/error:")
            else:
                st.info(plain(f"Cancelled: {job.amounts} were finished{kept and f'; {kept}'}."))
            if again is not None:
                st.button(offer, key=f"rest_{key}", on_click=again)


def draw_job(job: Job[Any], key: str, before: str = "", drawn: int | None = None, until: float = 0.0) -> None:
    """How far a job is, while the rest of the page stays as it is; once it is over, the page runs anew.

    Args:
        job: Running or waiting.
        key: Tells apart the jobs that a page shows.
        before: Words in front of its line.
        drawn: How many of its results the page shows; it runs anew where more have come. None waits for all.
        until: By `time.monotonic`: before then it runs anew only once the job is over.
    """
    st.fragment(_draw_job, run_every=POLL)(job, key, before, drawn, until)


def _draw_job(job: Job[Any], key: str, before: str, drawn: int | None, until: float) -> None:
    def has_news() -> bool:
        has_more = drawn is not None and len(job.results) > drawn and time.monotonic() >= until
        return job.is_over or has_more

    if has_news():
        st.session_state.session.run_anew()
    is_others = has_guests() and job.is_shared
    with st.container(horizontal=True, vertical_alignment="bottom"):
        share = min(1.0, job.done / job.total) if job.total else 0.0
        st.progress(share, text=plain(before + job.line))
        st.button(
            "Cancel",
            key=f"cancel_{key}",
            icon=":material/close:",
            disabled=job.is_ending or is_others,
            help="Others wait for it, too." if is_others else None,
            on_click=job.cancel,
        )
    if job.seconds < YOUNG and not job.is_ending:
        for _ in range(SHORT_LOOKS):
            with runs.aside():
                job.wait(POLL / (SHORT_LOOKS + 1))
            if has_news():
                st.session_state.session.run_anew()

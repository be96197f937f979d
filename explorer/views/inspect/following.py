"""A large pair: the numbers as given follow those of the first size by themselves, and take their place."""

from dataclasses import replace

import streamlit as st

from explorer.errors import ExplorerError
from explorer.images import times
from explorer.metrics import Method
from explorer.views.common import measured_pair, parts
from explorer.views.common.compute import is_known, missing, show, take
from explorer.views.common.method_controls import method_for
from explorer.views.common.progress import draw_work, job_for
from explorer.views.common.session import Session
from explorer.views.common.settings import AUTOMATIC
from explorer.views.common.shown import Pair, Shown
from explorer.views.inspect.state import InspectState


def measure(session: Session, pair: Pair | None) -> tuple[Shown | None, ExplorerError | None]:
    """As `measured_pair.measure`; by the numbers as given as soon as they are there."""
    whole = _as_given(session, pair)
    if whole is None or not _has_come(session, pair, whole):
        return measured_pair.measure(session, pair)
    try:
        return show(session, pair, whole, first=method_for(session, pair)), None
    except ExplorerError as error:
        return session.shown, error


def draw_following(session: Session, shown: Shown) -> None:
    """What is still to come of a large pair, and what came before it; to be called when all else is drawn."""
    whole = _as_given(session, shown.pair)
    if whole is None:
        return
    if shown.first is not None:
        st.caption(f"Before, {parts.numbers(shown.first)}.")
        return
    kept = session.state(InspectState).following
    size = times(shown.pair.reference.size)
    try:
        job = job_for(kept, _key(shown.pair, whole), lambda: missing(session, shown.pair, whole), patience=0)
    except ExplorerError as error:
        st.caption(parts.plain(f"These numbers are at {times(shown.inspection.measurement.size)}. {error}"))
        return
    if job is not None:
        draw_work(
            job,
            "following",
            drawn=0,
            again=kept.clear,
            offer=f"Measure at {size}",
            kept=f"the numbers are at {times(shown.inspection.measurement.size)}",
        )


def _as_given(session: Session, pair: Pair | None) -> Method | None:
    """The method at the size as given, where the page chooses a smaller one for the first numbers."""
    if pair is None or session.settings.size != AUTOMATIC:
        return None
    first = method_for(session, pair)
    return None if first.size is None else replace(first, size=None)


def _key(pair: Pair, method: Method) -> tuple:
    return pair.reference.digest, pair.distorted.digest, method


def _has_come(session: Session, pair: Pair, method: Method) -> bool:
    """Whether the numbers as given are known; takes them where they have come just now."""
    kept = session.state(InspectState).following
    job = kept.get(_key(pair, method))
    if job is not None and job.state == "done":
        take(session, pair, method, job)
        kept.clear()
    return is_known(session, pair, method)

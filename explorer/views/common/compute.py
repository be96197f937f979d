"""Where pages compute: one computation of a session at a time, with progress, and nothing computed twice.

A run that was superseded ends at its next use of Streamlit. What it has computed by then is kept first, so
that the run that follows finds it.
"""

import logging
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import streamlit as st

from explorer.analysis.inspection import inspect
from explorer.analysis.viewing import viewing
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe, distorted
from explorer.images import Picture, match
from explorer.metrics import Comparison, Method, compare
from explorer.views.common.kept import Kept
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair, Shown

log = logging.getLogger("explorer.compute")

# For all users together; keyed by digests of pixels, never by arrays, of which caches hash only a sample.
# What is too large for them is still kept by the session that made it, until it makes the next.
_pictures: ByteBudgetCache[Picture] = ByteBudgetCache(128_000_000)
_comparisons: ByteBudgetCache[tuple[Comparison, float]] = ByteBudgetCache(256_000_000)


@dataclass
class Computed:
    """What a session has computed last."""

    distorted: Kept[Picture] = field(default_factory=Kept)
    matched: Kept[tuple[Picture, Picture]] = field(default_factory=Kept)
    # Two, since a precision that is not exact is shown beside the exact one.
    comparisons: Kept[tuple[Comparison, float]] = field(default_factory=lambda: Kept(2))


@st.cache_resource(scope="session")
def _session_lock() -> threading.Lock:
    return threading.Lock()


@contextmanager
def one_at_a_time(message: str) -> Iterator[None]:
    """Hold the session's lock, and show progress; a run that was superseded while it waited ends here."""
    with _session_lock():
        # Streamlit stops a superseded run at its next use of the session, which this is.
        st.session_state.get("session")
        with st.spinner(message):
            yield


def distorted_picture(session: Session, reference: Picture) -> Picture:
    """Distort a picture as given, as the settings say; the note says how."""
    return distorted_by(session, reference, session.settings.recipe)


def distorted_by(session: Session, reference: Picture, recipe: Recipe) -> Picture:
    """Distort a picture as given; the note says how."""
    key = (identity(reference), recipe)
    kept = session.state(Computed).distorted
    picture = kept.get(key) or _pictures.get(key)
    if picture is None:
        with one_at_a_time("Distorting the image …"):
            picture = kept.keep(key, distorted(reference, recipe))
            _pictures.put(key, picture, picture.pixels.nbytes)
    return picture


def matched(session: Session, reference: Picture, distorted: Picture) -> tuple[Picture, Picture]:
    """Make the two one size, by the mend that was chosen for just these two.

    Raises:
        SizeMismatchError: the sizes differ, and none was chosen.
    """
    fit = session.fit_of(reference, distorted)
    if fit is None:
        return match(reference, distorted)
    key = (identity(reference), identity(distorted), fit)
    kept = session.state(Computed).matched
    pair = kept.get(key)
    if pair is None:
        with one_at_a_time("Fitting the two sizes …"):
            pair = kept.keep(key, match(reference, distorted, fit))
    return pair


def show(session: Session, pair: Pair, method: Method) -> Shown:
    """Measure a pair, and keep it as what is on screen.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    key = (*identities(pair), method)
    if session.shown is None or session.shown.key != key:
        with one_at_a_time("Measuring …"):
            comparison, seconds = compared(session, pair, method)
            inspection = inspect(comparison, method.heads, method.layers)
            exact = None
            if method.precision != "float32":
                exactly, _ = compared(session, pair, replace(method, precision="float32"))
                exact = exactly.measurement(method.heads, method.layers).score
            settings, pictures = session.settings, viewing(inspection)
            session.shown = Shown(key, pair, settings, method, inspection, pictures, seconds, exact)
    # The same pixels may have come another way, or by other settings.
    session.shown = replace(session.shown, pair=pair, settings=session.settings)
    return session.shown


def compared(session: Session, pair: Pair, method: Method) -> tuple[Comparison, float]:
    """All maps of a pair that come in one pass, and the seconds they took; to be called in `one_at_a_time`.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    key = (*identities(pair), method.pass_identity)
    kept = session.state(Computed).comparisons
    known = kept.get(key) or _comparisons.get(key)
    if known is None:
        _ = method.network  # loading it is no part of the time
        log.debug("start %s", pair.distorted.digest)
        try:
            start = time.perf_counter()
            comparison = compare(pair.reference, pair.distorted, method, siblings=True)
            known = comparison, time.perf_counter() - start
        finally:
            log.debug("end %s", pair.distorted.digest)
        pixels = comparison.reference.width * comparison.reference.height
        _comparisons.put(key, known, 32 * pixels + comparison.map_bytes)  # pictures and pixel maps, and grids
    return kept.keep(key, known)


def identities(pair: Pair) -> tuple[Hashable, Hashable]:
    """What a kept result depends on, of both pictures."""
    return identity(pair.reference), identity(pair.distorted)


def identity(picture: Picture) -> Hashable:
    """What a kept result depends on: the pixels, and the words that are shown with them."""
    return picture.digest, picture.name, picture.format, picture.notes

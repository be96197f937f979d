"""Where pages compute: one computation of a session at a time, with progress, and nothing computed twice.

A run that was superseded ends at its next use of Streamlit. What it has computed by then is kept first, so
that the run that follows finds it.
"""

import logging
import threading
import time
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st

from explorer.analysis.cost import is_large, peak_bytes
from explorer.analysis.inspection import inspect
from explorer.analysis.viewing import viewing
from explorer.backbones import graph_of
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe, distorted
from explorer.errors import ExplorerError, SizeMismatchError
from explorer.images import Picture, measured_size, to_one_size
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Comparison, Method, compare
from explorer.metrics.measuring import STEPS
from explorer.views.common.kept import Kept
from explorer.views.common.progress import job_for
from explorer.views.common.runs import runs
from explorer.views.common.session import Session
from explorer.views.common.shown import MisfitError, Pair, Shown

log = logging.getLogger("explorer.compute")

Compared = tuple[Comparison, float]  # and the seconds that it took
Measuring = Job[tuple[Hashable, Compared]]  # by the key under which it is kept

# For all users together; keyed by digests of pixels, never by arrays, of which caches hash only a sample.
# What is too large for them is still kept by the session that made it, until it makes the next.
pictures: ByteBudgetCache[Picture] = ByteBudgetCache(128_000_000)  # that recipes have made
_comparisons: ByteBudgetCache[Compared] = ByteBudgetCache(256_000_000)


@dataclass
class Computed:
    """What a session has computed last."""

    matched: Kept[tuple[Picture, Picture]] = field(default_factory=Kept)
    comparisons: Kept[Compared] = field(default_factory=Kept)
    exact: Kept[Compared] = field(default_factory=Kept)  # the same in float32, where it is not exact itself
    measuring: Kept[Measuring] = field(default_factory=Kept)  # in the background


@st.cache_resource(scope="session")
def _session_lock() -> threading.Lock:
    return threading.Lock()


@contextmanager
def one_at_a_time(message: str) -> Iterator[None]:
    """Hold the session's lock, and show progress; a run that was superseded while it waited ends here."""
    with runs.aside(), _session_lock():
        # Streamlit stops a superseded run at its next use of the session, which this is.
        st.session_state.get("session")
        with st.spinner(message):
            yield


def distorted_by_job(reference: Picture, recipe: Recipe) -> Picture:
    """Distort a picture as given, from any thread; what is kept for all users is not made again."""
    key = (identity(reference), recipe)
    picture = pictures.get(key)
    if picture is None:
        picture = distorted(reference, recipe)
        pictures.put(key, picture, picture.pixels.nbytes)
    return picture


def matched(session: Session, reference: Picture, distorted: Picture) -> tuple[Picture, Picture]:
    """Make the two one size, by the mend that was chosen for just these two.

    Raises:
        MisfitError: the sizes differ, and none was chosen.
    """
    fit = session.fit_of(reference, distorted)
    if fit is None:
        try:
            return to_one_size(reference, distorted)
        except SizeMismatchError as error:
            raise MisfitError(str(error), reference, distorted) from error
    key = (identity(reference), identity(distorted), fit)
    kept = session.state(Computed).matched
    pair = kept.get(key)
    if pair is None:
        with one_at_a_time("Fitting the two sizes …"):
            pair = kept.keep(key, to_one_size(reference, distorted, fit))
    return pair


def show(session: Session, pair: Pair, method: Method, first: Method | None = None) -> Shown:
    """Measure a pair, and keep it as what is on screen.

    Args:
        first: The method, at a smaller size, by which it was measured first: its numbers are shown as well.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    key = (*identities(pair), method, first)
    shown, computed = session.shown, session.state(Computed)
    if shown is None or shown.key != key:
        with one_at_a_time("Measuring …"):
            comparison, seconds = _compared(session, pair, method, computed.comparisons)
            inspection = inspect(comparison, method.heads, method.layers)
            exact = None
            if _exact(method) == method:
                computed.exact.clear()
            else:
                exactly, _ = _compared(session, pair, _exact(method), computed.exact)
                exact = exactly.measurement(method.heads, method.layers).score
            small = None
            if first is not None:
                small = compared_by_job(session, pair, first)[0].measurement(first.heads, first.layers)
            settings, pictures = session.settings, viewing(inspection)
            # Kept at once: a run that was superseded ends where this block does.
            session.shown = shown = Shown(
                key, pair, settings, method, inspection, pictures, seconds, exact, small
            )
    # The same pixels may have come another way, or by other settings.
    session.shown, session.pair = replace(shown, pair=pair, settings=session.settings), pair
    return session.shown


def _exact(method: Method) -> Method:
    """The method that a precision which is not exact is shown beside; an exact one is its own."""
    return replace(method, precision="float32")


def _compared(session: Session, pair: Pair, method: Method, kept: Kept[Compared]) -> Compared:
    """What `compared_by_job` returns, kept by the session; to be called in `one_at_a_time`."""
    return kept.keep(_key(pair, method), compared_by_job(session, pair, method))


def compared_by_job(
    session: Session, pair: Pair, method: Method, progress: Progress = lambda _done, _total: None
) -> Compared:
    """All maps of a pair that come in one pass, and the seconds they took; may be called from any thread.

    What this session or all users hold is not measured again.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    return _known(session, pair, method) or _measured(pair, method, progress)


def measured_in_background(session: Session, pair: Pair, method: Method) -> bool:
    """Whether a pair is known, or quick enough to be waited for; starts to measure it where it is neither.

    Raises:
        SettingError: it would take more memory than there is.
        ExplorerError: why it failed.
    """
    computed, key = session.state(Computed), _key(pair, method)
    job = job_for(computed.measuring, key, partial(missing, session, pair, method))
    if job is None:
        return True
    state = job.state  # read once, since it may end at any time
    if state == "done":
        take(session, pair, method, job)
    if state in ("done", "failed"):
        computed.measuring.forget(key)  # a failure can be tried again
    if state == "failed":
        raise ExplorerError(job.error)
    return state == "done"


def missing(session: Session, pair: Pair, method: Method) -> Task[tuple[Hashable, Compared]] | None:
    """The work on a pair that is large and not known yet, and on its exact numbers; else None."""
    size = measured_size(pair.reference.size, method.size)
    both = dict.fromkeys((method, _exact(method)))
    unknown = [each for each in both if _known(session, pair, each) is None]
    if not is_large(size) or not unknown:
        return None
    _ = method.network  # a file that is missing is said at once
    return Task(
        f"Measuring at {size[0]} × {size[1]}",
        partial(_measure_all, pair, unknown),
        size=peak_bytes(graph_of(method.row), size),
        total=STEPS * len(unknown),
        unit="steps",
    )


def take(session: Session, pair: Pair, method: Method, job: Measuring) -> None:
    """Keep what such work has found, for `show` to draw."""
    computed, key = session.state(Computed), _key(pair, method)
    for each, found in job.results:
        (computed.comparisons if each == key else computed.exact).keep(each, found)


def is_known(session: Session, pair: Pair, method: Method) -> bool:
    """Whether a pair was measured by this method, and is kept."""
    return _known(session, pair, method) is not None


def _measure_all(pair: Pair, methods: Sequence[Method], job: Measuring) -> None:
    """Measure a pair by one method after the other; all of it is known at once, as the page shows it."""
    found = [
        (_key(pair, method), _measured(pair, method, _part_of(job, place, len(methods))))
        for place, method in enumerate(methods)
    ]
    job.keep(*found)


def _part_of(job: Measuring, place: int, count: int) -> Progress:
    """Tells a job of the steps of one comparison of several; what is finished is not left."""

    def progress(step: int, steps: int) -> None:
        (job.advance if step < steps else job.at)(place * steps + step, count * steps)

    return progress


def measuring_job(session: Session) -> Measuring | None:
    """The measurement that goes on in the background, or was cancelled."""
    return session.state(Computed).measuring.latest


def stop_measuring(session: Session) -> None:
    """Let it be, and forget that it was ever asked for."""
    kept = session.state(Computed).measuring
    if kept.latest is not None:
        kept.latest.cancel()
    kept.clear()


def _known(session: Session, pair: Pair, method: Method) -> Compared | None:
    key, computed = _key(pair, method), session.state(Computed)
    return computed.comparisons.get(key) or computed.exact.get(key) or _comparisons.get(key)


def _key(pair: Pair, method: Method) -> Hashable:
    return *identities(pair), method.pass_identity


def _measured(pair: Pair, method: Method, progress: Progress) -> Compared:
    """Measure a pair, and keep it for all users; loading the network is no part of the seconds."""
    _ = method.network
    log.debug("start %s", pair.distorted.digest)
    try:
        start = time.perf_counter()
        comparison = compare(pair.reference, pair.distorted, method, siblings=True, progress=progress)
        found = comparison, time.perf_counter() - start
    finally:
        log.debug("end %s", pair.distorted.digest)
    pixels = comparison.reference.width * comparison.reference.height
    size = 32 * pixels + comparison.map_bytes  # pictures and pixel maps, and grids
    _comparisons.put(_key(pair, method), found, size)
    return found


def identities(pair: Pair) -> tuple[Hashable, Hashable]:
    """What a kept result depends on, of both pictures."""
    return identity(pair.reference), identity(pair.distorted)


def identity(picture: Picture) -> Hashable:
    """What a kept result depends on: the pixels, and the words that are shown with them."""
    return picture.digest, picture.name, picture.format, picture.notes

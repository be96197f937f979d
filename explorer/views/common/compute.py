"""Where pages compute: one computation of a session at a time, with progress, and nothing computed twice.

A run that was superseded ends at its next use of Streamlit. What it has computed by then is kept first, so
that the run that follows finds it.
"""

import logging
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from explorer.analysis.inspection import inspect
from explorer.analysis.viewing import viewing
from explorer.backbones import (
    Network,
    find_backbone,
    find_device,
    find_heads,
    graph_of,
    heads_sharing_a_pass,
    network,
)
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe, distorted
from explorer.errors import ImageError
from explorer.images import Picture, match, resize
from explorer.metrics import Comparison, compare
from explorer.metrics.memory import is_out_of_memory
from explorer.views.common.session import Pair, Session, Shown
from explorer.views.common.settings import Settings

log = logging.getLogger("explorer.compute")

# For all users together; keyed by digests of pixels, never by arrays, of which caches hash only a sample.
# What is too large for them is still kept by the session that made it, until it makes the next.
_pictures: ByteBudgetCache[Picture] = ByteBudgetCache(128_000_000)
_comparisons: ByteBudgetCache[tuple[Comparison, float]] = ByteBudgetCache(256_000_000)


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
    picture = session.recall("distorted", key) or _pictures.get(key)
    if picture is None:
        with one_at_a_time("Distorting the image …"):
            picture = distorted(reference, recipe)
            _pictures.put(key, picture, picture.pixels.nbytes)
            session.remember("distorted", key, picture)
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
    pair = session.recall("matched", key)
    if pair is None:
        with one_at_a_time("Fitting the two sizes …"):
            pair = match(reference, distorted, fit)
            session.remember("matched", key, pair)
    return pair


def show(session: Session, pair: Pair, longest: int | None) -> Shown:
    """Measure a pair as the settings say, and keep it as what is on screen.

    Args:
        longest: The longest side to measure at; None measures as given.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    settings = session.settings
    method = (settings.backbone, settings.weights, settings.heads, settings.layers)
    key = (
        identity(pair.reference),
        identity(pair.distorted),
        longest,
        *method,
        settings.device,
        settings.precision,
    )
    if session.shown is None or session.shown.key != key:
        with one_at_a_time("Measuring …"):
            comparison, seconds = compared(session, pair, settings, longest)
            inspection = inspect(comparison, settings.heads, settings.layers)
            exact = None
            if settings.precision != "float32":
                exactly, _ = compared(session, pair, replace(settings, precision="float32"), longest)
                exact = exactly.measurement(settings.heads, settings.layers).score
            session.shown = Shown(
                key, pair, settings, inspection, viewing(inspection), seconds, longest, exact
            )
    # The same pixels may have come another way, or by other settings.
    session.shown = replace(session.shown, pair=pair, settings=settings)
    return session.shown


def compared(
    session: Session, pair: Pair, settings: Settings, longest: int | None
) -> tuple[Comparison, float]:
    """All maps of a pair for a backbone, and the seconds they took; to be called inside `one_at_a_time`.

    Args:
        settings: Only the backbone with weights, heads and layers, the device and the precision count.
        longest: The longest side to measure at; None measures as given.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    row, device = find_backbone(settings.backbone), find_device(settings.device)
    layers = graph_of(row).ordered((*row.layer_names, *settings.layers))
    # With other nodes than the default set only uniform heads can be had.
    is_standard = layers == row.layer_names
    heads = heads_sharing_a_pass(find_heads(settings.heads, row), row) if is_standard else ("uniform",)
    method = (row.name, settings.weights, heads, layers, device, settings.precision)
    key = (identity(pair.reference), identity(pair.distorted), longest, method)
    known = session.recall("comparison", key) or _comparisons.get(key)
    if known is None:
        net = network(row, device, settings.weights)
        known = _timed(pair, net, heads, layers, settings.precision, longest)
        pixels = known[0].reference.width * known[0].reference.height
        _comparisons.put(key, known, 32 * pixels + known[0].map_bytes)  # pictures and pixel maps, and grids
    session.remember("comparison", key, known)
    return known


def _timed(
    pair: Pair,
    net: Network,
    heads: tuple[str, ...],
    layers: tuple[str, ...],
    precision: str,
    longest: int | None,
) -> tuple[Comparison, float]:
    """All maps of a pair, and the seconds they took."""
    log.debug("start %s", pair.distorted.digest)
    try:
        start = time.perf_counter()
        reference, distorted = _at_size(pair.reference, longest), resize(pair.distorted, longest)
        comparison = compare(reference, distorted, net, heads, layers, precision)
        return comparison, time.perf_counter() - start
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise ImageError(
            f"The pair is too large for this machine's memory at {longest or 'the size as given'}; "
            "choose a smaller size to measure at."
        ) from error
    finally:
        log.debug("end %s", pair.distorted.digest)


def _at_size(reference: Picture, longest: int | None) -> Picture:
    """The same object for the same reference, so that it is resized once."""
    if longest is None:
        return reference
    key = (identity(reference), longest)
    picture = _pictures.get(key)
    if picture is None:
        picture = resize(reference, longest)
        _pictures.put(key, picture, picture.pixels.nbytes)
    return picture


def identity(picture: Picture) -> Hashable:
    """What a kept result depends on: the pixels, and the words that are shown with them."""
    return picture.digest, picture.name, picture.format, picture.notes

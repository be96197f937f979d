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
from explorer.backbones import Network, find_backbone, find_device, find_heads, heads_sharing_a_pass, network
from explorer.cache import ByteBudgetCache
from explorer.distortions import CATALOGUE, distort
from explorer.errors import ImageError
from explorer.images import Picture, derive, match, resize
from explorer.metrics import Comparison, compare
from explorer.views.session import Pair, Session, Shown
from explorer.views.settings import Settings

log = logging.getLogger("explorer.compute")

# For all users together; keyed by digests of pixels, never by arrays, of which caches hash only a sample.
# What is too large for them is still kept by the session that made it, until it makes the next.
_pictures: ByteBudgetCache[Picture] = ByteBudgetCache(128_000_000)
_comparisons: ByteBudgetCache[tuple[Comparison, float]] = ByteBudgetCache(256_000_000)


@st.cache_resource(scope="session")
def _session_lock() -> threading.Lock:
    return threading.Lock()


@contextmanager
def _one_at_a_time(message: str) -> Iterator[None]:
    """Hold the session's lock, and show progress; a run that was superseded while it waited ends here."""
    with _session_lock():
        # Streamlit stops a superseded run at its next use of the session, which this is.
        st.session_state.get("session")
        with st.spinner(message):
            yield


def trunk(settings: Settings) -> Network:
    """The network that the settings ask for."""
    return network(find_backbone(settings.backbone), find_device(settings.device))


def distorted_picture(session: Session, reference: Picture) -> Picture:
    """Distort a picture as given, as the settings say; the note says how."""
    name, severity, seed = session.settings.distortion, session.settings.severity, session.settings.seed
    key = (identity(reference), name, severity, seed)
    picture = session.recall("distorted", key) or _pictures.get(key)
    if picture is None:
        with _one_at_a_time("Distorting the image …"):
            pixels = distort(reference.pixels, name, severity, seed)
            entry = CATALOGUE[name]
            note = f"{entry.describe(severity)}, seed {seed}" if entry.random else entry.describe(severity)
            # It has no file, so it is of no format.
            picture = replace(derive(reference, pixels, name=entry.label, note=note), format="")
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
        with _one_at_a_time("Fitting the two sizes …"):
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
    net = trunk(settings)
    heads = heads_sharing_a_pass(find_heads(settings.heads))
    pass_key = (
        identity(pair.reference),
        identity(pair.distorted),
        net.backbone.name,
        heads,
        net.device,
        longest,
    )
    key = (pass_key, settings.heads, settings.layers)
    if session.shown is None or session.shown.key != key:
        with _one_at_a_time("Measuring …"):
            known = session.recall("comparison", pass_key) or _comparisons.get(pass_key)
            comparison, seconds = known or _compared(pair, net, heads, longest)
            if known is None:
                pixels = comparison.reference.width * comparison.reference.height
                _comparisons.put(pass_key, (comparison, seconds), 32 * pixels)  # pictures, pixel maps, grids
            session.remember("comparison", pass_key, (comparison, seconds))
            inspection = inspect(comparison, settings.heads, settings.layers)
            session.shown = Shown(key, pair, settings, inspection, viewing(inspection), seconds)
    # The same pixels may have come another way, or by other settings.
    session.shown = replace(session.shown, pair=pair, settings=settings)
    return session.shown


def _compared(
    pair: Pair, net: Network, heads: tuple[str, ...], longest: int | None
) -> tuple[Comparison, float]:
    """All maps of a pair, and the seconds they took."""
    log.debug("start %s", pair.distorted.digest)
    try:
        start = time.perf_counter()
        comparison = compare(_at_size(pair.reference, longest), resize(pair.distorted, longest), net, heads)
        return comparison, time.perf_counter() - start
    except (MemoryError, RuntimeError) as error:
        # torch's own error has no type: "DefaultCPUAllocator: not enough memory", "CUDA out of memory".
        if isinstance(error, RuntimeError) and "memory" not in str(error):
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

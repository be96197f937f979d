"""Where pages compute: cached by digest, one computation of a session at a time, with progress."""

import logging
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from explorer.backbones import Network, find_backbone, find_device, find_heads, heads_sharing_a_pass, network
from explorer.cache import ByteBudgetCache
from explorer.distortions import CATALOGUE, distort
from explorer.images import Picture, derive, resize
from explorer.metrics import Comparison, compare
from explorer.metrics.perceptual import check_size
from explorer.views.settings import Settings

log = logging.getLogger("explorer.compute")

# For all users together; keyed by digests of pixels, never by arrays, of which caches hash only a sample.
_pictures: ByteBudgetCache[Picture] = ByteBudgetCache(128_000_000)
_comparisons: ByteBudgetCache[tuple[Comparison, float]] = ByteBudgetCache(256_000_000)


@st.cache_resource(scope="session")
def _session_lock() -> threading.Lock:
    return threading.Lock()


def trunk(settings: Settings) -> Network:
    """The network that the settings ask for."""
    return network(find_backbone(settings.backbone), find_device(settings.device))


def distorted_picture(reference: Picture, name: str, severity: float, seed: int) -> Picture:
    """Distort a picture as given; the note says how."""
    key = (identity(reference), name, severity, seed)
    picture = _pictures.get(key)
    if picture is None:
        with _one_at_a_time(), st.spinner("Distorting the image …"):
            pixels = distort(reference.pixels, name, severity, seed)
        entry = CATALOGUE[name]
        note = f"{entry.describe(severity)}, seed {seed}" if entry.random else entry.describe(severity)
        # It has no file, so it is of no format.
        picture = replace(derive(reference, pixels, name=entry.label, note=note), format="")
        _pictures.put(key, picture, picture.pixels.nbytes)
    return picture


def comparison(
    reference: Picture, distorted: Picture, settings: Settings, longest: int | None
) -> tuple[Comparison, float]:
    """Compare a pair for all layers and all heads of one pass; returns also the seconds it took.

    Args:
        longest: The longest side to measure at; None measures as given.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    net = trunk(settings)
    heads = heads_sharing_a_pass(find_heads(settings.heads))
    key = (identity(reference), identity(distorted), net.backbone.name, heads, net.device, longest)
    found = _comparisons.get(key)
    if found is not None:
        return found
    with _one_at_a_time(), st.spinner("Measuring …"):
        log.debug("start %s", reference.digest)
        start = time.perf_counter()
        try:
            first, second = _at_size(reference, longest), resize(distorted, longest)
            check_size(net, first)
            result = compare(first, second, net, heads)
        finally:
            log.debug("end %s", reference.digest)
        seconds = time.perf_counter() - start
    pixels = result.reference.width * result.reference.height
    _comparisons.put(key, (result, seconds), 32 * pixels)  # two pictures, float32 and float64 maps, grids
    return result, seconds


def _at_size(reference: Picture, longest: int | None) -> Picture:
    """The same object for the same reference, so that it is resized, and encoded for the viewer, once."""
    key = (identity(reference), longest)
    picture = _pictures.get(key)
    if picture is None:
        picture = resize(reference, longest)
        _pictures.put(key, picture, picture.pixels.nbytes)
    return picture


def identity(picture: Picture) -> Hashable:
    """What a cached result depends on: the pixels, and the words that are shown with them."""
    return picture.digest, picture.name, picture.format, picture.notes


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the session's lock; a run that was superseded while it waited ends here."""
    with _session_lock():
        # Streamlit stops a superseded run at its next use of the session, which this is.
        st.session_state.get("session")
        yield

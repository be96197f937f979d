"""The causal map: started by a button, measured in the background, looked at by a fragment."""

import math
from collections.abc import Hashable
from dataclasses import replace

import streamlit as st

from explorer.analysis.export import named
from explorer.analysis.region import CausalMap, causal_map, causal_task
from explorer.analysis.region.causal import SIDES, on_pixels
from explorer.backbones import find_device
from explorer.errors import SettingError
from explorer.jobs import Job, Owner, pool
from explorer.metrics import Method
from explorer.names import cut
from explorer.pace import time_words
from explorer.viewer import Gallery, GalleryMap
from explorer.viewer.gallery.gallery import gallery
from explorer.views.common.browser import browser_is_there
from explorer.views.common.parts import plain
from explorer.views.common.progress import draw_job, draw_work
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.tips import tip
from explorer.views.region.measuring import Subject, seconds_for
from explorer.views.region.state import RegionState
from explorer.views.region.view import RegionView
from explorer.views.region.viewing import keep

UNIT = "% of the score"
ABOUT = (
    "The restore check, tile by tile: each tile of the distorted image is replaced by the reference, and the "
    "pair measured again. The learned map says where features differ; this one says what makes them differ."
)
STRONGEST = (
    "The chosen box becomes the map's strongest region: the one around the tile that removes the most which "
    "holds most above half of that."
)


def job_of(session: Session, subject: Subject) -> Job[float] | None:
    """The last causal map of this pair, measured this way: the restore scores of its tiles."""
    return session.state(RegionState).causal.get(subject.shown.key)


def map_of(session: Session, subject: Subject) -> CausalMap | None:
    """What is known of the causal map once its work is over; None before."""
    job = job_of(session, subject)
    if job is None or not job.is_over or not job.results:
        return None
    restored, side = job.results, math.isqrt(job.total)
    key = (subject.shown.key, side, len(restored))
    kept = session.state(RegionState).causal_map
    known = kept.get(key)
    if known is None:
        measurement = subject.measurement if subject.method.has_maps else None
        found = causal_map(restored, subject.measurement.score, side, subject.frame, measurement)
        known = kept.keep(key, found)
    return known


def draw_causal(session: Session, subject: Subject, view: RegionView) -> None:
    """The controls, the progress, and the map, whose strongest region can become the chosen box."""
    st.markdown("## Causal map", help=tip("causal-map", "map"))
    st.caption(ABOUT)
    has_distance = subject.measurement.score > 0
    if has_distance:
        _draw_start(session, subject)
    else:
        st.info("The distance is 0, so there is nothing that restoring could remove.")
    job, running = job_of(session, subject), session.state(RegionState).running
    if running is not None and not running.is_over:
        draw_job(running, "causal", before="" if running is job else "For what was measured before: ")
    if not has_distance or job is None or not job.is_over:
        return
    draw_work(job, "causal", drawn=None, kept="these are shown" if job.results else "")
    found = map_of(session, subject)
    if found is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(found.sentence), width="stretch")
            box = found.strongest
            st.button(
                "Box from the causal map",
                key="causal_box",
                icon=":material/crop_free:",
                help=STRONGEST if box is None else f"{STRONGEST} Here that is {box.words}.",
                on_click=keep,
                args=(session, view if box is None else view.with_box(box), subject.spots),
                disabled=box is None,
            )
        gallery(replace(_scene(subject, found), colours=session.settings.colours), key="causal_gallery")


def _draw_start(session: Session, subject: Subject) -> None:
    sides, start = st.columns([1, 3.2], vertical_alignment="bottom")
    with sides:
        side = st.segmented_control(
            "Tiles a side",
            SIDES,
            default=SIDES[1],
            key="region_tiles",
            required=True,
            persist_state="session",
        )
    with start, st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Measure {side} × {side} tiles",
            key="causal_start",
            icon=":material/grid_on:",
            on_click=_start,
            # Not the subject: Streamlit keeps what a callback is given, also of a closed tab.
            args=(session, subject.shown.key, subject.shown.pair, subject.method, side, browser_is_there()),
        )
        seconds = seconds_for(session, subject, side * side)
        st.caption(f"At most about {time_words(seconds)} on {find_device(subject.method.device).upper()}.")


def _start(session: Session, key: Hashable, pair: Pair, method: Method, side: int, is_wanted: Owner) -> None:
    state = session.state(RegionState)
    if state.running is not None:
        state.running.cancel()
    try:
        job = pool.start(causal_task(pair.reference, pair.distorted, side, method), is_wanted)
    except SettingError as error:
        session.report(error)
        return
    state.running = state.causal.keep(key, job)


def _scene(subject: Subject, found: CausalMap) -> Gallery:
    """Both maps on one scale, on the pictures."""
    pictures = subject.shown.viewing
    size = pictures.reference.size
    side = f"{found.side} × {found.side} tiles"
    removed = 100 * on_pixels(found.removed, subject.frame, size)
    maps = [GalleryMap("causal", "Causal: restoring removes", side, removed)]
    if found.learned is not None:
        learned = 100 * on_pixels(found.learned, subject.frame, size)
        maps.insert(0, GalleryMap("learned", "Learned map holds", side, learned))
    below = found.below
    notes = [
        "Tiles of the causal map do not add up: a feature that sees two tiles answers to both at once.",
    ]
    if below:
        tiles = "One tile is" if below == 1 else f"{below} tiles are"
        notes.append(f"{tiles} below 0 and drawn as 0: restoring makes the distance larger.")
    if not found.is_complete:
        notes.append(f"{found.done} of {found.removed.size} tiles were measured.")
    return Gallery(
        key="-".join(
            map(
                str,
                (pictures.reference.digest, pictures.distorted.digest, found.score, found.side, found.done),
            )
        ),
        reference=pictures.reference.pixels,
        distorted=pictures.distorted.pixels,
        maps=tuple(maps),
        maximum=100 * found.end,
        unit=UNIT,
        note=" ".join(notes),
        reference_name=cut(pictures.reference.name),
        distorted_name=cut(pictures.distorted.name),
        file=named(subject.measurement, "causal-map", "png"),
    )

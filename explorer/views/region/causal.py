"""The causal map: started by a button, measured by a thread, looked at by a fragment."""

import time
from collections.abc import Callable

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.analysis.comparison import common_end
from explorer.analysis.region import CausalMap, causal_map
from explorer.analysis.region.background import CausalJob
from explorer.analysis.region.causal import SIDES, on_pixels
from explorer.backbones import find_device
from explorer.errors import SettingError
from explorer.viewer import Gallery, GalleryMap
from explorer.viewer.gallery.gallery import gallery
from explorer.views.common.parts import plain
from explorer.views.common.session import Session
from explorer.views.region.measuring import Subject, seconds_for
from explorer.views.region.state import RegionState

POLL = 0.4  # seconds between two looks at the work
GRACE = 5.0  # seconds without a browser after which its page counts as closed, not as reconnecting
UNIT = "% of the score"
ABOUT = (
    "The restore check, tile by tile: each tile of the distorted image is replaced by the reference, and the "
    "pair measured again. The learned map says where features differ; this one says what makes them differ."
)


def job_of(session: Session, subject: Subject) -> CausalJob | None:
    """The last causal map of this pair, measured this way."""
    return session.state(RegionState).causal.get(subject.shown.key)


def map_of(session: Session, subject: Subject) -> CausalMap | None:
    """What is known of the causal map once its work is over; None before."""
    job = job_of(session, subject)
    if job is None or job.state == "running" or not job.done:
        return None
    key = (subject.shown.key, job.side, job.done)
    kept = session.state(RegionState).causal_map
    known = kept.get(key)
    if known is None:
        measurement = subject.measurement if subject.method.has_maps else None
        found = causal_map(job.restored, subject.measurement.score, job.side, subject.frame, measurement)
        known = kept.keep(key, found)
    return known


def draw_causal(session: Session, subject: Subject) -> None:
    """The controls, the progress, and the map beside the learned one."""
    st.markdown("### Causal map")
    st.caption(ABOUT)
    has_distance = subject.measurement.score > 0
    if has_distance:
        _draw_start(session, subject)
    else:
        st.info("The distance is 0, so there is nothing that restoring could remove.")
    running = session.state(RegionState).running
    if running is not None and running.state == "running":
        _draw_progress(session, subject, running)
    if not has_distance:
        return
    job, found = job_of(session, subject), map_of(session, subject)
    if job is None or job.state == "running":
        return
    if job.state == "failed":
        st.error(plain(job.error), icon=":material/error:")
    elif job.state == "cancelled":
        st.info(f"Cancelled: {job.done} of {job.total} tiles were finished and are shown.")
    if found is not None:
        st.markdown(plain(found.sentence))
        gallery(_scene(subject, found), key="causal_gallery")


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
            args=(session, subject, side, browser_is_there()),
        )
        seconds = seconds_for(session, subject, side * side)
        st.caption(f"At most about {_time(seconds)} on {find_device(subject.method.device).upper()}.")


def _start(session: Session, subject: Subject, side: int, is_wanted: Callable[[], bool]) -> None:
    state = session.state(RegionState)
    if state.running is not None:
        state.running.cancel()
    pair = subject.shown.pair
    try:
        job = CausalJob(pair.reference, pair.distorted, side, subject.method, is_wanted)
    except SettingError as error:
        session.report(error)
        return
    state.running = state.causal.keep(subject.shown.key, job)


def browser_is_there() -> Callable[[], bool]:
    """Whether this run's page is still open in a browser; may be asked from any thread."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():  # a script that no server runs
        return lambda: True
    server, session_id = runtime.get_instance(), context.session_id
    away_since: float | None = None

    def is_there() -> bool:
        nonlocal away_since
        if server.is_active_session(session_id):
            away_since = None
            return True
        now = time.monotonic()
        away_since = away_since or now
        return now - away_since < GRACE

    return is_there


@st.fragment(run_every=POLL)
def _draw_progress(session: Session, subject: Subject, job: CausalJob) -> None:
    """How far the work has come, while the page's other controls stay as they are."""
    if job.state != "running":
        st.rerun()
    left = job.seconds_left
    words = f"{job.done} of {job.total} tiles" + (f", about {_time(left)} left" if left is not None else "")
    if job is not job_of(session, subject):
        words = f"For what was measured before: {words}"
    progress, cancel = st.columns([5, 1], vertical_alignment="bottom")
    with progress:
        st.progress(job.done / job.total, text="Cancelling …" if job.cancelling else words)
    with cancel:
        st.button(
            "Cancel",
            key="causal_cancel",
            icon=":material/close:",
            disabled=job.cancelling,
            on_click=job.cancel,
            width="stretch",
        )


def _time(seconds: float) -> str:
    if seconds < 1.5:
        return "a second"
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"


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
        maximum=common_end(entry.values for entry in maps),
        unit=UNIT,
        note=" ".join(notes),
        reference_name=pictures.reference.name,
        distorted_name=pictures.distorted.name,
    )

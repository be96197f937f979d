"""Region: which region drives the distance, and is it really the cause?

Reads top to bottom: pair and settings (in the sidebar), one measurement, the boxes on the pictures, both
answers about them, then what else can be asked of a region: causal map, channels, mask, files.
"""

from dataclasses import replace

import streamlit as st

from explorer.errors import ExplorerError
from explorer.viewer import viewer
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.measured_pair import draw_about, draw_state, measure, scene
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair, Shown
from explorer.views.common.stale import name_of, result_of
from explorer.views.common.tips import tip
from explorer.views.region import boxes, causal, channels, files, masks
from explorer.views.region.measuring import Subject, findings, subject_of
from explorer.views.region.pictures import draw_tiles, with_regions
from explorer.views.region.view import RegionView
from explorer.views.region.viewing import display_of, keep, take, view_of


def draw_subject(session: Session, subject: Subject, view: RegionView, is_stale: bool) -> None:
    """The measured pair: boxes on the pictures, and what is asked of them."""
    shown, spots = subject.shown, subject.spots
    tiles = st.container()
    display = viewer(
        with_regions(scene(shown.inspection, shown.viewing, session.settings.colours), subject),
        key="region_viewer",
        display=display_of(session, view),
        on_display=lambda display: keep(session, take(session, display), spots),
    )
    view = keep(session, take(session, display), spots)
    try:
        found = findings(session, subject, view.boxes or ())
    except ExplorerError as error:
        parts.draw_problems([], error)
        return
    region = found.regions[view.chosen] if found.regions else None
    downloads = st.container()
    with tiles:
        draw_tiles(subject.measurement, region)

    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="ledger"):
        st.markdown("## Boxes", help=tip("region", "share", "score-per-area"))
        changed = boxes.draw_choice(session, subject, view)
        if region is not None:
            boxes.draw_ledger(region)
    with right, st.container(key="hotspots"):
        st.markdown("## Hot spots", help=tip("hot-spot", also=boxes.ORDER))
        boxes.draw_spots(session, subject, view)
    with st.container(key="answers"):
        boxes.draw_answers(found)
    if changed != view:
        keep(session, changed, spots)
        session.run_anew()
    causal.draw_causal(session, subject, view)
    channels.draw_channels(session, subject, view)
    masks.draw_mask(session, subject, view)
    with downloads:
        whole = replace(found, causal=causal.map_of(session, subject))
        files.draw_files(session, shown.key, whole, is_stale)


def is_waiting(shown: Shown, pair: Pair | None, failure: ExplorerError | None) -> bool:
    """Whether a pair of another size is still measured: its boxes are not cut to the one before."""
    is_measured = pair is None or shown.is_of(pair) or failure is not None
    return not is_measured and shown.pair.reference.size != pair.reference.size


def page(session: Session) -> None:
    """The whole page."""
    camera, messages = st.container(), st.container()
    with st.sidebar:
        pair, problem = pair_controls.choose_pair(session, camera)
        method_controls.draw_measure(session, pair)
        about = st.empty(), st.empty()
    shown, failure = measure(session, pair)
    subject = subject_of(session, shown) if shown and not is_waiting(shown, pair, failure) else None
    # A link's boxes, or those of the pair before, may not fit this one: that is said with the rest.
    view = view_of(session, shown.pair.reference.size, subject.spots) if subject else None
    with messages:
        draw_state(session, pair, problem, failure, "region")
    if subject is not None:
        is_stale = not shown.is_of(pair)
        if not is_stale:
            method_controls.offer_as_given(session, about[0])
            draw_about(shown, about[1])
        with result_of(name_of(shown.pair), is_stale):
            draw_subject(session, subject, view, is_stale)
    write_link(session, RegionView.PAGE, has_failed=bool(problem or failure))


page(current())

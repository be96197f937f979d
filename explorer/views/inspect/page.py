"""Inspect: where, and in which layer, does the distance between two images arise?

Reads top to bottom: pair and settings (in the sidebar), one comparison, then numbers, pictures, table.
"""

from dataclasses import replace
from functools import partial

import streamlit as st

from explorer.analysis.inspection import Inspection
from explorer.analysis.match import FINE
from explorer.figures import layer_colours, share_bar_text, share_segments
from explorer.viewer import shares, viewer
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.measured_pair import describe, draw_about, draw_state, scene
from explorer.views.common.opening import open_page
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Shown
from explorer.views.common.stale import name_of, result_of
from explorer.views.common.tips import tip
from explorer.views.inspect import files
from explorer.views.inspect.following import draw_following, measure
from explorer.views.inspect.standing import draw_standing


def draw_share_bar(session: Session, shown: Inspection) -> None:
    """The layers' shares; a click on a segment selects that layer."""
    display = session.settings.display
    layers = shown.measurement.layers
    shares(
        share_segments(layers, layer_colours([layer.name for layer in shown.layers])),
        key="share_bar",
        label=share_bar_text(layers),
        selected=display.layer if display.map == "layer" else None,
        on_choose=lambda layer: session.change(
            display=replace(session.settings.display, map="layer", layer=layer)
        ),
    )


def draw_shown(session: Session, shown: Shown, is_stale: bool) -> None:
    """The measured pair: numbers, pictures, table, files."""
    inspection = shown.inspection
    parts.draw_tiles(inspection, inspection.measurement.name.heading, is_stale)
    follows = st.container()
    # The pictures are sent before the bar above them, which takes longer to make than to read.
    bar = st.container()
    session.change(
        display=viewer(
            scene(inspection, shown.viewing, session.settings.colours),
            key="viewer",
            display=session.settings.display,
            on_display=lambda display: session.change(display=display),
        )
    )
    with bar.container(key="bar"):
        draw_share_bar(session, inspection)
        if not is_stale:
            draw_standing(session, shown)
    st.caption(
        f"Reference: {describe(inspection.comparison.reference, shown.pair.reference)}.  \n"
        f"Distorted: {describe(inspection.comparison.distorted, shown.pair.distorted)}."
    )
    files.draw_files(session, shown, is_stale)
    with st.container(key="ledger"):
        st.markdown("## Ledger", help=tip("ledger", "share", "grid"))
        parts.draw_table(inspection)
    if not is_stale:
        with follows:
            draw_following(session, shown)


def offer_match(session: Session) -> None:
    """Below the samples, a way to the best picture of why features matter: Match, on the chosen one."""
    if st.button(
        "All of these have 26 dB",
        key="offer_match",
        type="tertiary",
        icon=":material/grid_view:",
        help="Twelve versions of this sample that are equal by PSNR, and how far apart LPIPS finds them.",
    ):
        open_page(session, "match", {"versions": ",".join(FINE)})


def page(session: Session) -> None:
    """The whole page."""
    camera, messages = st.container(), st.container()
    with st.sidebar:
        pair, problem = pair_controls.choose_pair(session, camera, partial(offer_match, session))
        method_controls.draw_measure(session, pair, follows=True)
        about = st.empty()
    shown, failure = measure(session, pair)
    with messages:
        draw_state(session, pair, problem, failure, "inspect")
    if shown is not None:
        is_stale = not shown.is_of(pair)
        if not is_stale:
            draw_about(shown, about)
        with result_of(name_of(shown.pair), is_stale):
            draw_shown(session, shown, is_stale)
    write_link(session, has_failed=bool(problem or failure))


page(current())

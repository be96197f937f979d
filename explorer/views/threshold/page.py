"""Threshold: from which severity on do you notice a distortion, and what do metrics say of it there?

Reads top to bottom: reference, distortion and how it is measured (in the sidebar), one question after the
other, and, once there are enough answers, the threshold, the curve, the metrics there and the files.
"""

from collections.abc import Hashable
from dataclasses import replace

import streamlit as st

from explorer.distortions import CATALOGUE
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.judgments.asking.noticed import Noticed
from explorer.judgments.asking.threshold import estimate, is_enough
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.distortion_controls import draw_seed, with_family
from explorer.views.common.session import Session, current, widget_key, write_link
from explorer.views.common.shown import Pair
from explorer.views.common.stale import result_of
from explorer.views.threshold.asking import base_of, draw_card, follow
from explorer.views.threshold.result import draw_open, draw_result
from explorer.views.threshold.state import Run, ThresholdState, browsers
from explorer.views.threshold.view import ThresholdView

QUESTION = "From which severity on do you notice a distortion, and what do metrics say of it there?"
CHOOSE = "Choose a reference in the sidebar; a distortion is laid on it, now weaker and now stronger."
NAME = "threshold_distortion"  # the widget's key


def choose(session: Session) -> tuple[Picture | None, ExplorerError | None, ThresholdView]:
    """The sidebar: the reference or why there is none, the distortion, and how it is measured."""
    view = session.view_of(ThresholdView, on_read=lambda: st.session_state.pop(NAME, None))
    camera = st.container()
    with st.sidebar:
        reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
        parts.heading("Distortion")
        st.session_state.setdefault(NAME, view.distortion)
        name = st.selectbox(
            "Distortion",
            CATALOGUE,
            format_func=with_family,
            key=NAME,
            help=parts.plain(view.entry.summary),
            label_visibility="collapsed",
            persist_state="session",
        )
        view = session.keep_view(replace(view, distortion=name))
        if view.entry.random:
            session.change(seed=draw_seed(widget_key("seed", session.settings.seed)))
        pair = None if reference is None else Pair(reference, reference, is_sample)
        method_controls.draw_measure(session, pair)
    return reference, problem, view


def draw_run(
    session: Session, state: ThresholdState, reference: Picture, view: ThresholdView, is_stale: bool
) -> None:
    """The next question, or what the answers say.

    Raises:
        ExplorerError: the distortion cannot be made, or not measured.
    """
    base = base_of(session, state, reference)
    seed = view.entry.seed_of(session.settings.seed)
    about = base.digest, view.distortion, seed
    run = follow(state, about, base, view.entry, seed)
    if not is_enough(run.answers):
        draw_card(state, base, view.entry, run)
        _draw_start_over(state, run, about)
        return
    key = about, run.attempt
    found = state.noticed.get(key) or state.noticed.keep(
        key, Noticed(base, view.distortion, seed, run.answers, estimate(run.answers), run.weakest)
    )
    draw_result(session, state, found, is_stale)
    with st.container(horizontal=True):
        draw_open(session, found, is_stale)
        _draw_start_over(state, run, about)


def _draw_start_over(state: ThresholdState, run: Run, about: Hashable) -> None:
    if run.answers:
        st.button(
            "Start over",
            key="start_over",
            icon=":material/restart_alt:",
            on_click=state.start_over,
            args=(about, run),
            width="content",
        )


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(ThresholdState)
    state.runs = browsers.of(session.key)
    reference, problem, view = choose(session)
    st.caption(QUESTION)
    parts.draw_problems(session.sentences(), problem)
    if reference is None and not problem:
        pair_controls.say_missing(session, CHOOSE)
    is_stale = reference is None
    state.reference = given = reference or state.reference
    if given is not None and not (is_stale and session.asked_for):
        with result_of(f"{given.name} and its distortion", is_stale):
            try:
                draw_run(session, state, given, view, is_stale)
            except ExplorerError as error:
                parts.draw_problems([], error)
    write_link(session, ThresholdView.PAGE, problem is not None, needs_distorted=False)


page(current())

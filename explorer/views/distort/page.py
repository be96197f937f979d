"""Distort: what does each step of a recipe do to the picture, and to the distance?

Reads top to bottom: reference and method (in the sidebar), the steps, one ledger, the pictures between the
steps with their maps, and the parts as a chart and a table. Each step comes as soon as it is measured.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.analysis.steps import StepLedger
from explorer.errors import ExplorerError, MissingWeightsError
from explorer.figures import step_chart, step_chart_text
from explorer.images import Picture, times
from explorer.viewer.candidates.candidates import candidates as pictures_viewer
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.distorting import stop_distorting
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.opening import open_page
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair
from explorer.views.common.stale import result_of
from explorer.views.common.tips import tip
from explorer.views.distort.files import draw_files
from explorer.views.distort.measuring import Measured, measure
from explorer.views.distort.pictures import scene_of
from explorer.views.distort.sources import draw_sources
from explorer.views.distort.state import DistortState
from explorer.views.distort.steps import draw_steps

QUESTION = "What does each step of a recipe do to the picture, and to the distance?"
CHOOSE = "Choose a reference in the sidebar; the steps below are done to it, one after the other."
ABOUT_PARTS = (
    "A step’s part is the score after it less the score before it; a negative one takes some of the distance "
    "away again. The parts sum to the score, and depend on the steps’ order."
)
PAUSE = 0.6  # seconds that the page leaves to the browser between two steps that come


def choose_reference(session: Session) -> tuple[Picture | None, ExplorerError | None]:
    """The sidebar: the reference, or why there is none, and how it is measured."""
    camera = st.container()
    with st.sidebar:
        reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
        pair = None if reference is None else Pair(reference, reference, is_sample)
        method_controls.draw_measure(session, pair)
    return reference, problem


def draw_numbers(ledger: StepLedger, outline: str) -> None:
    """The parts as a chart, and a row a step."""
    size = ledger.found[-1].measurement.size
    st.markdown("## What each step adds", help=tip("lpips-score", also=ABOUT_PARTS))
    chart, table = st.columns([2, 3], gap="large")
    with chart:
        st.plotly_chart(
            step_chart(ledger, outline),
            config={"displayModeBar": False},
            key="step_chart",
            alt=step_chart_text(ledger),
        )
    with table, st.container(key="step_table"):
        metric = ledger.found[-1].measurement.name.metric
        rows = [[parts.plain(row[0]), *row[1:]] for row in ledger.rows()]
        rows.append(["**Sum of the parts**", "", f"**{ledger.shown_scores[-1]}**", "", ""])
        st.markdown(parts.table(("Step", f"{metric} after it", "Its part", "PSNR", "SSIM"), rows))
        st.caption(f"{ABOUT_PARTS} All numbers at {times(size)}.")


def draw_result(session: Session, reference: Picture, measured: Measured, is_stale: bool) -> None:
    """The answer, the pictures, the files; the numbers follow in the page's whole width."""
    state, ledger = session.state(DistortState), measured.ledger
    if ledger.sentence:
        st.markdown(f"## {parts.plain(ledger.sentence)}")
    if measured.job:
        draw_work(
            measured.job,
            "steps",
            measured.drawn,
            state.measuring.clear,
            kept="the steps that were measured are shown",
            pause=PAUSE,
        )
    if ledger.recipe.active:

        def keep(display):
            state.display = display

        state.display = pictures_viewer(
            scene_of(reference, measured, session.settings.colours),
            key="steps_viewer",
            display=state.display,
            on_display=keep,
        )
    draw_files(session, reference, ledger, is_stale)


def offer_all(session: Session, reference: Picture | None) -> None:
    """The way to the gallery of all distortions, from which one is chosen by looking."""
    if reference is not None and st.button(
        "See all distortions of it",
        key="offer_all",
        type="tertiary",
        icon=":material/grid_view:",
        help=f"{parts.plain(reference.name)} under every distortion of the catalogue, ordered by any metric.",
    ):
        open_page(session, "match", {"versions": "all", "equal": "severity"})


@contextmanager
def with_recipe(session: Session) -> Iterator[None]:
    """The link is that of the recipe, also where other pages compare the reference with an upload."""
    origins = session.origins
    session.origins = origins | {"pairing": "distort"}
    try:
        yield
    finally:
        session.origins = origins


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(DistortState)
    stop_distorting(session)  # the steps are made here, one by one
    reference, problem = choose_reference(session)
    st.caption(QUESTION)
    messages = st.container()
    left, right = st.columns([4, 9], gap="medium")
    with left:
        draw_steps(session)
        draw_sources(session)
        offer_all(session, reference)
    is_stale = reference is None
    shown = reference or (None if session.asked_for else state.reference)
    measured, failure = None, None
    if shown is not None:
        state.reference = shown
        try:
            measured = measure(session, shown)
            failure = measured.failure
        except ExplorerError as error:
            failure = error
    with messages:
        parts.draw_problems(session.sentences(), problem or failure)
        if isinstance(failure, MissingWeightsError):
            draw_fetch(session.settings.method.row, "distort")
        elif measured is not None and failure is not None:
            st.button("Try again", key="again_steps", on_click=state.measuring.clear)
        elif is_stale and not problem:
            pair_controls.say_missing(session, CHOOSE)
    if measured is not None:
        with result_of(f"{shown.name} under these steps", is_stale):
            with right:
                draw_result(session, shown, measured, is_stale)
            if measured.ledger.found:
                draw_numbers(measured.ledger, parts.text_colour())
    with with_recipe(session):
        write_link(session, has_failed=bool(problem or failure), needs_distorted=False)


page(current())

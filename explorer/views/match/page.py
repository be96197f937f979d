"""Match: how different can pictures look that are equal by one metric?

Reads top to bottom: reference, distortions and method (in the sidebar), what the numbers say, by what the
versions are equal, the versions, files. Each version comes as soon as it is made.
"""

from dataclasses import replace

import streamlit as st

from explorer.analysis.versions import Versions
from explorer.errors import ExplorerError, MissingWeightsError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.measuring import reference_at
from explorer.viewer.versions.versions import VersionsDisplay, versions
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.opening import open_version
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair
from explorer.views.common.stale import result_of
from explorer.views.match.controls import choose_equality, choose_versions
from explorer.views.match.files import draw_files
from explorer.views.match.making import make
from explorer.views.match.scene import scene_of
from explorer.views.match.state import MatchState
from explorer.views.match.this_pair import of_this_pair
from explorer.views.match.view import MatchView

QUESTION = "How different can pictures look that are equal by one metric?"
CHOOSE = "Choose a reference in the sidebar; its versions are made of it."
NONE = "Choose at least one distortion in the sidebar."
COMING = "Making the versions …"
PAUSE = 1.0  # seconds; to draw all anew takes a browser a part of it, in which others come


def open_in_inspect(session: Session, found: Versions, name: str) -> None:
    """Show a version in Inspect, by the values that it has."""
    version = next((each for each in found.found if each.name == name), None)
    if version is None:
        return
    settings = session.settings
    if found.held is None:
        settings = settings.with_severity(name, found.equality.target, settings.seed)
    else:
        settings = settings.with_version(version.step)
    open_version(session, settings)


def take_pair(session: Session, view: MatchView, reference: Picture, base: Picture, method: Method) -> None:
    """Ask for what the session's pair has; the page runs anew, for the slider shows another value then."""
    try:
        target = of_this_pair(session, reference, base, method, view.equality)
        session.keep_view(view.with_target(target))
    except ExplorerError as error:
        session.report(str(error))
    session.run_anew()


def draw_found(
    session: Session, state: MatchState, view: MatchView, reference: Picture, found: Versions, is_stale: bool
) -> None:
    """The versions with their numbers, why some are missing, and the files."""
    display = versions(
        scene_of(reference, found),
        key="versions",
        display=VersionsDisplay(view.order, view.picked),
        on_display=lambda shown: session.keep_view(view.with_shown(shown.order, shown.picked)),
        on_open=state.open,
    )
    if not is_stale:
        session.keep_view(view.with_shown(display.order, display.picked))
    if found.refused:
        st.caption(parts.plain("Left out: " + " ".join(each.reason for each in found.refused)))
    draw_files(session, state, reference, found, view.order, is_stale)


def draw_messages(
    session: Session, reference: Picture | None, view: MatchView, error: ExplorerError | None
) -> None:
    """What could not be done, and what is missing."""
    parts.draw_problems(session.sentences(), error)
    if isinstance(error, MissingWeightsError):
        draw_fetch(session.settings.method.row, "match")
    elif reference is None and error is None:
        pair_controls.say_missing(session, CHOOSE)
    elif not view.names:
        st.info(NONE)


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(MatchState)
    head, messages = (
        st.container(key="match_head", horizontal=True, vertical_alignment="center"),
        st.container(),
    )
    camera = st.container()
    with st.sidebar:
        reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
    view = session.view_of(MatchView)
    # A click is for this run, or for none.
    opening, state.opening = state.opening, ""
    asks_for_pair, state.asks_for_pair = state.asks_for_pair, False
    if opening and state.shown.latest is not None:
        open_in_inspect(session, state.shown.latest[1], opening)
    with st.sidebar:
        view = choose_versions(session, state, view)
        pair = None if reference is None else Pair(reference, reference, is_sample)
        method_controls.draw_measure(session, pair)
    with head:
        st.caption(QUESTION, width="content")
        work = st.container()  # beside the question: what comes and goes moves nothing
    answer = st.container(key="match_answer")
    view = session.keep_view(choose_equality(session, state, view, session.settings.method))
    failure, job = None, None
    if reference is not None and view.names:
        method = method_controls.method_for(session, pair)
        base = reference_at(reference, method.size)
        if asks_for_pair:
            take_pair(session, view, reference, base, method)
        method = replace(method, size=None)  # the picture is at that size already
        try:
            found, job, drawn = make(state, base, method, view.equality, view.names, session.settings.seed)
            state.shown.keep("page", (reference, found))
        except ExplorerError as error:
            failure = error
    with messages:
        draw_messages(session, reference, view, problem or failure)
    if job is not None:
        with work:
            draw_work(job, "match", drawn, state.making.clear, offer="Make the rest", pause=PAUSE)
    shown = None if session.asked_for else state.shown.latest
    if shown is not None:
        is_stale = reference is None or not view.names or failure is not None
        with answer:
            st.markdown(f"## {parts.plain(shown[1].sentence or COMING)}")
            if shown[1].second_sentence:
                st.markdown(parts.plain(shown[1].second_sentence))
        with result_of(f"{shown[0].name} and its versions", is_stale):
            draw_found(session, state, view, *shown, is_stale)
    write_link(session, view.PAGE, bool(problem or failure), needs_distorted=False)


page(current())

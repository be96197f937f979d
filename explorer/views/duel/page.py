"""Duel: what does a metric not see?

Reads top to bottom: reference, start and method (in the sidebar), which question, the answer in one sentence,
its controls, the made pictures with their numbers, course and maps, and the files. What is made grows on the
page, and can be paused at any step.
"""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.backbones import find_backbone
from explorer.errors import ExplorerError, MissingWeightsError
from explorer.images import Picture
from explorer.metrics.measuring import reference_at
from explorer.synthesis.journey import Journey, Plan
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.distorting import draw_distorting, offer_again
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair
from explorer.views.common.stale import result_of
from explorer.views.duel.asking import USUAL, asked_of, uses_pair
from explorer.views.duel.controls import choose_mode, choose_steps, draw_asking, draw_ways, draw_work_buttons
from explorer.views.duel.files import draw_files
from explorer.views.duel.modes import MODES
from explorer.views.duel.opening import open_made
from explorer.views.duel.running import Trip, bundled, is_quick
from explorer.views.duel.showing import Seen, draw_seen
from explorer.views.duel.state import DuelState, Wish
from explorer.views.duel.view import DuelView

NOTHING = "Nothing is made yet: press Run, and the pictures grow here, step by step."
CHOOSE = "Choose a reference in the sidebar; the pictures are made of it."


def choose_in_sidebar(session: Session, view: DuelView, camera: DeltaGenerator):
    """The reference or why there is none, what the question has there, and how it is measured."""
    with st.sidebar:
        reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
        settings = view.asked.choose_in_sidebar(session, view.choice.settings, reference)
        pair = None if reference is None else Pair(reference, reference, is_sample)
        method_controls.draw_measure(session, pair, usual=USUAL)
    return reference, problem, view.with_choice(settings=settings)


def find_plan(session: Session, view: DuelView, given: Picture) -> Plan | None:
    """What is to be made; None while the distorted image that it starts from is.

    Raises:
        ExplorerError: it cannot be.
    """
    longest = method_controls.size_for(session, given.size, USUAL)
    asked = asked_of(session, given, reference_at(given, longest), uses_pair(view))
    if uses_pair(view) and asked.distorted is None:
        return None
    return view.asked.plan(asked, view.choice.settings)


def act(state: DuelState, view: DuelView, plan: Plan) -> None:
    """Do what was pressed, or what the link, or a first visit, asks for.

    Raises:
        SettingError: it cannot be done.
    """
    wish, is_linked, state.is_linked = state.take_wish(), state.is_linked, False
    trip = state.trips.get(plan.key)
    if wish == "anew" or (wish == "run" and (trip is None or trip.is_bundled)):
        begun = own_trip(view, plan, is_asked=True)
    elif trip is None:
        begun = begun_unasked(state, view, plan, is_linked)
    else:
        begun = None
        if wish or trip.was_left:
            trip.is_asked |= bool(wish)
            state.go_on(trip, steps_of(trip, wish, view.choice.steps))
    if begun is not None:
        state.begin(begun)


def steps_of(trip: Trip, wish: Wish, chosen: int) -> int:
    """Until how many steps in all work goes on that has begun."""
    if trip.is_bundled:
        return trip.steps
    if wish == "ask":
        return trip.journey.step  # all are made, so the other metrics are asked at once
    # What was left while it asked them goes on with that, and makes no steps that nobody has asked for.
    return trip.steps if not wish and trip.journey.step >= trip.steps else chosen


def begun_unasked(state: DuelState, view: DuelView, plan: Plan, is_linked: bool) -> Trip | None:
    """What starts by itself: what a link was made of, and where there is nothing else to show.

    Nothing does that nobody has asked for, while work goes on that somebody has.
    """
    if is_linked and view.is_made:
        return own_trip(view, plan, is_asked=True)
    if state.on_screen(view.mode) is not None:
        return None
    is_usual = view.choice.steps == view.asked.STEPS
    example = bundled(view.mode, view.choice.settings, plan) if is_usual else None
    if example is not None:
        return example
    is_wanted = not state.is_busy and is_quick(view.mode, plan, view.choice.steps)
    return own_trip(view, plan, is_asked=False) if is_wanted else None


def own_trip(view: DuelView, plan: Plan, is_asked: bool) -> Trip:
    """What is chosen, before its first step."""
    return Trip(view.mode, view.choice.settings, Journey(plan), view.choice.steps, is_asked=is_asked)


def failure_of(state: DuelState, plan: Plan | None) -> ExplorerError | None:
    """Why the work on what is chosen has failed, if it has; what was made before stays."""
    trip = None if plan is None else state.trips.get(plan.key)
    return ExplorerError(trip.job.error) if trip is not None and trip.stage == "failed" else None


def draw_messages(
    session: Session, view: DuelView, reference: Picture | None, problem: ExplorerError | None
) -> None:
    """What stands in the way, each with its mend."""
    parts.draw_problems(session.sentences(), problem)
    method = session.settings.method
    if isinstance(problem, MissingWeightsError):
        draw_fetch(find_backbone(problem.name), "duel")
    elif not method_controls.is_ready(method):
        draw_fetch(method.row, "duel")
    if reference is None and not problem:
        pair_controls.say_missing(session, CHOOSE)
    elif uses_pair(view):
        draw_distorting(session)
        offer_again(session)


def draw_saved(session: Session, state: DuelState, shown: Trip, is_stale: bool) -> None:
    """The files of what is on screen."""
    scene, display = state.scene.latest, session.view_of(DuelView).display
    # Of the example only the other metrics are still to come, and a file says what was asked by then.
    is_under_way = shown.is_under_way and not shown.is_bundled
    journey = shown.journey.copy()
    draw_files(
        session,
        journey,
        shown.mode,
        shown.settings,
        is_stale,
        is_under_way=is_under_way,
        sentence=MODES[shown.mode].sentence(journey, shown.settings),
        labels={tile.key: tile.label for tile in scene.tiles},
        at=display.at,
        tile=display.tile or scene.looked_at,
    )


def draw_result(
    session: Session, state: DuelState, view: DuelView, plan: Plan | None, places: tuple[DeltaGenerator, ...]
) -> Trip | None:
    """The buttons, and what was made so far; returns the work on what is chosen, if it has begun.

    Args:
        places: Where the sentence, how far the work is, and the buttons go.
    """
    said, work, buttons = places
    trip = None if plan is None else state.trips.get(plan.key)
    stage = None if trip is None else trip.stage  # read once, since it may end at any time
    has_begun = trip is not None and trip.journey.has_begun
    if has_begun:
        state.last.keep(view.mode, trip)
    shown = None if session.asked_for else state.on_screen(view.mode)
    state.make_room(trip, shown)
    going = state.going(view.mode)
    going = None if going is trip else going
    with buttons:
        draw_work_buttons(state, view, plan, trip, stage, going)
    if shown is None and plan is not None and stage is None:
        st.caption(NOTHING)
    is_stale = shown is not None and (plan is None or shown.key != plan.key)
    name = "" if shown is None else shown.journey.plan.reference.name
    with result_of(f"pictures made of {name}", is_stale):
        draw_seen(session, state, Seen(trip, stage, has_begun, going, shown, said, work))
        if shown is not None:
            with st.container(key="duel_away", horizontal=True, gap="small"):
                draw_asking(state, trip)
                draw_ways(state)
                draw_saved(session, state, shown, is_stale)
    return trip


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(DuelState)
    state.changed = False
    view = session.view_of(DuelView, on_read=state.follow)
    camera = st.container()
    with st.container(key="duel_head", horizontal=True, vertical_alignment="center"):
        question = st.container(width="content")
        work = st.container(key="duel_work", width=210)  # beside it: what comes and goes moves nothing
        steps = state.take_steps()
        view = choose_mode(session, view if steps is None else view.with_choice(steps=steps))
    reference, problem, view = choose_in_sidebar(session, view, camera)
    opening, state.opening = state.opening, None  # a click is for this run, or for none
    if opening is not None and state.scene.latest is not None:
        open_made(session, state.on_screen(view.mode), state.scene.latest, view.display, *opening)
    messages, said = st.container(), st.container(key="duel_said")
    with st.container(key="duel_controls", horizontal=True, vertical_alignment="center"):
        settings = view.asked.choose(session, view.choice.settings, session.settings.method)
        view = choose_steps(session, view.with_choice(settings=settings))
        buttons = st.container(key="duel_buttons", horizontal=True, width="content")
    with question:
        st.caption(view.asked.question(settings, session.settings.method))
    plan = None
    try:
        if reference is not None:
            plan = find_plan(session, view, reference)
        if plan is not None:
            act(state, view, plan)
    except ExplorerError as error:
        problem = error
    with messages:
        draw_messages(session, view, reference, problem or failure_of(state, plan))
    session.keep_view(view)
    trip = draw_result(session, state, view, plan, (said, work, buttons))
    # A link that waits for its pictures keeps what it asks for.
    waits = state.is_linked and view.is_made
    is_made = waits or (trip is not None and not trip.is_bundled)
    session.keep_view(replace(session.view_of(DuelView), is_made=is_made))
    write_link(session, view.PAGE, problem is not None, needs_distorted=uses_pair(view))


page(current())

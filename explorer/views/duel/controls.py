"""The controls above the pictures: which question, how many steps, and the buttons of the work."""

import streamlit as st

from explorer.synthesis.journey import Plan
from explorer.synthesis.process import MOST_STEPS
from explorer.views.common.session import Session
from explorer.views.common.tied import tied
from explorer.views.duel.modes import MODES
from explorer.views.duel.running import Stage, Trip, about, more_steps
from explorer.views.duel.state import DuelState, Wish
from explorer.views.duel.view import DuelView
from explorer.views.duel.widths import wide

STRIDE = 50  # steps that a click on plus or minus is
WAYS = {"inspect": "Inspect", "region": "Region", "candidates": "Candidates"}
ABOUT_WAYS = {
    "inspect": "The chosen picture beside the reference, with all maps.",
    "region": "The same pair, to ask which region makes the distance.",
    "candidates": "All of these pictures, ranked by several metrics.",
}


def choose_mode(session: Session, view: DuelView) -> DuelView:
    """The questions, in a row."""
    mode = tied(
        st.segmented_control,
        session,
        "duel_mode",
        view.mode,
        "What is asked",
        list(MODES),
        format_func=lambda name: MODES[name].TITLE,
        required=True,
        label_visibility="collapsed",
        width="content",
    )
    return view.with_mode(mode)


def choose_steps(session: Session, view: DuelView) -> DuelView:
    """How many steps are asked for in all."""
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="duel_steps_row"):
        st.markdown("Steps", width="content")
        steps = tied(
            st.number_input,
            session,
            f"duel_steps_{view.mode}",
            view.choice.steps,
            "Steps",
            1,
            MOST_STEPS,
            step=STRIDE,
            label_visibility="collapsed",
            width=wide(session, 110),
            help=f"How often the picture is changed a little, from 1 to {MOST_STEPS}; most happens at first.",
        )
    return view.with_choice(steps=int(steps))


def draw_work_buttons(
    state: DuelState,
    view: DuelView,
    plan: Plan | None,
    trip: Trip | None,
    stage: Stage | None,
    going: Trip | None = None,
) -> None:
    """What can be done with the work now, with about how long it takes.

    Args:
        plan: What is chosen; None where it cannot be made.
        trip: The work on that, if it has begun.
        stage: How far that is.
        going: What is under way for what was chosen before.
    """
    if stage in ("running", "pausing") and not trip.is_bundled:
        _draw_pause(state, view.mode, trip)
        return
    _draw_first(state, view, plan, trip, stage)
    if going is not None:
        _draw_pause(state, view.mode, going, key="duel_pause")


def _draw_pause(state: DuelState, mode: str, trip: Trip, key: str = "duel_first") -> None:
    is_pausing = trip.stage != "running"
    st.button(
        "Pausing …" if is_pausing else "Pause",
        key=key,
        type="primary" if key == "duel_first" else "secondary",
        disabled=is_pausing,
        help=None if key == "duel_first" else f"{trip.journey.plan.label}, as it was chosen before.",
        on_click=state.pause,
        args=(mode,),
    )


def _draw_first(
    state: DuelState, view: DuelView, plan: Plan | None, trip: Trip | None, stage: Stage | None
) -> None:
    """What begins, goes on or begins anew."""
    if plan is None:
        # As what is done first it would be its words on a colour of which they cannot be told while disabled.
        _button(state, "Run", "run", is_disabled=True, is_first=False)
        return
    steps = view.choice.steps
    if trip is None or trip.is_bundled:
        again = "" if trip is None else " again"
        _button(state, f"Run{again}{about(view.mode, plan, steps)}", "run")
        return
    if stage in ("paused", "failed") and not trip.journey.has_begun:
        _button(state, f"Run{about(view.mode, plan, steps)}", "anew")
        return
    made = trip.journey.step
    if made < steps and not trip.journey.is_over:
        label = "Go on" if steps <= trip.steps else f"{steps - made} more"
        _button(state, f"{label}{about(view.mode, plan, steps - made)}", "run")
    elif not trip.journey.is_over and made < MOST_STEPS:
        more = more_steps(made, view.asked.STEPS)
        label = f"{more - made} more{about(view.mode, plan, more - made)}"
        _button(state, label, "run", key="duel_more", steps=more, is_first=True)
    is_alone = trip.journey.is_over or made >= max(steps, MOST_STEPS)
    icon = ":material/restart_alt:"
    _button(state, "Start anew", "anew", key="duel_anew", icon=icon, is_first=is_alone)


def draw_asking(state: DuelState, trip: Trip | None) -> None:
    """Ask the other metrics of what is paused, of which they are asked only when its steps are made."""
    if trip is None or trip.is_bundled or trip.stage != "paused":
        return
    if trip.journey.step and trip.journey.has_unasked:
        _button(state, "Ask the other metrics", "ask", key="duel_ask", is_first=False)


def draw_ways(state: DuelState) -> None:
    """The ways to other pages, with the pictures at the playhead."""
    with st.popover("Open in", icon=":material/open_in_new:", key="duel_ways"):
        for place, title in WAYS.items():
            st.button(
                title,
                key=f"duel_open_{place}",
                help=ABOUT_WAYS[place],
                on_click=state.open,
                args=(place,),
                width="stretch",
            )


def _button(
    state: DuelState,
    label: str,
    wish: Wish,
    key: str = "duel_first",
    steps: int | None = None,
    is_disabled: bool = False,
    icon: str | None = None,
    is_first: bool | None = None,
) -> None:
    """A button.

    Args:
        is_first: Whether it is what is done first; None: where it has the usual key.
    """
    is_first = key == "duel_first" if is_first is None else is_first
    st.button(
        label,
        key=key,
        type="primary" if is_first else "secondary",
        disabled=is_disabled,
        icon=icon,
        help=None if icon is None else label,  # where there is no room style.css hides its words
        on_click=state.press,
        args=(wish, steps),
    )

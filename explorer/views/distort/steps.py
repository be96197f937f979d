"""The list of steps: each is on or off, strong or weak, and goes up, down or away; new ones come below."""

import streamlit as st

from explorer.distortions import CATALOGUE, Step
from explorer.distortions.recipe import MOST_STEPS
from explorer.views.common.distortion_controls import draw_seed, draw_severity, draw_values, with_family
from explorer.views.common.parts import plain
from explorer.views.common.session import Session
from explorer.views.distort.state import DistortState, Row, change_rows, keep_rows, with_step

WIDGETS = "distort_"  # what the keys of the page's own widgets begin with
TOO_MANY = f"A recipe has at most {MOST_STEPS} steps; remove one first."


def draw_steps(session: Session) -> None:
    """Draw the list, and take what was changed in it into the settings."""
    state = session.state(DistortState)
    state.follow(session.settings)
    rows, adding = st.container(gap="small"), st.container()  # what follows stays where it is
    with rows:
        for place, row in enumerate(state.rows, start=1):
            _draw_row(session, row, place)
    keep_rows(session)
    _forget_others(state)
    with adding:
        _draw_adding(session)


def _draw_row(session: Session, row: Row, place: int) -> None:
    key, entry = f"{WIDGETS}{row.number}", row.step.entry
    is_on = st.session_state.setdefault(f"{key}_on", row.step.is_on)
    name = "on" if is_on else "off"
    with st.container(border=True, key=f"{WIDGETS}step_{name}_{row.number}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
            with st.container(width="stretch"):
                st.toggle(
                    f"**{place}** · {plain(entry.label)}",
                    key=f"{key}_on",
                    help=None,
                    persist_state="session",
                )
            _draw_moves(session, row, place)
        if is_on:
            step, severity = _draw_strength(row, key)
        else:
            st.caption(f"Off · {plain(row.step.note)}")
            step, severity = row.step, row.severity
    with_step(row, step, severity, is_on)


def _draw_moves(session: Session, row: Row, place: int) -> None:
    """Three icons, whose words style.css leaves to who cannot see them, and to the tooltips."""
    state, label = session.state(DistortState), plain(row.step.entry.label)
    with st.container(horizontal=True, width="content", gap="xxsmall", key=f"{WIDGETS}moves_{row.number}"):
        for words, icon, change, arguments, is_disabled in (
            (f"Move {label} up", "arrow_upward", state.move, (-1,), place == 1),
            (f"Move {label} down", "arrow_downward", state.move, (1,), place == len(state.rows)),
            (f"Remove {label}", "close", state.remove, (), len(state.rows) == 1),
        ):
            st.button(
                words,
                key=f"{WIDGETS}{row.number}_{icon}",
                icon=f":material/{icon}:",
                help=words,
                on_click=change_rows,
                args=(session, change, row.number, *arguments),
                disabled=is_disabled,
                type="tertiary",
            )


def _draw_strength(row: Row, key: str) -> tuple[Step, float | None]:
    """The severity or the values, and the seed; returns the step, and the severity where that was chosen."""
    entry = row.step.entry
    typed_key, severity_key, seed_key = f"{key}_typed", f"{key}_severity", f"{key}_seed"
    is_typed = st.session_state.setdefault(typed_key, row.severity is None)
    st.session_state.setdefault(severity_key, 0.5 if row.severity is None else row.severity)
    seed = int(st.session_state.setdefault(seed_key, row.step.seed))
    if is_typed:
        start = dict(row.step.values or ()) or {each.name: each.at(0.0) for each in entry.parameters}
        values = draw_values(entry, f"{key}_value", start)
    else:
        severity = draw_severity(entry, severity_key)
        for parameter in entry.parameters:  # what is typed next starts from the severity
            st.session_state.pop(f"{key}_value_{parameter.name}", None)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{WIDGETS}how_{row.number}"):
        st.toggle(
            "Type the values",
            key=typed_key,
            help="Give the distortion’s physical values themselves, in the place of a severity.",
            persist_state="session",
        )
        if entry.random:
            seed = draw_seed(seed_key)
    if is_typed:
        return Step(entry.name, values, seed), None
    return Step.at(entry.name, severity, seed), severity


def _forget_others(state: DistortState) -> None:
    """Let go of the values of rows that are gone: their numbers do not come again."""
    numbers = {str(row.number) for row in state.rows}
    for key in [key for key in st.session_state if str(key).startswith(WIDGETS)]:
        number = str(key).removeprefix(WIDGETS).partition("_")[0]
        if number.isdecimal() and number not in numbers:
            del st.session_state[key]


def _draw_adding(session: Session) -> None:
    """The catalogue, from which a choice is put behind the other steps; the next one starts from none."""
    state = session.state(DistortState)
    is_full = len(state.rows) >= MOST_STEPS
    name = st.selectbox(
        "Add a step",
        CATALOGUE,
        index=None,
        format_func=with_family,
        placeholder="Add a distortion …",
        key=f"{WIDGETS}new_{state.added}",
        label_visibility="collapsed",
        disabled=is_full,
        help=TOO_MANY if is_full else None,
    )
    if name is not None:
        change_rows(session, state.add, name)
        session.run_anew()  # the list was drawn before

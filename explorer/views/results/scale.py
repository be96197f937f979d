"""The scale of the conditions in JOD."""

import time
from dataclasses import replace

import streamlit as st

from explorer.analysis.wording import counted
from explorer.figures.people import scale_chart, scale_text, signed
from explorer.judgments.asking.trial import Plan, Vote
from explorer.judgments.scaling import (
    SAMPLES,
    Scale,
    ScaledGroup,
    choices_of,
    connected_words,
    family_of,
    label_of_condition,
    scaled,
    scaled_group,
    title_of_condition,
)
from explorer.views.common import parts
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.tips import tip
from explorer.views.results.state import ResultsState
from explorer.views.results.view import FAMILIES, RECIPES, SCALED, ResultsView

SCALED_KEY, GROUP_KEY = "results_scaled", "results_group"
PATIENCE = 10.0  # seconds for which a scale stays although votes come: a class need not wait for each
BUDGET = 12_000  # fits of the group that is shown, times its conditions: a second
FEWEST = 100  # fits
MOST_DRAWN = 40  # conditions of a chart
PAIRS = (
    "Each condition was shown beside one other alone. On Ask, more versions of each patch make a longer "
    "scale; “Families” puts together what was done in the same way."
)
NO_SCALE = "A scale is made of choices between A and B; in this session people say same or different."


def draw_scale(state: ResultsState, view: ResultsView, plan: Plan, votes: tuple[Vote, ...]) -> ResultsView:
    """What is scaled, whether votes join it, and a chart of a group.

    Args:
        votes: Of those who are not left out.
    """
    if plan.kind != "2afc":
        st.info(NO_SCALE)
        return view
    st.session_state.setdefault(SCALED_KEY, view.scaled)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Scale of",
            SCALED,
            format_func=SCALED.get,
            key=SCALED_KEY,
            required=True,
            help=tip("jod", also="Families put together all recipes with the same kinds of distortions."),
            persist_state="session",
        )
        view = replace(view, scaled=chosen)
        found, count = scale_of(state, view, plan, votes)
        group = _group_of(state, found, _choose_group(found))
    st.markdown(found.told(SCALED[view.scaled].lower()))
    if view.scaled == RECIPES and found.groups and all(len(each.conditions) == 2 for each in found.groups):
        st.caption(PAIRS)
    if group is not None:
        _draw_group(view, group)
        if count < len(votes):
            st.caption(f"Of the first {count:,} answers; it is made anew every {PATIENCE:.0f} seconds.")
    return view


def scale_of(
    state: ResultsState, view: ResultsView, plan: Plan, votes: tuple[Vote, ...]
) -> tuple[Scale, int]:
    """The scale without intervals, and of how many answers it is: while votes pour in it is not made anew."""
    key = state.code, view.scaled, view.leave_out
    kept = state.scale.get(key)
    if kept is not None and (kept[1] == len(votes) or time.monotonic() - kept[2] < PATIENCE):
        return kept[:2]
    with one_at_a_time("Scaling …"):
        choices = choices_of(plan.trials, votes, family_of if view.scaled == FAMILIES else str)
        found = scaled(choices, samples=0)
    state.choices = choices
    state.group.clear()
    state.scale.keep(key, (found, len(votes), time.monotonic()))
    return found, len(votes)


def _group_of(state: ResultsState, found: Scale, place: int) -> ScaledGroup | None:
    """The group that is shown, with intervals: of one alone they take a second at most."""
    if not found.groups or state.choices is None:
        return None
    group = state.group.get(place)
    if group is None:
        count = len(found.groups[place].conditions)
        with one_at_a_time("Scaling …"):
            samples = min(SAMPLES, max(FEWEST, BUDGET // count))
            group = state.group.keep(place, scaled_group(state.choices, place, samples))
    return group


def _choose_group(found: Scale) -> int:
    """The place of the group that is shown."""
    if len(found.groups) < 2:
        return 0
    place = st.selectbox(
        "Group",
        range(len(found.groups)),
        format_func=lambda place: f"{place + 1}: {connected_words(found.groups[place])}",
        key=GROUP_KEY,
        width=420,
        persist_state="session",
    )
    return place if place is not None and place < len(found.groups) else 0


def _draw_group(view: ResultsView, group: ScaledGroup) -> None:
    label = label_of_condition if view.scaled == RECIPES else str
    if group.problem:
        st.info(group.problem)
        return
    shown = replace(group, conditions=group.conditions[:MOST_DRAWN])
    st.plotly_chart(
        scale_chart(shown, title_of_condition),
        key="results_scale",
        config={"displayModeBar": False},
        alt=scale_text(shown, label),
    )
    if len(shown.conditions) < len(group.conditions):
        st.caption(f"The {MOST_DRAWN} closest of {len(group.conditions)} conditions; the files have all.")
    if group.participants == 1:
        st.caption(
            "One participant alone has voted here, so there are no intervals: they are over participants."
        )
    elif any(each.low is None for each in shown.conditions):
        st.caption(
            "A condition without a bar was always chosen, or never: how far off it is, votes that are all "
            "alike cannot say, and its place is the least certain."
        )
    bars = "; bars hold 95%, had other participants been asked"
    has_bars = any(each.low is not None for each in shown.conditions)
    st.caption(
        f"{connected_words(group)}. One JOD apart means that three of four choose the same. Bradley-Terry "
        f"model, regularised by one vote a condition{bars if has_bars else ''}."
    )
    rows = [
        [
            parts.plain(label(each.name)),
            signed(each.jod),
            "–" if each.low is None else f"{signed(each.low)} to {signed(each.high)}",
            f"{each.won} of {each.votes}",
        ]
        for each in shown.conditions
    ]
    with st.expander(f"The same as a table: {counted(len(rows), 'condition', 'conditions')}"):
        st.markdown(parts.table(("Condition", "JOD", "95% interval", "Chosen"), rows))


def forget() -> None:
    """Have the controls start from a link that was followed."""
    for key in (SCALED_KEY, GROUP_KEY):
        st.session_state.pop(key, None)

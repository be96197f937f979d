"""The list of trials: what people and two metrics say, the strongest contradiction first."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.judgments.disputes import Contest
from explorer.judgments.evaluation import Distances
from explorer.judgments.training import label_of_metric, sign_of
from explorer.names import cut, harmless, shortened
from explorer.views.common.session import Session
from explorer.views.common.tied import tied
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.view import EvaluateView

PEOPLE = "People for second"
LEAF = 20  # trials in one part of the list
LIST = "evaluate_trials"
NO_PICTURES = (
    "These votes come without pictures, so no trial can be opened. The paper’s pictures are had by "
    "`lpips-explorer data fetch bapps-val`; start the app with `--root` and their folder, and choose them "
    "here."
)


def contest_of_trials(distances: Distances, two: tuple[str, str]) -> Contest:
    """Both metrics on all of these trials."""
    rows = [distances.place_of(name) for name in two]
    first, second = ((distances.first[row], distances.second[row]) for row in rows)
    return Contest(distances.people, first, second)


def draw_trials(
    session: Session,
    state: EvaluateState,
    view: EvaluateView,
    distances: Distances,
    two: tuple[str, str],
    can_open: bool,
) -> EvaluateView:
    """The controls of the list, and one part of it.

    Args:
        distances: Of the trials that are listed.
        two: The metrics that are compared; twice the same where there is one alone.
        can_open: Whether there are pictures.
    """
    view = _choose_order(session, view, two)
    contest = contest_of_trials(distances, two)
    ordered = contest.ordered(view.order)
    last = max(0, (len(ordered) - 1) // LEAF)
    view = replace(view, leaf=min(view.leaf, last))
    shown = ordered[view.leaf * LEAF : (view.leaf + 1) * LEAF]
    state.listed = tuple(f"{distances.subsets[place]}/{distances.names[place]}" for place in shown)
    _draw_list(state, distances, contest, two, shown, can_open)
    _draw_leaves(session, view, len(ordered), last)
    if not can_open:
        st.caption(NO_PICTURES)
    return view


def clicked_trial(state: EvaluateState) -> str | None:
    """The trial whose row was clicked since the last run."""
    event = (st.session_state.get(state.table) if state.table else None) or {}
    cells = dict(event.get("selection", {})).get("cells", [])
    rows = [row for row, _ in cells if row < len(state.listed)]
    return state.listed[rows[0]] if state.is_new(state.table, rows) else None


def _choose_order(session: Session, view: EvaluateView, two: tuple[str, str]) -> EvaluateView:
    first, second = map(label_of_metric, two)
    if two[0] == two[1]:
        st.caption(f"The trials on which {first} contradicts people most come first.")
        return replace(view, order="first")
    orders = {
        "first": f"{first} against people",
        "second": f"{second} against people",
        "between": f"{first} against {second}",
    }
    order = tied(
        st.selectbox,
        session,
        "evaluate_order",
        view.order,
        "Strongest contradiction first",
        list(orders),
        format_func=orders.get,
        help="How sure a metric is of a trial is told by its rank among all of them, for distances of two "
        "metrics have no common unit. People are as sure as they are of one mind.",
    )
    return replace(view, order=order, leaf=view.leaf if order == view.order else 0)


def _draw_list(
    state: EvaluateState,
    distances: Distances,
    contest: Contest,
    two: tuple[str, str],
    shown: np.ndarray,
    can_open: bool,
) -> None:
    table = {
        "Subset": [shortened(harmless(str(name))) for name in distances.subsets[shown]],
        "Trial": [shortened(harmless(str(name))) for name in distances.names[shown]],
        PEOPLE: 100 * distances.people[shown],
    }
    for place, (d0, d1) in enumerate((contest.first, contest.second)[: len(set(two))]):
        sign = sign_of(two[place])
        table |= {f"a{place}": sign * d0[shown], f"b{place}": sign * d1[shown]}
    columns: dict[str, object] = {
        PEOPLE: st.column_config.ProgressColumn(
            format="%.0f%%",
            min_value=0,
            max_value=100,
            help="Share of people who find the second picture closer.",
        )
    }
    for place, name in enumerate(dict.fromkeys(two)):
        label = cut(harmless(label_of_metric(name)), 28)
        for letter, which in (("a", "first"), ("b", "second")):
            columns[f"{letter}{place}"] = st.column_config.NumberColumn(f"{label}: {which}", format="%.4f")
    # A selection is a row's number: where that may be another trial's, it is another table.
    state.table = f"{LIST}_{zlib.crc32(repr((state.listed, two)).encode()):x}"
    how = {"on_select": "rerun", "selection_mode": "single-cell"} if can_open else {}
    with st.container(key=LIST):
        st.dataframe(
            table,
            key=state.table,
            hide_index=True,
            column_config=columns,
            height="content",
            alt=f"{len(shown)} trials with what people and metrics say of them.",
            **how,
        )


def _draw_leaves(session: Session, view: EvaluateView, count: int, last: int) -> None:
    """Which part of the list this is, and the way to the others."""
    start = view.leaf * LEAF
    with st.container(horizontal=True, vertical_alignment="center", key="evaluate_leaves"):
        st.caption(f"Trials {start + 1:,} to {min(start + LEAF, count):,} of {count:,}", width="content")
        if not last:
            return
        steps = (("Earlier", -1, "chevron_left"), ("Later", 1, "chevron_right"))
        for word, step, icon in steps:
            st.button(
                word,
                key=f"evaluate_{word.lower()}",
                icon=f":material/{icon}:",
                disabled=not 0 <= view.leaf + step <= last,
                on_click=session.keep_view,
                args=(replace(view, leaf=view.leaf + step),),
                width="content",
            )


def said_of(distances: Distances, name: str, two: Sequence[str]) -> list[str]:
    """What people and metrics say of one trial, a sentence each; nothing where it is none of these."""
    subset, _, stem = name.partition("/")
    places = np.flatnonzero((distances.subsets == subset) & (distances.names == stem))
    if not len(places):
        return []
    place = places[0]
    found = [f"{distances.people[place]:.0%} of people find the second closer."]
    for metric in dict.fromkeys(two):
        row = distances.place_of(metric)
        d0, d1 = distances.first[row][place], distances.second[row][place]
        which = "the first" if d0 < d1 else "the second" if d1 < d0 else "neither"
        values = " and ".join(f"{sign_of(metric) * value:.4g}" for value in (d0, d1))
        found.append(f"{label_of_metric(metric)} prefers {which} ({values}).")
    return found

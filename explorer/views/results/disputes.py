"""The trials on which the class contradicts a metric most: pictures with maps, and the others as a table."""

import io
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from PIL import Image

from explorer import render
from explorer.analysis.rulers import label_of, read_ruler
from explorer.analysis.wording import counted
from explorer.cache import ByteBudgetCache
from explorer.judgments.asking.trial import Plan
from explorer.judgments.class_disputes import Dispute, dispute_sentence, disputes, values_of
from explorer.judgments.class_distances import Fetch, TrialDistances
from explorer.judgments.class_results import ClassResults
from explorer.metrics import Method
from explorer.viewer.candidates.candidates import candidates as candidates_viewer
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.results.opening import open_in_inspect
from explorer.views.results.scene import scene_of
from explorer.views.results.state import ResultsState
from explorer.views.results.view import ResultsView

METRIC = "results_dispute"
ROW_HEIGHT = 64  # pixels, of small pictures
_known: ByteBudgetCache[str] = ByteBudgetCache(8_000_000)  # of all users


def draw_disputes(
    session: Session,
    state: ResultsState,
    view: ResultsView,
    plan: Plan,
    found: ClassResults,
    distances: Sequence[TrialDistances],
    fetch: Fetch,
) -> ResultsView:
    """Which metric is contradicted, the trial that is looked at, and all of them.

    Raises:
        AskingError: the session was removed meanwhile.
    """
    view = _choose_metric(view, view.texts(session.settings.method))
    text = view.dispute or view.texts(session.settings.method)[0]
    metric = next((each for each in distances if each.text == text), None)
    if metric is None or metric.problem:
        st.info(parts.plain(metric.problem) if metric else "This metric is not measured yet.")
        return view
    all_of = disputes(plan, found, metric)
    if not all_of:
        st.info(f"People contradict {parts.plain(metric.label)} on no trial so far.")
        return view
    key = f"results_disputes_{state.code}_{metric.text}"
    place = _chosen(state, key, all_of)
    shown = all_of[place]
    st.markdown(f"**{parts.plain(dispute_sentence(plan, shown, metric))}**")
    has_two = plan.kind == "2afc"
    state.display = candidates_viewer(
        replace(scene_of(session, plan, shown, metric, fetch), colours=session.settings.colours),
        key="results_maps",
        display=state.display if has_two else replace(state.display, first="", second=""),
        on_display=lambda display: setattr(state, "display", display),
    )
    _draw_opening(session, state, plan, shown, fetch)
    _draw_list(key, plan, all_of, metric, fetch)
    return view


def _choose_metric(view: ResultsView, held: Sequence[str]) -> ResultsView:
    if st.session_state.get(METRIC) not in held:
        st.session_state[METRIC] = view.dispute if view.dispute in held else held[0]
    chosen = st.selectbox(
        "People against",
        held,
        format_func=lambda text: label_of(read_ruler(text, Method())),
        key=METRIC,
        help="The surest first: many votes that contradict the metric come before few.",
        width=320,
        persist_state="session",
    )
    return replace(view, dispute="" if chosen == held[0] else chosen)


def _chosen(state: ResultsState, key: str, all_of: Sequence[Dispute]) -> int:
    """The place of the dispute that is looked at: it stays the same trial while votes change the order."""
    event = st.session_state.get(key) or {}
    rows = event.get("selection", {}).get("rows", [])
    numbers = [each.trial for each in all_of]
    if rows and rows != state.rows and rows[0] < len(numbers):
        state.chosen.keep(key, state.listed[rows[0]] if rows[0] < len(state.listed) else numbers[rows[0]])
    state.rows, state.listed = rows, numbers
    trial = state.chosen.get(key)
    return numbers.index(trial) if trial in numbers else 0


def _draw_opening(session: Session, state: ResultsState, plan: Plan, shown: Dispute, fetch: Fetch) -> None:
    trial = plan.trials[shown.trial]
    sides = {"A": trial.a, "B": trial.b} if plan.kind == "2afc" else {"the pair": trial.b}
    with st.container(horizontal=True):
        for side, digest in sides.items():
            if st.button(
                f"Open {side} in Inspect", key=f"results_open_{side}", icon=":material/open_in_new:"
            ):
                open_in_inspect(session, state.code, trial, digest, side, fetch)


def _draw_list(key: str, plan: Plan, all_of: Sequence[Dispute], metric: TrialDistances, fetch: Fetch) -> None:
    st.markdown(
        f"**The {counted(len(all_of), 'surest dispute', 'surest disputes')}.** A click on a row shows it."
    )
    trials = [plan.trials[each.trial] for each in all_of]
    names = ("Reference", "A", "B") if plan.kind == "2afc" else ("First", "Second")
    digests = [
        (trial.reference, trial.a, trial.b) if plan.kind == "2afc" else (trial.a, trial.b) for trial in trials
    ]
    table = {name: [_small(row[i], fetch) for row in digests] for i, name in enumerate(names)}
    people = "Chose B" if plan.kind == "2afc" else "Said same"
    table[people] = [f"{round(each.share * each.votes)} of {each.votes}" for each in all_of]
    for side, texts in values_of(plan, all_of, metric).items():
        table[f"{metric.label}{side}"] = texts
    table["Family"] = [trial.family for trial in trials]
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        column_config={name: st.column_config.ImageColumn(width="small") for name in names},
        row_height=ROW_HEIGHT,
        height="content",
        on_select="rerun",
        selection_mode="single-row",
        alt=f"The {len(all_of)} trials on which people contradict {metric.label} most surely.",
    )


def _small(digest: str, fetch: Fetch) -> str:
    """A picture for the list as a data address, made once: the list is sent anew as votes come."""
    address = _known.get(digest)
    if address is None:
        picture = Image.open(io.BytesIO(fetch(digest))).convert("RGB")
        picture.thumbnail((2 * ROW_HEIGHT, 2 * ROW_HEIGHT))  # sharp on dense screens
        address = render.thumbnail_address(picture)
        _known.put(digest, address, len(address))
    return address


def forget() -> None:
    """Have the control start from a link that was followed."""
    st.session_state.pop(METRIC, None)

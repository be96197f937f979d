"""Evaluate: how often do metrics choose as people do?

Reads top to bottom: which judgments (in the sidebar), one sentence, the scores by subset and by what a metric
has learned from, all numbers, two metrics compared, and the trials on which a metric contradicts people most.
"""

from dataclasses import replace

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.evaluation import (
    by_subset,
    by_subset_text,
    by_training,
    by_training_text,
    differences,
    differences_text,
)
from explorer.judgments.evaluation import Distances
from explorer.judgments.published import table_5
from explorer.judgments.standing import Standings, contest_sentence, sentence, standings
from explorer.judgments.training import label_of_metric
from explorer.names import harmless, shortened
from explorer.views.common import parts
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.settings import quoted
from explorer.views.evaluate.controls import (
    choose_column,
    choose_contest,
    choose_metrics,
    choose_subsets,
    shown_metrics,
)
from explorer.views.evaluate.files import draw_files
from explorer.views.evaluate.measuring import (
    choose_way,
    draw_fetches,
    draw_measuring,
    mapped_method,
    measured,
    way_of,
)
from explorer.views.evaluate.numbers import chosen, contest_of, evaluation_of
from explorer.views.evaluate.remarks import ASK, draw_remarks
from explorer.views.evaluate.sources import Source, choose_source, load
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.table import draw_table
from explorer.views.evaluate.trials import clicked_trial, draw_trials, said_of
from explorer.views.evaluate.triplet import draw_triplet
from explorer.views.evaluate.view import PAPER, EvaluateView

QUESTION = "How often do metrics choose as people do?"
BARE = {"displayModeBar": False}


def draw_charts(
    session: Session, state: EvaluateState, view: EvaluateView, found: Standings, source: Source
) -> tuple[EvaluateView, int]:
    """Scores by subset, and for one of them by what the metrics have learned from."""
    outline = parts.text_colour()
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**By subset**")
        st.plotly_chart(
            by_subset(found, outline), key="evaluate_chart_subsets", config=BARE, alt=by_subset_text(found)
        )
    with right:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**By what the metric has learned from**", width="content")
            coming = source.trials.subsets if source.trials else ()
            view, column = choose_column(session, view, found.columns, coming)
        st.plotly_chart(
            by_training(found, column, outline),
            key="evaluate_chart_training",
            config=BARE,
            alt=by_training_text(found, column),
        )
    return view, column


def draw_contest(
    session: Session,
    state: EvaluateState,
    view: EvaluateView,
    source: Source,
    found: Standings,
    distances: Distances,
) -> tuple[EvaluateView, tuple[str, str]]:
    """Two metrics compared on the same trials; returns these two."""
    names = [metric.name for metric in found.metrics]
    if len(names) < 2:
        return view, (names[0], names[0])
    st.markdown("**Two metrics on the same trials**")
    said = st.container()
    view, two = choose_contest(session, view, names)
    compared = contest_of(state.contest, source.key, distances, view.subsets, two)
    if compared is not None:
        labels = label_of_metric(two[0]), label_of_metric(two[1])
        marks = [each.difference for each in compared]
        said.markdown(parts.plain(contest_sentence(found.columns, marks, labels)))
        st.plotly_chart(
            differences(found.columns, marks, labels, parts.text_colour()),
            key="evaluate_chart_contest",
            config=BARE,
            alt=differences_text(found.columns, marks, labels),
        )
    return view, two


def draw_evaluation(
    session: Session, state: EvaluateState, view: EvaluateView, source: Source
) -> EvaluateView:
    """All that is said of the judgments."""
    distances = source.distances
    evaluation = evaluation_of(state.evaluating, source.key, distances, view.subsets)
    if evaluation is None:
        return view
    shown = shown_metrics(view, evaluation.metrics)
    found = standings(evaluation, table_5() if source.is_papers else (), shown)
    state.found.keep("page", (evaluation, found))
    st.markdown(f"## {parts.plain(sentence(found))}")
    view, column = draw_charts(session, state, view, found, source)
    draw_remarks(view, evaluation)
    draw_table(found)
    part = chosen(distances, view.subsets)
    view, two = draw_contest(session, state, view, source, found, part)
    if distances.kind == "2afc":
        listed = part if column == found.last else part.part(found.columns[column])
        which = "all subsets" if column == found.last and column else found.columns[column]
        st.markdown(f"**Trials of {parts.plain(shortened(harmless(which)))}**")
        view = draw_open_trial(session, state, view, source, two)
        view = draw_trials(session, state, view, listed, two, source.trials is not None)
    draw_files(session, view)
    return view


def draw_open_trial(
    session: Session, state: EvaluateState, view: EvaluateView, source: Source, two: tuple[str, str]
) -> EvaluateView:
    """The trial that was clicked, or that a link names, with its pictures."""
    if not view.trial:
        return view
    trial = source.find(view.trial)
    if trial is None:
        session.report(f"There is no trial {quoted(harmless(view.trial))} to be opened here.")
        return replace(view, trial="")
    said = said_of(source.distances, view.trial, two)
    if not said:  # it is still to be measured, or was skipped, as is said above
        return view
    method = mapped_method(way_of(session, view), two)
    draw_triplet(session, state, view, trial, method, said)
    return view


def draw_set(session: Session, state: EvaluateState, view: EvaluateView, source: Source) -> EvaluateView:
    """A set with pictures, as far as it is measured."""
    way = way_of(session, view)
    if draw_fetches(way):
        return view
    found = measured(state, source, way)
    draw_measuring(state, found)
    if found.source.distances is None:
        return view
    is_there = not view.subsets or set(view.subsets) & set(found.source.distances.subset_names)
    if not is_there and not found.job.is_over:
        return view
    return draw_evaluation(session, state, view, found.source)


def choose_shown(session: Session, view: EvaluateView, source: Source) -> EvaluateView:
    """The sidebar's second part: which numbers there are to be."""
    if source.trials is not None:
        view = choose_way(session, view)
        return choose_subsets(session, view, source.trials.subsets)
    if source.distances is not None:
        parts.heading("Shown")
        view = choose_subsets(session, view, source.distances.subset_names)
        return choose_metrics(session, view, source.distances.metrics)
    return view


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(EvaluateState)
    opening = clicked_trial(state)
    view = session.view_of(EvaluateView)
    if opening is not None:
        view = replace(view, trial=opening)
    with st.sidebar:
        view = choose_source(session, state, view)
    st.caption(QUESTION)
    messages, problem, source = st.container(), None, Source()
    try:
        source = load(state, view)
    except ExplorerError as error:
        problem = error
    with st.sidebar:
        view = choose_shown(session, view, source)
    if source.distances is not None or source.trials is not None:
        draw = draw_evaluation if source.trials is None else draw_set
        try:
            view = draw(session, state, view, source)
        except ExplorerError as error:
            problem = error
    elif source.reading is not None:
        draw_work(source.reading, "evaluate_reading", None, state.reading.clear, "Read it again", kept="")
    elif problem is None and view.source != PAPER:
        st.info(ASK[view.source])
    with messages:
        parts.draw_problems(session.sentences(), problem)
    session.keep_view(view)
    write_link(session, EvaluateView.PAGE, has_failed=problem is not None, needs_distorted=False)


page(current())

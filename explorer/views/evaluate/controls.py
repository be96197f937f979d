"""What is chosen of the numbers: subsets, metrics, the two that are compared, and which trials are listed."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from explorer.judgments.training import label_of_metric
from explorer.names import harmless, shortened
from explorer.views.common.parts import plain
from explorer.views.common.session import Session
from explorer.views.common.settings import quoted
from explorer.views.common.tied import tied
from explorer.views.common.tips import tip
from explorer.views.evaluate.view import MOST_METRICS, EvaluateView

ALL_OF_THEM = "All"


def choose_subsets(session: Session, view: EvaluateView, known: Sequence[str]) -> EvaluateView:
    """Which subsets are evaluated; all where none is chosen."""
    lacking = [name for name in view.subsets if name not in known]
    if lacking:
        session.report(f"These judgments have no subset {quoted(lacking[0])}; all are shown.")
        view = replace(view, subsets=())
    if len(known) < 2:
        return view
    picked = tied(
        st.pills,
        session,
        "evaluate_subsets",
        list(view.subsets or known),
        f"Subsets · {len(view.subsets or known)} of {len(known)}",
        list(known),
        selection_mode="multi",
        format_func=pill_labels(known).get,
        help="The average is that of the chosen ones, each of which counts the same.",
        wrap=True,
    )
    chosen = tuple(name for name in known if name in picked)
    return replace(view, subsets=() if len(chosen) in (0, len(known)) else chosen)


def pill_labels(names: Sequence[str]) -> dict[str, str]:
    """Subsets' names on their pills, where Markdown is read and equal words are one pill."""
    labels: dict[str, str] = {}
    for place, name in enumerate(names, start=1):
        label = plain(shortened(harmless(name)))
        labels[name] = f"{label} ({place})" if label in labels.values() else label
    return labels


def choose_metrics(session: Session, view: EvaluateView, known: Sequence[str]) -> EvaluateView:
    """Which of the metrics that have distances are shown; the first ones where none is chosen."""
    lacking = [name for name in view.metrics if name not in known]
    if lacking:
        session.report(f"These judgments have no metric {quoted(lacking[0])}; others are shown.")
        view = replace(view, metrics=tuple(name for name in view.metrics if name in known))
    first = known[:MOST_METRICS]
    if len(known) < 2:
        return view
    picked = tied(
        st.multiselect,
        session,
        "evaluate_metrics",
        list(view.metrics or first),
        "Metrics",
        list(known),
        format_func=label_of_metric,
        max_selections=MOST_METRICS,
        placeholder="The first ones",
        help=tip("two-afc", "interval"),
        wrap=True,  # chips in one row are cut
    )
    chosen = tuple(picked)
    return replace(view, metrics=() if chosen in ((), tuple(first)) else chosen)


def shown_metrics(view: EvaluateView, known: Sequence[str]) -> tuple[str, ...]:
    """Those that are shown."""
    return tuple(view.metrics or known[:MOST_METRICS])


def choose_contest(
    session: Session, view: EvaluateView, shown: Sequence[str]
) -> tuple[EvaluateView, tuple[str, str]]:
    """The two metrics that are compared, the first of which is above 0 where it is better."""
    if view.contest and not set(view.contest) <= set(shown):
        view = replace(view, contest=())
    first, second = view.contest or (shown[0], shown[-1])
    columns = st.columns(2)
    with columns[0]:
        one = tied(
            st.selectbox,
            session,
            "evaluate_first",
            first,
            "First metric",
            list(shown),
            format_func=label_of_metric,
        )
    with columns[1]:
        others = [name for name in shown if name != one]
        other = second if second in others else first if first in others else others[0]
        other = tied(
            st.selectbox,
            session,
            "evaluate_second",
            other,
            "Second metric",
            others,
            format_func=label_of_metric,
        )
    is_usual = (one, other) == (shown[0], shown[-1])
    return replace(view, contest=() if is_usual else (one, other)), (one, other)


def choose_column(
    session: Session,
    view: EvaluateView,
    columns: Sequence[str],
    coming: Sequence[str] = (),
) -> tuple[EvaluateView, int]:
    """The column that is told by training and whose trials are listed: the last one stands for all.

    Args:
        coming: Subsets that there will be; one of them that is chosen waits.
    """
    if view.column and view.column not in (*columns, *coming):
        session.report(f"These judgments have no subset {quoted(view.column)}; all are shown.")
        view = replace(view, column="")
    if len(columns) < 2:
        return view, 0
    now = view.column if view.column in columns else columns[-1]
    picked = tied(
        st.selectbox,
        session,
        "evaluate_column",
        now,
        "Subset",
        list(columns),
        format_func=shortened,
        label_visibility="collapsed",
    )
    if picked != now:
        view = replace(view, column="" if picked == columns[-1] else picked)
    return view, columns.index(picked)

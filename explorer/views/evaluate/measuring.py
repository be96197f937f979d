"""A set with pictures, measured in the background by the chosen metrics; numbers come as they are found."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from explorer.analysis.comparison import all_columns
from explorer.analysis.rulers import CLASSIC, label_of, read_ruler, text_of
from explorer.jobs import Job, Task
from explorer.judgments.evaluation import Distances
from explorer.judgments.running import Outcome, Way, gathered, measure, read_way, room_for
from explorer.judgments.sets import TrialSet
from explorer.metrics import Method
from explorer.views.common import method_controls, parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.progress import draw_job, draw_work, job_for
from explorer.views.common.session import Session
from explorer.views.common.tied import tied
from explorer.views.common.tips import tip
from explorer.views.evaluate.sources import Source
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.view import MOST_METRICS, SIDES, EvaluateView

STEPS = 20  # times at most that a page is drawn while trials are measured, or drawing would hold these up


@dataclass(frozen=True, eq=False)
class Measuring:
    """A set while it is measured, or after.

    Attributes:
        source: What is known by now; its distances are None before the first trial.
        way: How it is measured.
        job: The work, running or over.
        drawn: How many of its results are in the source.
    """

    source: Source
    way: Way
    job: Job[Outcome]
    drawn: int


def choose_way(session: Session, view: EvaluateView) -> EvaluateView:
    """By which metrics a set is measured, and at which size."""
    parts.heading("Measure")
    options = [*map(text_of, CLASSIC), *(method.text for method in all_columns())]
    picked = tied(
        st.multiselect,
        session,
        "evaluate_rulers",
        list(view.rulers),
        "Metrics",
        [*options, *(name for name in view.rulers if name not in options)],
        format_func=_label,
        max_selections=MOST_METRICS,
        placeholder="Add a metric",
        help=tip("two-afc", "interval"),
        wrap=True,  # chips in one row are cut
    )
    side = tied(
        st.selectbox,
        session,
        "evaluate_side",
        view.side,
        "Longest side, in pixels",
        sorted({*SIDES, view.side}),
        help="The paper’s pictures have 256 pixels, and were shown and measured at 64. The size moves scores "
        "by some points. No picture is enlarged.",
    )
    method_controls.choose_device(session)
    return replace(view, rulers=tuple(picked), side=side)


def way_of(session: Session, view: EvaluateView) -> Way:
    """How a set is measured.

    Raises:
        SettingError: by no metric, or at a size that is too small for one.
    """
    return read_way(view.rulers, view.side, device=session.settings.method.device)


def measured(state: EvaluateState, source: Source, way: Way) -> Measuring:
    """What is known of a set; what is missing is measured in the background.

    Raises:
        SettingError: there is no memory for it.
        WeightsError: a network's files are missing or damaged.
    """
    key = source.key, way.names, way.size, tuple(method.identity for method in way.methods)
    job = job_for(state.measuring, key, partial(measuring_task, source.trials, way))
    drawn = job.results
    distances = _gathered(state, source.trials, way, (key, len(drawn)), drawn)
    return Measuring(replace(source, key=(key, len(drawn)), distances=distances), way, job, len(drawn))


def measuring_task(trials: TrialSet, way: Way) -> Task[Outcome]:
    """The work on a whole set."""
    for method in way.methods:
        _ = method.network  # a file that is missing is said at once

    def work(job: Job[Outcome]) -> None:
        for outcome in measure(trials.trials, way):
            job.add(outcome)

    count = len(trials.trials)
    return Task(
        f"Measuring {count:,} trials",
        work,
        size=room_for(trials.trials, way),
        total=count,
        unit="trials",
        amount="{:,}".format,
    )


def draw_measuring(state: EvaluateState, found: Measuring) -> None:
    """How far the work is."""
    job = found.job
    if not job.is_over:
        draw_job(
            job, "evaluate", drawn=found.drawn + max(1, job.total // STEPS)
        )  # which sees its end as well
    else:
        draw_work(job, "evaluate", found.drawn, state.measuring.clear, "Measure all again")


def draw_fetches(way: Way) -> bool:
    """Offer the weights that a metric lacks; whether any are missing."""
    lacking = {method.backbone: method for method in way.methods if not method_controls.is_ready(method)}
    for method in lacking.values():
        st.warning(
            f"{parts.plain(method.row.label)}: the weights are not on this machine, so it measures nothing.",
            icon=":material/download:",
        )
        draw_fetch(method.row, "evaluate")
    return bool(lacking)


def mapped_method(way: Way, two: tuple[str, str]) -> Method:
    """By which a trial's maps are made: one of the two that has some, or another that has, or LPIPS."""
    ordered = sorted(way.methods, key=lambda method: method.text not in two)
    first = next((method for method in ordered if method.has_maps), Method())
    return replace(first, size=way.size)


def _gathered(
    state: EvaluateState, trials: TrialSet, way: Way, key: tuple, drawn: tuple[Outcome, ...]
) -> Distances | None:
    """All results so far; None before the first, for only failures are no numbers yet."""
    if not any(outcome.distances is not None for outcome in drawn):
        is_whole = len(drawn) == len(trials.trials)
        return gathered(trials, way, drawn) if is_whole else None  # which says why there are none
    return state.rows.get(key) or state.rows.keep(key, gathered(trials, way, drawn))


def _label(text: str) -> str:
    """A metric as it is offered, with a mark where its weights are still to be fetched."""
    ruler = read_ruler(text, Method())
    return method_controls.method_label(ruler) if isinstance(ruler, Method) else label_of(ruler)

"""A run that is over: its threshold, the curve, what metrics say there, and the files."""

import json
from dataclasses import replace
from functools import partial

import streamlit as st

from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.distortions import Recipe
from explorer.figures import threshold_chart, threshold_chart_text
from explorer.judgments.asking.noticed import MetricThere, Noticed, answers_csv, metrics_task
from explorer.metrics.classic import RADIUS
from explorer.names import file_name
from explorer.views.common import parts
from explorer.views.common.compute import distorted_by_job
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.method_controls import is_ready
from explorer.views.common.opening import open_version
from explorer.views.common.progress import draw_work, job_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away
from explorer.views.common.tips import tip
from explorer.views.threshold.state import ThresholdState

ABOUT_CURVE = (
    "Points: how often your answers were right at a severity, a larger one of more answers. Curve: how often "
    "they would be, by all answers together; its band holds 95%."
)
NO_BREAK = "\N{NO-BREAK SPACE}"  # a number and its unit stay on one line


def draw_result(session: Session, state: ThresholdState, found: Noticed, is_stale: bool) -> None:
    """Everything below the sentence.

    Raises:
        SettingError: the metrics would take more memory than there is.
        WeightsError: a network's files are damaged.
    """
    st.markdown(f"## {parts.plain(found.sentence)}", help=tip("threshold"))
    st.markdown(parts.plain(found.second_sentence))
    chart, table = st.columns([5, 4], gap="large")
    with chart:
        st.plotly_chart(
            threshold_chart(found, parts.text_colour()),
            config={"displayModeBar": False},
            key="threshold_chart",
            alt=threshold_chart_text(found),
        )
        st.caption(ABOUT_CURVE)
    with table:
        _draw_metrics(session, state, found)
    _draw_files(session, state, found, is_stale)


def draw_open(session: Session, found: Noticed, is_stale: bool) -> None:
    """A button that shows in Inspect what is only just noticed."""
    if st.button("Open in Inspect", key="open_threshold", icon=":material/open_in_new:", disabled=is_stale):
        open_version(session, session.settings.with_version(found.step))


def _draw_metrics(session: Session, state: ThresholdState, found: Noticed) -> None:
    method = replace(session.settings.method, size=None)
    has_network = is_ready(method)
    rulers: list[Ruler] = [PSNR]
    rulers += [SSIM] if min(found.reference.size) > 2 * RADIUS else []
    if has_network:
        _ = method.network  # a file that is damaged is said at once
        rulers.append(method)
    told = [each if isinstance(each, str) else each.identity for each in rulers]
    key = found.reference.digest, found.step, found.estimate.low, found.estimate.high, *told
    job = job_for(state.measuring, key, lambda: metrics_task(found, rulers, distorted_by_job))
    results: tuple[MetricThere, ...] = job.results
    st.markdown(f"## {found.heading}", help=tip("psnr", "ssim", "lpips-score"))
    draw_work(job, "threshold", len(results), state.measuring.clear)
    if results:
        texts = ((each.label, each.direction, *each.texts) for each in results)
        rows = [
            [f"{parts.plain(label)}, {how}", f"**{value.replace(' ', NO_BREAK)}**", *([ends] if ends else [])]
            for label, how, value, ends in texts
        ]
        titles = ("Metric", "There", "Interval") if results[0].ends else ("Metric", "There")
        st.markdown(parts.table(titles, rows))
        st.caption(found.about_metrics)
    if not has_network:
        draw_fetch(method.row, "threshold")


def _draw_files(session: Session, state: ThresholdState, found: Noticed, is_stale: bool) -> None:
    method = session.settings.method
    refusal = NO_FILE if is_stale else ""
    key = found.reference.digest, found.step, method
    subjects = [Subject(key, found.heading, partial(_found, session, state))]
    names = partial(file_name, (found.reference.name,), found.distortion, found.reference.size)
    with take_away(session, subjects, refusal):
        parts.draw_download(
            "Answers, CSV", partial(_csv, state), names("answers", "csv"), "text/csv", "content", refusal
        )
        parts.draw_download(
            "Threshold, JSON",
            partial(_json, state),
            names("threshold", "json"),
            "application/json",
            "content",
            refusal,
        )


def _found(session: Session, state: ThresholdState) -> tuple:
    found = parts.still_held(state.noticed.latest)
    made = distorted_by_job(found.reference, Recipe((found.step,)))
    method = replace(session.settings.method, size=None)
    return found_of(session, Pair(found.reference, made, linkable=False), method)


def _csv(state: ThresholdState) -> str:
    return answers_csv(parts.still_held(state.noticed.latest))


def _json(state: ThresholdState) -> str:
    found = parts.still_held(state.noticed.latest)
    job = state.measuring.latest
    metrics = [each.to_dict() for each in job.results] if job else []
    return json.dumps(found.to_dict() | {"metrics": metrics}, indent=2, allow_nan=False) + "\n"

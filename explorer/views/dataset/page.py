"""Data set: how far apart are many pairs, which of them the farthest, and by which metric?

Reads top to bottom: where the pairs come from (in the sidebar), one sentence, how they spread, the farthest
pairs, the layers. A click on a point or a row opens that pair on Inspect.
"""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from explorer.analysis.dataset import Dataset, Metric, answer, count_of, drawn, layer_means, order, spread
from explorer.analysis.dataset.job import table_of
from explorer.errors import ExplorerError, MissingWeightsError
from explorer.figures import layer_colours, share_bar_text, share_segments
from explorer.figures.dataset import TOOLS, histogram, histogram_text, scatter
from explorer.names import cut, harmless
from explorer.viewer import shares
from explorer.views.common import parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.method_controls import is_ready
from explorer.views.common.progress import draw_job, draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.settings import quoted
from explorer.views.common.tied import tied
from explorer.views.dataset.opening import open_in_inspect
from explorer.views.dataset.pictures import small_pictures
from explorer.views.dataset.sources import (
    Source,
    choose_source,
    load,
    lost_pairs,
    methods_of,
)
from explorer.views.dataset.state import DatasetState
from explorer.views.dataset.view import CLOSEST, FARTHEST, FOLDERS, UPLOAD, DatasetView

QUESTION = "How far apart are the pairs of a data set, and which are the farthest?"
ASK = {
    UPLOAD: "Upload a table in the sidebar. `lpips-explorer measure A/ B/ --csv scores.csv` writes one of "
    "two folders of images, paired by name.",
    "table": "Choose a table in the sidebar, or type its path from the folder that this server opens.",
    FOLDERS: "Choose two folders in the sidebar, the references and the distorted images, paired by name.",
}
MOST_SHOWN = 25  # rows of the table
ROW_HEIGHT = 54  # pixels
ROWS = "dataset_rows"


def draw_lost(source: Source, state: DatasetState) -> None:
    """Name the files that cannot be opened, and what to do; the pairs' numbers are shown all the same."""
    dataset = source.dataset
    if source.finder is None:
        st.info(
            "The pairs cannot be opened, for this server opens no folder: start it with "
            "`lpips-explorer --root FOLDER`, where FOLDER holds the files of the table.",
            icon=":material/folder_off:",
        )
        return
    if source.job is not None and not source.job.is_over:
        return  # its files were there a moment ago
    lost = lost_pairs(state, source)
    if len(lost) == len(dataset.pairs):
        st.info(
            "No pair can be opened: the files of the table do not lie below the folder that this server "
            "opens; move them there, or start it with `--root` and the folder that holds them.",
            icon=":material/folder_off:",
        )
    elif lost:
        names = ", ".join(cut(harmless(dataset.pairs[place][1])) for place in lost[:3])
        words = (
            f"{count_of(len(lost))} {'has' if len(lost) == 1 else 'have'} files that are not there any more"
        )
        more = " …" if len(lost) > 3 else ""
        st.info(
            parts.plain(f"{words}: {names}{more}. The others can be opened."), icon=":material/folder_off:"
        )


def draw_lacking(session: Session, view: DatasetView) -> None:
    """Offer to fetch the weights that are not on this machine."""
    for method in methods_of(session, view):
        if not is_ready(method):
            draw_fetch(method.row, "dataset")


def report_lacking(session: Session, view: DatasetView, source: Source) -> None:
    """Name metrics that the pairs lack, as a link or another table may ask for; those to come lack none."""
    if source.dataset is None or (source.job is not None and not source.job.is_over):
        return
    known = ["", *(metric.key for metric in source.dataset.metrics)]
    for key in dict.fromkeys((view.metric, view.against)):
        if key not in known:
            session.report(f"These pairs have no metric {quoted(harmless(key))}; others are shown.")


def choose_metrics(
    session: Session, view: DatasetView, dataset: Dataset
) -> tuple[DatasetView, Metric, Metric]:
    """Offer all metrics for the spread and the order, one for the scatter, and which end comes first."""
    keys = [metric.key for metric in dataset.metrics]
    labels = {metric.key: metric.label for metric in dataset.metrics}
    first = view.metric if view.metric in keys else keys[0]
    second = view.against if view.against in keys else next((key for key in keys if key != first), keys[0])
    how = {"format_func": labels.get}
    columns = st.columns((2, 2, 1.4), vertical_alignment="bottom")
    with columns[0]:
        first = tied(st.selectbox, session, "dataset_metric", first, "Metric", keys, **how)
    with columns[1]:
        second = tied(st.selectbox, session, "dataset_against", second, "Against", keys, **how)
    with columns[2]:
        ends = {FARTHEST: "Farthest first", CLOSEST: "Closest first"}
        end = tied(
            st.segmented_control, session, "dataset_order", view.order, "Order", tuple(ends),
            format_func=ends.get, required=True, label_visibility="collapsed", width="stretch",
        )  # fmt: skip
    view = replace(view, metric=first, against=second, order=end)
    return view, dataset.metric(first), dataset.metric(second)


def key_of(name: str, *shown: object) -> str:
    """The key of a chart or a table of just this: one of something else is another, with nothing selected."""
    return f"{name}_{zlib.crc32(repr(shown).encode()):x}"


def draw_charts(state: DatasetState, source: Source, metric: Metric, other: Metric) -> list[int]:
    """How the metric spreads, beside the scatter; returns the pairs that a box of that holds."""
    dataset, outline = source.dataset, parts.text_colour()
    found = spread(dataset.values[metric.key])
    left, right = st.columns(2, gap="medium")
    with left:
        said = histogram_text(found, metric)
        st.plotly_chart(
            histogram(found, metric, outline),
            key="dataset_histogram",
            config={"displayModeBar": False},
            alt=said,
        )
        st.caption(parts.plain(said))
    with right:
        points = drawn(dataset, metric, other)
        state.scatter = key_of("dataset_scatter", source.key, metric.key, other.key)
        event = st.plotly_chart(
            scatter(dataset, metric, other, points, outline),
            key=state.scatter,
            on_select="rerun",
            selection_mode=("points", "box"),
            config=TOOLS,
            alt=f"{len(points)} pairs by {metric.label} and {other.label}.",
        )
        words = f"{len(points):,} of {len(dataset.pairs):,} pairs" if len(points) < len(dataset.pairs) else ""
        st.caption(
            f"{words and words + '. '}A click opens a pair; the tool “Box Select” lists the pairs in a box."
        )
    return [point["customdata"][0] for point in event.selection.points] if event.selection.box else []


def draw_rows(
    state: DatasetState, view: DatasetView, source: Source, metric: Metric, inside: list[int]
) -> None:
    """The pairs at one end as a table, with small pictures where their files are there."""
    dataset = source.dataset
    ordered = [int(place) for place in order(dataset, metric, view.order == FARTHEST)]
    boxed = set(inside)
    chosen = [place for place in ordered if place in boxed] if boxed else ordered
    state.rows = tuple(chosen[:MOST_SHOWN])
    paths = [
        source.finder.find(name) if source.finder else None
        for place in state.rows
        for name in dataset.pairs[place]
    ]
    small, job, done = small_pictures(state, paths)
    shown = {metric.key: metric} | {each.key: each for each in dataset.scores}
    has_pictures = any(small)
    table = {}
    if has_pictures:
        table = {"Reference": small[::2], "Distorted": small[1::2]}
    table["Name"] = [harmless(dataset.pairs[place][1]) for place in state.rows]
    table |= {key: [float(dataset.values[key][place]) for place in state.rows] for key in shown}
    count = f"{len(state.rows)} {view.order}" if len(chosen) > 1 else view.order
    st.markdown(
        f"**The {count} of {count_of(len(chosen))}{' in the box' if boxed else ''}** by "
        f"{parts.plain(metric.label)}. A click on a row opens the pair."
    )
    pictures = {name: st.column_config.ImageColumn(width="small") for name in ("Reference", "Distorted")}
    numbers = {
        key: st.column_config.NumberColumn(each.label, format="%.2f dB" if each.kind == "psnr" else "%.4f")
        for key, each in shown.items()
    }
    # A selection is a row's number: where that may be another pair's, it is another table.
    state.table = key_of(ROWS, source.key, metric.key, view.order, state.rows)
    with st.container(key=ROWS):
        st.dataframe(
            table,
            key=state.table,
            hide_index=True,
            column_config=pictures | numbers,
            row_height=ROW_HEIGHT if has_pictures else None,
            height="content",
            on_select="rerun",
            selection_mode="single-cell",
            alt=f"The {view.order} pairs by {metric.label}.",
        )
    if job is not None:
        draw_work(job, "dataset_pictures", done, kept="")


def draw_layers(dataset: Dataset, metric: Metric) -> None:
    """Each layer's part of the mean score."""
    means = layer_means(dataset, metric.how)
    st.markdown(f"**Layers in the mean** of {parts.plain(dataset.hows[metric.how].label)}")
    shares(
        share_segments(means, layer_colours([layer.name for layer in means])),
        key="dataset_layers",
        label=share_bar_text(means),
    )
    rows = [[parts.plain(mean.name), f"{mean.distance:.6f}", parts.percent(mean.share)] for mean in means]
    with st.container(key="ledger"):
        st.markdown(parts.table(("Layer", "Mean distance", "Share"), rows))


def _selection(key: str) -> Mapping[str, list]:
    """What is selected in a chart or a table; nothing where there is none."""
    event = (st.session_state.get(key) if key else None) or {}
    return {"points": [], "box": [], "cells": []} | dict(event.get("selection", {}))


def clicked(state: DatasetState) -> int | None:
    """The place of the pair whose point or row was clicked since the last run."""
    chart, table = (_selection(key) for key in (state.scatter, state.table))
    points = [] if chart["box"] else [point["customdata"][0] for point in chart["points"]]
    rows = [state.rows[row] for row, _ in table["cells"] if row < len(state.rows)]
    found = None
    if state.is_new("point", state.scatter, points):
        found = points[0]
    if state.is_new("row", state.table, rows):
        found = rows[0]
    return found


def draw_dataset(session: Session, state: DatasetState, view: DatasetView, source: Source) -> DatasetView:
    """All that is said of the pairs."""
    dataset = source.dataset
    said = st.container()
    remarks = [*dataset.remarks, *source.remarks]
    if remarks:
        st.caption("  \n".join(parts.plain(harmless(remark)) for remark in remarks))
    draw_lost(source, state)
    view, metric, other = choose_metrics(session, view, dataset)
    said.markdown(f"## {parts.plain(answer(dataset, metric))}")
    inside = draw_charts(state, source, metric, other)
    draw_rows(state, view, source, metric, inside)
    draw_layers(dataset, metric)
    if source.folders is not None:
        table = partial(table_of, source.folders, source.job.results)
        parts.draw_download("Table, CSV", table, "scores.csv", "text/csv", width="content")
    return view


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(DatasetState)
    opening = clicked(state)
    view = session.view_of(DatasetView)
    with st.sidebar:
        view = choose_source(session, state, view)
    st.markdown(QUESTION)
    messages, problem, source = st.container(), None, Source()
    try:
        source = load(session, state, view)
    except ExplorerError as error:
        problem = error
    dataset = source.dataset
    report_lacking(session, view, source)
    if opening is not None and dataset is not None and opening < len(dataset.pairs):
        metric = dataset.metric(view.metric) or dataset.metrics[0]
        session.keep_view(view)
        open_in_inspect(session, dataset, source.finder, opening, dataset.how_of(opening, metric))
    with messages:
        parts.draw_problems(session.sentences(), problem)
        if isinstance(problem, MissingWeightsError):
            draw_lacking(session, view)
        if source.job is not None and not source.job.is_over:
            draw_job(source.job, "dataset", drawn=source.drawn + source.step)  # which sees where it ends now
        elif source.job is not None:
            draw_work(source.job, "dataset", source.drawn, state.measuring.clear)
    if dataset is not None:
        view = draw_dataset(session, state, view, source)
    elif problem is None and source.job is None:
        st.info(ASK[view.data])
    session.keep_view(view)
    write_link(session, DatasetView.PAGE, has_failed=problem is not None, needs_distorted=False)


page(current())

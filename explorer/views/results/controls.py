"""The sidebar of Results: whose session, and which metrics are held against it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from explorer.analysis.comparison import all_columns
from explorer.analysis.rulers import CLASSIC, Ruler, label_of, read_ruler, text_of
from explorer.metrics import Method
from explorer.views.common import method_controls, parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.session import Session
from explorer.views.common.teacher import teacher_keys
from explorer.views.common.tips import tip
from explorer.views.results import disputes, people, scale
from explorer.views.results.view import MOST_METRICS, PARTS, ResultsView

HELD, PART = "results_held", "results_part"


def choose(session: Session) -> ResultsView:
    """What is asked, from the link and the sidebar."""
    view = session.view_of(ResultsView, on_read=forget)
    # The page is projected: what its address bar shows is seen by the class.
    st.query_params.pop("teacher", None)
    if view.code and not view.teacher:
        view = replace(view, teacher=teacher_keys.find(session.key, view.code))
    with st.sidebar:
        parts.heading("Results")
        view = _choose_metrics(session, view)
        method_controls.choose_device(session)
    return view


def choose_part(view: ResultsView) -> ResultsView:
    """Which part of the results is shown."""
    st.session_state.setdefault(PART, view.shows)
    part = st.segmented_control(
        "Shown",
        PARTS,
        format_func=PARTS.get,
        key=PART,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return replace(view, shows=part)


def draw_fetches(rulers: Sequence[Ruler]) -> None:
    """Offer the weights that a metric lacks."""
    missing = {
        each.backbone: each
        for each in rulers
        if isinstance(each, Method) and not method_controls.is_ready(each)
    }
    for method in missing.values():
        st.warning(
            f"{parts.plain(method.row.label)}: the weights are not on this machine, so it measures nothing.",
            icon=":material/download:",
        )
        draw_fetch(method.row, "results")


def _choose_metrics(session: Session, view: ResultsView) -> ResultsView:
    common = session.settings.method
    usual = replace(view, held=()).texts(common)
    st.session_state.setdefault(HELD, list(view.texts(common)))
    options = dict.fromkeys([*map(text_of, CLASSIC), *(each.text for each in all_columns())])
    picked = st.multiselect(
        "Metrics",
        options,
        format_func=_label,
        max_selections=MOST_METRICS,
        key=HELD,
        placeholder="The usual ones",
        help=tip("lpips-score", "psnr", "ssim"),
        wrap=True,
        persist_state="session",
    )
    held = tuple(picked)
    return replace(view, held=() if held == usual else held)


def _label(text: str) -> str:
    """A metric as it is offered, with a mark where its weights are still to be fetched."""
    ruler = read_ruler(text, Method())
    return method_controls.method_label(ruler) if isinstance(ruler, Method) else label_of(ruler)


def forget() -> None:
    """Have the widgets start from a link that was followed."""
    for key in (HELD, PART):
        st.session_state.pop(key, None)
    for each in (disputes, people, scale):
        each.forget()

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
from explorer.views.common.teacher import teacher_in, teacher_keys
from explorer.views.common.tips import tip
from explorer.views.results import disputes, people, scale
from explorer.views.results.view import LONGEST_KEY, MOST_METRICS, PARTS, ResultsView

HELD, PART, KEY = "results_held", "results_part", "results_key"
LONGEST_LINK = 2000  # letters


def choose(session: Session) -> ResultsView:
    """What is asked, from the link and the sidebar."""
    view = session.view_of(ResultsView, on_read=_forget)
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


def ask_for_key(session: Session, view: ResultsView) -> None:
    """Say where results are found, and take a link or a key that is pasted."""
    if view.code and not view.teacher:
        st.info(f"The results of class {view.code} open in this browser once its link or key is pasted here.")
    st.markdown(
        "**Ask gives you a link to this page when you start a session.** It holds your key: keep it to "
        "yourself, for who has it can close and remove the session. Participants’ links do not open this "
        "page."
    )

    def take() -> None:
        key = teacher_in(st.session_state.get(KEY, ""))[:LONGEST_KEY]
        _forget()  # who was left out, and what was looked at, was of another class
        session.keep_view(replace(view, teacher=key, code="", leave_out=0))

    st.text_input(
        "Your link or key",
        value="",
        key=KEY,
        max_chars=LONGEST_LINK,
        type="password",
        autocomplete="off",
        on_change=take,
        placeholder="…/results?teacher=…",
        width=520,
    )


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


def _forget() -> None:
    """Have the widgets start from a link that was followed."""
    for key in (HELD, PART):
        st.session_state.pop(key, None)
    for each in (disputes, people, scale):
        each.forget()

"""The controls of the page Match: which distortions, and by what their versions are equal."""

from dataclasses import replace

import streamlit as st

from explorer.analysis.match import USUAL
from explorer.distortions import CATALOGUE
from explorer.metrics import Method
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.parts import heading
from explorer.views.common.session import Session, widget_key
from explorer.views.common.tied import tied, untie
from explorer.views.common.tips import tip
from explorer.views.match.state import MatchState
from explorer.views.match.view import MOST, RANGES, MatchView

SOME, EVERY = "some", "every"


def choose_versions(session: Session, state: MatchState, view: MatchView) -> MatchView:
    """The sidebar: the distortions, and the seed of the random ones."""
    heading("Distortions")
    labels = {SOME: f"Up to {MOST}", EVERY: f"All {len(CATALOGUE)}"}
    which = tied(
        st.segmented_control,
        session,
        "match_which",
        EVERY if view.is_gallery else SOME,
        "Which distortions",
        list(labels),
        format_func=labels.get,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    if which == EVERY:
        view = view.with_versions(tuple(CATALOGUE))
        st.caption("The gallery: every distortion that there is.")
    else:
        view = _choose_some(session, state, view)
    if any(CATALOGUE[name].random for name in view.names):
        session.change(seed=draw_seed(widget_key("seed", session.settings.seed)))
    if view.picked not in view.names:
        view = replace(view, picked="")
    return view


def _choose_some(session: Session, state: MatchState, view: MatchView) -> MatchView:
    """The chosen ones, any of which can be left out, and a menu of the others."""
    names = USUAL if view.is_gallery else view.names
    # What was left out stays in its place, to be taken again.
    state.offered = tuple(dict.fromkeys((*state.offered, *names)))
    picked = tied(
        st.pills,
        session,
        "match_names",
        list(names),
        f"Distortions, up to {MOST}",
        list(state.offered),
        format_func=lambda name: CATALOGUE[name].label,
        selection_mode="multi",
        label_visibility="collapsed",
    )
    others = [name for name in CATALOGUE if name not in state.offered]
    added = st.selectbox(
        "Add a distortion",
        others,
        index=None,
        key=f"match_add_{state.rounds}",  # empty again once one was taken
        format_func=lambda name: CATALOGUE[name].label,
        placeholder=f"Add one of {len(others)} others",
        label_visibility="collapsed",
    )
    wanted = tuple(name for name in dict.fromkeys((*names, *state.offered)) if name in picked)
    wanted += (added,) if added is not None else ()
    if len(wanted) > MOST:
        session.report(f"At most {MOST} are shown beside each other; leave one out first, or choose all.")
        wanted = names
    view = session.keep_view(view.with_versions(wanted))
    if added is not None or len(picked) > MOST:
        state.rounds += 1
        untie(session, "match_names")
        session.run_anew()  # the widgets above show others
    return view


def choose_equality(session: Session, state: MatchState, view: MatchView, method: Method) -> MatchView:
    """Above the pictures: by what they are equal, and how much of it they have."""
    labels = {"severity": "Severity", "psnr": "PSNR", "ssim": "SSIM", "lpips": method.name.metric}
    with st.container(horizontal=True, vertical_alignment="center", key="equality"):
        st.markdown("Equal by", width="content", help=tip("severity", "psnr", "ssim", "lpips-score"))
        equal = tied(
            st.segmented_control,
            session,
            "match_equal",
            view.equal,
            "Equal by",
            list(labels),
            format_func=labels.get,
            required=True,
            label_visibility="collapsed",
            width="content",
        )
        if equal != view.equal:
            view = replace(view, equal=equal, target=None, ordered="")
        limits = RANGES[equal]
        target = tied(
            st.slider,
            session,
            f"match_target_{equal}",
            view.equality.target,
            f"{labels[equal]} of every version",
            limits.low,
            limits.high,
            step=limits.step,
            format=limits.form,
            label_visibility="collapsed",
            width=300,
        )
        view = view.with_target(target)
        st.button(
            "As this pair",
            key="match_as_pair",
            help="The value that the pair in Inspect has: this reference and its distorted image.",
            on_click=state.ask_for_pair,
        )
    return view

"""The sidebar of Learn heads: whose votes, which network, and the seed."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from explorer.backbones import BACKBONES
from explorer.files.below import folders_below
from explorer.places import opened_root
from explorer.views.calibrate.view import FOLDER, SIMULATED, CalibrateView
from explorer.views.common import method_controls
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.parts import heading
from explorer.views.common.session import Session, widget_key
from explorer.views.common.tips import tip

LABELS = {SIMULATED: "Simulated observer", FOLDER: "Folder"}
NO_ROOT = (
    "To learn from a folder in the paper’s layout, such as the one that Results exports, start the server "
    "with `lpips-explorer --root FOLDER`."
)
VOTES, SET, SEED = (f"calibrate_{name}" for name in ("votes", "set", "seed"))
LISTED_SECONDS = 10.0
LEARNABLE = tuple(name for name, row in BACKBONES.items() if row.uniform)  # all but DISTS, which has no maps


def choose(session: Session) -> CalibrateView:
    """Draw the sidebar; returns what is chosen."""
    view = session.view_of(CalibrateView, on_read=_forget)
    with st.sidebar:
        heading("Votes")
        view = _choose_votes(view)
        heading("Learn")
        now = session.settings.method.backbone
        if now not in LEARNABLE:
            session.switch(now := LEARNABLE[0])
            st.session_state.pop("setting_backbone", None)
        name = st.selectbox(
            "Backbone",
            LEARNABLE,
            format_func=method_controls.backbone_label,
            key=widget_key("backbone", now),
            help=tip("backbone"),
            persist_state="session",
        )
        if name != now:
            session.switch(name)
        st.session_state.setdefault(SEED, view.seed)
        view = replace(view, seed=int(draw_seed(SEED)))
        method_controls.choose_device(session)
    return session.keep_view(view)


def _choose_votes(view: CalibrateView) -> CalibrateView:
    root = opened_root()
    if root is None and view.votes == SIMULATED:
        st.caption(f"Of a simulated observer: hidden heads vote on patches of the samples. {NO_ROOT}")
        return view
    st.session_state.setdefault(VOTES, view.votes)
    votes = st.segmented_control(
        "Whose votes",
        LABELS,
        format_func=LABELS.get,
        key=VOTES,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        persist_state="session",
    )
    view = replace(view, votes=votes)
    if votes == SIMULATED or root is None:
        return view
    st.session_state.setdefault(SET, view.folder or None)
    found = _folders(str(root))
    chosen = st.selectbox(
        "Folder in the paper’s layout",
        found if view.folder in ("", *found) else [view.folder, *found],
        key=SET,
        accept_new_options=True,
        placeholder="Choose one, or type its path",
        help="Such as 2afc/train: folders ref, p0, p1 and judge. Pictures are measured at 64 pixels.",
        persist_state="session",
    )
    return replace(view, folder=chosen or "")


@st.cache_data(ttl=LISTED_SECONDS, max_entries=4, show_spinner=False)
def _folders(root: str) -> list[str]:
    return folders_below(Path(root))


def _forget() -> None:
    """Have the widgets start from a link that was followed."""
    for key in (VOTES, SET, SEED):
        st.session_state.pop(key, None)

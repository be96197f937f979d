"""The sidebar of Learn heads: whose votes, which network, and the seed."""

from dataclasses import replace

import streamlit as st

from explorer.backbones import BACKBONES
from explorer.views.calibrate.state import CalibrateState
from explorer.views.calibrate.view import CalibrateView
from explorer.views.calibrate.votes import choose_votes, forget
from explorer.views.common import method_controls
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.parts import heading
from explorer.views.common.session import Session, widget_key
from explorer.views.common.tips import tip

SEED = "calibrate_seed"
LEARNABLE = tuple(name for name, row in BACKBONES.items() if row.uniform)  # all but DISTS, which has no maps


def choose(session: Session, state: CalibrateState) -> CalibrateView:
    """Draw the sidebar; returns what is chosen."""
    view = session.view_of(CalibrateView, on_read=_forget)
    with st.sidebar:
        heading("Votes")
        view = choose_votes(session, state, view)
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


def _forget() -> None:
    """Have the widgets start from a link that was followed."""
    forget()
    st.session_state.pop(SEED, None)

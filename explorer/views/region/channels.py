"""Channels: which of a layer's channels make the distance in the box, and what they see."""

import base64

import numpy as np
import streamlit as st

from explorer import render
from explorer.analysis.region import Channels
from explorer.errors import ExplorerError
from explorer.figures import channel_curve
from explorer.views.common.parts import percent, plain, text_colour
from explorer.views.common.session import Session
from explorer.views.common.tips import tip
from explorer.views.region.measuring import Subject, channels
from explorer.views.region.view import RegionView

SMALL = 96  # pixels of a picture's longer side; cells of a coarser layer stay cells
KEY = (
    "Unit features: each activation over the norm of all channels at its place, which is what is compared. "
    "Both share one scale a row (cividis from 0; purple and orange where a channel falls below 0). The "
    "squared difference is before the head weight (magma, a scale of its own). The outline is the box."
)


def draw_channels(session: Session, subject: Subject, view: RegionView) -> None:
    """The layer, its curve, and its ten channels that contribute most."""
    st.markdown("## Channels", help=tip("channel", "heads"))
    if not subject.method.has_maps:
        st.caption("DISTS compares statistics of whole layers, so its channels have no part in a box.")
        return
    if view.box is None:
        st.caption("Draw a box to see which channels make its distance.")
        return
    names = [layer.name for layer in subject.measurement.layers]
    key = "region_layer"
    if st.session_state.get(key) not in names:
        st.session_state[key] = _first_layer(session, subject)
    choosing, saying = st.columns([1.3, 3], vertical_alignment="bottom")
    with choosing:
        layer = st.selectbox(f"Layer, in box {view.name}", names, key=key, persist_state="session")
    try:
        found = channels(session, subject, layer, view.box)
    except ExplorerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    with saying:
        st.markdown(plain(found.sentence))
    if not found.top:
        return
    table, curve = st.columns([3, 2], gap="medium")
    with table, st.container(key="channels"):
        st.html(_table(subject, view, found))
        st.caption(KEY)
    with curve:
        st.plotly_chart(
            channel_curve(found, text_colour()),
            key="channel_curve",
            config={"displayModeBar": False},
            alt=found.sentence,
        )


def _first_layer(session: Session, subject: Subject) -> str:
    """The layer that the viewer shows, or the one with the largest distance."""
    layers = subject.measurement.layers
    shown = session.settings.display.layer
    if session.settings.display.map == "layer" and any(layer.name == shown for layer in layers):
        return shown
    return max(layers, key=lambda layer: layer.distance).name


def _table(subject: Subject, view: RegionView, found: Channels) -> str:
    """Rows of numbers and small pictures."""
    outline = _outline(subject, view)
    width, height = subject.measurement.size
    aspect = width / height
    rows = []
    for channel, together in zip(found.top, found.cumulative, strict=False):
        planes, end = channel.planes, channel.end
        squares = planes.squared_difference
        scale = "PuOr" if channel.is_signed else "cividis"
        pictures = (
            ("reference", planes.reference, scale, end),
            ("distorted", planes.distorted, scale, end),
            ("squared difference", squares, "magma", float(squares.max())),
        )
        cells = "".join(
            f'<td><span class="seen" style="--aspect: {aspect:.4f}">'
            f'<img alt="Channel {channel.index}, {what}: up to {values.max():.3g}" '
            f'src="data:image/png;base64,{_small(values, name, scale_end)}">{outline}</span></td>'
            for what, values, name, scale_end in pictures
        )
        rows.append(
            f'<tr><th scope="row">{channel.index}</th><td>{channel.weight:.3g}</td>'
            f"<td>{percent(channel.share)}</td><td>{percent(together)}</td>{cells}</tr>"
        )
    titles = ("Channel", "Head weight", "Share", "Together", "Reference", "Distorted", "Squared difference")
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    return f'<table class="channels"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _small(values: np.ndarray, scale: str, end: float) -> str:
    """A plane as a small coloured PNG in base64."""
    pixels = render.colourise(render.shrunk(values, SMALL), scale, end or 1.0)
    return base64.b64encode(render.png(pixels)).decode()


def _outline(subject: Subject, view: RegionView) -> str:
    """The box on a small picture, in percent of what was measured."""
    left, top, width, height = (100 * part for part in subject.frame.part(view.box))
    return f'<i style="left:{left:.2f}%;top:{top:.2f}%;width:{width:.2f}%;height:{height:.2f}%"></i>'

"""Which part of a distance its largest channels make, as a curve."""

import numpy as np
import plotly.graph_objects as go

from explorer.analysis.region import Channels
from explorer.analysis.wording import percent
from explorer.figures.colours import CHART_TEXT, SINGLE

HEIGHT = 300  # pixels


def channel_curve(found: Channels, outline: str) -> go.Figure:
    """Which part of a layer's distance in a region its n largest channels make, with the points marked
    at which it reaches 50, 90 and 99%.

    Args:
        found: With at least one channel that contributes.
        outline: The colour of text and of the marks.
    """
    cumulative = found.cumulative
    counts = np.arange(1, len(cumulative) + 1)
    figure = go.Figure()
    figure.add_scatter(
        x=counts,
        y=cumulative,
        mode="lines",
        line={"color": SINGLE, "width": 2.5},
        hovertemplate="%{x} channels: %{y:.1%}<extra></extra>",
    )
    needed, shares = zip(*found.marks, strict=True)
    end = min(len(cumulative), 1.7 * needed[-1] + 4)
    figure.add_scatter(
        x=needed,
        y=shares,
        mode="markers+text",
        marker={"color": outline, "size": 8},
        text=[f"{count}: {percent(share)}" for count, share in found.marks],
        textposition=["bottom left" if count > 0.6 * end else "bottom right" for count in needed],
        textfont={"color": outline, "size": CHART_TEXT},
        hoverinfo="skip",
    )
    axis = {
        "gridcolor": "rgba(128,128,128,0.25)",
        "zeroline": False,
        "tickfont": {"color": outline, "size": CHART_TEXT},
    }
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 12, "t": 8, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        xaxis={
            **axis,
            "title": {"text": "channels, largest first", "font": {"color": outline, "size": CHART_TEXT}},
            "range": [0, end],
            "fixedrange": True,
        },
        yaxis={**axis, "range": [0, 1.04], "tickformat": ".0%", "fixedrange": True, "automargin": True},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font_size": 13},
    )
    return figure

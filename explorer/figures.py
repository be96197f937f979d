"""Results -> Plotly figures. Every bar carries its value; colours deepen with the layers."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from explorer.analysis.agreement import Agreement
from explorer.analysis.place import Place
from explorer.analysis.region import Channels
from explorer.analysis.wording import percent
from explorer.metrics import LayerMeasurement

BAR_HEIGHT = 34  # pixels
BETWEEN = 1, "rgba(255, 255, 255, 0.55)"  # width and colour of what parts the segments, on both themes
READABLE_SHARE = 0.065  # a narrower segment has no room for its name
VISIBLE_SHARE = 0.015  # nor for its percentage
CELL_HEIGHT = 46  # pixels of a row in the table of agreement
CURVE_HEIGHT = 300  # pixels
LADDER_HEIGHT = 290  # pixels


# From shallow (light) to deep (dark), in a hue for each of the networks on a page: greens and blues, which no
# scale of the maps holds, so that a layer's colour is never read as a value. Their lightness falls evenly, so
# that who sees no hues tells layers apart, too.
DEPTHS = (
    ("#c2eee5", "#90d3c6", "#58b2a2", "#308e7f", "#20685c", "#13433b"),
    ("#c7eaff", "#90cef2", "#53add8", "#2289b3", "#036586", "#074056"),
    ("#d6ebd0", "#aed0a5", "#83ae7a", "#618a59", "#44653e", "#2b4127"),
    ("#beeef5", "#81d3e0", "#38b2c2", "#008e9e", "#006875", "#00434b"),
    ("#cbedda", "#9bd3b4", "#6ab28d", "#478d6b", "#2e684c", "#1d4230"),
    ("#c1ecfc", "#86d1ea", "#40b0cf", "#008caa", "#00677f", "#004252"),
)
SINGLE = DEPTHS[0][3]  # what is of one layer alone


def layer_colours(names: Sequence[str], network: int = 0) -> dict[str, str]:
    """A colour for each layer of a network, "rgb(r, g, b)": it says how deep in its network the layer lies.

    Args:
        names: All layers of the network in its order, also those that are not in the sum: a layer keeps its
            colour when others leave.
        network: Its place among the networks beside each other, of which at most six have a hue of their own.
    """
    anchors = np.array([hex_to_rgb(colour) for colour in DEPTHS[network % len(DEPTHS)]], float)
    last = len(anchors) - 1
    places = np.linspace(0, last, len(names)) if len(names) > 1 else [last / 2]
    channels = [np.interp(places, np.arange(last + 1), channel) for channel in anchors.T]
    return {
        name: f"rgb({red:.0f}, {green:.0f}, {blue:.0f})"
        for name, red, green, blue in zip(names, *channels, strict=True)
    }


def share_bar(
    layers: Sequence[LayerMeasurement], colours: Mapping[str, str], selected: str | None, outline: str
) -> go.Figure:
    """One stacked bar of the layers' shares, 0..100%; where shares are undefined, an empty outline.

    Args:
        layers: The layers in the sum.
        colours: By the layer's name (`layer_colours`).
        selected: The name of the layer to outline.
        outline: Its colour.
    """
    shown = [layer for layer in layers if layer.share >= 0]  # NaN: the score is 0
    layout = {
        "barmode": "overlay",
        "bargap": 0,
        "height": BAR_HEIGHT,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "showlegend": False,
        "dragmode": False,
        "clickmode": "event+select",
        "xaxis": {"range": [0, 1], "visible": False, "fixedrange": True},
        "yaxis": {"visible": False, "fixedrange": True},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(128,128,128,0.12)",
        "hoverlabel": {"font": {"size": 13}},
        "uniformtext": {"mode": "hide", "minsize": 11},  # rather no text than one that is cut
    }
    if not shown:
        layout["annotations"] = [
            {
                "x": 0.5,
                "y": 0.5,
                "xref": "paper",
                "yref": "paper",
                "text": "no distance, so no shares",
                "showarrow": False,
                "font": {"color": outline, "size": 13},
            }
        ]
    # All at once, and all segments as one trace: Plotly checks every part of each, in every run of a page.
    return go.Figure([_segments(shown, colours, selected, outline)] if shown else [], layout)


def _segments(
    layers: Sequence[LayerMeasurement], colours: Mapping[str, str], selected: str | None, outline: str
) -> dict[str, Any]:
    shares = [layer.share for layer in layers]
    own = [colours[layer.name] for layer in layers]
    edges = [(3, outline) if layer.name == selected else BETWEEN for layer in layers]
    return {
        "type": "bar",
        "x": shares,
        "y": [""] * len(layers),
        "base": [math.fsum(shares[:place]) for place in range(len(layers))],
        "orientation": "h",
        "customdata": [[layer.name] for layer in layers],
        "text": [_segment_text(layer) for layer in layers],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "inside",
        "textfont": {"color": [_readable_on(colour) for colour in own], "size": 13},
        "marker": {
            "color": own,
            "line": {"width": [width for width, _ in edges], "color": [colour for _, colour in edges]},
        },
        # A click selects; without this the other segments would fade.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "hovertemplate": [
            f"{layer.name}: {layer.distance:.4f} · {layer.share:.1%}<extra></extra>" for layer in layers
        ],
    }


def share_bar_text(layers: Sequence[LayerMeasurement]) -> str:
    """The bar in words, for who cannot see it."""
    parts = [f"{layer.name} {layer.share:.0%}" for layer in layers if layer.share >= 0]
    return (
        f"Shares of the distance: {', '.join(parts)}."
        if parts
        else "The distance is 0, so there are no shares."
    )


def _segment_text(layer: LayerMeasurement) -> str:
    if layer.share >= READABLE_SHARE:
        return f"<b>{layer.name}</b>  {layer.share:.0%}"
    return f"{layer.share:.0%}" if layer.share >= VISIBLE_SHARE else ""


def _readable_on(colour: str) -> str:
    """Black or white, whichever has the larger contrast ratio (WCAG 2.2, relative luminance)."""
    channels = [float(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def agreement_table(found: Agreement, outline: str) -> go.Figure:
    """A heat table of rank correlations, numbers in its cells, whose points can be clicked.

    A heatmap returns no clicks, so that an invisible point lies on each cell of two different metrics; its
    `customdata` is the cell's (row, column).

    Args:
        found: What to show.
        outline: The colour of text.
    """
    count = len(found.names)
    rows = [f"{name.replace(' · ', '<br>')}  <b>{i + 1}</b> " for i, name in enumerate(found.names)]
    columns = [f"<b>{i + 1}</b>" for i in range(count)]
    figure = go.Figure()
    figure.add_heatmap(
        z=found.correlations,
        x=columns,
        y=rows,
        colorscale="Cividis",
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        showscale=False,
        hoverinfo="skip",
        texttemplate="%{z:.2f}",
        textfont={"size": 13},
    )
    cells = list(found.disputes)
    figure.add_scatter(
        x=[columns[j] for _, j in cells],
        y=[rows[i] for i, _ in cells],
        mode="markers",
        marker={"size": 34, "symbol": "square", "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=cells,
        hovertext=[_dispute_text(found, cell) for cell in cells],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    for i, j in zip(*np.nonzero(np.isnan(found.correlations)), strict=True):
        figure.add_annotation(x=columns[j], y=rows[i], text="–", showarrow=False, font={"color": outline})
    figure.update_layout(
        height=CELL_HEIGHT * count + 34,
        margin={"l": 0, "r": 0, "t": 26, "b": 8, "pad": 0},
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        xaxis={"side": "top", "fixedrange": True, "showgrid": False, "tickfont": {"color": outline}},
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "showgrid": False,
            "automargin": True,
            "tickfont": {"color": outline, "size": 12},
        },
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font_size": 13, "align": "left"},
    )
    return figure


def _dispute_text(found: Agreement, cell: tuple[int, int]) -> str:
    dispute, correlation = found.disputes[cell], found.correlations[cell]
    value = f"{correlation:.2f}" if np.isfinite(correlation) else "undefined"
    return (
        f"{dispute.first} and {dispute.second}: {value}<br>They differ most about {dispute.rung.label}: "
        f"rank {dispute.first_rank:g} and {dispute.second_rank:g}.<br>Click to open it."
    )


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
        textfont={"color": outline, "size": 12},
        hoverinfo="skip",
    )
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "tickfont": {"color": outline}}
    figure.update_layout(
        height=CURVE_HEIGHT,
        margin={"l": 0, "r": 12, "t": 8, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        xaxis={
            **axis,
            "title": {"text": "channels, largest first", "font": {"color": outline, "size": 12}},
            "range": [0, end],
            "fixedrange": True,
        },
        yaxis={**axis, "range": [0, 1.04], "tickformat": ".0%", "fixedrange": True, "automargin": True},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font_size": 13},
    )
    return figure


def ladder_chart(found: Place, outline: str) -> go.Figure:
    """The ladder's scores, a row of points a distortion from weak to strong, and a line at the pair's own.

    Args:
        outline: The colour of text and of the line.
    """
    rows = [kind for kind in reversed(found.kinds) for _ in kind.scores]
    figure = go.Figure()
    figure.add_scatter(
        x=[score for kind in reversed(found.kinds) for score in kind.scores],
        y=[kind.label for kind in rows],
        customdata=[strength for kind in reversed(found.kinds) for strength in kind.strengths],
        mode="markers",
        cliponaxis=False,  # a score of 0 is a whole point
        marker={"color": SINGLE, "size": 9, "line": {"color": BETWEEN[1], "width": 1}},
        hovertemplate="%{y}, %{customdata}: %{x:.4f}<extra></extra>",
    )
    figure.add_vline(found.score, line={"color": outline, "width": 2, "dash": "dot"})
    figure.add_annotation(
        x=found.score,
        y=1,
        yref="paper",
        yanchor="bottom",
        text="this pair",
        showarrow=False,
        font={"color": outline},
    )
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "fixedrange": True}
    figure.update_layout(
        height=LADDER_HEIGHT,
        margin={"l": 0, "r": 12, "t": 24, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        xaxis={**axis, "rangemode": "tozero", "tickfont": {"color": outline}},
        yaxis={**axis, "automargin": True, "ticksuffix": " ", "tickfont": {"color": outline, "size": 12}},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font_size": 13},
    )
    return figure


def ladder_text(found: Place) -> str:
    """The ladder's chart in words, for who cannot see it."""
    rows = [f"{kind.label} {min(kind.scores):.4f} to {max(kind.scores):.4f}" for kind in found.kinds]
    return f"Scores of the ladder: {', '.join(rows)}. This pair: {found.score:.4f}."

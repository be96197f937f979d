"""Results -> bars, tables and curves with their colours. Every bar carries its value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb, unlabel_rgb

from explorer.analysis.agreement import Agreement
from explorer.analysis.place import Place
from explorer.analysis.region import Channels
from explorer.analysis.wording import percent
from explorer.metrics import LayerMeasurement
from explorer.render import colours as colour_table

CURVE_HEIGHT = 300  # pixels
LADDER_HEIGHT = 290  # pixels

CURVE_TEXT = 12.5  # pixels; Streamlit's own theme for charts writes ticks in 10.5

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


@dataclass(frozen=True)
class Segment:
    """One layer's part of a bar of shares.

    Attributes:
        name: The layer's.
        share: Its part of the bar, 0..1.
        percent: The same as it is written.
        colour, ink: Of the segment, and of words on it, which stand out from it by 4.5:1 at least.
        words: The layer in a line: its name, distance and share.
    """

    name: str
    share: float
    percent: str
    colour: str
    ink: str
    words: str


def share_segments(layers: Sequence[LayerMeasurement], colours: Mapping[str, str]) -> tuple[Segment, ...]:
    """The layers' shares as parts of one bar, in order; none where shares are undefined.

    Args:
        layers: The layers in the sum.
        colours: By the layer's name (`layer_colours`).
    """
    return tuple(
        Segment(
            name=layer.name,
            share=layer.share,
            percent=percent(layer.share),
            colour=colours[layer.name],
            ink=readable_on(unlabel_rgb(colours[layer.name])),
            words=f"{layer.name}: {layer.distance:.4f} · {layer.share:.1%}",
        )
        for layer in layers
        if layer.share >= 0  # NaN: the score is 0
    )


def share_bar_text(layers: Sequence[LayerMeasurement]) -> str:
    """The bar in words, for who cannot see it."""
    parts = [f"{layer.name} {layer.share:.0%}" for layer in layers if layer.share >= 0]
    return (
        f"Shares of the distance: {', '.join(parts)}."
        if parts
        else "The distance is 0, so there are no shares."
    )


def readable_on(colour: Sequence[float]) -> str:
    """Black or white, whichever has the larger contrast ratio (WCAG 2.2, relative luminance).

    On any colour that is 4.58 at least.

    Args:
        colour: Red, green and blue, 0..255.
    """
    channels = [part / 255 for part in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def _as_rgb(colour: Sequence[float]) -> str:
    return "rgb({:.0f}, {:.0f}, {:.0f})".format(*colour)


@dataclass(frozen=True)
class AgreementCell:
    """One cell of the table of agreement.

    Attributes:
        text: The rank correlation, as it is written; "–" where it is undefined.
        colour, ink: Of the cell, and of its number, which stands out from it by 4.5:1 at least; "" for the
            page's own.
        words: The two metrics, their correlation, and what they differ most about; "" for one metric twice.
    """

    text: str
    colour: str
    ink: str
    words: str


def agreement_cells(found: Agreement) -> tuple[tuple[AgreementCell, ...], ...]:
    """Rank correlations as a table of n rows and n columns, coloured from 0 to 1 (cividis).

    Whoever disagrees is darker; a correlation below 0 has the colour of 0.
    """
    places = range(len(found.names))
    return tuple(tuple(_agreement_cell(found, (i, j)) for j in places) for i in places)


def _agreement_cell(found: Agreement, cell: tuple[int, int]) -> AgreementCell:
    value = found.correlations[cell]
    words = _dispute_text(found, cell) if cell in found.disputes else ""
    if np.isnan(value):
        return AgreementCell("–", "", "", words)
    shade = colour_table("cividis")[round(255 * float(np.clip(value, 0, 1)))]
    return AgreementCell(f"{value:.2f}", _as_rgb(shade), readable_on(shade), words)


def _dispute_text(found: Agreement, cell: tuple[int, int]) -> str:
    dispute, correlation = found.disputes[cell], found.correlations[cell]
    value = f"{correlation:.2f}" if np.isfinite(correlation) else "undefined"
    return (
        f"{dispute.first} and {dispute.second}: {value}. They differ most about {dispute.rung.label}: "
        f"rank {dispute.first_rank:g} and {dispute.second_rank:g}."
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
        textfont={"color": outline, "size": CURVE_TEXT},
        hoverinfo="skip",
    )
    axis = {
        "gridcolor": "rgba(128,128,128,0.25)",
        "zeroline": False,
        "tickfont": {"color": outline, "size": CURVE_TEXT},
    }
    figure.update_layout(
        height=CURVE_HEIGHT,
        margin={"l": 0, "r": 12, "t": 8, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        xaxis={
            **axis,
            "title": {"text": "channels, largest first", "font": {"color": outline, "size": CURVE_TEXT}},
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
        marker={"color": SINGLE, "size": 9, "line": {"color": "rgba(255, 255, 255, 0.55)", "width": 1}},
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
        font={"color": outline, "size": CURVE_TEXT},
    )
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "fixedrange": True}
    figure.update_layout(
        height=LADDER_HEIGHT,
        margin={"l": 0, "r": 12, "t": 24, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        xaxis={**axis, "rangemode": "tozero", "tickfont": {"color": outline, "size": CURVE_TEXT}},
        yaxis={
            **axis,
            "automargin": True,
            "ticksuffix": " ",
            "tickfont": {"color": outline, "size": CURVE_TEXT},
        },
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font_size": 13},
    )
    return figure


def ladder_text(found: Place) -> str:
    """The ladder's chart in words, for who cannot see it."""
    rows = [f"{kind.label} {min(kind.scores):.4f} to {max(kind.scores):.4f}" for kind in found.kinds]
    return f"Scores of the ladder: {', '.join(rows)}. This pair: {found.score:.4f}."

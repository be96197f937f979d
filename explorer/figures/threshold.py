"""How often a person finds a distortion, by its severity: what was answered, and the curve through it."""

import math

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from explorer.figures.colours import CHART_TEXT, SINGLE
from explorer.judgments.asking.noticed import Noticed, said
from explorer.judgments.asking.threshold import GUESS, tried

HEIGHT = 300  # pixels
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
MARK = (
    "#c9772b"  # of the threshold: orange, as what is told apart in other charts; its number stands beside it
)
LEAST, GROWTH = 7, 3.5  # pixels: a point's diameter for one answer, and by how much more for four

_BAND = "rgba({}, {}, {}, 0.18)".format(*hex_to_rgb(SINGLE))


def threshold_chart(found: Noticed, outline: str) -> go.Figure:
    """Right answers over the severity, on a logarithmic axis, with 95% intervals.

    Args:
        outline: The colour of text and of the outlines of points.
    """
    curve, points = found.estimate, tried(found.answers)
    figure = go.Figure()
    for ends, fill in ((curve.band[1], None), (curve.band[0], "tonexty")):
        line = {"width": 0}
        figure.add_scatter(
            x=curve.severities, y=ends, mode="lines", line=line, fill=fill, fillcolor=_BAND, hoverinfo="skip"
        )
    figure.add_scatter(
        x=curve.severities,
        y=curve.curve,
        mode="lines",
        line={"color": SINGLE, "width": 2.5},
        hovertemplate="severity %{x:.2g}: %{y:.0%} expected<extra></extra>",
    )
    figure.add_scatter(
        x=[each.severity for each in points],
        y=[each.right / each.count for each in points],
        mode="markers",
        marker={
            "size": [LEAST + GROWTH * (each.count**0.5 - 1) for each in points],
            "color": SINGLE,
            "line": {"color": outline, "width": 1},
        },
        customdata=[[each.right, each.count] for each in points],
        hovertemplate="severity %{x:.2g}: %{customdata[0]} of %{customdata[1]} right<extra></extra>",
        cliponaxis=False,
    )
    _mark(figure, found, outline)
    _lay(figure, outline)
    return figure


def _mark(figure: go.Figure, found: Noticed, outline: str) -> None:
    """The threshold with its interval, and the line of who only guesses."""
    words = {"color": outline, "size": CHART_TEXT}
    figure.add_hline(
        GUESS,
        line={"color": outline, "width": 1, "dash": "dot"},
        annotation={"text": "guessing", "font": words, "yshift": -1},
        annotation_position="bottom right",
    )
    if found.place != "within":
        return
    estimate = found.estimate
    figure.add_vrect(estimate.low, min(estimate.high, 1.0), fillcolor=MARK, opacity=0.16, line_width=0)
    figure.add_vline(estimate.severity, line={"color": MARK, "width": 2})
    figure.add_annotation(
        x=math.log10(estimate.severity),  # Plotly takes the logarithm here, and the value for shapes
        y=1,
        yref="paper",
        yanchor="bottom",
        text=f"threshold {said(estimate.severity)}",
        font=words,
        showarrow=False,
    )


def _lay(figure: go.Figure, outline: str) -> None:
    tick = {"color": outline, "size": CHART_TEXT}
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "fixedrange": True, "tickfont": tick}
    title = {"font": tick, "standoff": 6}
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 12, "t": 26, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        hovermode="closest",
        xaxis={
            **axis,
            "type": "log",
            "range": [-2.05, 0.05],
            "tickvals": TICKS,
            "ticktext": [f"{each:g}" for each in TICKS],
            "title": {"text": "Severity", **title},
        },
        yaxis={**axis, "range": [-0.03, 1.03], "tickformat": ".0%", "title": {"text": "Right", **title}},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font_size": 13},
    )


def threshold_chart_text(found: Noticed) -> str:
    """The chart in words, for who cannot see it."""
    points = (f"{each.right} of {each.count} at {said(each.severity)}" for each in tried(found.answers))
    return f"Right answers by severity: {', '.join(points)}. {found.sentence} {found.second_sentence}"

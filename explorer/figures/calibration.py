"""Heads that are learned, as charts: how learning goes, how far heads agree with people, and the weights."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explorer.figures.colours import CHART_TEXT, DEPTHS, SINGLE, layer_colours
from explorer.judgments.calibration import Learned, Standing

HEIGHT, ROW, MARGINS = 250, 34, 44  # pixels
OTHERS, BEST = DEPTHS[1][2], "#c9772b"
EDGE = "#808080"  # seen on either ground
TICKS = [0, 25, 50, 75, 100]
GRID = "rgba(128,128,128,0.25)"


def learning_chart(learned: Learned, outline: str) -> go.Figure:
    """Agreement with the votes that teach and with those that say when to stop, epoch by epoch.

    Args:
        outline: The colour of text.
    """
    epochs, best = learned.course.epochs, learned.course.best
    numbers = [epoch.number for epoch in epochs]
    curves = (
        (
            "that teach",
            [100 * epoch.teaching for epoch in epochs],
            [epoch.teaching_loss for epoch in epochs],
            OTHERS,
            "dot",
        ),
        (
            "that say when to stop",
            [100 * epoch.stopping for epoch in epochs],
            [epoch.stopping_loss for epoch in epochs],
            SINGLE,
            "solid",
        ),
    )
    lines = [
        go.Scatter(
            x=numbers,
            y=values,
            name=f"Votes {name}",
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": dash},
            customdata=losses,
            hovertemplate="Epoch %{x}: %{y:.1f}%, loss %{customdata:.4f}<extra></extra>",
        )
        for name, values, losses, colour, dash in curves
    ]
    layout = _layout(outline, HEIGHT)
    layout["xaxis"] |= {"range": [0.7, learned.course.planned + 0.3], "dtick": 1}
    layout["yaxis"] |= {"ticksuffix": "% "}
    layout |= {
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": _font(outline)},
    }
    kept = {"x0": best, "x1": best, "y0": 0, "y1": 1, "yref": "paper"}
    layout["shapes"] = [kept | {"line": {"color": BEST, "width": 1.5, "dash": "dash"}}]
    side = "left" if best <= 0.6 * learned.course.planned else "right"  # on a phone it takes three epochs
    layout["annotations"] = [
        {"x": best, "y": 0, "yref": "paper", "yanchor": "bottom", "xanchor": side, "showarrow": False}
        | {"text": " lowest loss, kept ", "font": _font(outline)}
    ]
    return go.Figure(lines, layout)


def learning_text(learned: Learned) -> str:
    """The chart in words, for who cannot see it."""
    rows = [
        f"epoch {epoch.number}: {epoch.teaching:.1%} and {epoch.stopping:.1%}"
        for epoch in learned.course.epochs
    ]
    return (
        "Agreement with the votes that teach, and with those that say when to stop: "
        f"{'; '.join(rows)}. Epoch {learned.course.best} has the lowest loss on the "
        "latter, and its heads are kept."
    )


def standings_chart(standings: Sequence[Standing], outline: str) -> go.Figure:
    """A bar each: the new heads in their own colour, the others, and people."""
    layout = _layout(outline, ROW * len(standings) + MARGINS)
    layout["xaxis"] |= {"range": [0, 112], "tickvals": TICKS, "ticktext": [f"{tick}%" for tick in TICKS]}
    layout["yaxis"] |= {"autorange": "reversed", "showgrid": False, "ticksuffix": " "}
    bars = go.Bar(
        orientation="h",
        y=[standing.label for standing in standings],
        x=[100 * standing.score for standing in standings],
        text=[f"{standing.score:.1%}" for standing in standings],
        textposition="outside",
        textfont=_font(outline),
        cliponaxis=False,
        marker={"color": [SINGLE if place == 0 else OTHERS for place in range(len(standings))]},
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    return go.Figure([bars], layout)


def standings_text(standings: Sequence[Standing]) -> str:
    """The chart in words."""
    rows = [f"{standing.label} {standing.score:.1%}" for standing in standings]
    return f"Agreement with the votes held out: {', '.join(rows)}."


def weights_chart(weights: Mapping[str, np.ndarray], outline: str) -> go.Figure:
    """The channels of each layer side by side, the heaviest first, in the layer's colour."""
    colours, hills, middles, start = layer_colours(list(weights)), [], [], 0
    for name, own in weights.items():
        channels = np.argsort(-own, kind="stable")
        hills.append(
            {
                "type": "scatter",
                "x": start + np.arange(len(own)),
                "y": own[channels].astype(np.float32),
                "fill": "tozeroy",
                "fillcolor": colours[name],
                "mode": "lines",
                # The deepest layer's colour is as dark as the ground of the dark theme.
                "line": {"color": EDGE, "width": 0.8, "shape": "hv"},
                "customdata": channels,
                "hovertemplate": f"{name}, channel %{{customdata}}: %{{y:.3f}}<extra></extra>",
            }
        )
        middles.append(start + len(own) / 2)
        start += len(own)
    layout = _layout(outline, HEIGHT)
    layout["xaxis"] |= {"tickvals": middles, "ticktext": list(weights), "showgrid": False}
    layout["yaxis"] |= {"rangemode": "tozero", "ticksuffix": " "}
    return go.Figure(hills, layout)


def weights_text(weights: Mapping[str, np.ndarray]) -> str:
    """The chart in words."""
    rows = [
        f"{name}: {int((own > 0).sum())} of {len(own)} channels count, the heaviest {own.max():.3f}"
        for name, own in weights.items()
    ]
    return f"Weights of the channels. {'; '.join(rows)}."


def _font(outline: str) -> dict[str, Any]:
    return {"color": outline, "size": CHART_TEXT}


def _layout(outline: str, height: int) -> dict[str, Any]:
    def axis() -> dict[str, Any]:
        return {
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": _font(outline),
            "automargin": True,
        }

    return {
        "height": height,
        "margin": {"l": 0, "r": 12, "t": 8, "b": 0, "pad": 0},
        "showlegend": False,
        "dragmode": False,
        "xaxis": axis(),
        "yaxis": axis(),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"font_size": 13},
    }

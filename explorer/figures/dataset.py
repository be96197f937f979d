"""A data set's numbers -> Plotly figures: how one metric spreads, and two of them against each other."""

import html
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explorer.analysis.dataset import Dataset, Metric, Spread, as_text, count_of
from explorer.figures.colours import CHART_TEXT, SINGLE
from explorer.names import cut, harmless

HEIGHT = 300  # pixels
IDENTICAL = "#b07d2b"  # what lies at infinity is no bin of the others
GRID = "rgba(128,128,128,0.25)"
BEYOND = 1.5  # widths of a bin from the last one to the bar at infinity
RANGE = ["zoomIn2d", "zoomOut2d", "resetScale2d"]
TOOLS = {"displayModeBar": True, "displaylogo": False, "modeBarButtons": [["pan2d", "select2d"], RANGE]}
MARGIN = 0.06  # of a scatter's axis, from its end to the points at infinity

Numbers = np.ndarray | list[float]


def histogram(found: Spread, metric: Metric, outline: str) -> go.Figure:
    """How a metric spreads: bars with mean and median, and one apart for pairs whose PSNR is infinite.

    Args:
        found: With one value at least.
        metric: What it is.
        outline: The colour of text and lines.
    """
    counts, edges = found.counts, found.edges
    layout = _layout(outline, _title(metric), "pairs")
    font = {"color": outline, "size": CHART_TEXT}
    bars, shapes, notes = [], [], []
    if len(counts):
        hover = [
            f"{as_text(metric, low)} to {as_text(metric, high)}: {count_of(int(count))}"
            for low, high, count in zip(edges, edges[1:], counts, strict=False)
        ]
        bars.append(_bars((edges[1:] + edges[:-1]) / 2, counts, np.diff(edges), SINGLE, hover))
    if found.infinite:
        width = edges[1] - edges[0] if len(counts) else 1.0
        place = edges[-1] + (BEYOND + 0.5) * width
        hover = [f"{count_of(found.infinite)} of identical images: ∞ dB"]
        bars.append(_bars([place], [found.infinite], [width], IDENTICAL, hover))
        text = f"∞: {found.infinite}"
        notes.append({"x": place, "y": found.infinite, "text": text, "yshift": 10, "showarrow": False})
    is_mean_right = found.mean > found.median
    for name, value, dash, is_right in (
        ("mean", found.mean, "solid", is_mean_right),
        ("median", found.median, "dot", not is_mean_right),
    ):
        if np.isfinite(value):
            line = {"color": outline, "width": 1.5, "dash": dash}
            shapes.append({"x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper", "line": line})
            notes.append(
                {"x": value, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
                | {"text": f"{name} {as_text(metric, value)}", "xanchor": "left" if is_right else "right"}
            )
    # All at once: Plotly checks what is added bit by bit many times, which takes a second.
    marks = {"shapes": shapes, "annotations": [note | {"font": font} for note in notes]}
    return go.Figure(bars, layout | marks)


def histogram_text(found: Spread, metric: Metric) -> str:
    """The histogram in words, for who cannot see it, and below it for all."""
    words = count_of(int(found.counts.sum()))
    if found.infinite:
        words += f", and beside the bars {count_of(found.infinite)} of identical images with ∞ dB"
    if found.missing:
        words += f"; {count_of(found.missing)} without this number"
    return f"{words}. Mean {as_text(metric, found.mean)}, median {as_text(metric, found.median)}."


def scatter(dataset: Dataset, metric: Metric, other: Metric, pairs: np.ndarray, outline: str) -> go.Figure:
    """Pairs as points by two metrics; a point's `customdata` is the pair's place.

    Args:
        pairs: int (points,): those that are drawn, none of which lacks a number.
        outline: The colour of text.
    """
    axes = [_finite(dataset.values[each.key][pairs]) for each in (metric, other)]
    names = [html.escape(harmless(cut(dataset.pairs[place][1]))) for place in pairs]
    values = [[as_text(each, v) for v in dataset.values[each.key][pairs]] for each in (metric, other)]
    labels = [html.escape(each.label) for each in (metric, other)]
    hover = [
        f"<b>{name}</b><br>{labels[0]}: {x}<br>{labels[1]}: {y}<br>Click to open it."
        for name, x, y in zip(names, *values, strict=True)
    ]
    layout = _layout(outline, _title(metric), _title(other))
    # While a drag draws boxes, Plotly 7.1 reports no clicks: a tool of its own switches to boxes (`TOOLS`).
    layout |= {"dragmode": "pan", "clickmode": "event+select", "hovermode": "closest"}
    layout["modebar"] = {"color": outline, "activecolor": SINGLE, "bgcolor": "rgba(0,0,0,0)"}
    for axis, each, places in (("xaxis", metric, axes[0]), ("yaxis", other, axes[1])):
        infinite = np.isinf(dataset.values[each.key][pairs])
        layout[axis] |= {"fixedrange": False} | (_with_infinity(places, infinite) if infinite.any() else {})
    points = {
        "type": "scatter",
        "x": axes[0],
        "y": axes[1],
        "mode": "markers",
        "marker": {"size": 8, "color": SINGLE, "opacity": 0.75},
        "selected": {"marker": {"opacity": 0.95}},
        "unselected": {"marker": {"opacity": 0.2}},
        "customdata": [[int(place)] for place in pairs],
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return go.Figure([points], layout)


def _finite(values: np.ndarray) -> np.ndarray:
    """Values with what is infinite a little beyond the others."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.zeros(len(values))
    end = known.max() + MARGIN * (np.ptp(known) or 1.0)
    return np.where(np.isinf(values), end, values)


def _with_infinity(places: np.ndarray, infinite: np.ndarray) -> dict[str, Any]:
    """Ticks of an axis, the last of which is infinity."""
    known = places[~infinite]
    end = float(places[infinite][0])
    ticks = np.linspace(known.min(), known.max(), 4) if len(known) else np.zeros(0)
    return {"tickvals": [*ticks, end], "ticktext": [*(f"{tick:.3g}" for tick in ticks), "∞"]}


def _title(metric: Metric) -> str:
    return f"{html.escape(metric.label)} ({'lower' if metric.is_distance else 'higher'} is closer)"


def _bars(
    middles: Numbers, counts: Numbers, widths: Numbers, colour: str, hover: list[str]
) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": middles,
        "y": counts,
        "width": widths,
        "marker": {"color": colour, "line": {"width": 0}},
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textposition": "none",
    }


def _layout(outline: str, across: str, up: str) -> dict[str, Any]:
    def axis(title: str) -> dict[str, Any]:
        return {
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": outline},
            "title": {"text": title, "font": {"color": outline, "size": CHART_TEXT}},
            "automargin": True,
        }

    return {
        "height": HEIGHT,
        "margin": {"l": 0, "r": 12, "t": 24, "b": 0, "pad": 0},
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.04,
        "xaxis": axis(across),
        "yaxis": axis(up),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"font_size": 13, "align": "left"},
    }

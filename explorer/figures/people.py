"""What a class has said -> Plotly figures: how often metrics agree with it, and its scale of conditions."""

import html
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explorer.analysis.wording import percent
from explorer.figures.colours import CHART_TEXT, SINGLE
from explorer.judgments.class_results import ClassResults
from explorer.judgments.intervals import Interval
from explorer.judgments.scaling import ScaledGroup
from explorer.names import cut, harmless

ROW, ENDS = 36, 100  # pixels of a row, and of what is above and below all rows
GRID = "rgba(128,128,128,0.25)"
# Seen on both themes' grounds; words have no colour of their own: style.css gives them the page's.
LINE, PEOPLES = "rgba(128,128,128,0.9)", "#b07d2b"
PEOPLE = "Two participants"  # how often they say the same; “people” are those of the ceiling, as in the paper
CLOSE = 30  # percent between two lines whose words would meet on a phone
LONGEST_LABEL = 34  # letters of a condition beside a chart


def agreement_chart(found: ClassResults) -> go.Figure:
    """Each metric's score with its interval, the best on top, below people and beside the ceiling.

    Where nothing has a score the chart has no row; `has_scores` tells.
    """
    rows = _rows(found)
    values = np.array([100 * score.value for _, score in rows])
    ends = 100 * np.array([_ends(score) for _, score in rows]).reshape(-1, 2)
    colours = [PEOPLES if label == PEOPLE else SINGLE for label, _ in rows]
    points = _points(values, ends, [label for label, _ in rows], colours, lambda value: f"{value:.0f}%")
    lines = [(100 * found.chance, "chance", "dot")] if np.isfinite(found.chance) else []
    if found.ceiling is not None and np.isfinite(found.ceiling.value):
        lines.append((100 * found.ceiling.value, f"ceiling {percent(found.ceiling.value)}", "dash"))
    low = min([*ends.min(axis=1), *(at for at, _, _ in lines)], default=0.0)
    title = "agrees with people, %" if found.kind == "2afc" else "JND precision, %"
    layout = _layout(len(rows), title) | _lines(lines)
    layout["xaxis"] |= {"range": [max(0, low - 6), 104], "dtick": 10}
    layout["margin"] |= {"r": 36}  # for the words above a line at 100%
    return go.Figure([points], layout)


def has_scores(found: ClassResults) -> bool:
    """Whether `agreement_chart` has a row."""
    return bool(_rows(found))


def agreement_text(found: ClassResults) -> str:
    """The chart in words, for who cannot see it."""
    said = "; ".join(f"{label} {interval_text(score)}" for label, score in _rows(found))
    ceiling = f" The ceiling is {percent(found.ceiling.value)}." if found.ceiling else ""
    return f"Agreement with the class: {said}.{ceiling}"


def scale_chart(group: ScaledGroup, label: Callable[[str], str]) -> go.Figure:
    """A group's conditions on their scale with intervals, the closest to the reference on top.

    Args:
        group: With places.
        label: A condition in words.
    """
    conditions = group.conditions
    values = np.array([each.jod for each in conditions])
    ends = np.array(
        [(each.jod, each.jod) if each.low is None else (each.low, each.high) for each in conditions]
    )
    names = _distinct([cut(harmless(label(each.name)), LONGEST_LABEL) for each in conditions])
    points = _points(values, ends, names, [SINGLE] * len(names), signed)
    layout = _layout(len(names), "JOD (higher is closer)")
    room = 0.14 * float(np.ptp(ends) or 1.0)
    layout["xaxis"] |= {"range": [float(ends.min()) - room, float(ends.max()) + room]}
    return go.Figure([points], layout | _lines([(0.0, "mean", "dot")]))


def scale_text(group: ScaledGroup, label: Callable[[str], str]) -> str:
    """The chart in words."""
    return "; ".join(f"{label(each.name)} {signed(each.jod)} JOD" for each in group.conditions)


def signed(jod: float) -> str:
    """A place on a scale as it is shown: "+1.20", "−0.35"."""
    return f"{jod:+.2f}".replace("-", "−")


def interval_text(score: Interval) -> str:
    """A score with its interval, in words: "71% (63 to 78)"; "–" where there is none."""
    if not np.isfinite(score.value):
        return "–"
    whole = percent(score.value)
    return f"{whole} ({range_text(score)})" if np.isfinite(score.low) else whole


def range_text(score: Interval) -> str:
    """An interval in percent: "63 to 78"; "–" where there is none."""
    return f"{100 * score.low:.0f} to {100 * score.high:.0f}" if np.isfinite(score.low) else "–"


def _rows(found: ClassResults) -> list[tuple[str, Interval]]:
    known = [(each.label, each.score) for each in found.metrics if np.isfinite(each.score.value)]
    ordered = sorted(known, key=lambda row: -row[1].value)
    people = found.peers if found.kind == "2afc" else None
    return [*([(PEOPLE, people)] if people else []), *ordered]


def _ends(score: Interval) -> tuple[float, float]:
    return (score.low, score.high) if np.isfinite(score.low) else (score.value, score.value)


def _distinct(names: Sequence[str]) -> list[str]:
    """Names cut alike told apart: an axis would lay them on one place."""
    return [name + "\u200b" * names[:place].count(name) for place, name in enumerate(names)]


def _points(
    values: np.ndarray,
    ends: np.ndarray,
    names: Sequence[str],
    colours: Sequence[str],
    text: Callable[[float], str],
) -> dict[str, Any]:
    shown = [html.escape(name) for name in names]
    return {
        "type": "scatter",
        "x": values,
        "y": shown,
        "mode": "markers+text",
        "marker": {"size": 11, "color": list(colours)},
        "text": [text(value) for value in values],
        "textposition": "top center",
        "textfont": {"size": CHART_TEXT},
        "cliponaxis": False,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": ends[:, 1] - values,
            "arrayminus": values - ends[:, 0],
            "thickness": 2,
            "width": 5,
            "color": LINE,
        },
        "hovertext": [
            f"<b>{name}</b><br>{text(value)}"
            + (f", interval {text(low)} to {text(high)}" if low < high else "")
            for name, value, (low, high) in zip(shown, values, ends, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _lines(lines: Sequence[tuple[float, str, str]]) -> dict[str, Any]:
    """Upright lines with a word above each: place, word, and Plotly's name of the dash."""
    return {
        "shapes": [
            {"x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
            | {"line": {"color": LINE, "width": 1.5, "dash": dash}}
            for at, _, dash in lines
        ],
        "annotations": [
            {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 10, "text": word}
            | {"showarrow": False, "xanchor": anchor}
            | {"font": {"size": CHART_TEXT}}
            for (at, word, _), anchor in zip(lines, _anchors([at for at, _, _ in lines]), strict=True)
        ],
    }


def _anchors(places: Sequence[float]) -> list[str]:
    """Where words stand by their lines: those of two that are close go apart, for a phone is narrow."""
    if len(places) != 2 or abs(places[0] - places[1]) > CLOSE:
        return ["center"] * len(places)
    return ["right", "left"] if places[0] <= places[1] else ["left", "right"]


def _layout(rows: int, title: str) -> dict[str, Any]:
    font = {"size": CHART_TEXT}
    axis = {"gridcolor": GRID, "zeroline": False, "fixedrange": True, "tickfont": font, "automargin": True}
    return {
        "height": ENDS + ROW * rows,
        "margin": {"l": 0, "r": 12, "t": 36, "b": 0, "pad": 4},
        "showlegend": False,
        "dragmode": False,
        "xaxis": axis | {"title": {"text": title, "font": font}},
        "yaxis": axis | {"autorange": "reversed", "showgrid": False},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"font_size": 13, "align": "left"},
    }

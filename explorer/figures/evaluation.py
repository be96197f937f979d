"""Metrics held against people -> Plotly figures: by subset, by what they learned from, and two of them."""

import html
import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from explorer.figures.colours import CHART_TEXT
from explorer.judgments.intervals import Interval
from explorer.judgments.standing import Standing, Standings, is_bounded, percent, signed, with_interval
from explorer.names import harmless, shortened
from explorer.words import capitalised

# A colour and a sign for each metric, the same in all figures; what the paper prints is grey.
METRICS = ("#2289b3", "#d0653a", "#308e7f", "#9a6fb0", "#a8761f", "#c0507a", "#5c7f3a", "#7a7f8c")
SIGNS = ("circle", "square", "diamond", "triangle-up", "pentagon", "cross", "star", "hexagon")
PUBLISHED = "#8a8f98"
GRID = "rgba(128,128,128,0.25)"
BAND = "rgba(128,128,128,0.28)"

LANE, ROW, EDGES = 15, 28, 84  # pixels: of a metric in a row, of a row beside them, above and below all
BAR, HEADING = 25, 27  # pixels: of a metric and of a group's heading
HALF = 0.42  # of a row, from its middle to where the line of people ends
LONGEST = 28  # letters of a name beside a chart, which phones show too
ROOM = 0.02  # beyond the outermost marks


def by_subset(found: Standings, outline: str) -> go.Figure:
    """A row a subset: people as a line with its interval, metrics as marks, the paper's rows as small ticks.

    Args:
        outline: The colour of text and of the line.
    """
    rows = range(len(found.columns))
    count = max(1, len(found.metrics))
    lanes = [(lane - (count - 1) / 2) / (count + 1) * 2 * HALF - 0.06 for lane in range(count)]
    figures = [*_people(found, outline), *_ticks(found, HALF - 0.06)]
    for place, (metric, lane) in enumerate(zip(found.metrics, lanes, strict=True)):
        figures.append(_marks(found, metric, place, lane))
    bands = [
        {"type": "rect", "x0": 100 * mark.low, "x1": 100 * mark.high, "y0": row - HALF, "y1": row + HALF}
        | {"fillcolor": BAND, "line": {"width": 0}, "layer": "below"}
        for row, mark in zip(rows, found.ceiling, strict=True)
        if mark is not None and is_bounded(mark)
    ]
    height = EDGES + len(rows) * (ROW + LANE * count)
    layout = _layout(outline, height, _reach(found, rows), found.unit)
    layout["yaxis"] |= {
        "tickvals": list(rows),
        "ticktext": [f"{_name(name)} " for name in found.columns],
        "range": [len(rows) - 0.5, -0.5],
    }
    layout["shapes"] = bands + [_rule(row + 0.5) for row in rows[:-1]]
    return go.Figure(figures, layout)


def by_training(found: Standings, column: int, outline: str) -> go.Figure:
    """A row a metric, in groups by what it has learned from, as in the paper's figure 4, for one column.

    Bars begin at what a coin reaches.
    """
    places, labels, notes, bars, y = [], [], [], [], 0.0
    colours = {metric.name: METRICS[i % len(METRICS)] for i, metric in enumerate(found.metrics)}
    for heading, group in found.by_training():
        shown = [each for each in group if each.marks[column] is not None]
        if not shown:
            continue
        notes.append(_heading(heading, y, outline))
        y += HEADING / BAR
        for each in sorted(shown, key=lambda each: (each.marks[column].value, each.is_published)):
            places.append(y)
            labels.append(f"{_name(each.label)}{' (paper)' if each.is_published else ''} ")
            colour = PUBLISHED if each.is_published else colours[each.name]
            bars.append(_bar(each, each.marks[column], y, colour, outline, 100 * found.start))
            notes.append(_number(each.marks[column], y, outline))
            y += 1
    low, high = _reach(found, [column])
    start = min(100 * found.start, low)
    layout = _layout(outline, EDGES + int(y * BAR), (start, high + 0.2 * (high - start)), found.unit)
    layout["yaxis"] |= {"tickvals": places, "ticktext": labels, "range": [y - 0.4, -0.7]}
    layout["annotations"] = notes
    if ceiling := found.ceiling[column]:
        line = {"color": outline, "width": 3}
        x = {"x0": 100 * ceiling.value, "x1": 100 * ceiling.value}
        layout["shapes"] = [x | {"y0": 0, "y1": 1, "yref": "paper", "line": line}]
        text = {"text": f"people {percent(ceiling)}", "font": _font(outline), "showarrow": False}
        notes.append({"x": 100 * ceiling.value, "y": 1, "yref": "paper", "yanchor": "bottom"} | text)
    layout["showlegend"] = False
    return go.Figure(bars, layout)


def differences(
    columns: Sequence[str], marks: Sequence[Interval], names: tuple[str, str], outline: str
) -> go.Figure:
    """How much more often the first of two metrics agrees with people than the second, by column.

    Args:
        marks: The differences, -1..1, with their intervals.
        names: Labels of the two.
    """
    rows = list(range(len(columns)))
    values = [100 * mark.value for mark in marks]
    ends = [0.0, *(100 * end for mark in marks for end in (mark.low, mark.high) if math.isfinite(end))]
    reach = 1.15 * max(map(abs, [*ends, *values])) or 1.0
    hover = [f"{_name(name)}: {signed(mark)} points" for name, mark in zip(columns, marks, strict=True)]
    points = _points(values, rows, _errors(marks), METRICS[0], SIGNS[0], "", hover)
    layout = _layout(outline, 78 + 30 * len(rows), (-reach, reach), "percentage points")
    layout["yaxis"] |= {
        "tickvals": rows,
        "ticktext": [f"{_name(name)} " for name in columns],
        "range": [len(rows) - 0.5, -0.5],
    }
    line = {"color": outline, "width": 1.5, "dash": "dot"}
    layout["shapes"] = [{"x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "line": line}]
    ends = ((names[1], "right", -0.01), (names[0], "left", 0.01))
    layout["annotations"] = [
        {"x": x * reach, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": anchor, "showarrow": False}
        | {"text": _towards(name, anchor), "font": _font(outline)}
        for name, anchor, x in ends
    ]
    layout["showlegend"] = False
    return go.Figure([points], layout)


def by_subset_text(found: Standings) -> str:
    """The first chart in words, for who cannot see it."""
    rows = []
    for place, (column, ceiling) in enumerate(zip(found.columns, found.ceiling, strict=True)):
        people = [f"people {percent(ceiling)}"] if ceiling else []
        metrics = [f"{each.label} {percent(each.marks[place])}" for each in found.metrics]
        rows.append(f"{shortened(column, LONGEST)}: {', '.join(people + metrics)}")
    return f"{capitalised(found.unit)}. {'; '.join(rows)}."


def by_training_text(found: Standings, column: int) -> str:
    """The second chart in words."""
    groups = [
        f"{heading}: " + ", ".join(f"{each.label} {percent(each.marks[column])}" for each in group)
        for heading, group in found.by_training()
    ]
    ceiling = found.ceiling[column]
    people = [f"people {percent(ceiling)}"] if ceiling else []
    return f"{shortened(found.columns[column], LONGEST)}, {found.unit}. {'; '.join(groups + people)}."


def differences_text(columns: Sequence[str], marks: Sequence[Interval], names: tuple[str, str]) -> str:
    """The third chart in words."""
    rows = ", ".join(
        f"{shortened(column, LONGEST)} {signed(mark)}" for column, mark in zip(columns, marks, strict=True)
    )
    return f"{names[0]} minus {names[1]}, in percentage points: {rows}."


def _towards(name: str, anchor: str) -> str:
    short = _name(name)
    return f"{short} agrees more →" if anchor == "left" else f"← {short} agrees more"


def _people(found: Standings, outline: str) -> list[dict[str, Any]]:
    """The line of people as one trace; none where nothing is known of how far they agree."""
    x, y, hover = [], [], []
    for row, mark in enumerate(found.ceiling):
        if mark is not None:
            x += [100 * mark.value, 100 * mark.value, None]
            y += [row - HALF, row + HALF, None]
            hover += [f"People, {_name(found.columns[row])}: {with_interval(mark)}"] * 2 + [""]
    if not x:
        return []
    line = {"color": outline, "width": 3}
    return [
        {"type": "scatter", "x": x, "y": y, "mode": "lines", "line": line, "name": "People"} | _hover(hover)
    ]


def _ticks(found: Standings, lane: float) -> list[dict[str, Any]]:
    """All rows of the paper as one trace; none where it has none of these subsets."""
    x, y, hover = [], [], []
    for each in found.published:
        for row, mark in enumerate(each.marks):
            if mark is not None:
                x.append(100 * mark.value)
                y.append(row + lane)
                hover.append(f"{_name(each.label)} (paper), {_name(found.columns[row])}: {percent(mark)}")
    if not x:
        return []
    marker = {"symbol": "line-ns-open", "size": 9, "color": PUBLISHED, "line": {"width": 2}}
    return [
        {"type": "scatter", "x": x, "y": y, "mode": "markers", "marker": marker, "name": "Paper’s Table 5"}
        | _hover(hover)
    ]


def _marks(found: Standings, metric: Standing, place: int, lane: float) -> dict[str, Any]:
    known = [(row, mark) for row, mark in enumerate(metric.marks) if mark is not None]
    hover = [
        f"{_name(metric.label)}, {_name(found.columns[row])}: {with_interval(mark)}" for row, mark in known
    ]
    return _points(
        [100 * mark.value for _, mark in known],
        [row + lane for row, _ in known],
        _errors([mark for _, mark in known]),
        METRICS[place % len(METRICS)],
        SIGNS[place % len(SIGNS)],
        metric.label,
        hover,
    )


def _points(
    x: list[float],
    y: Sequence[float],
    errors: dict[str, Any],
    colour: str,
    sign: str,
    name: str,
    hover: list[str],
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers",
        "marker": {"color": colour, "symbol": sign, "size": 9},
        "error_x": errors | {"color": colour, "thickness": 2, "width": 0},
        "name": _name(name),
    } | _hover(hover)


def _errors(marks: Sequence[Interval]) -> dict[str, Any]:
    """Whiskers; of no length where nothing is known of them."""
    ups = [100 * (mark.high - mark.value) if is_bounded(mark) else 0.0 for mark in marks]
    downs = [100 * (mark.value - mark.low) if is_bounded(mark) else 0.0 for mark in marks]
    return {"type": "data", "symmetric": False, "array": ups, "arrayminus": downs}


def _bar(each: Standing, mark: Interval, y: float, colour: str, outline: str, start: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [100 * mark.value - start],
        "base": [start],
        "y": [y],
        "width": [0.74],
        "marker": {"color": colour, "opacity": 0.55 if each.is_published else 1.0},
        "error_x": _errors([mark]) | {"color": outline, "thickness": 1.5, "width": 0},
        "showlegend": False,
    } | _hover([f"{_name(each.label)}: {with_interval(mark)}"])


def _heading(text: str, y: float, outline: str) -> dict[str, Any]:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": y, "yanchor": "middle"}
    return place | {"text": f"<b>{text}</b>", "showarrow": False, "font": _font(outline)}


def _number(mark: Interval, y: float, outline: str) -> dict[str, Any]:
    """A bar's value, in a column at the right edge."""
    place = {"x": 1, "xref": "paper", "xanchor": "right", "y": y, "yanchor": "middle", "showarrow": False}
    return place | {"text": percent(mark), "font": _font(outline)}


def _reach(found: Standings, columns: Sequence[int]) -> tuple[float, float]:
    """Both ends of an axis that holds all scores of these columns, in percent."""
    every = [each.marks for each in (*found.metrics, *found.published)] + [found.ceiling]
    marks = [mark for row in every for place in columns if (mark := row[place]) is not None]
    ends = [end for mark in marks for end in (mark.value, mark.low, mark.high) if math.isfinite(end)]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    return 100 * (low - ROOM), 100 * min(1.0 + ROOM / 2, high + ROOM)


def _rule(y: float) -> dict[str, Any]:
    return {"x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y, "line": {"color": GRID, "width": 1}}


def _name(text: str) -> str:
    """A subset's or a metric's name, which may say anything, as a chart has room for it."""
    return html.escape(shortened(harmless(text), LONGEST))


def _hover(texts: list[str]) -> dict[str, Any]:
    return {"hovertext": texts, "hovertemplate": "%{hovertext}<extra></extra>"}


def _font(outline: str) -> dict[str, Any]:
    return {"color": outline, "size": CHART_TEXT}


def _title(text: str, outline: str) -> dict[str, Any]:
    return {"text": text, "font": _font(outline)}


def _layout(outline: str, height: int, reach: tuple[float, float], title: str) -> dict[str, Any]:
    axis = {"gridcolor": GRID, "zeroline": False, "fixedrange": True, "tickfont": _font(outline)}
    axis |= {"automargin": True}
    return {
        "height": height,
        "margin": {"l": 0, "r": 10, "t": 26, "b": 0, "pad": 0},
        "dragmode": False,
        "xaxis": axis | {"range": list(reach), "title": _title(title, outline)},
        "yaxis": axis | {"showgrid": False},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": _font(outline)},
        "showlegend": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"font_size": 13, "align": "left"},
    }

"""What each step of a recipe adds to the distance, as bars that begin where the one before has ended."""

import plotly.graph_objects as go

from explorer.analysis.steps import StepLedger
from explorer.figures.colours import CHART_TEXT, DEPTHS, SINGLE

ROW, MARGINS = 34, 44  # pixels
ADDS, TAKES, SUM = SINGLE, "#c9772b", DEPTHS[0][4]  # green adds, orange takes away; each has its number too


def step_chart(ledger: StepLedger, outline: str) -> go.Figure:
    """A bar a step, from the score before it to the score after it, and the score itself below them.

    Args:
        outline: The colour of text and of the lines between bars.
    """
    names = [f"{number} · {step.entry.label}" for number, step in _named(ledger)]
    values = [float(part) for part in ledger.parts]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[*names, "Score"],
            x=[*values, None],
            measure=["relative"] * len(values) + ["total"],
            text=[*ledger.shown_parts, ledger.shown_scores[-1]],
            textposition="outside",
            textfont={"color": outline, "size": CHART_TEXT},
            cliponaxis=False,
            connector={"line": {"color": outline, "width": 1, "dash": "dot"}},
            increasing={"marker": {"color": ADDS}},
            decreasing={"marker": {"color": TAKES}},
            totals={"marker": {"color": SUM}},
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    tick = {"color": outline, "size": CHART_TEXT}
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "fixedrange": True, "tickfont": tick}
    reach = max(ledger.scores, default=0.0) or 1.0
    figure.update_layout(
        height=ROW * (len(values) + 1) + MARGINS,
        margin={"l": 0, "r": 12, "t": 8, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        xaxis={**axis, "range": [0, 1.3 * reach]},
        yaxis={**axis, "showgrid": False, "autorange": "reversed", "automargin": True, "ticksuffix": " "},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font_size": 13},
    )
    return figure


def step_chart_text(ledger: StepLedger) -> str:
    """The chart in words, for who cannot see it."""
    parts = zip(_named(ledger), ledger.shown_parts, strict=True)
    rows = [f"{number} {step.entry.label} {part}" for (number, step), part in parts]
    return f"Parts of the distance: {', '.join(rows)}. Score: {ledger.shown_scores[-1]}."


def _named(ledger: StepLedger) -> list:
    """Number and step of each part."""
    return list(zip(ledger.places, ledger.recipe.active, strict=True))[: len(ledger.found)]

"""A ladder's scores, and a pair's own among them."""

import plotly.graph_objects as go

from explorer.analysis.place import Place
from explorer.figures.colours import CHART_TEXT, SINGLE

HEIGHT = 290  # pixels


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
        font={"color": outline, "size": CHART_TEXT},
    )
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "fixedrange": True}
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 12, "t": 24, "b": 0, "pad": 0},
        showlegend=False,
        dragmode=False,
        xaxis={**axis, "rangemode": "tozero", "tickfont": {"color": outline, "size": CHART_TEXT}},
        yaxis={
            **axis,
            "automargin": True,
            "ticksuffix": " ",
            "tickfont": {"color": outline, "size": CHART_TEXT},
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

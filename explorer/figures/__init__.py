"""Results -> bars, tables and charts with their colours, a file a kind. Every bar carries its value."""

from explorer.figures.agreement import AgreementCell, agreement_cells
from explorer.figures.channels import channel_curve
from explorer.figures.colours import layer_colours, method_colours
from explorer.figures.ladder import ladder_chart, ladder_text
from explorer.figures.shares import Segment, share_bar_text, share_segments
from explorer.figures.steps import step_chart, step_chart_text
from explorer.figures.threshold import threshold_chart, threshold_chart_text

__all__ = [
    "AgreementCell",
    "Segment",
    "agreement_cells",
    "channel_curve",
    "ladder_chart",
    "ladder_text",
    "layer_colours",
    "method_colours",
    "share_bar_text",
    "share_segments",
    "step_chart",
    "step_chart_text",
    "threshold_chart",
    "threshold_chart_text",
]

"""What the Inspect page keeps in a session."""

from dataclasses import dataclass


@dataclass
class InspectState:
    """What the page knows of its widgets.

    Attributes:
        bar_layer: The segment that is selected in the bar of shares, as far as Plotly knows.
    """

    bar_layer: str | None = None

"""The layers' shares as the parts of one bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plotly.colors import unlabel_rgb

from explorer.analysis.wording import percent
from explorer.figures.colours import readable_on
from explorer.metrics import LayerMeasurement


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

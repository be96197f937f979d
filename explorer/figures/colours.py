"""Colours of what is drawn of results, and the size of words in charts."""

from collections.abc import Sequence

import numpy as np
from plotly.colors import hex_to_rgb

from explorer.metrics import Method

CHART_TEXT = 12.5  # pixels; Streamlit's own theme for charts writes ticks in 10.5

# From shallow (light) to deep (dark), in a hue for each of the networks on a page: greens and blues, which no
# scale of the maps holds, so that a layer's colour is never read as a value. Their lightness falls evenly, so
# that who sees no hues tells layers apart, too.
DEPTHS = (
    ("#c2eee5", "#90d3c6", "#58b2a2", "#308e7f", "#20685c", "#13433b"),
    ("#c7eaff", "#90cef2", "#53add8", "#2289b3", "#036586", "#074056"),
    ("#d6ebd0", "#aed0a5", "#83ae7a", "#618a59", "#44653e", "#2b4127"),
    ("#beeef5", "#81d3e0", "#38b2c2", "#008e9e", "#006875", "#00434b"),
    ("#cbedda", "#9bd3b4", "#6ab28d", "#478d6b", "#2e684c", "#1d4230"),
    ("#c1ecfc", "#86d1ea", "#40b0cf", "#008caa", "#00677f", "#004252"),
)
SINGLE = DEPTHS[0][3]  # what is of one layer alone


def layer_colours(names: Sequence[str], network: int = 0) -> dict[str, str]:
    """A colour for each layer of a network, "rgb(r, g, b)": it says how deep in its network the layer lies.

    Args:
        names: All layers of the network in its order, also those that are not in the sum: a layer keeps its
            colour when others leave.
        network: Its place among the networks beside each other, of which at most six have a hue of their own.
    """
    anchors = np.array([hex_to_rgb(colour) for colour in DEPTHS[network % len(DEPTHS)]], float)
    last = len(anchors) - 1
    places = np.linspace(0, last, len(names)) if len(names) > 1 else [last / 2]
    channels = [np.interp(places, np.arange(last + 1), channel) for channel in anchors.T]
    return {
        name: f"rgb({red:.0f}, {green:.0f}, {blue:.0f})"
        for name, red, green, blue in zip(names, *channels, strict=True)
    }


def method_colours(method: Method) -> dict[str, str]:
    """As `layer_colours`, of a method's network; other nodes in its sum follow the network's own layers."""
    own = method.row.layer_names
    return layer_colours([*own, *(name for name in method.layers if name not in own)])


def readable_on(colour: Sequence[float]) -> str:
    """Black or white, whichever has the larger contrast ratio (WCAG 2.2, relative luminance).

    On any colour that is 4.58 at least.

    Args:
        colour: Red, green and blue, 0..255.
    """
    channels = [part / 255 for part in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def as_rgb(colour: Sequence[float]) -> str:
    """As stylesheets write it."""
    return "rgb({:.0f}, {:.0f}, {:.0f})".format(*colour)

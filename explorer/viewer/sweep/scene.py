"""What is shown of a sweep: curves, stacked layers, and the picture and maps of each point."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class SweepLine:
    """One metric's curve.

    Attributes:
        metric: Its label.
        short: The same where there is little room.
        sweep: Which of the sweeps it is of.
        places: Of its points on the axis.
        heights: 0 (closest) to 1 (farthest), NaN for none; one a place.
        texts: Raw values as people read them; one a place.
        lowest, highest: The ends of a band, as heights; empty for a single curve.
        closest, farthest: Raw values at the ends of its scale.
        is_turned: Whether smaller values stand on top.
        marks: (place, "turns" or "saturates", words).
    """

    metric: str
    short: str
    sweep: int
    places: tuple[int, ...]
    heights: np.ndarray
    texts: tuple[str, ...]
    lowest: np.ndarray
    highest: np.ndarray
    closest: str
    farthest: str
    is_turned: bool = False
    marks: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class SweepPoint:
    """A point with all that is seen of it.

    Attributes:
        key: Of its arrays: of the pictures and of the method that made the maps.
        sweep, place: Which sweep's, and where on the axis.
        picture: uint8 (H, W, 3).
        layers: A map a layer, float32 (h, w) on its own grid; none for a metric without maps.
        distances: A number a layer.
        score: Their sum, as it is shown.
    """

    key: str
    sweep: int
    place: int
    picture: np.ndarray
    layers: tuple[np.ndarray, ...]
    distances: tuple[float, ...]
    score: str


@dataclass(frozen=True, eq=False)
class SweepScene:
    """One axis with what was measured along it so far.

    Attributes:
        key: Digest of all that is shown.
        reference: uint8 (H, W, 3), of the size of the points' pictures.
        labels: Of the distortions, at least one.
        axis: What stands on x.
        ends: Its first and its last place, in short.
        steps: Of each place, as people read it.
        lines: All curves.
        points: Those that are seen.
        layers: Names of the layers in the sum.
        layer_colours: One a layer, as stylesheets write it.
        metric: What the layers sum to ("LPIPS"); "" for a distance without a name.
        maps: Whether that has any.
        combined_end, layers_end: Where the scales of the maps end.
        note: A sentence below the pictures.
        band: What a band is, in words; "" where there is none.
        colours: The maps' scale.
    """

    key: str
    reference: np.ndarray
    labels: tuple[str, ...]
    axis: str
    ends: tuple[str, str]
    steps: tuple[str, ...]
    lines: tuple[SweepLine, ...]
    points: tuple[SweepPoint, ...]
    layers: tuple[str, ...]
    layer_colours: tuple[str, ...]
    metric: str
    maps: bool
    combined_end: float
    layers_end: float
    note: str = ""
    band: str = ""
    colours: str = "magma"

"""What is shown: a pair of pictures with the maps of their differences, as plain arrays and numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class LayerMap:
    """One layer's map.

    Attributes:
        name: The layer's name, unique in its scene.
        channels: Number of the layer's channels.
        distance: The layer's distance, the mean of `values`.
        share: The layer's part of the score, 0..1; None where undefined or where the layer is not included.
        values: Floating point (h, w) on the layer's own grid.
        included: Whether the layer counts in the score.
    """

    name: str
    channels: int
    distance: float
    share: float | None
    values: np.ndarray
    included: bool = True


@dataclass(frozen=True)
class PixelMap:
    """A map with one value a pixel and a colour scale of its own.

    Attributes:
        name: "squared_error" or "one_minus_ssim".
        label: As the user reads it ("1 − SSIM").
        values: Floating point (H, W), NaN where there is no data; None for the squared difference of the two
            pictures, mean over channels, which the browser takes by itself, exact and without a transfer.
        caption: The number that goes with it ("27.7 dB").
        maximum: End of its own colour scale, at least 0.
    """

    name: str
    label: str
    values: np.ndarray | None
    caption: str
    maximum: float


@dataclass(frozen=True)
class Spot:
    """A hot spot, numbered from 1 by its place in `Scene.spots`.

    Attributes:
        x, y: Place of its peak, in pixels of the image as given.
        box: The region around it: (x, y, width, height) in whole pixels of the image as given.
        label: What is said of it ("12% of the score").
    """

    x: float
    y: float
    box: tuple[int, int, int, int]
    label: str


@dataclass(frozen=True)
class Field:
    """What a cell of one layer sees.

    Attributes:
        words: Its size in words ("163 × 163 pixels", "the whole image").
        size, stride, start: (rows, columns) in pixels of the pictures that are sent: the size of what a cell
            sees, the step from one cell to the next, and where the first cell's begins, which may lie outside
            of the image. All None where there is no outline to draw.

    Raises:
        ValueError: an outline of which only a part is known.
    """

    words: str
    size: tuple[float, float] | None = None
    stride: tuple[float, float] | None = None
    start: tuple[float, float] | None = None

    def __post_init__(self):
        outline = (self.size, self.stride, self.start)
        if any(part is None for part in outline) and any(part is not None for part in outline):
            raise ValueError("an outline has a size, a stride and a start")


@dataclass(frozen=True)
class Scene:
    """A measured pair.

    Attributes:
        key: Digest of all arrays below: the same key means the same pictures and maps.
        reference, distorted: uint8 (H, W, 3), of one size.
        reference_name, distorted_name: Short names for the alternative texts ("chelsea", "JPEG, quality 9").
        layers: The layers' maps, in the network's order. Empty for a metric without maps; then the pixel maps
            are all there is to choose, the first one is shown, and the note should say why.
        pixel_maps: Maps with one value a pixel.
        score: The sum of the included layers' distances.
        shared_maximum: End of the colour scale that the layers' maps share, at least 0.
        combined_maximum: End of the combined map's own colour scale, at least 0.
        metric: What was measured with, for the saved view ("AlexNet · LPIPS v0.1").
        short_metric: What the distances add up to, in labels: "LPIPS", or another name where that
            is not LPIPS as it was published.
        note: A sentence that stands below the pictures ("A map is not a cause ..."), and below a saved view.
        hint: A sentence behind it that is about the app, and so in no saved view ("Region asks ...").
        file: Name of the file of a saved view.
        given: Width and height, in its own pixels, of the image as given, which the pictures cover; None
            where they have its size.
        spots: Hot spots, marked on the pictures by their numbers.
        colours: The scale of all maps: "magma" or "cividis".
        fields: What a cell sees, by the layer's name; layers without an entry say nothing of it.

    Raises:
        ValueError: arrays that do not belong together, or a number that is not finite.
    """

    key: str
    reference: np.ndarray
    distorted: np.ndarray
    layers: tuple[LayerMap, ...]
    pixel_maps: tuple[PixelMap, ...]
    score: float
    shared_maximum: float
    combined_maximum: float
    reference_name: str = ""
    distorted_name: str = ""
    note: str = ""
    hint: str = ""
    file: str = "view.png"
    metric: str = ""
    short_metric: str = "LPIPS"
    given: tuple[float, float] | None = None
    spots: tuple[Spot, ...] = ()
    colours: str = "magma"
    fields: Mapping[str, Field] = field(default_factory=dict)

    def __post_init__(self):
        if self.reference.shape != self.distorted.shape:
            raise ValueError(f"pictures of {self.reference.shape} and {self.distorted.shape} do not match")
        for pixel_map in self.pixel_maps:
            if pixel_map.values is not None and pixel_map.values.shape != self.reference.shape[:2]:
                raise ValueError(f"{pixel_map.name} of {pixel_map.values.shape} is not one value a pixel")
        if not (self.layers or self.pixel_maps):
            raise ValueError("a scene has at least one map, of a layer or of pixels")
        if self.given is not None and min(self.given) < 1:
            raise ValueError(f"an image as given has pixels, not {self.given}")
        numbers = [self.score, self.shared_maximum, self.combined_maximum]
        numbers += [number for spot in self.spots for number in (spot.x, spot.y, *spot.box)]
        numbers += [layer.distance for layer in self.layers]
        numbers += [layer.share for layer in self.layers if layer.share is not None]
        numbers += [pixel_map.maximum for pixel_map in self.pixel_maps]
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a scene's numbers are finite; an undefined share is None")

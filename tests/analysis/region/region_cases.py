"""What the tests of regions share: networks, pairs that were measured, and boxes drawn at random."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from explorer.analysis.inspection import combined_of
from explorer.analysis.region import Box, Frame, HotSpot, finest_map, frame_of, hot_spots
from explorer.backbones import Network
from explorer.images import Picture, derive
from explorer.metrics import Measurement, Method, compare


def trunk_of(backbone: str) -> Network:
    """On the CPU; AlexNet as it was trained, the others on random weights, which need no file."""
    return method_of(backbone).network


def method_of(
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: tuple[str, ...] | None = None,
    size: int | None = None,
) -> Method:
    weights = "trained" if backbone == "alexnet" else "random"
    return Method(backbone, heads, layers, weights, size, device="cpu")


def measured(reference: Picture, distorted: Picture, method: Method) -> tuple[Measurement, Frame]:
    """As the scores are taken, with the maps."""
    measurement = compare(reference, distorted, method).measurement(method.heads, method.layers)
    return measurement, frame_of(reference, method.size, measurement.size)


def spots_of(measurement: Measurement, frame: Frame) -> tuple[HotSpot, ...]:
    return hot_spots(combined_of(measurement), measurement, frame, finest_map(measurement))


def with_noise(picture: Picture, seed: int, strength: int = 40) -> Picture:
    """The whole picture changed, by integers that are drawn anew for each pixel."""
    noise = np.random.default_rng(seed).integers(-strength, strength + 1, picture.pixels.shape)
    return derive(picture, np.clip(picture.pixels + noise, 0, 255).astype(np.uint8))


def whole(size: tuple[int, int]) -> Box:
    return Box(0, 0, *size)


def random_box(rng: np.random.Generator, size: tuple[int, int]) -> Box:
    """Any box inside an image of (width, height)."""
    (left, right), (top, bottom) = (np.sort(rng.choice(side + 1, 2, replace=False)) for side in size)
    return Box(int(left), int(top), int(right - left), int(bottom - top))


def cut_at_random(rng: np.random.Generator, box: Box, times: int) -> Iterator[Box]:
    """Cut a box in two from edge to edge, and each part again: a tiling without gap or overlap."""
    side = rng.integers(2)
    length = box.numbers[2 + side]
    if times == 0 or length < 2:
        yield box
        return
    at = int(rng.integers(1, length))
    x, y, width, height = box.numbers
    if side == 0:
        parts = Box(x, y, at, height), Box(x + at, y, width - at, height)
    else:
        parts = Box(x, y, width, at), Box(x, y + at, width, height - at)
    for part in parts:
        yield from cut_at_random(rng, part, times - 1)


def exact_coverage(box: Box, frame: Frame, grid: tuple[int, int]) -> np.ndarray:
    """Each cell's covered part, cell by cell in whole fractions, rounded once at the end."""
    lines = []
    for axis, cells, start, stop in ((1, grid[0], box.y, box.bottom), (0, grid[1], box.x, box.right)):
        extent = Fraction(frame.given[axis] * frame.measured[axis], frame.scaled[axis])
        edges = [extent * cell / cells for cell in range(cells + 1)]
        common = [min(stop, edges[n + 1]) - max(start, edges[n]) for n in range(cells)]
        lines.append([max(Fraction(0), part) * cells / extent for part in common])
    return np.array([[float(down * across) for across in lines[1]] for down in lines[0]])

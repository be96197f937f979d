"""A rectangle that was planted is one hot spot, whatever its part of the image and the image's resolution."""

import functools

import numpy as np
import pytest
from PIL import Image, ImageFilter

from explorer.analysis.region import Box, HotSpot
from explorer.images import derive
from explorer.metrics import Measurement
from tests.analysis.region.region_cases import measured, method_of, spots_of
from tests.grid import few

METHOD = method_of()
SIZES = {"0.3 MP": (640, 480), "1 MP": (1152, 864), "3 MP": (2000, 1500), "12 MP": (4000, 3000)}
CASES = [  # sample, kind, one over the rectangle's part of each side
    ("cat", "blur", 16),
    ("coffee", "noise", 8),
    ("cat", "blur", 4),
    ("coffee", "blur", 8),
    ("cat", "noise", 16),
    ("coffee", "noise", 4),
    ("china", "noise", 16),
    ("china", "noise", 8),
]
# On the edge of the sky, where noise is plain, and a roof, where it is hardly seen.
PLACES = {"china": (0.3, 0.13)}
PLACE = (5 / 9, 1 / 4)  # of the others: parts of width and height, left of and above the rectangle
# Ten times as many pixels are the same question, and the grid asks it of forty times as many.
HELD = [
    ("3 MP", "cat", "blur", 4),
    ("0.3 MP", "cat", "blur", 16),
    *(("1 MP", *case) for case in CASES[1:6]),
    ("12 MP", "cat", "blur", 4),
    *(("1 MP", *case) for case in (CASES[0], *CASES[6:])),
    *(("0.3 MP", *case) for case in CASES[1:]),
]
SMEARED = 0.05  # of a rectangle: what another spot may take of its edge


@pytest.fixture(scope="module")
def plant(photo):
    """(rectangle, measurement, spots) of a photograph that was blurred or made noisy in a rectangle."""

    @functools.cache
    def make(size: str, sample: str, kind: str, part: int) -> tuple[Box, Measurement, tuple[HotSpot, ...]]:
        width, height = SIZES[size]
        reference = photo(sample, (width, height))
        left, top = PLACES.get(sample, PLACE)
        box = Box(int(left * width), int(top * height), width // part, height // part)
        pixels = np.array(reference.pixels)
        if kind == "blur":
            radius = 0.012 * height  # an upscaled photograph has no finer detail to lose
            inside = Image.fromarray(pixels[box.slices])
            pixels[box.slices] = np.asarray(inside.filter(ImageFilter.GaussianBlur(radius)))
        else:
            noise = np.random.default_rng(part).normal(0, 25, (box.height, box.width, 3))
            pixels[box.slices] = np.clip(pixels[box.slices] + noise, 0, 255).astype(np.uint8)
        measurement, frame = measured(reference, derive(reference, pixels), METHOD)
        return box, measurement, spots_of(measurement, frame)

    return make


def common(one: Box, other: Box) -> int:
    """Pixels that lie in both."""
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(0, width) * max(0, height)


@pytest.mark.parametrize(("size", "sample", "kind", "part"), few(HELD, 7, tuples=True))
def test_a_planted_rectangle_is_one_hot_spot_of_about_its_extent(size, sample, kind, part, plant):
    box, _, (first, *others) = plant(size, sample, kind, part)
    area = box.width * box.height
    assert common(first.box, box) >= 0.5 * area
    assert all(common(other.box, box) <= SMEARED * area for other in others)
    # Features see beyond their cell, which is larger than the smallest rectangle is high.
    assert first.box.width * first.box.height <= 4 * area

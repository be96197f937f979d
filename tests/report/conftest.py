"""Findings to report: an ordinary pair with boxes and a causal map, and others of any shape."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis import region as regions
from explorer.distortions import distort
from explorer.images import derive
from explorer.metrics import Method

HOSTILE = "<img src=x onerror=alert(1)>\"'&.png"
BOXES = (regions.Box(20, 10, 60, 80), regions.Box(100, 0, 20, 20))


@pytest.fixture(scope="session")
def investigate(photo):
    """Find all of a sample, scaled to (width, height), and its distortion."""

    def make(
        size=(150, 120),
        boxes=BOXES,
        backbone="alexnet",
        heads=None,
        layers=None,
        weights="trained",
        longest=None,
        restored=None,
        identical=False,
        name="cat.png",
    ):
        reference = photo("cat", size)
        pixels = reference.pixels if identical else distort(reference.pixels, "jpeg_local_blur", 0.7)
        method = Method(backbone, heads, layers, weights, size=longest, device="cpu")
        distorted = derive(reference, np.array(pixels), name=name)
        found = regions.investigate(reference, distorted, boxes, method)
        if restored is None:
            return found
        score, measurement = found.measurement.score, found.measurement if method.has_maps else None
        scores = [part * score for part in restored]
        side = int(len(scores) ** 0.5)
        return replace(found, causal=regions.causal_map(scores, score, side, found.frame, measurement))

    return make


@pytest.fixture(scope="session")
def found(investigate):
    """A pair with two boxes, hot spots, a causal map of which one tile is below 0, and a hostile name."""
    return investigate(restored=[0.9, 1.05, *[0.95] * 14], name=HOSTILE)

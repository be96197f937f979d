"""The viewer's numbers and words are those of the arrays that it is fed by `viewer_page.py`."""

import re

import numpy as np
import pytest

from tests.browser.viewer_page import LAYERS, SIZES, make_scene
from tests.grid import few


def area_exact(values, height, width):
    """A map on the image's pixels by another way: differences of its integral."""
    integral = np.pad(np.cumsum(np.cumsum(values.astype(float), axis=0), axis=1), ((1, 0), (1, 0)))
    rows, columns = np.array(values.shape) / (height, width)
    integral = np.array([np.interp(np.arange(width + 1) * columns, np.arange(len(r)), r) for r in integral])
    integral = np.array([np.interp(np.arange(height + 1) * rows, np.arange(len(c)), c) for c in integral.T]).T
    return np.diff(np.diff(integral, axis=0), axis=1) / (rows * columns)


def first_number(text):
    return float(text.split()[0].replace("−", "-"))


@pytest.mark.parametrize(("shape", "panel"), [("square", "map"), ("landscape", "reference")])
def test_the_readout_says_what_the_arrays_hold(viewer, shape, panel):
    scene = make_scene(shape)
    height, width = SIZES[shape]
    combined = sum(area_exact(layer.values, height, width) for layer in scene.layers)
    largest = max(scene.layers, key=lambda layer: layer.distance)
    error, dissimilar = (pixel_map.values for pixel_map in scene.pixel_maps)
    viewer.open(f"?shape={shape}")
    for x, y in [(20, 30), (width // 2, height // 3), (width - 7, height - 9)]:
        readings = viewer.hover(panel, scene, x, y)
        assert readings["x, y"] == f"{x}, {y}"
        assert readings["reference"] == " ".join(map(str, scene.reference[y, x]))
        assert readings["distorted"] == " ".join(map(str, scene.distorted[y, x]))
        assert first_number(readings["LPIPS"]) == pytest.approx(combined[y, x], rel=6e-3)
        rows, columns = largest.values.shape
        cell = largest.values[int((y + 0.5) * rows / height), int((x + 0.5) * columns / width)]
        assert first_number(readings[largest.name]) == pytest.approx(cell, rel=6e-3)
        assert first_number(readings["Squared error"]) == pytest.approx(error[y, x], rel=6e-3, abs=0.51)
        assert first_number(readings["1 − SSIM"]) == pytest.approx(dissimilar[y, x], rel=6e-3, abs=1e-3)


def test_a_place_without_data_is_named_so(viewer):
    scene = make_scene()
    assert viewer.open().hover("map", scene, 60, 2)["1 − SSIM"] == "no data"


@pytest.mark.parametrize(
    ("shape", "layers"),
    few(
        [("landscape", LAYERS), ("portrait", ("conv2", "conv5")), ("large", LAYERS), ("square", LAYERS)],
        3,
        tuples=True,
    ),
)
def test_the_combined_map_has_the_score_as_its_mean(viewer, shape, layers):
    viewer.open(f"?shape={shape}&layers={','.join(layers)}")
    scene = make_scene(shape, included=tuple(layers))
    assert float(viewer.root.get_attribute("data-mean")) == pytest.approx(scene.score, rel=1e-5)


def test_a_layers_map_has_its_distance_as_its_mean(viewer):
    scene = make_scene()
    viewer.open()
    for layer in scene.layers:
        viewer.page.locator(f".thumb[data-map={layer.name}]").click()
        viewer.wait_until(map="layer", layer=layer.name)
        assert float(viewer.root.get_attribute("data-mean")) == pytest.approx(layer.distance, rel=1e-6)


def test_the_part_above_the_scale_is_said(viewer):
    scene = make_scene()
    height, width = SIZES["square"]
    combined = sum(area_exact(layer.values, height, width) for layer in scene.layers)
    percent = 100 * (combined > scene.combined_maximum).mean()
    assert f"{percent:.1f}% clipped" in viewer.open().page.locator(".facts").inner_text()


def test_smoothing_is_marked_and_changes_no_number(viewer):
    scene = make_scene()
    viewer.open()
    native = viewer.hover("map", scene, 200, 100)
    viewer.page.get_by_label("Native cells").uncheck()
    viewer.reported("cells='smooth'")
    assert "for looking only" in viewer.chip("map")
    assert viewer.hover("map", scene, 200, 100) == native


def test_pictures_are_described_by_their_numbers(viewer):
    scene = make_scene()
    viewer.open()
    assert viewer.canvas("reference").get_attribute("aria-label") == "Reference, chelsea, 256 × 256 pixels"
    text = viewer.canvas("map").get_attribute("aria-label")
    assert f"mean {scene.score:.3f}" in text
    height, width = SIZES["square"]
    combined = sum(area_exact(layer.values, height, width) for layer in scene.layers)
    place = re.search(r"largest [\d.]+ at x (\d+), y (\d+)", text)
    assert combined[int(place[2]), int(place[1])] == pytest.approx(combined.max(), rel=1e-6)


def test_identical_pictures_show_no_nan(viewer):
    viewer.open("?severity=0")
    for query in ("combined", "layer", "squared_error"):
        viewer.page.locator(f"[data-setting=map] [data-value={query}]").click()
        viewer.wait_until(map=query)
        viewer.hover("map", make_scene(severity=0), 100, 100)
        assert "NaN" not in viewer.root.inner_text()
        assert "undefined" not in viewer.root.inner_text()

"""The ledger: places add up to layers, layers to the score, on native grids and on the image."""

import json
import math

import numpy as np
import pytest

from explorer import cores
from explorer.backbones import find_backbone
from explorer.distortions import distort
from explorer.images import derive
from explorer.metrics import footprints
from explorer.metrics.footprints import combined_map, footprint_means
from explorer.metrics.measuring import compare_on

HEADS = find_backbone("alexnet").head_names
# AlexNet's grids fit none of these evenly; 31 is its smallest side, where conv3 to conv5 have one cell.
SIZES = [(31, 31), (64, 64), (97, 256), (301, 207)]


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: "{}x{}".format(*size))
def size(request):
    return request.param


@pytest.fixture(scope="module", params=HEADS)
def measurement(request, size, photo, trunk):
    reference = photo("coffee", size)
    distorted = derive(reference, distort(reference.pixels, "jpeg", 0.7))
    return compare_on(trunk, reference, distorted, [request.param]).measurement(request.param)


def test_layers_add_up_to_the_score(measurement):
    assert measurement.score > 0
    assert sum(layer.distance for layer in measurement.layers) == pytest.approx(measurement.score, rel=1e-6)


def test_each_map_averages_to_its_layers_distance(measurement):
    for layer in measurement.layers:
        assert layer.map.mean(dtype=np.float64) == pytest.approx(layer.distance, rel=1e-6)


def test_each_map_is_float32_on_its_layers_grid(measurement):
    for layer in measurement.layers:
        assert layer.map.dtype == np.float32
        assert layer.map.shape == layer.grid


def test_shares_add_to_one_and_none_is_negative(measurement):
    assert sum(layer.share for layer in measurement.layers) == pytest.approx(1, rel=1e-6)
    assert all(layer.share >= 0 for layer in measurement.layers)


def test_no_place_takes_away_from_the_score(measurement):
    assert all((layer.map >= 0).all() for layer in measurement.layers)


def test_the_combined_map_averages_to_the_score(measurement, size):
    combined = combined_map([layer.map for layer in measurement.layers], size)
    assert combined.shape == size[::-1]
    assert combined.dtype == np.float32
    assert combined.mean(dtype=np.float64) == pytest.approx(measurement.score, rel=1e-6)


def overlap(cell, cells, pixels, start, stop):
    """Length that cell's footprint, its equal share of the axis, has in common with start..stop."""
    return max(0, min(stop, (cell + 1) * pixels / cells) - max(start, cell * pixels / cells))


@pytest.mark.parametrize("box", [(0, 0, 301, 207), (17, 40, 200, 133), (100, 50, 101, 51)])
def test_a_box_of_the_combined_map_holds_what_the_cells_footprints_put_there(box, pair, trunk):
    measurement = compare_on(trunk, pair.reference, pair.distorted, ["lpips-0.1"]).measurement("lpips-0.1")
    width, height = pair.reference.size
    left, top, right, bottom = box
    expected = 0
    for layer in measurement.layers:
        rows, columns = layer.grid
        for (row, column), term in np.ndenumerate(layer.map):
            across = overlap(column, columns, width, left, right)
            expected += float(term) * across * overlap(row, rows, height, top, bottom)
    combined = combined_map([layer.map for layer in measurement.layers], (width, height))
    assert combined[top:bottom, left:right].sum(dtype=np.float64) == pytest.approx(expected, rel=1e-6)


def test_a_combined_map_is_the_same_in_whichever_strips_it_is_made(monkeypatch):
    random = np.random.default_rng(0)
    maps = [random.random(grid).astype(np.float32) for grid in ((61, 40), (23, 23), (120, 97), (1, 1))]
    whole = combined_map(maps, (97, 120))
    monkeypatch.setattr(footprints, "ROWS", 7)
    monkeypatch.setattr(footprints, "PRODUCT", 1)
    monkeypatch.setattr(cores, "LARGE", 0)
    np.testing.assert_allclose(combined_map(maps, (97, 120)), whole, rtol=1e-6)


@pytest.mark.parametrize(("cells", "pixels"), [(1, 7), (7, 7), (3, 7), (15, 256), (256, 64), (51, 207)])
def test_footprints_share_out_every_pixel_and_are_of_equal_size(cells, pixels):
    weights = footprint_means(np.eye(cells), pixels).T
    assert weights.shape == (pixels, cells)
    assert (weights >= -1e-12).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-9)
    np.testing.assert_allclose(weights.sum(axis=0), pixels / cells, rtol=1e-9)


def test_a_choice_of_layers_is_a_ledger_of_its_own(pair, trunk):
    comparison = compare_on(trunk, pair.reference, pair.distorted, ["lpips-0.1"])
    whole = {layer.name: layer for layer in comparison.measurement("lpips-0.1").layers}
    chosen = comparison.measurement("lpips-0.1", ["conv4", "conv2"])
    assert [layer.name for layer in chosen.layers] == ["conv2", "conv4"]
    assert chosen.score == pytest.approx(whole["conv2"].distance + whole["conv4"].distance, rel=1e-12)
    assert sum(layer.share for layer in chosen.layers) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("heads", HEADS)
def test_identical_images_have_score_zero_and_no_shares(heads, photo, trunk):
    picture = photo("astronaut", (301, 207))
    measurement = compare_on(trunk, picture, picture, [heads]).measurement(heads)
    assert measurement.score == 0
    assert math.isinf(measurement.psnr)
    assert measurement.ssim == pytest.approx(1, abs=1e-12)
    assert all(layer.distance == 0 and math.isnan(layer.share) for layer in measurement.layers)

    plain = json.loads(json.dumps(measurement.to_dict(), allow_nan=False))
    assert plain["psnr"] is None
    assert [layer["share"] for layer in plain["layers"]] == [None] * 5


@pytest.mark.parametrize("heads", HEADS)
def test_black_images_meet_neither_a_division_by_zero_nor_a_nan(heads, photo, trunk):
    photograph = photo("cat", (64, 64))
    black = derive(photograph, np.zeros_like(photograph.pixels))
    same = compare_on(trunk, black, black, [heads]).measurement(heads)
    assert (same.score, same.psnr) == (0, math.inf)
    assert same.ssim == pytest.approx(1, abs=1e-12)

    apart = compare_on(trunk, photograph, black, [heads]).measurement(heads)
    assert apart.score > 0
    assert all(np.isfinite(layer.map).all() for layer in apart.layers)

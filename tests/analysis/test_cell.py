"""A cell by hand: its terms add up to the map's cell, and are those of the `lpips` package."""

import math
import os

import numpy as np
import pytest
import torch

from benchmarks.others import input_tensor, lpips_model
from explorer.analysis.cell import STRONGEST, ByHand, by_hand, is_at_hand, usual_place
from explorer.backbones import ReceptiveField, find_backbone, receptive_fields
from explorer.distortions import Recipe, distorted
from explorer.errors import ImageError, SettingError, SizeMismatchError
from explorer.files.weights import status
from explorer.images import derive
from explorer.metrics import Method, compare
from explorer.samples import load_sample
from tests.grid import few

SIZE = (88, 72)
HEADS = ("lpips-0.1", "lpips-0.0", "uniform")
LAYERS = find_backbone("alexnet").layer_names


@pytest.fixture(scope="module")
def pictures(photo):
    reference = photo("cat", SIZE)
    return reference, distorted(reference, Recipe.at("gaussian_blur", 0.5, 0))


def places_in(grid: tuple[int, int], seed: int = 3, count: int = 4) -> list[tuple[int, int]]:
    """Two corners, and places drawn at random."""
    rows, columns = grid
    rng = np.random.default_rng(seed)
    drawn = [(int(rng.integers(rows)), int(rng.integers(columns))) for _ in range(count)]
    return [(0, 0), (rows - 1, columns - 1), *drawn]


def check(pictures, method):
    """At places of all layers the sum is the map's cell, and what is written out is the sum."""
    measurement = compare(*pictures, method).measurement(method.heads, method.layers)
    for layer in measurement.layers:
        for place in places_in(layer.grid):
            found = by_hand(*pictures, method, layer.name, place)
            assert (found.layer, found.grid, found.place) == (layer.name, layer.grid, place)
            assert found.value == pytest.approx(float(layer.map[place]), abs=1e-6)
            shown = math.fsum(term.product for term in found.strongest())
            assert shown + found.rest().product == pytest.approx(found.value, abs=1e-12)


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("backbone", ["alexnet", "squeezenet1_1", "vgg16"])
def test_the_sum_is_the_maps_cell_at_any_place_of_any_layer(backbone, heads, pictures, request):
    row = find_backbone(backbone)
    if backbone == "vgg16":
        request.getfixturevalue("vgg16_weights")
    elif not status(row.weights).ready and "CI" not in os.environ:
        pytest.skip(f"{backbone} is not on this machine; name its folder in EXPLORER_WEIGHTS")
    check(pictures, Method(backbone, heads))


@pytest.mark.parametrize(
    "backbone", few(["vit_b_16", "resnet18", "convnext_tiny", "swin_t", "densenet121", "efficientnet_b0"], 2)
)
def test_so_it_is_for_features_of_any_sign_and_on_random_weights(backbone, photo):
    row = find_backbone(backbone)
    side = 32 * math.ceil(row.smallest_side / 32)
    reference = photo("cat", (side, side))
    check((reference, distorted(reference, Recipe.at("jpeg", 0.7, 0))), Method(backbone, weights="random"))


@pytest.mark.parametrize("heads", HEADS)
def test_each_term_is_that_of_the_lpips_package(heads, pictures):
    import lpips

    model = lpips_model("0.0" if heads == "lpips-0.0" else "0.1", heads=heads.startswith("lpips"))
    with torch.inference_mode():
        inputs = [input_tensor(picture) for picture in pictures]
        if heads != "lpips-0.0":
            inputs = [model.scaling_layer(values) for values in inputs]
        first, second = (model.net.forward(values) for values in inputs)
    for number, layer in enumerate(LAYERS):
        units = [lpips.normalize_tensor(features[number])[0].numpy() for features in (first, second)]
        weights = model.lins[number].model[-1].weight.flatten().detach().numpy() if model.lpips else 1.0
        place = places_in(units[0].shape[1:])[-1]
        found = by_hand(*pictures, Method("alexnet", heads), layer, place)
        unit, unit0 = (values[:, *place] for values in units)
        np.testing.assert_allclose(found.unit, unit, atol=1e-5)
        np.testing.assert_allclose(found.unit0, unit0, atol=1e-5)
        np.testing.assert_allclose(found.products, (unit - unit0) ** 2 * weights, atol=1e-5)


@pytest.fixture(scope="module")
def found(pictures) -> ByHand:
    return by_hand(*pictures, Method(), "conv2", (4, 6))


def test_each_row_follows_from_the_one_before(found):
    assert found.length == pytest.approx(math.sqrt(math.fsum(found.y**2)), rel=1e-12)
    np.testing.assert_allclose(found.unit * found.length, found.y, rtol=1e-9)
    assert math.fsum(found.unit0**2) == pytest.approx(1, abs=1e-9)
    np.testing.assert_array_equal(found.squared, (found.unit - found.unit0) ** 2)
    np.testing.assert_array_equal(found.products, found.squared * found.weights)
    np.testing.assert_array_equal(found.products[found.order], np.sort(found.products)[::-1])
    assert (found.products >= 0).all()


def test_the_strongest_and_the_rest_are_all_channels(found):
    terms, rest = found.strongest(), found.rest()
    assert (len(terms), rest.channels) == (STRONGEST, 192 - STRONGEST)
    assert min(term.product for term in terms) >= found.products[found.order[STRONGEST:]].max()
    for term in terms:
        assert term.product == term.squared * term.weight
    for vector, length, name in ((found.y, rest.length, "y"), (found.unit0, rest.unit0, "unit0")):
        squares = [getattr(term, name) ** 2 for term in terms]
        assert math.fsum([*squares, length**2]) == pytest.approx(float(vector @ vector), rel=1e-9)
    assert rest.squared + math.fsum(term.squared for term in terms) == pytest.approx(found.squared.sum())
    assert rest.weight * rest.squared == pytest.approx(rest.product)
    assert (len(found.strongest(500)), found.rest(192).channels) == (192, 0)


def test_the_cell_depends_on_no_pixel_outside_its_window(pictures, found):
    x, y, width, height = found.window
    assert (found.field, found.size) == ("51 × 51 pixels", SIZE)
    pixels = np.zeros_like(pictures[1].pixels)
    pixels[y : y + height, x : x + width] = pictures[1].pixels[y : y + height, x : x + width]
    only = by_hand(pictures[0], derive(pictures[1], pixels), Method(), "conv2", found.place)
    np.testing.assert_allclose(only.y0, found.y0, atol=1e-4)
    pixels[y + height // 2, x + width // 2] ^= 255
    changed = by_hand(pictures[0], derive(pictures[1], pixels), Method(), "conv2", found.place)
    assert np.abs(changed.y0 - only.y0).max() > 1e-2


def test_pictures_that_are_the_same_have_a_sum_of_0(pictures):
    same = by_hand(pictures[0], pictures[0], Method(), "conv3", (0, 0))
    assert same.value == same.rest().product == 0
    assert math.isnan(same.rest().weight)
    assert same.strongest(1)[0].y == same.y.max() > 0  # there is something to see all the same
    black = derive(pictures[0], np.zeros_like(pictures[0].pixels))
    blank = by_hand(black, pictures[0], Method(heads="uniform"), "conv5", (1, 1))
    assert math.isfinite(blank.value)


def test_a_place_of_what_is_measured_smaller_is_one_of_the_smaller_map(pictures):
    method = Method(size=64)
    layer = compare(*pictures, method).measurement(method.heads).layers[0]
    place = places_in(layer.grid)[1]
    found = by_hand(*pictures, method, "conv1", place)
    assert found.size == (64, 52)
    assert found.value == pytest.approx(float(layer.map[place]), abs=1e-6)


def test_a_layer_that_was_opened_once_is_at_hand(photo):
    pair = photo("coffee", (64, 64)), photo("cat", (64, 64))
    assert not is_at_hand(*pair, Method(), "conv2")
    by_hand(*pair, Method(), "conv2", (0, 0))
    assert is_at_hand(*pair, Method(), "conv2")
    assert not is_at_hand(*pair, Method(), "conv3")
    assert not is_at_hand(*pair, Method(heads="uniform"), "conv2")


@pytest.mark.parametrize(
    ("layer", "place", "words"),
    [
        ("conv9", (0, 0), "conv9"),
        ("conv2", (-1, 0), "no cell in row -1 and column 0; its rows go from 0 to 7, its columns to 9"),
        ("conv2", (3, 400), "no cell in row 3 and column 400"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(layer, place, words, pictures):
    with pytest.raises(SettingError, match=words):
        by_hand(*pictures, Method(), layer, place)


def test_a_metric_without_maps_and_pictures_that_do_not_fit_are_refused(pictures, photo):
    with pytest.raises(SettingError, match="no cell has a value"):
        by_hand(*pictures, Method("dists"), "conv1", (0, 0))
    with pytest.raises(SizeMismatchError):
        by_hand(pictures[0], photo("cat", (64, 64)), Method(), "conv1", (0, 0))
    small = photo("cat", (16, 16))
    with pytest.raises(ImageError):
        by_hand(small, small, Method(), "conv1", (0, 0))


CONV2 = receptive_fields(find_backbone("alexnet"))["conv2"]


def test_the_usual_place_of_the_cat_lies_between_its_eyes():
    cat = load_sample("cat")
    method = Method()
    blurred = distorted(cat, Recipe.at("gaussian_blur", 0.5, 0))
    layer = compare(cat, blurred, method).measurement(method.heads, method.layers).layers[1]
    row, column = usual_place(layer.map, CONV2)
    rows, columns = layer.grid
    assert 0.55 < column / columns < 0.7  # the eyes are at 0.3 and 0.8
    assert 0.3 < row / rows < 0.45


def test_the_usual_place_is_the_largest_of_the_middle_and_of_all_where_the_middle_is_flat():
    values = np.zeros((36, 36), np.float32)
    assert usual_place(values, CONV2) == (18, 18)
    values[1, 2] = 1
    assert usual_place(values, CONV2) == (1, 2)
    values[22, 14] = 0.1
    assert usual_place(values, CONV2) == (22, 14)
    assert usual_place(values[:2, :1] + 1, CONV2) == (0, 0)


def test_the_usual_place_sees_no_padding_where_another_of_the_middle_sees_none():
    values = np.zeros((11, 11), np.float32)
    deep = ReceptiveField("cell", (163, 163), (16, 16), (-80, -80))
    values[4, 4], values[5, 5] = 1, 0.5
    assert usual_place(values, deep) == (5, 5)
    assert usual_place(values, ReceptiveField("whole")) == (4, 4)

"""A region's ledger: any tiling adds up to the score, and a box holds its cells' parts by area."""

import math

import numpy as np
import pytest

from explorer.analysis.region import (
    Box,
    Frame,
    Mask,
    coverage,
    fitted,
    frame_of,
    ledger_of,
    mask_of,
    name_of,
    read_box,
)
from explorer.analysis.wording import listed, percent
from explorer.backbones import find_backbone
from explorer.errors import SettingError
from explorer.images import derive
from explorer.metrics.measuring import compare_on
from tests.analysis.region.region_cases import (
    cut_at_random,
    exact_coverage,
    measured,
    method_of,
    random_box,
    trunk_of,
    whole,
    with_noise,
)
from tests.grid import few

SIZE = (203, 131)  # fits no layer's grid evenly, and leaves a border where a network crops
NETWORKS = ("alexnet", "resnet18", "vit_b_16", "swin_t", "densenet121")


@pytest.fixture(scope="module")
def pictures(photo):
    reference = photo("coffee", SIZE)
    return reference, with_noise(reference, seed=1)


@pytest.fixture(scope="module", params=[None, 97], ids=["as given", "longest 97"])
def longest(request):
    return request.param


@pytest.fixture(scope="module", params=few(NETWORKS, 4))
def pair_of(request, pictures, longest):
    """(measurement, frame) of a network."""
    return measured(*pictures, method_of(request.param, size=longest))


@pytest.fixture(scope="module")
def alexnet(pictures):
    return measured(*pictures, method_of())


@pytest.mark.parametrize("seed", few(range(6)))
def test_the_regions_of_any_tiling_add_up_in_each_layer_and_in_sum(pair_of, seed):
    measurement, frame = pair_of
    boxes = list(cut_at_random(np.random.default_rng(seed), whole(SIZE), times=5))
    assert sum(box.width * box.height for box in boxes) == SIZE[0] * SIZE[1]
    regions = [ledger_of(measurement, box, frame) for box in boxes]

    assert math.fsum(region.distance for region in regions) == pytest.approx(measurement.score, rel=1e-6)
    assert math.fsum(region.share for region in regions) == pytest.approx(1, rel=1e-6)
    assert math.fsum(region.area_share for region in regions) == pytest.approx(1, rel=1e-9)
    for place, layer in enumerate(measurement.layers):
        parts = [region.layers[place] for region in regions]
        assert {part.name for part in parts} == {layer.name}
        assert math.fsum(part.distance for part in parts) == pytest.approx(layer.distance, rel=1e-6)
        assert math.fsum(part.own_share for part in parts) == pytest.approx(1, rel=1e-6)
        assert all(part.distance >= 0 for part in parts)


def test_the_whole_image_holds_the_whole_score_and_every_layers_distance(pair_of):
    measurement, frame = pair_of
    held = ledger_of(measurement, whole(SIZE), frame)
    assert held.distance == pytest.approx(measurement.score, rel=1e-9)
    assert (held.share, held.area_share, held.ratio) == pytest.approx((1, 1, 1), rel=1e-9)
    for layer, member in zip(held.layers, measurement.layers, strict=True):
        assert layer.distance == pytest.approx(member.distance, rel=1e-9)
        assert (layer.share, layer.own_share) == pytest.approx((member.share, 1), rel=1e-9)


@pytest.mark.parametrize("seed", few(range(4)))
def test_a_box_holds_what_exact_fractions_of_its_cells_give(pair_of, seed):
    measurement, frame = pair_of
    box = random_box(np.random.default_rng(seed), SIZE)
    held = ledger_of(measurement, box, frame)
    for layer, member in zip(held.layers, measurement.layers, strict=True):
        covered = exact_coverage(box, frame, member.grid)
        # Rounding is of the whole map's running sums, so a tiny part is as exact as the whole and no more.
        expected = pytest.approx((member.map * covered).sum() / covered.size, abs=1e-12, rel=1e-9)
        assert layer.distance == expected
        np.testing.assert_allclose(coverage(box, frame, member.grid), covered, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_mask_holds_what_a_grid_fine_enough_for_cells_and_pixels_gives(photo, seed):
    size = (37, 31)
    reference = photo("cat", size)
    measurement, frame = measured(reference, with_noise(reference, seed), method_of())
    inside = np.random.default_rng(seed).random((size[1], size[0])) < 0.4
    held = ledger_of(measurement, Mask(inside), frame)
    for layer, member in zip(held.layers, measurement.layers, strict=True):
        rows, columns = member.grid  # each pixel becomes rows x columns points, each cell as many pixels
        terms = np.repeat(np.repeat(member.map.astype(np.float64), size[1], 0), size[0], 1)
        points = np.repeat(np.repeat(inside, rows, 0), columns, 1)
        assert layer.distance == pytest.approx((terms * points).mean(), rel=1e-9)


def test_a_cell_that_the_border_cuts_counts_by_its_covered_area():
    frame = Frame((40, 30), (40, 30), (40, 30))
    covered = coverage(Box(5, 10, 20, 12), frame, (3, 4))  # cells of 10 x 10
    np.testing.assert_allclose(covered, np.outer([0, 1, 0.2], [0.5, 1, 0.5, 0]), atol=1e-12)


def test_after_a_resize_a_cell_is_cut_where_the_box_lies_in_the_image_as_given():
    frame = Frame((80, 60), (40, 30), (40, 30))
    covered = coverage(Box(10, 20, 40, 24), frame, (3, 4))
    np.testing.assert_allclose(covered, np.outer([0, 1, 0.2], [0.5, 1, 0.5, 0]), atol=1e-12)


def test_what_a_network_crops_away_holds_nothing(pictures):
    measurement, frame = measured(*pictures, method_of("vit_b_16"))
    assert frame == Frame(SIZE, SIZE, (192, 128))
    border = ledger_of(measurement, Box(192, 0, 11, 131), frame)
    assert (border.distance, border.share, border.area_share) == (0, 0, 0)
    assert math.isnan(border.ratio)
    assert ledger_of(measurement, Box(0, 0, 192, 128), frame).share == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("seed", few(range(5)))
def test_shares_and_ratios_of_the_layers_add_up_to_the_regions(pair_of, seed):
    measurement, frame = pair_of
    box = random_box(np.random.default_rng(100 + seed), frame.measured)
    held = ledger_of(measurement, box, frame)
    assert held.distance == pytest.approx(math.fsum(layer.distance for layer in held.layers), rel=1e-12)
    assert held.share == pytest.approx(math.fsum(layer.share for layer in held.layers), rel=1e-12)
    assert held.ratio == pytest.approx(math.fsum(layer.ratio for layer in held.layers), rel=1e-12)
    assert held.ratio == pytest.approx(held.share / held.area_share, rel=1e-12)
    assert held.share == pytest.approx(held.distance / measurement.score, rel=1e-12)


@pytest.mark.parametrize("seed", few(range(5)))
def test_a_mask_equals_the_box_it_draws(pair_of, seed):
    measurement, frame = pair_of
    box = random_box(np.random.default_rng(seed), SIZE)
    drawn = ledger_of(measurement, mask_of([box], SIZE), frame)
    held = ledger_of(measurement, box, frame)
    assert drawn.distance == pytest.approx(held.distance, rel=1e-9)
    assert drawn.area_share == pytest.approx(held.area_share, rel=1e-9)
    for one, other in zip(drawn.layers, held.layers, strict=True):
        assert one.distance == pytest.approx(other.distance, rel=1e-9, abs=1e-12)


def test_the_inside_and_the_outside_of_any_mask_add_up_to_the_score(pair_of):
    measurement, frame = pair_of
    mask = Mask(np.random.default_rng(7).random(SIZE[::-1]) < 0.3)
    sides = [ledger_of(measurement, area, frame) for area in (mask, mask.outside)]
    assert sum(side.distance for side in sides) == pytest.approx(measurement.score, rel=1e-9)
    assert sum(side.area_share for side in sides) == pytest.approx(1, rel=1e-9)


def test_a_box_below_a_cell_gets_its_part_by_area_and_says_so(alexnet):
    measurement, frame = alexnet
    deepest = measurement.layers[-1]
    box = Box(80, 60, 3, 2)  # within one cell of the deepest layer
    held = ledger_of(measurement, box, frame)
    assert held.is_below_a_cell
    assert held.cells == pytest.approx(6 / (SIZE[0] * SIZE[1]) * math.prod(deepest.grid), rel=1e-9)
    row, column = (
        int((start + 0.5) * cells / length)
        for start, cells, length in zip((60, 80), deepest.grid, SIZE[::-1], strict=True)
    )
    share_of_area = 6 / (SIZE[0] * SIZE[1])
    assert held.layers[-1].distance == pytest.approx(deepest.map[row, column] * share_of_area, rel=1e-6)
    assert "smaller than a cell of the coarsest layer" in held.sentence("Box A")
    large = ledger_of(measurement, whole(SIZE), frame)
    assert not large.is_below_a_cell
    assert "smaller than a cell" not in large.sentence("Box A")


def test_one_pixel_is_a_region(alexnet):
    measurement, frame = alexnet
    corners = [Box(0, 0, 1, 1), Box(SIZE[0] - 1, SIZE[1] - 1, 1, 1)]
    for box in corners:
        held = ledger_of(measurement, box, frame)
        assert held.distance > 0
        assert held.area_share == pytest.approx(1 / (SIZE[0] * SIZE[1]), rel=1e-6)


def test_identical_images_have_regions_without_shares(photo):
    picture = photo("cat", (64, 48))
    measurement, frame = measured(picture, picture, method_of())
    held = ledger_of(measurement, Box(0, 0, 32, 24), frame)
    assert held.distance == 0
    assert held.area_share == pytest.approx(0.25, rel=1e-9)
    assert math.isnan(held.share)
    assert math.isnan(held.ratio)
    assert all(math.isnan(layer.share) and math.isnan(layer.own_share) for layer in held.layers)
    assert held.sentence("Box A") == (
        "Box A covers 25% of the image; the score is 0, so no part of it has a share."
    )


def test_a_metric_without_maps_has_no_ledger(photo):
    picture = photo("cat", (64, 48))
    comparison = compare_on(trunk_of("dists"), picture, with_noise(picture, 0), ["dists"])
    measurement = comparison.measurement("dists")
    with pytest.raises(ValueError, match="dists has no maps"):
        ledger_of(measurement, Box(0, 0, 8, 8), frame_of(picture, None, measurement.size))


def test_the_sentence_names_the_fewest_layers_that_make_half_of_the_region(alexnet):
    measurement, frame = alexnet
    held = ledger_of(measurement, Box(40, 20, 100, 80), frame)
    inside = {layer.name: layer.distance for layer in held.layers}
    leading = [inside[name] for name in held.leading]
    assert leading == sorted(inside.values(), reverse=True)[: len(leading)]
    assert sum(leading) >= held.distance / 2 > sum(leading[:-1])
    assert held.sentence("Box A") == (
        f"Box A covers {held.area_share:.0%} of the image and holds {held.share:.0%} of the distance, mostly "
        f"in {listed(held.leading)}."
    )


def test_a_region_far_from_a_change_holds_none_of_the_distance_in_a_shallow_layer(photo):
    reference = photo("cat", (96, 64))
    pixels = np.array(reference.pixels)
    pixels[:, :16] = 255 - pixels[:, :16]
    measurement, frame = measured(reference, derive(reference, pixels), method_of(layers=("conv1",)))
    held = ledger_of(measurement, Box(48, 0, 48, 64), frame)
    assert held.distance == 0
    assert held.leading == ()
    assert held.sentence("Box B") == "Box B covers 50% of the image and holds none of the distance."


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0%"), (0.0004, "less than 0.1%"), (0.004, "0.4%"), (0.014, "1%"), (0.626, "63%"), (1, "100%")],
)
def test_a_small_share_is_never_rounded_to_nothing(share, words):
    assert percent(share) == words


def test_names_are_listed_as_a_sentence_does():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        (Box(-5, -3, 20, 10), Box(0, 0, 15, 7)),
        (Box(90, 40, 50, 50), Box(90, 40, 10, 20)),
        (Box(-9, -9, 999, 999), Box(0, 0, 100, 60)),
        (Box(99, 59, 2, 2), Box(99, 59, 1, 1)),
    ],
)
def test_a_box_that_reaches_beyond_the_image_is_cut_and_a_sentence_says_so(box, inside):
    assert fitted(box, (100, 60), "Box C") == (
        inside,
        f"Box C reached beyond the image and was cut to {inside.words}.",
    )


@pytest.mark.parametrize("box", [Box(0, 0, 100, 60), Box(99, 59, 1, 1), Box(3, 4, 5, 6)])
def test_a_box_inside_the_image_stays_as_it_is(box):
    assert fitted(box, (100, 60)) == (box, "")


@pytest.mark.parametrize("box", [Box(100, 0, 5, 5), Box(0, 60, 5, 5), Box(-5, 0, 5, 5), Box(0, -9, 5, 9)])
def test_a_box_outside_the_image_is_refused_with_the_images_size(box):
    with pytest.raises(SettingError, match=r"Box A .* lies outside the image; it has 100 × 60 pixels"):
        fitted(box, (100, 60), "Box A")


@pytest.mark.parametrize("box", [Box(1, 1, 0, 5), Box(1, 1, 5, 0), Box(1, 1, -5, 5)])
def test_a_box_without_an_area_is_refused_with_its_sides(box):
    with pytest.raises(SettingError, match=rf"is {box.width} × {box.height} pixels and so holds none"):
        fitted(box, (100, 60))


@pytest.mark.parametrize("text", ["1,2,3,4", " 1, 2 ,3,4 ", "-1,2,3,4"])
def test_a_box_is_read_from_its_four_numbers(text):
    box = read_box(text)
    assert box.numbers[1:] == (2, 3, 4)
    assert read_box(str(box)) == box


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "1,2,3,x", "1.5,2,3,4", "1;2;3;4", "1,2,,4"])
def test_what_is_no_box_is_refused_with_an_example(text):
    with pytest.raises(SettingError, match=r"is no box; write x,y,width,height .* 10,20,64,48"):
        read_box(text)


def test_boxes_are_called_by_letters():
    assert [name_of(place) for place in range(3)] == ["A", "B", "C"]


def test_a_choice_of_layers_is_a_ledger_of_its_own(pictures):
    chosen = find_backbone("alexnet").layer_names[1:3]
    measurement, frame = measured(*pictures, method_of(layers=chosen))
    held = ledger_of(measurement, Box(10, 10, 60, 40), frame)
    assert tuple(layer.name for layer in held.layers) == chosen
    assert held.share == pytest.approx(held.distance / measurement.score, rel=1e-12)

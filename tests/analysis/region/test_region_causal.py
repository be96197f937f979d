"""Restore and insert are what a fresh measurement of hand-made pictures gives, on every kind of network."""

import functools
import math

import numpy as np
import pytest
from scipy import stats

import explorer
from explorer.analysis.region import (
    Box,
    CausalMap,
    Check,
    Frame,
    Mask,
    causal_map,
    check,
    composed,
    ledger_of,
    restore_each,
    tiles,
)
from explorer.backbones import HEADS, heads_sharing_a_pass
from explorer.errors import ImageError, SettingError
from explorer.images import derive
from explorer.metrics.measuring import compare_on
from explorer.metrics.scores import scores
from tests.analysis.region.region_cases import measured, method_of, random_box, whole, with_noise
from tests.grid import few
from tests.oracle import Pair

SIZE = (150, 97)
# Backbone, heads (None for its first), layers (None for all), longest side, how many boxes.
ALL_CASES = [
    ("alexnet", "lpips-0.1", None, None, 3),
    ("alexnet", "uniform", ("conv2", "conv4"), 101, 2),
    ("resnet18", None, None, 80, 1),
    ("vit_b_16", None, None, None, 1),
    ("dists", None, None, None, 1),
    ("alexnet", "lpips-0.1", None, 101, 3),
    ("alexnet", "lpips-0.0", None, None, 2),
    ("alexnet", "uniform", None, None, 2),
    ("resnet18", None, None, None, 3),
    ("vit_b_16", None, None, 110, 1),
]
CASES = few(ALL_CASES, 5, tuples=True)
measure = functools.partial(explorer.measure, device="cpu")


@pytest.fixture(scope="module")
def pictures(photo):
    reference = photo("cat", SIZE)
    return reference, with_noise(reference, seed=2)


def by_hand(base, patch, box):
    """A picture's pixels with a box of another's, copied pixel by pixel."""
    pixels = [[base.pixels[y, x] for x in range(base.width)] for y in range(base.height)]
    for y in range(box.y, box.y + box.height):
        for x in range(box.x, box.x + box.width):
            pixels[y][x] = patch.pixels[y, x]
    return np.array(pixels, np.uint8)


@pytest.mark.parametrize(
    ("backbone", "heads", "layers", "longest", "boxes"), CASES, ids=lambda value: str(value)
)
def test_both_checks_equal_a_fresh_measurement_of_the_pictures_put_together(
    backbone, heads, layers, longest, boxes, pictures, empty_cache
):
    reference, distorted = pictures
    method = method_of(backbone, heads, layers, longest)
    (score,) = scores(method, reference, [distorted])
    rng = np.random.default_rng(boxes)
    for _ in range(boxes):
        box = random_box(rng, SIZE)
        seen = check(reference, distorted, box, method, score)
        for ours, pixels in (
            (seen.restore, by_hand(distorted, reference, box)),
            (seen.insert, by_hand(reference, distorted, box)),
        ):
            empty_cache.clear()
            fresh = measure(
                reference,
                pixels,
                backbone,
                heads,
                layers,
                longest,
                weights=method.weights,
            )
            assert ours == pytest.approx(fresh.score, rel=1e-6, abs=1e-7)
        assert seen.score == score


@pytest.mark.parametrize(
    ("backbone", "heads", "layers", "longest", "boxes"), few(ALL_CASES, 3, tuples=True), ids=lambda v: str(v)
)
def test_the_whole_image_restored_leaves_nothing_and_inserted_gives_the_score(
    backbone, heads, layers, longest, boxes, pictures
):
    reference, distorted = pictures
    method = method_of(backbone, heads, layers, longest)
    (score,) = scores(method, reference, [distorted])
    seen = check(reference, distorted, whole(SIZE), method, score)
    assert (seen.restore, seen.insert) == (0, score)
    assert (seen.removed, seen.inserted) == (1, 1)


@pytest.mark.parametrize("heads", ["lpips-0.1", "lpips-0.0", "uniform"])
def test_both_checks_equal_what_lpips_gives_for_the_pictures_put_together(heads, pictures, oracles):
    reference, distorted = pictures
    method = method_of(heads=heads)
    for box in (Box(0, 0, 64, 97), Box(50, 20, 71, 40), Box(149, 96, 1, 1)):
        seen = check(reference, distorted, box, method, score=1.0)
        for ours, pixels in (
            (seen.restore, by_hand(distorted, reference, box)),
            (seen.insert, by_hand(reference, distorted, box)),
        ):
            theirs, _, _ = oracles[heads](Pair("composed", reference, derive(reference, pixels)))
            assert ours == pytest.approx(theirs, abs=1e-5 * max(1, theirs))


def test_the_pictures_put_together_take_the_other_ones_pixels_in_the_area_and_nowhere_else(pictures):
    reference, distorted = pictures
    box = Box(13, 7, 40, 30)
    made = composed(distorted, reference, box)
    np.testing.assert_array_equal(made.pixels, by_hand(distorted, reference, box))
    inside = np.random.default_rng(0).random(SIZE[::-1]) < 0.5
    made = composed(distorted, reference, Mask(inside))
    np.testing.assert_array_equal(made.pixels[inside], reference.pixels[inside])
    np.testing.assert_array_equal(made.pixels[~inside], distorted.pixels[~inside])
    assert composed(distorted, reference, whole(SIZE)).digest == reference.digest


def test_a_box_is_exchanged_before_the_resize_so_that_its_border_blends(pictures):
    reference, distorted = pictures
    box = Box(31, 17, 50, 33)
    method = method_of(size=60)
    seen = check(reference, distorted, box, method, score=1.0)
    fresh = measure(reference, by_hand(distorted, reference, box), size=60)
    assert seen.restore == fresh.score
    assert any(note.kind == "resized" for note in fresh.notes)


def test_a_box_that_a_network_crops_away_changes_nothing(pictures):
    reference, distorted = pictures
    method = method_of("vit_b_16")  # measures 144 x 96 of 150 x 97
    (score,) = scores(method, reference, [distorted])
    seen = check(reference, distorted, Box(144, 0, 6, 97), method, score)
    assert (seen.restore, seen.insert) == (score, 0)
    assert seen.removed == 0


def test_identical_images_have_nothing_to_remove(pictures):
    reference, _ = pictures
    method = method_of()
    seen = check(reference, reference, Box(3, 3, 50, 50), method, score=0.0)
    assert (seen.restore, seen.insert) == (0, 0)
    assert math.isnan(seen.removed)
    assert math.isnan(seen.inserted)
    assert seen.sentence("box A") == ""


def test_pictures_too_small_for_the_network_are_refused(photo):
    small = photo("cat", (20, 20))
    with pytest.raises(ImageError, match="needs at least 31"):
        check(small, small, Box(0, 0, 5, 5), method_of(), score=1.0)


@pytest.mark.parametrize(
    ("restore", "sentence"),
    [
        (0.1, "Restoring box A removes 75% of the distance."),
        (0.4, "Restoring box A changes nothing."),
        (0.0, "Restoring box A removes 100% of the distance."),
        (0.5, "Restoring box A makes the distance 25% larger."),
    ],
)
def test_the_sentence_says_what_restoring_does_even_where_it_makes_things_worse(restore, sentence):
    seen = Check(score=0.4, restore=restore, insert=0.2)
    assert seen.sentence("box A") == sentence
    assert seen.inserted == 0.5


@pytest.mark.parametrize("size", [(16, 16), (31, 47), (97, 150), (203, 131), (256, 256)])
@pytest.mark.parametrize("side", [4, 8, 16])
def test_tiles_cover_every_pixel_once_row_by_row_and_are_as_equal_as_can_be(size, side):
    boxes = tiles(size, side)
    assert len(boxes) == side * side
    number = np.full(size[::-1], -1)
    for place, box in enumerate(boxes):
        assert (number[box.slices] == -1).all()
        number[box.slices] = place
        for length, own in zip(size, (box.width, box.height), strict=True):
            assert abs(own - length / side) < 1
    assert (number >= 0).all()
    # From left to right, then from top to bottom.
    corners = number[[box.y for box in boxes], [box.x for box in boxes]].reshape(side, side)
    np.testing.assert_array_equal(corners, np.arange(side * side).reshape(side, side))


@pytest.mark.parametrize(("size", "side"), [((7, 100), 8), ((100, 7), 8), ((15, 15), 16), ((1, 1), 4)])
def test_an_image_with_fewer_pixels_than_tiles_is_refused(size, side):
    with pytest.raises(SettingError, match=f"{size[0]} × {size[1]} pixels is too small for {side} × {side}"):
        tiles(size, side)


@pytest.mark.parametrize(
    ("backbone", "longest"),
    few([("alexnet", None), ("alexnet", 90), ("dists", 64), ("vit_b_16", None)], 3, tuples=True),
)
def test_restoring_tile_by_tile_gives_what_each_check_alone_gives(backbone, longest, pictures):
    reference, distorted = pictures
    method = method_of(backbone, size=longest)
    boxes = tiles(SIZE, 4)[:: 1 if backbone == "alexnet" else 8]
    restored = [score for known in restore_each(reference, distorted, boxes, method) for score in known]
    alone = [check(reference, distorted, box, method, 1.0).restore for box in boxes]
    # AlexNet computes only what a tile reaches, whose kernels round in another order.
    np.testing.assert_allclose(restored, alone, rtol=1e-6, atol=1e-7)


def test_restore_scores_come_as_they_are_known(pictures):
    coming = restore_each(*pictures, tiles(SIZE, 16), method_of())
    first = next(coming)
    assert len(first) == 1  # on a CPU one picture passes at a time
    coming.close()  # and whoever has enough need not wait for the others


@pytest.fixture(scope="module")
def known(pictures):
    """(restore scores of 4 x 4 tiles, measurement, frame)."""
    reference, distorted = pictures
    method = method_of()
    restored = [
        score for part in restore_each(reference, distorted, tiles(SIZE, 4), method) for score in part
    ]
    return restored, *measured(reference, distorted, method)


def test_a_causal_map_has_each_tiles_part_in_its_place_beside_the_learned_maps(known):
    restored, measurement, frame = known
    causal = causal_map(restored, measurement.score, 4, frame, measurement)
    assert (causal.side, causal.done, causal.size, causal.is_complete) == (4, 16, SIZE, True)
    for place, box in enumerate(tiles(SIZE, 4)):
        row, column = divmod(place, 4)
        assert causal.removed[row, column] == pytest.approx(1 - restored[place] / measurement.score)
        assert causal.learned[row, column] == ledger_of(measurement, box, frame).share
    assert causal.learned.sum() == pytest.approx(1, rel=1e-9)


def test_a_map_that_was_stopped_keeps_the_tiles_that_are_known(known):
    restored, measurement, frame = known
    causal = causal_map(restored[:6], measurement.score, 4, frame, measurement)
    assert (causal.done, causal.is_complete) == (6, False)
    np.testing.assert_array_equal(np.isnan(causal.removed.flat), [False] * 6 + [True] * 10)
    assert np.isfinite(causal.learned).all()
    expected = stats.spearmanr(causal.learned.flat[:6], causal.removed.flat[:6]).statistic
    assert causal.correlation == pytest.approx(expected)


def test_the_colour_scale_of_both_maps_ends_at_the_largest_tile_that_is_known():
    removed = np.array([[0.14, np.nan], [-0.3, 0.02]])
    learned = np.array([[0.1, 0.21], [0.3, 0.39]])
    assert CausalMap(0.3, removed, learned, (8, 8)).end == 0.39
    assert CausalMap(0.3, removed, None, (8, 8)).end == 0.14
    assert CausalMap(0.3, np.minimum(removed, 0), None, (8, 8)).end == 1


def test_the_correlation_is_spearmans(known):
    restored, measurement, frame = known
    causal = causal_map(restored, measurement.score, 4, frame, measurement)
    expected = stats.spearmanr(causal.learned.ravel(), causal.removed.ravel()).statistic
    assert causal.correlation == pytest.approx(expected)
    assert f"The two maps' rank correlation is {expected:.2f}." in causal.sentence


def test_the_sentence_names_the_tile_that_removes_most_and_what_the_map_gave_it():
    removed = np.array([[0.1, 0.2, -0.1], [0.0, 0.05, 0.62], [0.1, 0.1, np.nan]])
    learned = np.array([[0.1, 0.2, 0.1], [0.1, 0.1, 0.21], [0.1, 0.09, 0.0]])
    first = "Restoring the tile in row 2, column 3 removes the most: 62% of the distance"
    causal = CausalMap(0.3, removed, learned, (30, 30))
    assert causal.sentence.startswith(f"{first}, where the learned map has 21%. The two maps'")
    assert CausalMap(0.3, removed, None, (30, 30)).sentence == f"{first}."
    assert math.isnan(CausalMap(0.3, removed, None, (30, 30)).correlation)


def test_a_map_without_a_measured_tile_says_so(known):
    _, measurement, frame = known
    causal = causal_map([], measurement.score, 4, frame, measurement)
    assert causal.done == 0
    assert math.isnan(causal.correlation)
    assert causal.sentence == "No tile has been measured yet."
    # One tile alone has no rank.
    assert math.isnan(causal_map([0.1], measurement.score, 4, frame, measurement).correlation)


def test_a_map_of_equal_tiles_has_no_correlation():
    causal = CausalMap(0.3, np.full((2, 2), 0.25), np.full((2, 2), 0.25), (8, 8))
    assert math.isnan(causal.correlation)
    assert "correlation" not in causal.sentence


def test_a_metric_without_maps_has_a_causal_map_all_the_same():
    causal = causal_map([0.3, 0.1, 0.2, 0.2], 0.4, 2, Frame((20, 20), (20, 20), (20, 20)))
    assert causal.learned is None
    np.testing.assert_allclose(causal.removed, [[0.25, 0.75], [0.5, 0.5]])
    assert causal.sentence == ("Restoring the tile in row 1, column 2 removes the most: 75% of the distance.")


def test_identical_images_have_an_empty_causal_map(pictures):
    reference, _ = pictures
    method = method_of()
    boxes = tiles(SIZE, 4)
    restored = [score for part in restore_each(reference, reference, boxes, method) for score in part]
    assert restored == [0] * 16
    measurement, frame = measured(reference, reference, method)
    causal = causal_map(restored, measurement.score, 4, frame, measurement)
    assert np.isnan(causal.removed).all()
    assert math.isnan(causal.correlation)
    assert causal.sentence == "The score is 0, so restoring a tile removes nothing."


@pytest.mark.parametrize("sample", ["cat", "astronaut", "coffee"])
def test_a_box_that_changes_nothing_is_said_to_change_nothing_though_heads_were_measured_together(
    photo, trunk, sample
):
    reference = photo(sample, (128, 128))
    pixels = reference.pixels.copy()
    pixels[10:40, 10:40] = 0
    distorted = derive(reference, pixels)
    heads = heads_sharing_a_pass(
        HEADS["lpips-0.1"], trunk.backbone
    )  # as the page does, which rounds otherwise
    score = compare_on(trunk, reference, distorted, heads).measurement("lpips-0.1").score
    found = check(reference, distorted, Box(80, 80, 40, 40), method_of(), score)
    assert found.removed == 0
    assert found.remaining == 1
    assert found.sentence("box A") == "Restoring box A changes nothing."
    coming = restore_each(reference, distorted, tiles((128, 128), 4), method_of())
    restored = [value for part in coming for value in part]
    causal = causal_map(restored, score, 4, Frame((128, 128), (128, 128), (128, 128)))
    np.testing.assert_array_equal(causal.removed[2:, 2:], 0)  # far from the change


def causal_of(removed, size=(80, 40), score=2.0):
    """A causal map from the parts that its tiles remove, None where a tile was not measured."""
    values = [[np.nan if part is None else part for part in row] for row in removed]
    return CausalMap(score, np.array(values), None, size)


def test_the_strongest_region_is_the_box_around_the_strongest_tile_with_most_above_half_of_it():
    found = causal_of(
        [
            [0.0, 0.2, 0.19, 0.0],
            [0.0, 0.3, 0.0, 0.0],
            [0.1, 0.0, 0.0, 0.29],  # strong, but apart
            [0.29, 0.0, 0.0, 0.0],
        ]
    )
    assert found.strongest == Box(20, 0, 20, 20)


@pytest.mark.parametrize("size", [(301, 207), (64, 64)])
@pytest.mark.parametrize("place", [0, 37, 63])
def test_a_single_strong_tile_is_the_strongest_region_to_the_pixel(size, place):
    removed = np.full(64, -0.1)
    removed[place] = 0.4
    assert causal_of(removed.reshape(8, 8), size).strongest == tiles(size, 8)[place]


def test_a_region_that_touches_by_a_corner_is_another_and_tiles_not_measured_are_none():
    assert causal_of([[0.3, 0.0], [0.0, 0.3]]).strongest == Box(0, 0, 40, 20)
    assert causal_of([[0.3, None], [0.2, None]]).strongest == Box(0, 0, 40, 40)


@pytest.mark.parametrize("removed", [0.0, -0.2, None])
def test_where_no_tile_removes_anything_there_is_no_strongest_region(removed):
    assert causal_of([[removed] * 4] * 4).strongest is None


def test_the_strongest_region_of_a_planted_change_covers_it(photo):
    reference = photo("cat", (160, 120))
    change = Box(80, 30, 40, 30)
    pixels = np.array(reference.pixels)
    pixels[change.slices] = 255 - pixels[change.slices]
    distorted = derive(reference, pixels)
    method = method_of()
    measurement, frame = measured(reference, distorted, method)
    restored = [s for part in restore_each(reference, distorted, tiles((160, 120), 4), method) for s in part]
    box = causal_map(restored, measurement.score, 4, frame, measurement).strongest
    assert box.x <= change.x
    assert box.y <= change.y
    assert box.right >= change.right
    assert box.bottom >= change.bottom
    assert box.width * box.height <= 6 * change.width * change.height

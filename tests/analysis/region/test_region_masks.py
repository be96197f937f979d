"""A mask: read strictly, both sides add up, and the exact alternative is a measurement of its own."""

import functools
import io
import math

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.analysis.region import Box, Mask, ledger_of, mask_of, masked, read_mask
from explorer.errors import SettingError
from explorer.images import load
from tests.analysis.region.region_cases import measured, method_of, with_noise

SIZE = (120, 85)
measure = functools.partial(explorer.measure, device="cpu")


@pytest.fixture(scope="module")
def pictures(photo):
    reference = photo("china", SIZE)
    return reference, with_noise(reference, seed=6)


def grey(values):
    """A picture of grey values (H, W)."""
    return load(np.repeat(np.asarray(values, np.uint8)[..., None], 3, axis=2))


def png(array, mode):
    """The bytes of a PNG file."""
    stream = io.BytesIO()
    Image.fromarray(np.asarray(array, np.uint8), mode).save(stream, "PNG")
    return stream.getvalue()


def test_white_is_inside_and_black_outside():
    drawn = np.zeros((4, 6))
    drawn[1:3, 2:5] = 255
    mask, sentences = read_mask(grey(drawn), (6, 4))
    np.testing.assert_array_equal(mask.inside, drawn > 0)
    np.testing.assert_array_equal(mask.outside.inside, drawn == 0)
    assert mask.inside.dtype == bool
    assert sentences == ()


def test_from_the_middle_of_grey_up_a_pixel_is_inside_and_a_sentence_says_how_many_were_in_between():
    mask, sentences = read_mask(grey([[0, 1, 127, 128], [129, 254, 255, 255]]), (4, 2))
    np.testing.assert_array_equal(mask.inside, [[0, 0, 0, 1], [1, 1, 1, 1]])
    assert sentences == (
        "62% of the mask is neither black nor white; from 128 of 255 up a pixel counts as inside.",
    )


@pytest.mark.parametrize("channel", range(3))
def test_a_coloured_stroke_counts_as_inside(channel):
    pixels = np.zeros((3, 3, 3), np.uint8)
    pixels[1, 1, channel] = 255
    mask, sentences = read_mask(load(pixels), (3, 3))
    assert mask.inside.sum() == 1
    assert mask.inside[1, 1]
    assert sentences == ()


def test_what_is_transparent_lies_outside():
    pixels = np.full((4, 6, 4), 255)
    pixels[:, 3:, 3] = 0  # white, and not to be seen
    mask, sentences = read_mask(load(png(pixels, "RGBA"), background="black"), (6, 4))
    np.testing.assert_array_equal(mask.inside, np.tile([1, 1, 1, 0, 0, 0], (4, 1)))
    assert sentences == ()


@pytest.mark.parametrize("value", [1, 255])
def test_a_mask_of_one_channel_is_read_as_its_picture_shows_it(value):
    drawn = np.zeros((5, 7))
    drawn[2, 3] = 255
    mask, _ = read_mask(load(png(drawn, "L")), (7, 5))
    assert mask.inside.sum() == 1
    # Masks of 0 and 1 look black, and are taken as they look.
    mask, sentences = read_mask(grey(np.full((5, 7), value)), (7, 5))
    assert mask.inside.all() == (value == 255)
    assert sentences[0].startswith(f"The mask is {'white' if value == 255 else 'black'} everywhere")


def test_a_mask_that_holds_all_or_nothing_says_so():
    for value, words in ((0, "nothing lies inside"), (255, "nothing outside")):
        _, (sentence,) = read_mask(grey(np.full((4, 6), value)), (6, 4))
        assert words in sentence


@pytest.mark.parametrize("size", [(4, 6), (6, 5), (12, 8)])
def test_a_mask_of_another_size_is_refused_with_both_sizes(size):
    mask = grey(np.zeros((4, 6)))
    with pytest.raises(
        SettingError, match=rf"6 × 4 pixels and the images {size[0]} × {size[1]}; make the mask"
    ):
        read_mask(mask, size)


def test_boxes_together_make_a_mask_of_all_their_pixels():
    mask = mask_of([Box(0, 0, 3, 2), Box(2, 1, 3, 3)], (6, 5))
    assert mask.inside.shape == (5, 6)
    assert mask.inside.sum() == 6 + 9 - 1  # they share a pixel
    assert not mask_of([], (6, 5)).inside.any()


@pytest.mark.parametrize(
    ("backbone", "longest"), [("alexnet", None), ("alexnet", 77), ("resnet18", None), ("dists", None)]
)
def test_the_exact_alternative_is_a_measurement_of_images_that_are_equal_on_the_other_side(
    backbone, longest, pictures, empty_cache
):
    reference, distorted = pictures
    method = method_of(backbone, size=longest)
    measurement, frame = measured(reference, distorted, method)
    rows, columns = np.indices(SIZE[::-1])
    inside = (rows - 40) ** 2 + (columns - 60) ** 2 < 30**2  # a disc
    seen = masked(reference, distorted, Mask(inside), measurement, frame, method).check
    for ours, kept in ((seen.insert, inside), (seen.restore, ~inside)):
        empty_cache.clear()
        pixels = np.where(kept[..., None], distorted.pixels, reference.pixels)
        fresh = measure(reference, pixels, backbone, size=longest, weights=method.weights)
        assert ours == pytest.approx(fresh.score, rel=1e-6, abs=1e-7)
    assert seen.score == measurement.score


def test_equal_on_the_other_side_is_the_same_whichever_image_lends_its_pixels_to_the_map(pictures):
    reference, distorted = pictures
    method = method_of()
    measurement, frame = measured(reference, distorted, method)
    mask = Mask(np.random.default_rng(0).random(SIZE[::-1]) < 0.5)
    first = masked(reference, distorted, mask, measurement, frame, method)
    second = masked(reference, distorted, mask.outside, measurement, frame, method)
    assert (first.check.insert, first.check.restore) == (second.check.restore, second.check.insert)
    assert (first.inside, first.outside) == (second.outside, second.inside)


def test_the_maps_answer_adds_up_over_both_sides(pictures):
    reference, distorted = pictures
    method = method_of()
    measurement, frame = measured(reference, distorted, method)
    mask = Mask(np.random.default_rng(1).random(SIZE[::-1]) < 0.2)
    seen = masked(reference, distorted, mask, measurement, frame, method)
    assert seen.inside == ledger_of(measurement, mask, frame)
    assert seen.inside.distance + seen.outside.distance == pytest.approx(measurement.score, rel=1e-9)
    assert seen.inside.share + seen.outside.share == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("everything", [True, False], ids=["all white", "all black"])
def test_a_mask_that_holds_all_or_nothing_gives_the_score_or_0(everything, pictures):
    reference, distorted = pictures
    method = method_of()
    measurement, frame = measured(reference, distorted, method)
    mask = Mask(np.full(SIZE[::-1], everything))
    seen = masked(reference, distorted, mask, measurement, frame, method)
    full, empty = (seen.inside, seen.outside) if everything else (seen.outside, seen.inside)
    assert full.share == pytest.approx(1, rel=1e-9)
    assert (empty.distance, empty.share, empty.area_share) == (0, 0, 0)
    assert math.isnan(empty.ratio)
    score = measurement.score
    assert (seen.check.restore, seen.check.insert) == ((0, score) if everything else (score, 0))


def test_a_metric_without_maps_has_the_exact_alternative_alone(pictures):
    reference, distorted = pictures
    method = method_of("dists")
    measurement, frame = measured(reference, distorted, method)
    mask = mask_of([Box(10, 10, 50, 50)], SIZE)
    seen = masked(reference, distorted, mask, measurement, frame, method)
    assert seen.inside is None
    assert seen.outside is None
    assert 0 < seen.check.insert < measurement.score

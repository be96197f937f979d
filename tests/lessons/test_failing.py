"""Chapter 7: each number is that of `explorer.measure`, or of the original implementation fed wrongly."""

import math

import numpy as np
import pytest
import torch

import explorer
from benchmarks.others import lpips_model
from explorer.errors import SettingError, WeightsError
from explorer.lessons import failing
from explorer.metrics import Method


def test_a_pair_at_each_size_has_the_score_that_measure_gives_at_that_size(photo):
    reference = photo("cat", (300, 200))
    other = explorer.distort(reference.pixels, "jpeg", 0.5)
    other = explorer.images.load(other)
    found = failing.at_sizes(reference, other, Method(size=80))
    assert [each.side for each in found] == [None, 256, 128, 64]
    for each in found:
        measured = explorer.measure(reference, other, size=each.side)
        assert each.measurement.size == measured.size
        assert math.isclose(each.measurement.score, measured.score, rel_tol=1e-6)
    assert found[0].measurement.score > 10 * found[-1].measurement.score


def test_sizes_that_are_no_smaller_are_left_out_and_one_that_is_too_small_says_so(photo):
    reference, other = photo("cat", (200, 60)), photo("coffee", (200, 60))
    sizes = failing.at_sizes(reference, other, Method())
    assert [each.side for each in sizes] == [None, 128, 64]
    *good, small = sizes
    assert all(each.measurement and not each.problem for each in good)
    assert small.measurement is None
    assert "31" in small.problem


def test_what_goes_wrong_otherwise_at_a_size_is_not_taken_for_a_picture_too_small(photo, monkeypatch):
    reference, other = photo("cat", (200, 60)), photo("coffee", (200, 60))

    def gone(_reference, _other, method):
        if method.size is not None:
            raise WeightsError("The weights have gone.")

    monkeypatch.setattr(failing, "_measured", gone)
    with pytest.raises(WeightsError, match="have gone"):
        failing.at_sizes(reference, other, Method())


def test_the_wrong_range_gives_what_the_original_gives_when_it_is_fed_so(small_pair):
    found = failing.fed_wrongly(small_pair.reference, small_pair.distorted, Method())
    model = lpips_model()
    with torch.inference_mode():
        pair = small_pair.reference, small_pair.distorted
        fed = [torch.tensor(each.pixels).permute(2, 0, 1)[None] / 255 for each in pair]
        wrong = float(model(*fed))
        right = float(model(*fed, normalize=True))
    assert math.isclose(found.wrong, wrong, abs_tol=1e-5)
    assert math.isclose(found.right, right, abs_tol=1e-5)
    assert abs(found.wrong - found.right) > 0.05 * found.right


def test_what_the_network_then_takes_is_the_picture_whose_right_score_is_the_wrong_one(small_pair):
    found = failing.fed_wrongly(small_pair.reference, small_pair.distorted, Method())
    # To the rounding of half as many levels.
    assert math.isclose(explorer.measure(*found.seen).score, found.wrong, rel_tol=0.05)
    assert found.seen[0].pixels.min() >= 127


@pytest.mark.parametrize("name", failing.TEXTURES)
def test_a_piece_of_a_texture_is_farther_than_its_blur_and_measured_as_all_is(name):
    found = failing.swapped(name, Method())
    assert found.piece.size == found.other.size
    assert found.piece.digest != found.other.digest
    for measured, picture in ((found.of_other, found.other), (found.of_blurred, found.blurred)):
        assert measured.score == explorer.measure(found.piece, picture).score
    assert found.of_other.score > found.of_blurred.score
    assert found.of_other.psnr < found.of_blurred.psnr


def test_a_difference_is_grey_where_there_is_none_and_so_many_times_as_strong_elsewhere(photo):
    picture = photo("cat", (16, 8))
    assert (failing.beyond(picture, picture).pixels == 128).all()
    lighter = explorer.images.derive(picture, picture.pixels.clip(0, 254) + 1)
    moved = lighter.pixels.astype(int) - picture.pixels
    assert np.array_equal(failing.beyond(picture, lighter, 16).pixels, 128 + 16 * moved)


def test_what_a_metric_cannot_do_and_a_texture_that_is_none_are_refused(small_pair):
    with pytest.raises(SettingError, match="place by place"):
        failing.fed_wrongly(small_pair.reference, small_pair.distorted, Method("dists"))
    with pytest.raises(SettingError, match="bricks, leaves, wood"):
        failing.swapped("sand", Method())


@pytest.mark.parametrize("heads", ["lpips-0.1", "uniform"])
def test_the_blur_that_is_to_be_overtaken_is_the_weakest_that_a_metric_finds_clearly_farther(photo, heads):
    reference, method = photo("coffee", (96, 72)), Method(heads=heads)
    found = failing.faint_and_plain(reference, method)
    first, other = (
        explorer.measure(reference, each, heads=heads).score for each in (found.faint, found.plain)
    )
    assert math.isclose(found.scores[0], first, rel_tol=1e-5)
    assert math.isclose(found.scores[1], other, rel_tol=1e-5)
    assert other > failing.CLEARLY * first
    place = failing.PLAIN.index(found.step)
    assert place > 0  # of so small a picture the weakest is too weak
    weaker = failing.distorted(reference, failing.Recipe((failing.PLAIN[place - 1],)))
    assert explorer.measure(reference, weaker, heads=heads).score <= failing.CLEARLY * first

"""Why metrics disagree: three changes of one picture, measured as `explorer.measure` does, and made equal."""

import math

import numpy as np
import pytest

import explorer
from explorer.analysis.match import tuned
from explorer.distortions import distort, find_distortion
from explorer.errors import SettingError
from explorer.images import as_picture
from explorer.lessons.changes import BLUR, CHANGES, NOISE, SHIFT, equal_amounts, leading_shift
from explorer.lessons.edges import WINDOW, strongest_edge
from explorer.lessons.needles import (
    METRICS,
    OF_PSNR,
    OF_SSIM,
    PSNR,
    SCORE,
    SSIM,
    at_equal_psnr,
    base_of,
    gauge_of,
    needles,
    scale_from,
    text_of,
)
from explorer.metrics import Method
from tests.oracle import Pair


@pytest.fixture(scope="module")
def cat(photo):
    return photo("cat", (128, 96))


@pytest.fixture(scope="module")
def found(cat):
    return needles(cat, 2, 1.5, 12.0, Method())


def by_the_catalogue(reference, changed):
    """The same picture, as `explorer.distort` makes it."""
    own = CHANGES[changed.change]
    amount = 100 * changed.amount / min(reference.size) if own.is_length else changed.amount
    return distort(reference.pixels, own.distortion, **{own.parameter: amount})


@pytest.mark.parametrize("method", [Method(), Method(heads="uniform")], ids=lambda method: method.text)
def test_every_number_is_that_of_explorer_measure(cat, method):
    for each in needles(cat, 2, 1.5, 12.0, method).changed:
        picture = by_the_catalogue(cat, each)
        assert np.array_equal(each.picture.pixels, picture)
        measured = explorer.measure(cat, picture, method.backbone, method.heads)
        assert each.value(PSNR) == measured.psnr
        assert each.value(SSIM) == measured.ssim
        assert each.value(SCORE) == pytest.approx(measured.score, rel=1e-6)


def test_the_scores_are_those_of_the_lpips_package(found, oracles):
    for each in found.changed:
        score, _, _ = oracles["lpips-0.1"](Pair(each.change, found.reference, each.picture))
        assert each.value(SCORE) == pytest.approx(score, abs=1e-5)


def test_a_map_s_mean_is_its_number(found):
    for each in found.changed:
        mean = float(each.map(PSNR).mean(dtype=np.float64))
        assert 10 * math.log10(255**2 / mean) == pytest.approx(each.value(PSNR), abs=1e-6)
        assert 1 - float(np.nanmean(each.map(SSIM), dtype=np.float64)) == pytest.approx(
            each.value(SSIM), abs=1e-6
        )
        assert float(each.map(SCORE).mean(dtype=np.float64)) == pytest.approx(each.value(SCORE), abs=1e-5)


def test_the_shift_is_in_whole_pixels_of_the_picture(cat, found):
    pixels = found.changed[0].picture.pixels
    assert np.array_equal(pixels[:, 2:], cat.pixels[:, :-2])


def test_equal_ones_have_the_psnr_of_the_shift_to_the_last_digit_shown(cat):
    for shift in (1, 2, 3):
        equal = at_equal_psnr(cat, shift, Method())
        assert equal.changed[0].amount == shift
        assert equal.changed[0].value(PSNR) == equal.target
        for each in equal.changed:
            assert each.value(PSNR) == pytest.approx(equal.target, abs=0.0011)
        assert equal.missed == ()
        assert equal.closest(PSNR) == (SHIFT, BLUR, NOISE)
        assert equal.sentence == f"All three have {equal.target:.2f} dB."


def test_equal_amounts_are_those_that_match_finds(cat):
    (_, *amounts), target = equal_amounts(base_of(cat, Method())[0], 2)
    for key, amount in zip((BLUR, NOISE), amounts, strict=True):
        other = tuned(cat, find_distortion(CHANGES[key].distortion), "PSNR", target)
        own = CHANGES[key].step(amount, min(cat.size))
        assert dict(own.values)[CHANGES[key].parameter] == pytest.approx(
            dict(other.step.values)[CHANGES[key].parameter], rel=0.02
        )


def test_what_cannot_come_so_far_is_as_strong_as_it_gets_and_is_said(photo):
    bricks = photo(
        "brick", (96, 96)
    )  # a wall that is far from itself where it is shifted, not where it is grey
    equal = at_equal_psnr(bricks, 3, Method())
    (blur,) = equal.missed
    assert blur.change == BLUR
    assert blur.amount == CHANGES[BLUR].largest(96)
    assert blur.value(PSNR) > equal.target
    assert equal.sentence == f"Blur comes no further than {blur.value(PSNR):.2f} dB."


def test_a_picture_that_no_shift_changes_is_left_as_it_is():
    flat = as_picture(np.full((64, 64, 3), 90, np.uint8), "reference")
    equal = at_equal_psnr(flat, 2, Method())
    for each in equal.changed:
        assert np.array_equal(each.picture.pixels, flat.pixels)
        assert (each.value(PSNR), each.value(SCORE)) == (math.inf, 0)
    assert equal.sentence == "On this picture nothing can have the same PSNR."
    assert all(equal.closest(metric) == (SHIFT, BLUR, NOISE) for metric in METRICS)
    assert leading_shift(flat, NOISE, 20.0) >= 1


def test_who_leads_is_the_shift_with_the_nearest_psnr(cat):
    base = base_of(cat, Method())[0]
    for shift in (1, 2):
        (_, blur, noise), _ = equal_amounts(base, shift)
        assert leading_shift(base, BLUR, blur) == shift
        assert leading_shift(base, NOISE, noise * 1.02) == shift
    assert leading_shift(base, SHIFT, 0) == 1
    assert leading_shift(base, NOISE, 0.0) == 1


def test_nothing_done_is_identical_by_every_metric(cat):
    nothing = needles(cat, 0, 0, 0, Method())
    for each in nothing.changed:
        assert (each.value(PSNR), each.value(SSIM), each.value(SCORE)) == (math.inf, 1, 0)
    assert [gauge.place(nothing.changed[0].value(gauge.key)) for gauge in nothing.gauges] == [1, 1, 1]


def test_metrics_disagree_about_the_first_three_of_the_cat(photo):
    cat = photo("cat", (300, 300))
    side = min(cat.size)
    first = needles(cat, *(own.at_first(side) for own in CHANGES.values()), Method())
    assert first.closest(PSNR) == first.closest(SSIM) == (NOISE,)
    assert first.closest(SCORE) == (SHIFT,)
    assert min(first.changed, key=lambda each: each.value(PSNR)).change == SHIFT


def test_a_needle_lies_farther_right_the_closer_a_picture_is():
    gauge = gauge_of(Method(), [0.3])
    assert [gauge.place(value) for value in (1.0, 0.75, 0.0)] == [0, 0.25, 1]
    assert [OF_PSNR.place(value) for value in (5.0, 10.0, 25.0, 40.0, math.inf)] == [0, 0, 0.5, 1, 1]
    assert [OF_SSIM.place(value) for value in (-0.2, 0.25, 1.0)] == [0, 0.25, 1]


def test_a_distance_s_scale_ends_where_the_largest_lies_in():
    assert [scale_from(value) for value in (1.0, 1.01, 2.0, 4.7, 7.5, 10.0, 31.0)] == [1, 2, 2, 5, 10, 10, 50]
    assert gauge_of(Method(heads="uniform"), [0.2, 6.5]).far == 10


def test_the_three_maps_of_a_metric_share_one_scale(found):
    for metric in METRICS:
        values = np.concatenate([each.map(metric)[np.isfinite(each.map(metric))] for each in found.changed])
        assert found.scale_ends[metric] == pytest.approx(np.percentile(values, 99.5), rel=1e-6)
        assert found.clipped[metric] == pytest.approx(0.005, abs=0.001)


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ((-1, 0, 0), "choose a whole number from 0 to 48 px."),
        ((1.5, 0, 0), "choose a whole number from 0 to 48 px."),
        ((0, math.nan, 0), "choose a number from 0 to 19.2 px."),
        ((0, 0, 300), "choose a number from 0 to 255 levels."),
    ],
)
def test_an_amount_that_the_picture_cannot_have_is_refused(cat, amounts, words):
    with pytest.raises(SettingError, match=words.replace(".", r"\.")):
        needles(cat, *amounts, Method())


def test_the_method_s_size_is_the_size_that_is_measured(photo):
    small = needles(photo("cat", (256, 128)), 2, 1.5, 12.0, Method(size=128))
    assert small.reference.size == (128, 64)
    assert {each.picture.size for each in small.changed} == {(128, 64)}


def test_another_amount_or_method_has_another_key(cat, found):
    others = needles(cat, 2, 1.5, 13.0, Method()), needles(cat, 2, 1.5, 12.0, Method(heads="lpips-0.0"))
    keys = {each.key for needles in (found, *others) for each in needles.changed}
    assert len(keys) == 7


def test_numbers_are_written_as_people_read_them():
    assert [text_of(PSNR, 24.0563), text_of(PSNR, math.inf), text_of(SCORE, 0.0395)] == [
        "24.06 dB",
        "∞ dB",
        "0.0395",
    ]
    assert [CHANGES[key].text(value) for key, value in ((SHIFT, 2), (BLUR, 5.4372), (NOISE, 16.1))] == [
        "2 px",
        "σ 5.44 px",
        "σ 16.1 levels",
    ]


def test_a_shift_is_at_least_one_pixel_at_first():
    assert [CHANGES[SHIFT].at_first(side) for side in (16, 40, 100, 300)] == [1, 1, 1, 2]


def test_what_is_the_reference_itself_is_compared_with_nothing(cat):
    shift_alone = needles(cat, 2, 0, 0, Method())
    assert [each.change for each in shift_alone.compared] == [SHIFT]
    for metric in METRICS:
        assert shift_alone.closest(metric) == shift_alone.farthest(metric) == (SHIFT,)


def test_the_magnifier_lies_on_the_strongest_upright_edge():
    rng = np.random.default_rng(0)
    picture = rng.integers(90, 110, (80, 120, 3), np.uint8)
    picture[30:50, 70:] += 60  # the edge: grain and what lies flat are weaker
    picture[60:, :] += 80
    column, row = strongest_edge(picture)
    assert abs(column - 70) <= 1
    assert 30 <= row < 50


@pytest.mark.parametrize("shape", [(16, 16), (24, 200), (300, 17), (64, 64)], ids=str)
def test_the_magnifier_stays_inside_the_picture(shape):
    flat = np.full((*shape, 3), 90, np.uint8)
    for length, middle in zip(shape, reversed(strongest_edge(flat)), strict=True):
        assert min(WINDOW // 2, (length - 1) // 2) <= middle < max(length - WINDOW // 2, length // 2 + 1)

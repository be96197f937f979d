"""Noise: its spectrum, its strength and its pattern against what its parameters say."""

import numpy as np
import pytest
import torch

from explorer.distortions import distort
from tests.distortions.values import value

GREY = np.full((256, 256, 3), 128, np.uint8)
SPECTRAL = ["pink_noise", "blue_noise", "coloured_noise"]


def noise(name, seed=0, **values):
    """What is added to mid-grey: (256, 256, 3)."""
    return distort(GREY, name, seed=seed, **values).astype(np.float64) - 128


def slope(added):
    """The exponent of the frequency in the noise's power: of the radial average of its periodogram."""
    power = (np.abs(np.fft.fft2(added, axes=(0, 1))) ** 2).mean(axis=2)
    frequency = np.fft.fftfreq(256)
    radius = np.hypot.outer(frequency, frequency)
    ring = np.rint(radius * 256).astype(int)
    count = np.bincount(ring.ravel())
    rings = np.arange(
        6, 116
    )  # from 0.02 to 0.45 cycles a pixel: enough bins each, and none is cut by the corners
    average = (np.bincount(ring.ravel(), power.ravel()) / count)[rings]
    return np.polyfit(np.log(rings), np.log(average), 1)[0]


def assert_white(added):
    """What is added to a pixel's channel says nothing of its neighbours, or of the other channels."""
    for one, other in [
        (added[1:], added[:-1]),
        (added[:, 1:], added[:, :-1]),
        (added[..., 1:], added[..., :-1]),
    ]:
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.015


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("pink_noise", {}, -1),
        ("blue_noise", {}, 1),
        ("coloured_noise", {"exponent": -2}, -2),
        ("coloured_noise", {"exponent": 0}, 0),
        ("coloured_noise", {"exponent": 0.5}, 0.5),
        ("coloured_noise", {"exponent": 2}, 2),
        ("uniform_noise", {}, 0),
    ],
)
def test_the_power_of_noise_has_the_slope_of_its_colour(name, values, expected):
    assert slope(noise(name, sigma=25, **values)) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("name", SPECTRAL)
def test_the_noise_of_each_channel_has_the_named_deviation_and_no_mean(name):
    more = {"exponent": -2} if name == "coloured_noise" else {}
    added = noise(name, seed=2, sigma=20, **more)
    expected = np.sqrt(20**2 + 1 / 12)  # rounding to whole levels adds a variance of 1/12
    np.testing.assert_allclose(added.std(axis=(0, 1)), expected, rtol=0.002)
    np.testing.assert_allclose(added.mean(axis=(0, 1)), 0, atol=0.01)
    assert np.abs(np.corrcoef(added.reshape(-1, 3).T)[np.triu_indices(3, 1)]).max() < 0.5


def test_pink_and_blue_are_two_of_the_colours():
    for name, exponent in (("pink_noise", -1), ("blue_noise", 1)):
        expected = noise("coloured_noise", sigma=9, exponent=exponent)
        np.testing.assert_array_equal(noise(name, sigma=9), expected)


def test_an_image_of_one_pixel_has_no_frequency_for_coloured_noise():
    dot = np.full((1, 1, 3), 77, np.uint8)
    np.testing.assert_array_equal(distort(dot, "coloured_noise", sigma=99, exponent=-2), dot)


def test_uniform_noise_fills_its_range_evenly_and_has_the_named_deviation():
    added = noise("uniform_noise", sigma=20)
    reach = np.sqrt(3) * 20
    assert np.abs(added).max() == round(reach)
    assert added.std() == pytest.approx(20, rel=0.01)
    assert added.mean() == pytest.approx(0, abs=0.2)
    quarters = np.quantile(added, [0.25, 0.5, 0.75])
    np.testing.assert_allclose(quarters, [-reach / 2, 0, reach / 2], atol=1)
    assert_white(added)


@pytest.mark.parametrize("name", ["gaussian_noise", "uniform_noise", *SPECTRAL])
def test_severity_scales_one_pattern(name):
    weak, strong = (distort(GREY, name, severity, 4).astype(float).ravel() for severity in (0.35, 0.9))
    assert np.corrcoef(weak, strong)[0, 1] > 0.99


@pytest.mark.parametrize("stride", [2, 3, 5])
def test_the_checkerboard_counts_the_terms_of_a_transposed_convolution(stride):
    kernel = torch.ones(1, 1, stride + 1, stride + 1)
    terms = torch.nn.functional.conv_transpose2d(torch.ones(1, 1, 12, 12), kernel, stride=stride)[
        0, 0
    ].numpy()
    inside = slice(stride, stride + 8 * stride)  # whole periods, away from the layer's own borders
    terms = terms[inside, inside]
    flat = np.full((*terms.shape, 3), 60, np.uint8)
    grid = distort(flat, "checkerboard", unevenness=100, stride=stride)
    np.testing.assert_array_equal(grid[..., 0], np.rint(60 * terms / terms.mean()))
    half = distort(flat, "checkerboard", unevenness=50, stride=stride)
    np.testing.assert_allclose(half[..., 0], 60 + 30 * (terms / terms.mean() - 1), atol=0.5 + 1e-4)


def test_the_checkerboard_leaves_black():
    black = np.zeros((20, 30, 3), np.uint8)
    np.testing.assert_array_equal(distort(black, "checkerboard", unevenness=100, stride=2), black)


def test_salt_and_pepper_hits_the_named_part_of_whole_pixels_half_black_half_white():
    hit = distort(GREY, "salt_and_pepper", hit=10)
    black, white = (np.all(hit == level, axis=2) for level in (0, 255))
    np.testing.assert_array_equal(hit[~(black | white)], GREY[~(black | white)])
    count = 256 * 256
    spread = 4 * np.sqrt(count * 0.05 * 0.95)
    assert black.sum() == pytest.approx(0.05 * count, abs=spread)
    assert white.sum() == pytest.approx(0.05 * count, abs=spread)


def test_a_larger_part_hits_the_same_pixels_in_the_same_way_and_others():
    few, many = (distort(GREY, "salt_and_pepper", seed=6, hit=hit) for hit in (3, 12))
    hit = np.any(few != GREY, axis=2)
    assert hit.sum() > 1000
    np.testing.assert_array_equal(many[hit], few[hit])
    assert np.any(many != GREY, axis=2).sum() > 3 * hit.sum()


def test_all_pixels_are_hit_at_the_end_of_the_range():
    assert set(np.unique(distort(GREY, "salt_and_pepper", hit=100))) == {0, 255}


@pytest.mark.parametrize("severity", [0.2, 0.5, 0.8])
def test_gaussian_noise_on_mid_grey_has_the_named_deviation_and_no_mean_and_is_white(severity):
    sigma = value("gaussian_noise", severity, "sigma")
    added = noise("gaussian_noise", sigma=sigma)
    rounding = 1 / 12  # the variance that rounding to whole levels adds
    assert added.std() == pytest.approx(np.sqrt(sigma**2 + rounding), rel=0.01)
    assert added.mean() == pytest.approx(0, abs=4 * added.std() / np.sqrt(added.size))
    assert_white(added)


def test_noise_does_not_wrap_around_at_black_and_white():
    black, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 255, np.uint8)
    assert distort(black, "gaussian_noise", 1).mean() < 30
    assert distort(white, "gaussian_noise", 1).mean() > 225


def test_noise_drawn_in_strips_is_the_noise_drawn_at_once():
    tall = np.full((700, 1000, 3), 128, np.uint8)  # more than one strip
    pattern = np.random.default_rng(2).standard_normal(tall.shape, np.float32)
    expected = np.clip(np.rint(128 + np.float32(12) * pattern), 0, 255)
    np.testing.assert_array_equal(distort(tall, "gaussian_noise", 0.5, seed=2), expected)

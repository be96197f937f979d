import numpy as np
import pytest

from explorer.analysis.candidate_maps import VIEW_SIDE, WHOLE, for_looking, pixel_maps, placed_layer_maps
from explorer.images import derive, to_one_size
from explorer.metrics import Method, compare
from explorer.metrics.classic import RADIUS

LPIPS = Method("alexnet", "lpips-0.1", device="cpu")


def noisy(picture, seed=0):
    noise = np.random.default_rng(seed).normal(0, 20, picture.pixels.shape)
    return derive(picture, np.clip(picture.pixels + noise, 0, 255).astype(np.uint8))


def maps_of(reference, candidate, fit=None, method=LPIPS):
    found = compare(*to_one_size(reference, candidate, fit), method, siblings=True)
    return found, placed_layer_maps(reference, candidate, fit, found, method)


def test_the_mean_of_the_combined_map_is_the_score_and_of_each_layers_map_its_distance(photo):
    reference = photo("cat", (96, 64))
    found, maps = maps_of(reference, noisy(reference))
    assert maps.combined.shape == (64, 96)
    assert maps.combined.mean(dtype=float) == pytest.approx(maps.measurement.score, rel=1e-5)
    for layer, seen in zip(maps.measurement.layers, for_looking(maps), strict=True):
        assert seen.mean(dtype=float) == pytest.approx(layer.distance, rel=1e-5)
        np.testing.assert_array_equal(seen, found.maps["lpips-0.1"][layer.name])  # its own cells


def test_a_large_candidate_is_looked_at_smaller_with_the_same_means(photo):
    reference = photo("cat", (VIEW_SIDE + 200, 40))
    candidate = noisy(reference)
    _, maps = maps_of(reference, candidate)
    psnr, ssim, seen = pixel_maps(reference, candidate, None, None)
    assert seen.picture.width == maps.combined.shape[1] == VIEW_SIDE
    assert maps.combined.mean(dtype=float) == pytest.approx(maps.measurement.score, rel=1e-5)
    for layer, values in zip(maps.measurement.layers, for_looking(maps), strict=True):
        assert values.mean(dtype=float) == pytest.approx(layer.distance, rel=1e-4)
    assert seen.squared_error.shape == seen.dissimilarity.shape == seen.picture.pixels.shape[:2]
    # Its own error is that of what was measured, and not that of the smaller pictures.
    assert 255**2 / 10 ** (psnr / 10) == pytest.approx(seen.squared_error.mean(dtype=float), rel=0.01)
    assert 0 < ssim < 1


def test_pixel_maps_are_those_of_a_measurement_at_the_same_size(photo):
    reference = photo("cat", (96, 64))
    candidate = noisy(reference)
    found, _ = maps_of(reference, candidate)
    psnr, ssim, seen = pixel_maps(reference, candidate, None, None)
    assert (psnr, ssim) == (found.psnr, found.ssim)
    np.testing.assert_allclose(seen.dissimilarity, 1 - found.ssim_map, atol=1e-6)
    assert seen.squared_error is None  # exactly that of the pictures
    assert seen.extent == WHOLE


def test_a_candidate_that_is_cropped_with_its_reference_covers_their_common_centre(photo):
    reference, candidate = photo("cat", (96, 64)), photo("cat", (64, 80))
    _, maps = maps_of(reference, candidate, "crop")
    _, _, seen = pixel_maps(reference, candidate, "crop", None)
    assert seen.extent == maps.extent == (16 / 96, 0, 64 / 96, 1)
    assert seen.picture.size == (64, 64)
    assert seen.squared_error.shape == (64, 64)


def test_a_backbone_that_leaves_out_a_border_says_which_part_of_the_reference_it_measured(photo):
    reference = photo("cat", (250, 230))
    _, maps = maps_of(reference, noisy(reference), method=Method("vit_b_16", "uniform", weights="random"))
    width, height = maps.measurement.size
    assert (width, height) < reference.size
    assert maps.extent == pytest.approx((0, 0, width / 250, height / 230))


def test_below_the_window_of_ssim_there_is_no_map_of_it(photo):
    reference = photo("cat", (40, 2 * RADIUS))
    psnr, ssim, seen = pixel_maps(reference, noisy(reference), None, None)
    assert psnr > 0
    assert ssim is None
    assert seen.dissimilarity is None

"""PSNR, SSIM and their maps equal scikit-image's."""

import itertools
import math

import numpy as np
import pytest
from skimage import metrics as skimage_metrics

from explorer import cores
from explorer.metrics import classic
from tests.grid import EVERY_PHOTOGRAPH


def skimage_ssim(reference, distorted):
    """The definition, with the map averaged over channels: (score, map)."""
    score, channels = skimage_metrics.structural_similarity(
        reference,
        distorted,
        channel_axis=2,
        data_range=255,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        full=True,
    )
    return score, channels.mean(axis=2)


def skimage_psnr(reference, distorted):
    with np.errstate(divide="ignore"):  # identical images: it divides by zero to find infinity
        return skimage_metrics.peak_signal_noise_ratio(reference, distorted, data_range=255)


def check(reference, distorted, case):
    error = classic.squared_error(reference, distorted)
    difference = reference.astype(np.float64) - distorted
    np.testing.assert_allclose(error, (difference**2).mean(axis=2), rtol=1e-6, atol=0, err_msg=case)
    assert error.dtype == np.float32
    assert classic.psnr(error) == pytest.approx(skimage_psnr(reference, distorted), rel=0, abs=1e-6), case

    ours, our_map = classic.ssim(reference, distorted)
    score, full = skimage_ssim(reference, distorted)
    assert ours == pytest.approx(score, rel=0, abs=1e-6), case
    inside = (slice(5, -5), slice(5, -5))
    np.testing.assert_allclose(our_map[inside], full[inside], rtol=0, atol=1e-6, err_msg=case)
    no_data = np.ones(full.shape, dtype=bool)
    no_data[inside] = False
    np.testing.assert_array_equal(np.isnan(our_map), no_data, err_msg=case, strict=True)


def noise(height, width, seed=0):
    """Two unlike images, one of them nearly flat: the hardest case for small variances."""
    rng = np.random.default_rng(seed)
    return (
        rng.integers(0, 256, (height, width, 3), dtype=np.uint8),
        rng.integers(250, 254, (height, width, 3), dtype=np.uint8),
    )


@EVERY_PHOTOGRAPH
def test_psnr_ssim_and_their_maps_equal_those_of_scikit_image_under_every_kind_of_error(sample, size, pairs):
    for pair in pairs(sample, size):
        check(pair.reference.pixels, pair.distorted.pixels, pair.label)


# SSIM is computed in blocks of 32 places, which the window of 11 makes 42 pixels wide.
@pytest.mark.parametrize("height", [11, 12, 41, 42, 43, 73, 74, 75, 107])
def test_sizes_on_both_sides_of_a_block_border_agree_with_scikit_image(height):
    for width in (11, 12, 41, 42, 43, 73, 74, 75, 107):
        check(*noise(height, width), f"{width} x {height}")


@pytest.mark.parametrize(("first", "second"), list(itertools.product((0, 1, 255), repeat=2)))
def test_flat_images_agree_with_scikit_image(first, second):
    reference, distorted = (np.full((40, 50, 3), value, dtype=np.uint8) for value in (first, second))
    check(reference, distorted, f"{first} against {second}")


def test_one_changed_pixel_agrees_with_scikit_image(photo):
    reference = photo("china").pixels
    distorted = reference.copy()
    distorted[100, 120, 1] ^= 1
    check(reference, distorted, "one pixel")


@pytest.mark.parametrize("sample", ["cat", "text"])
def test_psnr_is_infinite_and_ssim_one_for_identical_images(sample, photo):
    pixels = photo(sample, (301, 207)).pixels
    error = classic.squared_error(pixels, pixels)
    score, full = classic.ssim(pixels, pixels)
    assert not error.any()
    assert classic.psnr(error) == math.inf
    assert score == pytest.approx(1, rel=0, abs=1e-12)
    np.testing.assert_allclose(full[5:-5, 5:-5], 1, rtol=0, atol=1e-12)


def test_psnr_of_black_against_white_is_zero():
    black, white = (np.full((20, 20, 3), value, dtype=np.uint8) for value in (0, 255))
    assert classic.psnr(classic.squared_error(black, white)) == 0


@pytest.mark.parametrize("size", [(10, 40), (40, 10), (1, 1)])
def test_ssim_refuses_images_smaller_than_its_window(size):
    pixels = np.zeros((*size, 3), dtype=np.uint8)
    with pytest.raises(ValueError, match=rf"at least 11 x 11 pixels, not {size[1]} x {size[0]}"):
        classic.ssim(pixels, pixels)


def test_the_images_are_left_as_they_were():
    reference, distorted = noise(60, 70)
    before = reference.copy(), distorted.copy()
    classic.ssim(reference, distorted)
    classic.squared_error(reference, distorted)
    np.testing.assert_array_equal((reference, distorted), before)


def test_strips_that_the_cores_share_out_give_the_same_bits(photo, monkeypatch):
    reference = photo("cat", (150, 100)).pixels
    distorted = reference[::-1].copy()
    alone = classic.squared_error(reference, distorted), *classic.ssim(reference, distorted)
    monkeypatch.setattr(cores, "LARGE", 0)
    shared = classic.squared_error(reference, distorted), *classic.ssim(reference, distorted)
    for first, second in zip(alone, shared, strict=True):
        np.testing.assert_array_equal(first, second)

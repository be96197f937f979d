"""Each distortion against another implementation, or against what its parameters promise."""

import io

import numpy as np
import pytest
import skimage.data
import skimage.filters
from PIL import Image, ImageChops, ImageEnhance
from skimage.transform import AffineTransform

from explorer.distortions import CATALOGUE, distort


@pytest.fixture(scope="module")
def photo():
    """(300, 451, 3)."""
    return skimage.data.chelsea()


def value(name, severity, parameter):
    """One physical parameter of a distortion at a severity."""
    return dict(CATALOGUE[name].values(severity))[parameter]


@pytest.mark.parametrize("severity", [0.3, 0.6, 1])
def test_gaussian_blur_agrees_with_scikit_image_inside_and_at_the_border(severity, photo):
    pixels = value("gaussian_blur", severity, "sigma") / 100 * 300
    expected = skimage.filters.gaussian(
        photo, pixels, mode="reflect", channel_axis=2, preserve_range=True, truncate=5
    )
    error = np.abs(distort(photo, "gaussian_blur", severity) - expected)
    assert error.max() < 0.505  # half a level is rounding


def test_a_little_wider_a_blur_is_a_little_stronger(photo):
    errors = [
        np.mean((distort(photo, "gaussian_blur", sigma=sigma).astype(float) - photo) ** 2)
        for sigma in np.linspace(0.25, 0.35, 21)  # about a pixel
    ]
    growth = np.diff(errors) / errors[:-1]
    assert growth.min() > 0
    assert growth.max() < 0.05


@pytest.mark.parametrize("severity", [0.1, 0.5, 0.8, 1])
def test_jpeg_is_what_pillow_decodes_at_the_named_quality(severity, photo):
    stream = io.BytesIO()
    quality = value("jpeg", severity, "quality")
    Image.fromarray(photo).save(stream, "JPEG", quality=quality, subsampling=2)
    np.testing.assert_array_equal(distort(photo, "jpeg", severity), np.array(Image.open(stream)))


@pytest.mark.parametrize("severity", [0.2, 0.5, 0.8])
def test_noise_on_mid_grey_has_the_named_deviation_and_no_mean(severity):
    grey = np.full((256, 256, 3), 128, np.uint8)
    noise = distort(grey, "gaussian_noise", severity).astype(np.float64) - 128
    sigma = value("gaussian_noise", severity, "sigma")
    rounding = 1 / 12  # the variance that rounding to whole levels adds
    assert noise.std() == pytest.approx(np.sqrt(sigma**2 + rounding), rel=0.01)
    assert noise.mean() == pytest.approx(0, abs=4 * noise.std() / np.sqrt(noise.size))


def test_noise_is_white_across_places_and_channels():
    grey = np.full((256, 256, 3), 128, np.uint8)
    noise = distort(grey, "gaussian_noise", 0.6).astype(np.float64) - 128
    neighbours = [(noise[1:], noise[:-1]), (noise[:, 1:], noise[:, :-1]), (noise[..., 1:], noise[..., :-1])]
    for one, other in neighbours:
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.015


def test_noise_does_not_wrap_around_at_black_and_white():
    black, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 255, np.uint8)
    assert distort(black, "gaussian_noise", 1).mean() < 30
    assert distort(white, "gaussian_noise", 1).mean() > 225


def test_severity_scales_one_noise_pattern():
    grey = np.full((64, 64, 3), 128, np.uint8)
    weak = distort(grey, "gaussian_noise", 0.3, seed=4).astype(np.float64)
    strong = distort(grey, "gaussian_noise", 0.9, seed=4).astype(np.float64)
    assert np.corrcoef(weak.ravel(), strong.ravel())[0, 1] > 0.99


def test_noise_drawn_in_strips_is_the_noise_drawn_at_once():
    tall = np.full((700, 1000, 3), 128, np.uint8)  # more than one strip
    pattern = np.random.default_rng(2).standard_normal(tall.shape, np.float32)
    expected = np.clip(np.rint(128 + np.float32(12) * pattern), 0, 255)
    np.testing.assert_array_equal(distort(tall, "gaussian_noise", 0.5, seed=2), expected)


@pytest.mark.parametrize(("name", "enhancer"), [("contrast", "Contrast"), ("saturation", "Color")])
@pytest.mark.parametrize("severity", [0.2, 0.5, 1])
def test_photometric_changes_agree_with_pillows_enhancers(name, enhancer, severity, photo):
    kept = value(name, severity, name) / 100
    expected = np.array(getattr(ImageEnhance, enhancer)(Image.fromarray(photo)).enhance(kept))
    # Pillow cuts off where we round, and takes mean and luma in whole levels first.
    np.testing.assert_allclose(distort(photo, name, severity).astype(int), expected, atol=2)


def test_lowering_contrast_keeps_the_mean_brightness(photo):
    before = np.array(Image.fromarray(photo).convert("L")).mean()
    after = np.array(Image.fromarray(distort(photo, "contrast", 1)).convert("L")).mean()
    assert after == pytest.approx(before, abs=0.6)


def test_without_saturation_the_image_is_pillows_greyscale(photo):
    luma = np.array(Image.fromarray(photo).convert("L")).astype(int)
    np.testing.assert_allclose(distort(photo, "saturation", 1), np.stack([luma] * 3, axis=2), atol=1)


def test_saturation_leaves_greyscale_alone():
    grey = np.repeat(skimage.data.brick()[:64, :80, None], 3, axis=2)
    np.testing.assert_array_equal(distort(grey, "saturation", 0.7), grey)


def test_shift_moves_by_whole_pixels_to_the_right_and_mirrors_the_gap(photo):
    pixels = round(value("shift", 1, "shift") / 100 * 300)
    assert pixels == 18
    moved = distort(photo, "shift", 1)
    rolled = np.array(ImageChops.offset(Image.fromarray(photo), pixels, 0))
    np.testing.assert_array_equal(moved[:, pixels:], rolled[:, pixels:])
    np.testing.assert_array_equal(moved[:, :pixels], photo[:, pixels:0:-1])


@pytest.mark.parametrize("seed", range(4))
def test_affine_warp_moves_the_outermost_corner_as_far_as_it_says_and_the_centre_not_at_all(seed):
    warp = measured_warp(1, seed)
    corners = np.array([[0, 0], [200, 0], [0, 160], [200, 160]])
    ways = np.linalg.norm(warp(corners) - corners, axis=1)
    assert ways.max() == pytest.approx(value("affine_warp", 1, "displacement") / 100 * 160, abs=0.6)
    np.testing.assert_allclose(warp([[100, 80]]), [[100, 80]], atol=0.2)


def test_severity_drives_one_warp_further():
    half, whole = measured_warp(0.5, seed=3).params, measured_warp(1, seed=3).params
    np.testing.assert_allclose(2 * (half - np.eye(3))[:2, :2], (whole - np.eye(3))[:2, :2], atol=0.01)


def measured_warp(severity, seed):
    """The warp that a coordinate ramp of 160 x 200 went through: place -> place that it shows."""
    y, x = np.mgrid[:160, :200].astype(np.uint8)
    warped = distort(np.dstack([x, y, np.zeros_like(x)]), "affine_warp", severity, seed)
    inside = np.s_[24:136:6, 30:170:6]  # away from the mirrored borders
    place = np.column_stack([x[inside].ravel(), y[inside].ravel()]) + 0.5
    shown = warped[inside][..., :2].reshape(-1, 2) + 0.5
    return AffineTransform.from_estimate(place, shown)


def test_affine_warp_agrees_with_scikit_image(photo):
    smooth = skimage.filters.gaussian(photo[:160, :200], 3, channel_axis=2)
    smooth = np.rint(smooth * 255).astype(np.uint8)
    offset = AffineTransform(translation=(0.5, 0.5))
    to_shown = offset + measured_warp(0.7, seed=1) + offset.inverse  # pixel indices, not pixel edges
    expected = skimage.transform.warp(smooth, to_shown, order=3, mode="reflect", preserve_range=True)
    error = np.abs(distort(smooth, "affine_warp", 0.7, 1) - expected)
    assert error.mean() < 0.5  # rounding alone makes 0.25
    assert error.max() < 4  # the kernels differ, and so does the warp that was measured, a little


@pytest.mark.parametrize("severity", [1 / 3, 1])
def test_scaling_leaves_no_detail_finer_than_its_reduction(severity):
    reduction = round(value("scaling", severity, "reduction"))
    image = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    spectrum = np.abs(np.fft.fft2(distort(image, "scaling", severity)[..., 0].astype(float))) ** 2
    spectrum[0, 0] = 0
    frequency = np.abs(np.fft.fftfreq(128))
    fine = np.maximum.outer(frequency, frequency) > 1 / reduction  # twice the small image's Nyquist limit
    assert spectrum[fine].sum() < 0.02 * spectrum.sum()


def local_change(image, severity, seed):
    """Where the combination differs from JPEG alone: a mask (H, W)."""
    both, alone = distort(image, "jpeg_local_blur", severity, seed), distort(image, "jpeg", severity)
    return np.any(both != alone, axis=2)


def test_local_blur_is_jpeg_outside_one_round_patch(photo):
    y, x = np.nonzero(local_change(photo, 0.6, seed=2))
    diameter = 2 * 0.18 * 300
    assert np.ptp(x) <= diameter
    assert np.ptp(y) <= diameter
    assert len(x) > 0.5 * np.pi / 4 * diameter**2


def test_the_patch_stays_where_its_seed_put_it(photo):
    centres = [
        np.argwhere(local_change(photo, severity, seed=2)).mean(axis=0) for severity in (0.3, 0.6, 0.9)
    ]
    assert np.ptp(centres, axis=0).max() < 3
    elsewhere = np.argwhere(local_change(photo, 0.6, seed=3)).mean(axis=0)
    assert np.linalg.norm(elsewhere - centres[1]) > 5


def test_the_patch_is_as_smooth_as_a_blur_of_the_whole_jpeg():
    noisy = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    both, alone = distort(noisy, "jpeg_local_blur", 0.5), distort(noisy, "jpeg", 0.5)
    centre = np.argwhere(np.any(both != alone, axis=2)).mean(axis=0).astype(int)
    core = tuple(slice(place - 10, place + 10) for place in centre)
    pixels = value("jpeg_local_blur", 0.5, "sigma") / 100 * 200
    blurred = skimage.filters.gaussian(alone, pixels, channel_axis=2, preserve_range=True)
    np.testing.assert_allclose(both[core], blurred[core], atol=5)

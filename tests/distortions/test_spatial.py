"""The shift and the affine warp against other implementations, and against what their parameters say."""

import numpy as np
import pytest
import skimage.filters
from PIL import Image, ImageChops
from skimage.transform import AffineTransform

from explorer.distortions import distort
from tests.distortions.values import value


def measured_warp(severity, seed):
    """The warp that a coordinate ramp of 160 x 200 went through: place -> place that it shows."""
    y, x = np.mgrid[:160, :200].astype(np.uint8)
    warped = distort(np.dstack([x, y, np.zeros_like(x)]), "affine_warp", severity, seed)
    inside = np.s_[24:136:6, 30:170:6]  # away from the mirrored borders
    place = np.column_stack([x[inside].ravel(), y[inside].ravel()]) + 0.5
    shown = warped[inside][..., :2].reshape(-1, 2) + 0.5
    return AffineTransform.from_estimate(place, shown)


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


def test_affine_warp_agrees_with_scikit_image(photo):
    smooth = skimage.filters.gaussian(photo[:160, :200], 3, channel_axis=2)
    smooth = np.rint(smooth * 255).astype(np.uint8)
    offset = AffineTransform(translation=(0.5, 0.5))
    to_shown = offset + measured_warp(0.7, seed=1) + offset.inverse  # pixel indices, not pixel edges
    expected = skimage.transform.warp(smooth, to_shown, order=3, mode="reflect", preserve_range=True)
    error = np.abs(distort(smooth, "affine_warp", 0.7, 1) - expected)
    assert error.mean() < 0.5  # rounding alone makes 0.25
    assert error.max() < 4  # the kernels differ, and so does the warp that was measured, a little

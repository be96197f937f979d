"""A JPEG with a blurred patch: where the patch is, and what is in it."""

import numpy as np
import skimage.filters

from explorer.distortions import distort
from tests.distortions.values import value


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

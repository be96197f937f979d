"""Sampling against its definitions, for whole reductions and fractions."""

import numpy as np
import pytest
import skimage.data

from explorer.distortions import distort
from tests.distortions.values import value

IMAGE = skimage.data.astronaut()[100:164, 180:276]  # 64 x 96


def lanczos(size, target):
    """The (target, size) matrix of Lanczos's resampling, after Duchon (1979), widened where it shrinks."""
    scale = max(1, size / target)
    places = (np.arange(target) + 0.5) * size / target - 0.5
    away = (np.arange(size) - places[:, None]) / scale
    weights = np.where(np.abs(away) < 3, np.sinc(away) * np.sinc(away / 3), 0)
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("reduction", [1.5, 2, 3.7])
def test_lanczos_scaling_is_lanczos_kernel_there_and_back(reduction):
    values = IMAGE.astype(float)
    for axis in (0, 1):
        size = IMAGE.shape[axis]
        small = round(size / reduction)
        both = lanczos(small, size) @ lanczos(size, small)
        values = np.moveaxis(np.tensordot(both, values, (1, axis)), 0, axis)
    expected = np.clip(values, 0, 255)
    # The small image has 8 bits and clips, which the matrices leave out.
    error = np.abs(distort(IMAGE, "lanczos_scaling", reduction=reduction) - expected)
    assert error.mean() < 0.6
    assert np.quantile(error, 0.99) < 3


@pytest.mark.parametrize("reduction", [1.5, 2, 3.7, 64])
def test_nearest_scaling_takes_pixels_as_they_are_from_at_most_half_a_block_away(reduction):
    y, x = np.mgrid[:200, :120].astype(np.uint8)
    found = distort(np.dstack([x, y, x]), "nearest_scaling", reduction=reduction).astype(int)
    np.testing.assert_array_equal(found[..., 0], found[..., 2])
    for values, side, places in ((found[..., 0], 120, x), (found[..., 1], 200, y)):
        count = max(1, round(side / reduction))
        assert len(np.unique(values)) == count
        assert np.abs(values - places).max() <= side / count / 2 + 1


def test_with_a_whole_reduction_nearest_scaling_leaves_equal_blocks():
    found = distort(IMAGE, "nearest_scaling", reduction=4)
    blocks = found.reshape(16, 4, 24, 4, 3)
    np.testing.assert_array_equal(blocks, np.broadcast_to(blocks[:, :1, :, :1], blocks.shape))


@pytest.mark.parametrize("severity", [1 / 3, 1])
def test_scaling_leaves_no_detail_finer_than_its_reduction(severity):
    reduction = round(value("scaling", severity, "reduction"))
    image = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    spectrum = np.abs(np.fft.fft2(distort(image, "scaling", severity)[..., 0].astype(float))) ** 2
    spectrum[0, 0] = 0
    frequency = np.abs(np.fft.fftfreq(128))
    fine = np.maximum.outer(frequency, frequency) > 1 / reduction  # twice the small image's Nyquist limit
    assert spectrum[fine].sum() < 0.02 * spectrum.sum()

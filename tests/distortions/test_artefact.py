"""Artefacts against other implementations, and against what their parameters say."""

from itertools import pairwise

import numpy as np
import pytest
import skimage.data
import skimage.filters
from PIL import Image

from explorer.distortions import distort
from explorer.distortions.artefact import BLOCK

PHOTO = skimage.data.chelsea()[40:200, 100:340]  # 160 x 240: 150 blocks


@pytest.mark.parametrize("levels", [2, 5, 30])
def test_banding_goes_to_the_nearest_of_its_levels_and_leaves_no_other(levels):
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (2, 1, 3))
    found = distort(ramp, "banding", levels=levels)
    exact = np.linspace(0, 255, levels)
    assert list(np.unique(found)) == list(np.rint(exact))
    nearest = np.abs(ramp[..., None] - exact).min(axis=-1)
    np.testing.assert_allclose(np.abs(found.astype(float) - ramp), nearest, atol=0.5)


def floyd_steinberg(plane, levels):
    """The algorithm as it is printed, pixel by pixel."""
    step = np.float32(255 / (levels - 1))
    values = np.pad(plane.astype(np.float32), ((0, 1), (1, 1)))
    for y in range(plane.shape[0]):
        for x in range(1, plane.shape[1] + 1):
            old = values[y, x]
            values[y, x] = np.clip(np.rint(old / step), 0, levels - 1) * step
            error = old - values[y, x]
            values[y, x + 1] += error * np.float32(7 / 16)
            values[y + 1, x - 1] += error * np.float32(3 / 16)
            values[y + 1, x] += error * np.float32(5 / 16)
            values[y + 1, x + 1] += error * np.float32(1 / 16)
    return np.rint(values[:-1, 1:-1]).astype(np.uint8)


@pytest.mark.parametrize("levels", [2, 3, 12])
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 3), (23, 37)])
def test_dithering_is_floyd_and_steinbergs_algorithm_pixel_by_pixel(levels, size):
    image = np.random.default_rng(3).integers(0, 256, (*size, 3), dtype=np.uint8)
    expected = np.dstack([floyd_steinberg(image[..., channel], levels) for channel in range(3)])
    # An error of a half step may round either way, for sums are made in another order: very seldom.
    assert np.mean(distort(image, "dithering", levels=levels) != expected) < 0.01


def test_dithering_to_two_levels_has_the_brightness_of_pillows_black_and_white():
    grey = Image.fromarray(PHOTO).convert("L")
    found = distort(np.array(grey.convert("RGB")), "dithering", levels=2)[..., 0]
    blocks = [
        np.asarray(each, float).reshape(20, 8, 30, 8).mean(axis=(1, 3)) for each in (found, grey.convert("1"))
    ]
    assert set(np.unique(found)) == {0, 255}
    np.testing.assert_allclose(blocks[0], blocks[1] * 255, atol=16)


def lost_blocks(lost, seed):
    """Which blocks of a picture of blocks of different colours changed, (rows, columns)."""
    rows, columns = 10, 15
    colours = np.random.default_rng(0).permutation(rows * columns).reshape(rows, columns) + 60
    image = np.repeat(np.kron(colours, np.ones((BLOCK, BLOCK))).astype(np.uint8)[..., None], 3, axis=2)
    found = distort(image, "block_loss", lost=lost, seed=seed)[::BLOCK, ::BLOCK, 0]
    return found, colours, found != colours


def test_as_many_blocks_are_lost_as_said_and_more_are_the_same_and_more():
    few, many = lost_blocks(10, 3)[2], lost_blocks(40, 3)[2]
    assert (few.sum(), many.sum()) == (15, 60)
    assert np.all(many[few])
    assert not np.array_equal(few, lost_blocks(10, 4)[2])


def test_a_lost_block_shows_the_nearest_to_its_left_that_arrived():
    found, colours, lost = lost_blocks(40, 3)
    for row, column in np.argwhere(lost):
        arrived = np.flatnonzero(~lost[row])
        left = arrived[arrived < column]
        assert found[row, column] == colours[row, left[-1] if len(left) else arrived[0]]


def test_without_any_block_of_its_row_a_decoder_shows_grey():
    assert np.all(distort(PHOTO, "block_loss", lost=100) == 128)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_occlusion_covers_the_area_that_it_says_with_the_mean_colour_and_grows_in_place(seed):
    covered = []
    for area in (4, 25, 100):
        found = distort(PHOTO, "occlusion", area=area, seed=seed)
        changed = np.any(found != PHOTO, axis=2)
        y, x = np.nonzero(changed)
        box = np.s_[y.min() : y.max() + 1, x.min() : x.max() + 1]
        assert np.ptp(found[box].reshape(-1, 3), axis=0).max() == 0
        np.testing.assert_allclose(found[y[0], x[0]], PHOTO.mean(axis=(0, 1)), atol=0.5)
        assert changed[box].size / changed.size == pytest.approx(area / 100, rel=0.1)
        covered.append(changed)
    for smaller, larger in pairwise(covered):
        assert np.mean(larger[smaller]) > 0.99  # a pixel of just the mean colour does not change


@pytest.mark.parametrize(("amount", "radius"), [(50, 0.5), (150, 1.2), (300, 1)])
def test_sharpening_is_scikit_images_unsharp_mask(amount, radius):
    expected = skimage.filters.unsharp_mask(
        PHOTO.astype(float), radius / 100 * 160, amount / 100, channel_axis=2, preserve_range=True
    )
    result = distort(PHOTO, "sharpening", amount=amount, radius=radius)
    # The blur is in whole levels, which the amount multiplies.
    np.testing.assert_allclose(result, np.clip(expected, 0, 255), atol=0.6 + 0.5 * amount / 100)


def test_sharpening_overshoots_on_both_sides_of_an_edge():
    step = np.full((50, 100, 3), 80, np.uint8)
    step[:, 50:] = 160
    row = distort(step, "sharpening", 1)[25, :, 0]
    assert row.min() == row[49] < 72
    assert row.max() == row[50] > 168

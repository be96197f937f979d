"""What is missing is filled by the equations that are named, from what is known and from nothing else."""

import numpy as np
import pytest
import skimage.data
from PIL import Image
from scipy import ndimage

from explorer.distortions import distort


@pytest.fixture(scope="module")
def photo():
    """(96, 120, 3)."""
    picture = Image.fromarray(skimage.data.astronaut()[:400, :500])
    return np.array(picture.resize((120, 96), Image.Resampling.LANCZOS))


def holes(size, **values):
    """Where noise is not what it was, (H, W)."""
    noise = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
    return np.any(distort(noise, "inpainting", **values) != noise, axis=2)


def test_inside_a_hole_each_pixel_is_the_mean_of_its_neighbours(photo):
    noise = np.random.default_rng(1).integers(0, 256, (150, 200, 3), dtype=np.uint8)
    found = distort(noise, "inpainting", holes=100, diameter=9).astype(float)
    mean = ndimage.convolve(found, np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])[..., None] / 4)
    inside = np.any(found != noise, axis=2)
    assert inside.mean() > 0.25
    assert np.abs(found - mean)[inside].max() <= 1  # both sides are rounded


def test_a_plane_is_filled_as_if_no_hole_had_been():
    y, x = np.mgrid[:150, :200]
    plane = np.dstack([x, y, (x + y) // 2]).astype(np.uint8)
    found = distort(plane, "inpainting", holes=100, diameter=9)
    np.testing.assert_array_equal(found[..., :2], plane[..., :2])
    np.testing.assert_allclose(found[..., 2].astype(int), plane[..., 2], atol=1)


def test_holes_are_as_large_and_as_many_as_said_and_none_touches_another_or_the_border():
    found = holes((300, 400), holes=50, diameter=6)  # 8 x 11 cells
    number, count = ndimage.label(found, np.ones((3, 3)))
    assert count == 44
    areas = ndimage.sum_labels(found, number, range(1, count + 1))
    np.testing.assert_allclose(areas, np.pi * 9**2, rtol=0.05)  # 18 px wide
    assert not found[[0, -1]].any()
    assert not found[:, [0, -1]].any()


@pytest.mark.parametrize("size", [(31, 57), (31, 31), (60, 40), (200, 150)])
def test_holes_keep_apart_in_small_images_too(size):
    found = holes(size, holes=100, diameter=9)
    assert found.any()
    cells = np.prod([int(side / max(4, min(size) * 0.12)) for side in size])
    assert ndimage.label(found, np.ones((3, 3)))[1] == cells


def test_more_holes_are_the_same_and_more_and_grow_where_they_are():
    few, many = holes((200, 250), holes=30, diameter=5), holes((200, 250), holes=70, diameter=8)
    assert np.mean(many[few]) == 1
    assert many.sum() > 3 * few.sum()
    assert not np.array_equal(few, holes((200, 250), holes=30, diameter=5, seed=1))


def test_where_all_colour_is_known_all_colour_stays(photo):
    # YCbCr of 8 bits makes the difference; so small an image is solved for as it is.
    np.testing.assert_allclose(distort(photo, "colourisation", kept=100).astype(int), photo, atol=3)


def test_where_none_is_known_the_image_is_pillows_greyscale(photo):
    grey = np.array(Image.fromarray(photo).convert("L").convert("RGB")).astype(int)
    np.testing.assert_allclose(distort(photo, "colourisation", kept=0), grey, atol=1)


@pytest.mark.parametrize("kept", [0.05, 1, 20])
def test_colourisation_leaves_luma_as_it_is_where_colours_are_in_gamut(kept, photo):
    muted = (photo // 4 + 96).astype(np.uint8)  # far from the borders of the gamut
    luma = [
        np.array(Image.fromarray(each).convert("L")).astype(int)
        for each in (muted, distort(muted, "colourisation", kept=kept))
    ]
    np.testing.assert_allclose(luma[0], luma[1], atol=2)


def test_colour_spreads_up_to_an_edge_of_brightness_and_not_across():
    image = np.full((60, 80, 3), (200, 80, 60), np.uint8)
    image[:, 40:] = (40, 60, 120)
    found = distort(image, "colourisation", kept=0.3, seed=2).astype(int)  # 14 places
    for side in (np.s_[:, :38], np.s_[:, 42:]):
        assert np.abs(found[side] - image[side]).mean() < 8


def test_it_is_levins_least_squares_solution(photo):
    """Few places, one small image: dense matrices and the weights of the paper's program, pixel by pixel."""
    image = photo[:9, :11]
    found = distort(image, "colourisation", kept=10, seed=5)
    ycc = np.array(Image.fromarray(image).convert("YCbCr")).astype(float)
    luma, count = ycc[..., 0] / 255, 99
    known = np.random.default_rng(5).permutation(count)[:10]
    matrix = np.eye(count)
    for y, x in np.ndindex(9, 11):
        if y * 11 + x in known:
            continue
        window = [
            (r, c) for r in range(max(0, y - 1), min(9, y + 2)) for c in range(max(0, x - 1), min(11, x + 2))
        ]
        others = [place for place in window if place != (y, x)]
        squares = np.array([(luma[place] - luma[y, x]) ** 2 for place in others])
        spread = max(0.6 * np.var([luma[place] for place in window]), -squares.min() / np.log(0.01), 2e-6)
        weights = np.exp(-squares / spread)
        for (r, c), weight in zip(others, weights / weights.sum(), strict=True):
            matrix[y * 11 + x, r * 11 + c] = -weight
    values = np.zeros((count, 2))
    values[known] = ycc[..., 1:].reshape(-1, 2)[known]
    chroma = np.rint(np.linalg.solve(matrix, values)).reshape(9, 11, 2)
    expected = Image.fromarray(np.dstack([ycc[..., :1], chroma]).astype(np.uint8), "YCbCr").convert("RGB")
    np.testing.assert_allclose(found.astype(int), np.array(expected).astype(int), atol=2)

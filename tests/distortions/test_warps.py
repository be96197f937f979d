"""Warps: the places that pixels show against what the parameters say, the pixels against another warp."""

import numpy as np
import pytest
import scipy.interpolate
import skimage.data
import skimage.filters
import torch
from PIL import Image

from explorer.distortions import distort, warps
from explorer.distortions.warping import corner_map, through_nodes, warp

GRIDS = ["linear_warp", "cubic_warp"]
BENT = ["homography", *GRIDS, "elastic_rain"]


@pytest.fixture
def ways(monkeypatch):
    """From a warp's name, an image's size and values to how far from itself each pixel looks: (2, H, W)."""

    def measured(name, size=(160, 200), seed=0, **values):
        if name == "elastic_rain":
            values = {"drops": 20} | values
        found = []

        def spy(image, shown):
            y, x = np.arange(size[0])[:, None] + 0.5, np.arange(size[1])[None] + 0.5
            found.append(np.stack(np.broadcast_arrays(*shown(y, x))) - np.stack(np.broadcast_arrays(y, x)))
            return image.copy()

        with monkeypatch.context() as patch:
            patch.setattr(warps, "warp", spy)
            distort(np.zeros((*size, 3), np.uint8), name, seed=seed, **values)
        return found[0]

    return measured


@pytest.mark.parametrize("name", BENT)
def test_pixels_are_those_of_torchs_grid_sample_at_the_same_places(name, ways):
    smooth = skimage.filters.gaussian(skimage.data.chelsea()[:160, :200], 3, channel_axis=2)
    smooth = np.rint(smooth * 255).astype(np.uint8)
    more = {"drops": 20} if name == "elastic_rain" else {}
    y, x = ways(name, seed=1, displacement=5) + np.mgrid[:160, :200]
    expected = torch.nn.functional.grid_sample(
        torch.from_numpy(smooth).permute(2, 0, 1)[None].double(),
        torch.from_numpy(np.stack([x / 199, y / 159], axis=-1) * 2 - 1)[None],
        "bicubic",
        "reflection",  # of the border pixels' centres, for the corners are aligned
        align_corners=True,
    )
    error = np.abs(
        distort(smooth, name, seed=1, displacement=5, **more) - expected[0].permute(1, 2, 0).numpy()
    )
    assert error.mean() < 0.4  # rounding alone makes 0.25
    assert error.max() < 3


def test_a_pixel_that_shows_anothers_centre_has_its_value_also_beyond_the_borders():
    image = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    moved = warp(image, lambda y, x: (y - 7, x + 12))
    expected = np.pad(image, ((7, 0), (0, 12), (0, 0)), mode="reflect")[:30, 12:]
    np.testing.assert_array_equal(moved, expected)


def test_strips_make_the_same_pixels_as_one_go(monkeypatch):
    image = np.random.default_rng(0).integers(0, 256, (90, 60, 3), dtype=np.uint8)
    at_once = {name: distort(image, name, 0.8) for name in [*BENT, "chromatic_aberration", "hue_rotation"]}
    monkeypatch.setattr("explorer.distortions.base._STRIP_PIXELS", 60 * 7)
    for name, expected in at_once.items():
        np.testing.assert_array_equal(distort(image, name, 0.8), expected)


def test_a_homography_shows_at_each_corner_the_place_that_it_says():
    ways_of_corners = np.array([[3.0, -2], [-4, 1], [0, 5], [2, 2]])
    matrix = corner_map((50, 80), ways_of_corners)
    corners = np.array([[0, 0], [0, 80], [50, 0], [50, 80]])
    shown = np.column_stack([corners, np.ones(4)]) @ matrix.T
    np.testing.assert_allclose(shown[:, :2] / shown[:, 2:], corners + ways_of_corners, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["homography", *GRIDS])
def test_what_moves_most_moves_as_far_as_the_displacement_says(name, seed, ways):
    size = (161, 201)  # so that all nodes of the grid but those on the borders are near pixels' centres
    far = np.linalg.norm(ways(name, size, seed, displacement=10), axis=0)
    spots = far[:: 160 // 4, :: 200 // 5] if name in GRIDS else far[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert spots.max() == pytest.approx(
        16.1, abs=0.6
    )  # half a pixel is between a corner and its pixel's centre
    assert name == "cubic_warp" or far.max() <= 16.1 + 1e-9


@pytest.mark.parametrize("name", BENT)
def test_severity_drives_one_warp_further(name, ways):
    near, far = (ways(name, seed=5, displacement=displacement) for displacement in (1, 3))
    if name == "homography":  # its corners do, and what lies between nearly
        np.testing.assert_allclose(3 * near, far, atol=0.2)
    else:
        np.testing.assert_allclose(3 * near, far, atol=1e-9)


def test_the_grid_is_interpolated_as_scipys_other_splines_do():
    nodes = np.random.default_rng(2).standard_normal((2, 5, 6))
    y, x = np.arange(40)[:, None] + 0.5, np.arange(50)[None] + 0.5
    places = np.stack(np.broadcast_arrays(y, x), axis=-1)
    lines = np.linspace(0, 40, 5), np.linspace(0, 50, 6)
    for axis in (0, 1):
        linear = scipy.interpolate.RegularGridInterpolator(lines, nodes[axis])(places)
        cubic = scipy.interpolate.RectBivariateSpline(*lines, nodes[axis])(y[:, 0], x[0])
        for degree, expected in ((1, linear), (3, cubic)):
            shown = through_nodes((40, 50), nodes, degree)(y, x)[axis]
            np.testing.assert_allclose(shown - (y, x)[axis], expected, atol=1e-9)


def test_the_linear_warp_has_kinks_where_the_cubic_one_is_smooth(ways):
    bend = {name: np.abs(np.diff(ways(name, seed=1, displacement=6), n=2, axis=2)) for name in GRIDS}
    inside = np.r_[2:38, 42:78, 82:118]  # of cells, which are 40 pixels wide
    assert bend["linear_warp"][..., inside].max() < 1e-9
    assert bend["linear_warp"].max() > 5 * bend["cubic_warp"].max()


@pytest.mark.parametrize("size", [(64, 64), (40, 160)])
def test_no_homography_that_can_be_typed_folds_the_image(size, ways):
    for seed in range(20):
        (y_by_y, y_by_x), (x_by_y, x_by_x) = map(np.gradient, ways("homography", size, seed, displacement=30))
        assert ((1 + y_by_y) * (1 + x_by_x) - y_by_x * x_by_y).min() > 0


@pytest.mark.parametrize("seed", [0, 2, 5])  # whose first drop lies whole within the image
def test_a_drop_of_rain_fades_to_its_radius_and_moves_more_the_larger_it_is(seed, ways):
    far = np.linalg.norm(ways("elastic_rain", (300, 300), seed, displacement=2, drops=1), axis=0)
    y, x = np.mgrid[:300, :300]
    distance = np.hypot(y - np.average(y, weights=far), x - np.average(x, weights=far))
    radius = distance[far > 0].max()
    assert 12 - 1 <= radius <= 27
    expected = 6 * radius / 27 * np.maximum(1 - (distance / radius) ** 2, 0) ** 2
    np.testing.assert_allclose(far, expected, atol=0.06 * far.max())


def test_more_drops_are_the_same_ones_and_others(ways):
    some, more = (ways("elastic_rain", seed=3, displacement=4, drops=drops) for drops in (7, 8))
    added = np.any(more != some, axis=0)
    assert 0 < added.sum() < np.pi * (0.09 * 160 + 1) ** 2


@pytest.mark.parametrize("displacement", [3, -2])
def test_red_and_blue_are_as_far_apart_in_the_corners_as_chromatic_aberration_says(displacement):
    y, x = np.mgrid[:160, :200] + 0.5
    slope = 0.55 * (x - 100) + 0.37 * (y - 80)  # over both axes
    dither = np.random.default_rng(0).random(slope.shape)  # so that the rounding to whole levels evens out
    image = np.dstack([np.floor(110 + slope + dither).astype(np.uint8)] * 3)
    fringed = distort(image, "chromatic_aberration", displacement=displacement)
    np.testing.assert_array_equal(fringed[..., 1], image[..., 1])
    inside = np.s_[20:140, 25:175]  # away from the mirrored borders
    for channel, sign in ((0, 1), (2, -1)):
        shrunk, middle = np.polyfit(slope[inside].ravel(), fringed[..., channel][inside].ravel(), 1)
        assert middle == pytest.approx(110, abs=0.05)  # the centre stays
        moved = (1 / shrunk - 1) * np.hypot(80, 100)
        assert moved == pytest.approx(sign * displacement / 100 * 160, abs=0.1)


def test_a_ghost_is_pillows_blend_with_the_shifted_image(photo):
    copy = distort(photo, "shift", shift=4)
    expected = np.array(Image.blend(Image.fromarray(photo), Image.fromarray(copy), 0.3))
    # Pillow cuts off where we round.
    np.testing.assert_allclose(distort(photo, "ghosting", opacity=30, shift=4).astype(int), expected, atol=1)
    np.testing.assert_array_equal(distort(photo, "ghosting", opacity=100, shift=4), copy)

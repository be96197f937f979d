"""Blurs against other implementations, and against the widths that their parameters name."""

import numpy as np
import pytest
import skimage.data
import skimage.filters
from PIL import Image
from scipy import ndimage

from explorer.distortions import distort
from explorer.distortions.optics import disc, line
from tests.distortions.values import value

SIDE = 200


def light(levels):
    """Linear light, 0..1, of sRGB levels, after IEC 61966-2-1."""
    share = np.asarray(levels) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def spread(name, **values):
    """By how much a distortion widens a white spot's linear light: the covariance of x and y, in px²."""
    spot = np.zeros((SIDE, SIDE, 3), np.uint8)
    spot[SIDE // 2 - 4 : SIDE // 2 + 5, SIDE // 2 - 4 : SIDE // 2 + 5] = 255
    return covariance(distort(spot, name, **values)) - covariance(spot)


def covariance(image):
    weights = light(image[..., 1])
    y, x = np.mgrid[:SIDE, :SIDE]
    x, y = (each - np.average(each, weights=weights) for each in (x, y))
    return np.array([[np.average(a * b, weights=weights) for a in (x, y)] for b in (x, y)])


@pytest.mark.parametrize("pixels", [1.5, 6])  # on the image itself, and on a smaller one
@pytest.mark.parametrize("edge", [12, 60])
def test_the_bilateral_filter_is_the_sum_of_its_definition_up_to_the_border(pixels, edge):
    # Not scikit-image's: up to 0.26 its table of places is a pixel too wide, which shears the window.
    image = np.array(Image.fromarray(skimage.data.astronaut()).resize((64, 48), Image.Resampling.LANCZOS))
    luma = np.array(Image.fromarray(image).convert("L")).astype(float)
    y, x = (each.ravel() for each in np.mgrid[:48, :64])
    near = (y[:, None] - y) ** 2 + (x[:, None] - x) ** 2
    alike = (luma.ravel()[:, None] - luma.ravel()) ** 2
    weights = np.exp(-near / (2 * pixels**2) - alike / (2 * edge**2))
    expected = (weights / weights.sum(axis=1, keepdims=True)) @ image.reshape(-1, 3)
    error = np.abs(distort(image, "bilateral", sigma=pixels / 0.48, edge=edge).reshape(-1, 3) - expected)
    assert error.mean() < 1  # rounding alone makes 0.25
    assert error.max() < 12
    assert np.abs(image.reshape(-1, 3) - expected).mean() > 5 * error.mean()


def test_the_bilateral_filter_keeps_an_edge_that_a_gaussian_of_its_width_loses():
    step = np.full((64, 64, 3), 60, np.uint8)
    step[:, 32:] = 190
    noisy = distort(step, "gaussian_noise", sigma=6).astype(int)
    kept = distort(noisy.astype(np.uint8), "bilateral", sigma=5, edge=25).astype(int)
    assert np.abs(kept[:, 32] - kept[:, 31]).min() > 110
    assert kept[:, :24].std() < noisy[:, :24].std() / 3
    lost = distort(noisy.astype(np.uint8), "gaussian_blur", sigma=5).astype(int)
    assert np.abs(lost[:, 32] - lost[:, 31]).max() < 60


@pytest.mark.parametrize("length", [6, 18])
@pytest.mark.parametrize("angle", [0, 30, 90, 135])
def test_motion_blur_is_a_line_as_long_and_at_the_angle_that_it_says(length, angle):
    (across, along), axes = np.linalg.eigh(spread("motion_blur", length=length, angle=angle))
    assert np.sqrt(12 * along) == pytest.approx(length / 100 * SIDE, rel=0.03)  # a line's variance is L²/12
    assert across < 0.3  # of drawing it between pixels
    x, y = axes[:, 1]
    turned = (np.degrees(np.arctan2(-y, x)) - angle + 90) % 180 - 90
    assert turned == pytest.approx(0, abs=1)


@pytest.mark.parametrize("radius", [2, 7.5])
def test_defocus_is_a_disc_of_the_radius_that_it_says(radius):
    found = spread("defocus", radius=radius)
    pixels = radius / 100 * SIDE
    np.testing.assert_allclose(found, np.eye(2) * pixels**2 / 4, atol=0.03 * pixels**2)  # a disc's is r²/4


@pytest.mark.parametrize(
    ("name", "values", "kernel", "mode"),
    [
        ("motion_blur", {"length": 15, "angle": 20}, line(0.15 * 48, 20), "mirror"),
        ("defocus", {"radius": 8}, disc(0.08 * 48), "reflect"),  # scipy's name for edge pixels twice
    ],
)
def test_what_optics_does_is_scipys_convolution_of_linear_light_up_to_the_border(name, values, kernel, mode):
    image = skimage.data.astronaut()[100:148, 200:261]
    expected = [ndimage.convolve(light(image[..., c]), kernel, mode=mode) for c in range(3)]
    np.testing.assert_allclose(light(distort(image, name, **values)), np.dstack(expected), atol=0.005)


@pytest.mark.parametrize("name", ["motion_blur", "defocus"])
def test_what_optics_does_averages_light_and_not_stored_values(name):
    lines = np.zeros((64, 64, 3), np.uint8)
    lines[:, ::2] = 255
    values = {"radius": 15} if name == "defocus" else {"length": 20, "angle": 0}
    middle = distort(lines, name, **values)[20:44, 20:44].astype(float)
    assert middle.mean() == pytest.approx(188, abs=3)  # half of the light; the mean value is 128


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

"""Photometric changes and their colour spaces against scikit-image, and against what their parameters say."""

import numpy as np
import pytest
import skimage.color
import skimage.data
import skimage.exposure
from PIL import Image, ImageEnhance

from explorer.distortions import distort
from explorer.distortions.colour import in_lab, linear_light, stored_values
from tests.distortions.values import value

# Colours whose change in CIELAB, by what is asked of them here, stays in the gamut of sRGB.
TAME = np.random.default_rng(3).integers(100, 150, (40, 50, 3), dtype=np.uint8)


def lab(image):
    return skimage.color.rgb2lab(image)


def test_linear_light_is_that_of_the_standard_and_comes_back_to_the_level():
    stored = np.arange(256, dtype=np.uint8)
    light = linear_light(stored)
    assert light[[0, 255]].tolist() == [0, 1]
    assert light[10] == pytest.approx(10 / 255 / 12.92)  # the line
    assert light[128] == pytest.approx(0.2158605)  # the curve
    np.testing.assert_array_equal(stored_values(light), stored)
    np.testing.assert_array_equal(stored_values(np.array([-0.1, 1.1])), [0, 255])


def test_cielab_and_back_is_the_identity_over_the_whole_cube():
    steps = np.arange(0, 256, 5, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(52, -1, 3)
    np.testing.assert_array_equal(in_lab(cube, lambda lab: lab), cube)


@pytest.mark.filterwarnings("ignore:Conversion from CIE-LAB")  # of colours that are left out below
@pytest.mark.parametrize(
    ("name", "values", "change"),
    [
        ("lightness_shift", {"lightness": 20}, lambda lab: lab - [-20, 0, 0]),
        ("lightness_shift", {"lightness": -35}, lambda lab: lab - [35, 0, 0]),
        ("colour_shift", {"shift": 30, "hue": 270}, lambda lab: lab - [0, 0, 30]),
        ("colour_shift", {"shift": 25, "hue": 180}, lambda lab: lab - [0, 25, 0]),
        ("hue_rotation", {"angle": 90}, lambda lab: np.dstack([lab[..., 0], -lab[..., 2], lab[..., 1]])),
        ("hue_rotation", {"angle": -180}, lambda lab: lab * [1, -1, -1]),
    ],
)
def test_changes_in_cielab_agree_with_scikit_image(name, values, change, photo):
    expected = 255 * skimage.color.lab2rgb(change(lab(photo)))
    in_gamut = np.all((expected > 0) & (expected < 255), axis=2)
    assert in_gamut.mean() > 0.2
    # Beside the rounding, the white points differ in the fifth digit, which is seen next to black.
    np.testing.assert_allclose(distort(photo, name, **values)[in_gamut], expected[in_gamut], atol=1)


@pytest.mark.parametrize(
    ("name", "values", "added"),
    [
        ("lightness_shift", {"lightness": 30}, 30),
        ("lightness_shift", {"lightness": -45}, -45),
        ("colour_shift", {"shift": 70, "hue": 320}, 0),
        ("hue_rotation", {"angle": 150}, 0),
    ],
)
def test_lightness_is_what_it_says_for_colours_that_leave_the_gamut_as_well(name, values, added):
    cube = np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    expected = np.clip(lab(cube)[..., 0] + added, 0, 100)
    np.testing.assert_allclose(lab(distort(cube, name, **values))[..., 0], expected, atol=0.3)


def test_black_and_white_take_no_tint():
    ends = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    np.testing.assert_array_equal(distort(ends, "colour_shift", shift=60, hue=120), ends)


def test_a_lightness_shift_adds_to_l_alone_and_a_colour_shift_leaves_it():
    rounding = 0.9  # of three channels to whole levels, in CIELAB
    brighter = lab(distort(TAME, "lightness_shift", lightness=12)) - lab(TAME)
    np.testing.assert_allclose(brighter, np.broadcast_to([12, 0, 0], TAME.shape), atol=rounding)
    tinted = lab(distort(TAME, "colour_shift", shift=10, hue=30)) - lab(TAME)
    expected = np.broadcast_to([0, 10 * np.sqrt(3) / 2, 5], TAME.shape)
    np.testing.assert_allclose(tinted, expected, atol=rounding)
    assert np.linalg.norm(tinted, axis=-1).mean() == pytest.approx(10, abs=0.1)


def test_a_hue_rotation_turns_the_hue_and_keeps_lightness_and_chroma():
    before, after = lab(TAME), lab(distort(TAME, "hue_rotation", angle=40))
    np.testing.assert_allclose(after[..., 0], before[..., 0], atol=0.9)
    chroma_before, chroma_after = (np.hypot(each[..., 1], each[..., 2]) for each in (before, after))
    np.testing.assert_allclose(chroma_after, chroma_before, atol=0.9)
    turned = np.angle((after[..., 1] + 1j * after[..., 2]) / (before[..., 1] + 1j * before[..., 2]))
    colourful = chroma_before > 15
    assert colourful.sum() > 200
    np.testing.assert_allclose(np.rad2deg(turned[colourful]), 40, atol=3.5)


def test_a_hue_rotation_leaves_greys():
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    np.testing.assert_array_equal(distort(greys, "hue_rotation", angle=70), greys)


@pytest.mark.parametrize("gamma", [0.4, 2.2])
def test_gamma_agrees_with_scikit_image_and_keeps_black_and_white(gamma, photo):
    expected = 255 * skimage.exposure.adjust_gamma(photo / 255, gamma)
    np.testing.assert_allclose(distort(photo, "gamma", gamma=gamma), expected, atol=0.5 + 1e-9)
    ends = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    np.testing.assert_array_equal(distort(ends, "gamma", gamma=gamma), ends)


@pytest.mark.parametrize("loss", [1, 2.5])
def test_vignetting_follows_the_cosine_and_loses_in_the_corners_what_it_says(loss):
    height, width = 301, 401
    grey = np.full((height, width, 3), 200, np.uint8)
    stored = distort(grey, "vignetting", loss=loss)[..., 0] / 255
    kept = ((stored + 0.055) / 1.055) ** 2.4 / ((200 / 255 + 0.055) / 1.055) ** 2.4
    y, x = np.mgrid[:height, :width]
    radius = np.hypot(y + 0.5 - height / 2, x + 0.5 - width / 2)
    corner = np.hypot(height, width) / 2
    focal = corner / np.tan(np.arccos(2 ** (-loss / 4)))
    np.testing.assert_allclose(kept, np.cos(np.arctan(radius / focal)) ** 4, atol=0.006)
    assert -np.log2(kept[[0, 0, -1, -1], [0, -1, 0, -1]]) == pytest.approx(loss, abs=0.04)
    assert kept[150, 200] == 1


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

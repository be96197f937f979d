"""What cannot be distorted is refused with one plain sentence that names the mend."""

import numpy as np
import pytest

from explorer.distortions import CATALOGUE, Step, distort
from explorer.errors import ImageError, SettingError

IMAGE = np.full((32, 32, 3), 90, np.uint8)


@pytest.mark.parametrize(("name", "meant"), [("gausian_blur", "gaussian_blur"), ("jpg", "jpeg"), ("fog", "")])
def test_an_unknown_name_is_answered_with_the_nearest_and_where_all_are_listed(name, meant):
    with pytest.raises(SettingError, match=f"no distortion '{name}'.*`lpips-explorer distortions`") as caught:
        distort(IMAGE, name, 0.5)
    assert (f"did you mean {meant}?" if meant else "; `") in str(caught.value)


@pytest.mark.parametrize("severity", [-0.01, 1.01, float("nan"), float("inf"), "0.5", None, True, 1j])
@pytest.mark.parametrize("name", ["jpeg", "gaussian_noise"])
def test_a_severity_outside_its_range_is_refused(name, severity):
    with pytest.raises(SettingError, match=r"number from 0 .* to 1"):
        distort(IMAGE, name, severity)
    with pytest.raises(SettingError, match=r"number from 0 .* to 1"):
        CATALOGUE[name].describe(severity)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("gaussian_blur", {"sigma": 20.01}, ["sigma of gaussian_blur is 20.01", "0 to 20% of side"]),
        ("gaussian_blur", {"sigma": -1e-9}, ["-1e-09", "0 to 20% of side"]),
        ("gaussian_noise", {"sigma": float("nan")}, ["nan", "0 to 255 levels"]),
        ("gaussian_noise", {"sigma": float("inf")}, ["inf", "0 to 255 levels"]),
        ("gaussian_noise", {"sigma": True}, ["True", "number"]),
        ("gaussian_noise", {"sigma": "12"}, ["'12'", "number"]),
        ("gaussian_noise", {"sigma": None}, ["None", "number"]),
        ("jpeg", {"quality": 9.5}, ["9.5", "whole number, 1 to 95"]),
        ("jpeg", {"quality": 0}, ["whole number, 1 to 95"]),
        ("jpeg", {"quality": 96}, ["whole number, 1 to 95"]),
        ("jpeg", {"qualty": 9}, ["no parameter 'qualty'", "quality (1 to 95)"]),
        ("jpeg", {"quality": 9, "sigma": 1}, ["jpeg has no parameter 'sigma'"]),
        ("jpeg_local_blur", {"quality": 9}, ["lacks a value for sigma", "0 to 20% of side"]),
    ],
)
def test_a_value_that_its_parameter_cannot_take_is_refused_with_the_range(name, values, words):
    with pytest.raises(SettingError) as caught:
        distort(IMAGE, name, **values)
    assert all(word in str(caught.value) for word in words)
    assert "\n" not in str(caught.value)


def test_a_severity_or_all_values_are_given_and_never_both_or_none():
    with pytest.raises(SettingError, match="both a severity and quality"):
        distort(IMAGE, "jpeg", 0.5, quality=9)
    with pytest.raises(SettingError, match=r"a severity, .* or else quality \(1 to 95\)"):
        distort(IMAGE, "jpeg")


@pytest.mark.parametrize("seed", [-1, 0.5, 1.0, "1", None, True, 2**53])
@pytest.mark.parametrize("name", ["jpeg", "gaussian_noise"])
def test_a_seed_that_is_no_whole_number_from_zero_up_is_refused(name, seed):
    with pytest.raises(SettingError, match="whole number from 0 to"):
        distort(IMAGE, name, 0.5, seed)


@pytest.mark.parametrize(
    "image",
    [
        IMAGE.astype(np.float32) / 255,
        IMAGE.astype(np.int64),
        IMAGE[..., 0],
        IMAGE[..., :1],
        np.zeros((32, 32, 4), np.uint8),
        np.zeros((2, 32, 32, 3), np.uint8),
        np.zeros((0, 32, 3), np.uint8),
        IMAGE.tolist(),
        "photo.png",
    ],
    ids=["float", "int64", "2d", "grey", "rgba", "batch", "empty", "list", "path"],
)
@pytest.mark.parametrize("severity", [0, 0.5])
def test_an_array_that_is_no_8_bit_rgb_image_is_refused(image, severity):
    with pytest.raises(SettingError, match=r"uint8 array of shape \(height, width, 3\)"):
        Step.at("shift", severity).apply(image)
    with pytest.raises(ImageError):
        distort(image, "shift", severity)


@pytest.mark.parametrize("name", ["jpeg", "jpeg_local_blur"])
def test_an_image_longer_than_jpeg_allows_is_refused(name):
    with pytest.raises(SettingError, match="65,500"):
        distort(np.zeros((1, 65_501, 3), np.uint8), name, 0.5)


def test_the_longest_image_that_jpeg_allows_passes():
    assert distort(np.zeros((1, 65_500, 3), np.uint8), "jpeg", 0.5).shape == (1, 65_500, 3)


def test_numpys_own_numbers_are_welcome():
    expected = distort(IMAGE, "gaussian_noise", 0.5, 3)
    np.testing.assert_array_equal(distort(IMAGE, "gaussian_noise", np.float32(0.5), np.int64(3)), expected)

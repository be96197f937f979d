"""Equal by one metric: the target is reached, or it is said how near one comes."""

from dataclasses import replace

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from explorer.analysis.match import check_target, matches, step_at, tuned
from explorer.analysis.rulers import PSNR, SSIM, read_ruler
from explorer.distortions import CATALOGUE, Step, find_distortion
from explorer.errors import ImageError, SettingError
from explorer.images import derive
from explorer.metrics import Method
from explorer.metrics.scores import scores

METHOD = Method(device="cpu")
SMOOTH = ("gaussian_noise", "contrast", "saturation", "affine_warp")  # continuous parameters


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (128, 96))


@pytest.mark.parametrize("target", [22.0, 31.0])
def test_psnr_is_reached_by_every_continuous_parameter_and_is_scikit_images(reference, target):
    for found in matches(reference, PSNR, target, SMOOTH):
        oracle = peak_signal_noise_ratio(reference.pixels, found.image, data_range=255)
        assert found.value == pytest.approx(oracle, abs=1e-6)
        if found.reached:
            assert oracle == pytest.approx(target, abs=0.02)
        else:  # even without any colour, this photograph is no farther
            assert (found.name, found.outcome) == ("saturation", "out of reach")


def test_ssim_is_reached_and_is_scikit_images(reference):
    found = tuned(reference, find_distortion("gaussian_noise"), SSIM, 0.8)
    oracle = structural_similarity(
        reference.pixels,
        found.image,
        channel_axis=2,
        data_range=255,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    assert found.reached
    assert oracle == pytest.approx(0.8, abs=0.001)


def test_a_networks_distance_is_reached_and_is_that_of_the_picture_measured_anew(reference):
    found = tuned(reference, find_distortion("gaussian_noise"), METHOD, 0.2)
    (again,) = scores(METHOD, reference, [found.picture])
    assert found.reached
    assert found.value == again == pytest.approx(0.2, rel=0.005)


def test_between_two_whole_numbers_the_nearer_one_is_taken(reference):
    found = tuned(reference, find_distortion("jpeg"), PSNR, 27.123)
    assert found.outcome == "nearest step"
    quality = found.parameters["quality"]
    gaps = {}
    for other in (quality - 1, quality, quality + 1):
        pixels = Step("jpeg", {"quality": other}).apply(reference.pixels)
        psnr = peak_signal_noise_ratio(reference.pixels, pixels, data_range=255)
        gaps[other] = abs(psnr - 27.123)
    assert min(gaps, key=gaps.get) == quality
    assert found.value == pytest.approx(27.123, abs=gaps[quality] + 1e-6)


def test_whole_pixels_have_nothing_between_them_either(reference):
    found = tuned(reference, find_distortion("shift"), PSNR, 24.0)
    assert found.outcome in ("nearest step", "reached")
    shifted = [Step("shift", {"shift": 100 * px / 96}).apply(reference.pixels) for px in range(1, 6)]
    nearest = min(
        (peak_signal_noise_ratio(reference.pixels, pixels, data_range=255) for pixels in shifted),
        key=lambda psnr: abs(psnr - 24.0),
    )
    assert found.value == pytest.approx(nearest, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "target"),
    [("jpeg", 80.0), ("saturation", 5.0)],  # the best JPEG is a JPEG, and no colour at all is the end
)
def test_what_is_out_of_reach_is_said_with_the_nearest_value(reference, name, target):
    found = tuned(reference, find_distortion(name), PSNR, target)
    assert found.outcome == "out of reach"
    assert not found.reached
    end = {"jpeg": {"quality": 95}, "saturation": {"saturation": 0.0}}[name]
    assert found.parameters == end
    assert found.value == pytest.approx(
        peak_signal_noise_ratio(reference.pixels, found.image, data_range=255), abs=1e-6
    )


def test_a_target_beyond_the_severities_is_looked_for_up_to_the_ends_of_the_ranges(reference):
    found = tuned(reference, find_distortion("gaussian_noise"), PSNR, 12.0)
    assert found.reached
    assert find_distortion("gaussian_noise").parameters[0].at(1) < found.parameters["sigma"] <= 255


def test_places_go_through_the_severities_to_the_ends_of_the_ranges():
    noise, jpeg = find_distortion("gaussian_noise"), find_distortion("jpeg")
    assert step_at(noise, 0.4, 7) == Step.at("gaussian_noise", 0.4, 7)
    assert step_at(noise, 2.0).values == (("sigma", 255.0),)
    assert step_at(jpeg, 2.0).values == (("quality", 1),)


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_what_severity_leaves_as_it_is_stays_so_beyond_it(name):
    entry = CATALOGUE[name]
    values = [dict(step_at(entry, place).values) for place in (0.5, 1.0, 1.5)]
    for parameter in entry.parameters:
        half, full, beyond = (each[parameter.name] for each in values)
        assert (beyond == full) == (half == full or full in (parameter.low, parameter.high))


def test_names_are_a_list(reference):
    with pytest.raises(SettingError, match=r"such as \['jpeg'\]"):
        list(matches(reference, PSNR, 30.0, "jpeg"))


def test_identical_is_what_no_distance_and_the_largest_similarity_ask_for(reference):
    found = tuned(reference, find_distortion("gaussian_noise"), METHOD, 0.0)
    assert found.reached
    np.testing.assert_array_equal(found.image, reference.pixels)


@pytest.mark.parametrize(
    ("ruler", "target", "words"),
    [
        (PSNR, float("nan"), "choose a number from 0 to 100"),
        (PSNR, -3, "choose a number from 0 to 100"),
        (SSIM, 1.5, "choose a number from -1 to 1"),
        (METHOD, -0.1, "choose a number from 0 up"),
        (METHOD, float("inf"), "choose a number from 0 up"),
        (PSNR, "much", "choose a number from 0 to 100"),
        (PSNR, True, "choose a number from 0 to 100"),
    ],
)
def test_a_target_that_nothing_can_have_is_refused(ruler, target, words):
    with pytest.raises(SettingError, match=words):
        check_target(ruler, target)


def test_a_metric_that_there_is_not_is_refused_by_name():
    assert read_ruler("SSIM", METHOD) == SSIM
    assert read_ruler("lpips", METHOD) is METHOD
    for name in ("dists", "vgg16", "squeeze"):  # a backbone's name alone: with its first heads
        assert read_ruler(name, METHOD) == replace(Method(name), device=METHOD.device)
    with pytest.raises(SettingError, match=r"no metric 'vmaf' to ask for; choose one of psnr, ssim, lpips"):
        read_ruler("vmaf", METHOD)


def test_a_picture_too_small_for_the_metric_is_refused(photo):
    with pytest.raises(ImageError, match="11 × 11"):
        tuned(photo("cat", (40, 8)), find_distortion("contrast"), SSIM, 0.9)


def test_a_value_on_the_way_of_a_curve_that_turns_is_found(photo):
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::16], stripes[:, 1::16], stripes[:, 2::16] = 255, 255, 255
    reference = derive(photo("cat", (64, 64)), stripes)
    shift = find_distortion("shift")
    ends = [psnr_of(reference, step_at(shift, place)) for place in (1.0, 2.0)]
    middle = min(psnr_of(reference, step_at(shift, place)) for place in np.linspace(1, 2, 30))
    target = (middle + min(ends)) / 2
    assert middle < target < min(ends)
    found = tuned(reference, shift, PSNR, target)
    assert found.outcome != "out of reach"
    assert abs(found.value - target) <= min(ends) - target


def psnr_of(reference, step):
    pixels = step.apply(reference.pixels)
    return peak_signal_noise_ratio(reference.pixels, pixels, data_range=255)

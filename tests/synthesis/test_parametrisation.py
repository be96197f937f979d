"""Ways to draw a picture: each draws all of them, as in Lucid; and a gradient that reaches what is off."""

import threading

import numpy as np
import pytest
import torch

from explorer.errors import SettingError
from explorer.synthesis.levels import levels_of, rounded
from explorer.synthesis.parametrisation import (
    COLOURS,
    PARAMETRISATIONS,
    Fourier,
    find_parametrisation,
    variation,
)
from explorer.synthesis.redirected import RedirectedRelu

SIZES = [(24, 31), (25, 30)]  # (height, width)


def numbers(*shape, seed=0):
    return torch.tensor(np.random.default_rng(seed).standard_normal(shape), dtype=torch.float32)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("by", PARAMETRISATIONS)
def test_parameters_draw_the_picture_that_they_are_of_to_the_level(by, size):
    levels = torch.tensor(np.random.default_rng(1).integers(0, 256, (1, 3, *size))).float()
    levels[..., :5], levels[..., 5:9] = 0, 255
    drawn = find_parametrisation(by, size)
    assert torch.equal(rounded(drawn.picture(drawn.parameters(levels))), levels)


@pytest.mark.parametrize("size", SIZES)
def test_waves_are_laid_as_in_lucid(size):
    height, width = size
    drawn, spectrum = Fourier(size), numbers(1, 3, height, width // 2 + 1, 2)
    # lucid/optvis/param/spatial.py `fft_image` and color.py `to_valid_rgb(decorrelate=True, sigmoid=True)`.
    rows, half = np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[: width // 2 + 1]
    frequencies = np.sqrt(half * half + rows * rows)
    scale = np.sqrt(width * height) / np.maximum(frequencies, 1.0 / max(width, height))
    complex_waves = spectrum[0].numpy()[..., 0] + 1j * spectrum[0].numpy()[..., 1]
    image = np.stack([np.fft.irfft2(scale * wave, s=size) for wave in complex_waves], axis=-1) / 4.0
    matrix = np.asarray(COLOURS) / np.max(np.linalg.norm(np.asarray(COLOURS), axis=0))
    image = (image.reshape(-1, 3) @ matrix.T).reshape(height, width, 3)
    expected = 255 / (1 + np.exp(-image))
    found = drawn.picture(spectrum)[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_the_gradient_by_waves_is_that_of_small_steps():
    drawn, spectrum = Fourier((24, 31)), numbers(1, 3, 24, 16, 2) * 0.3
    slope, direction = numbers(1, 3, 24, 31, seed=2), numbers(1, 3, 24, 16, 2, seed=3)
    own = drawn.slope(spectrum, slope)
    small = 1e-2
    ahead, behind = (drawn.picture(spectrum + sign * small * direction) for sign in (1, -1))
    expected = (((ahead - behind) * slope).sum() / (2 * small)).item()
    assert (own * direction).sum().item() == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("by", PARAMETRISATIONS)
def test_a_step_stays_in_the_box_of_grey_levels(by):
    drawn = find_parametrisation(by, (24, 31))
    parameters = drawn.parameters(torch.full((1, 3, 24, 31), 254.0))
    for _ in range(3):
        parameters = drawn.stepped(parameters, -torch.ones_like(parameters))
    levels = drawn.picture(parameters)
    assert levels.min() >= 0
    assert levels.max() <= 255


def test_variation_is_that_of_a_step_between_two_halves(photo):
    halves = torch.zeros(1, 3, 20, 21)
    flat = variation(halves).item()
    halves[..., 10:] = 255
    # One of 20 places across has a step of 1; the others add the root of what is under it.
    assert variation(halves).item() == pytest.approx((1 + 19 * flat) / 20, abs=1e-4)
    picture = levels_of(photo("cat", (40, 30)))
    assert variation(picture.transpose(2, 3)).item() == pytest.approx(variation(picture).item(), rel=1e-5)
    assert variation(255 - picture).item() == pytest.approx(variation(picture).item(), rel=1e-5)


def test_units_that_are_off_get_what_would_turn_them_on_and_nothing_that_would_not():
    x = torch.tensor([-2.0, -1.0, 3.0, 4.0], requires_grad=True)
    towards = torch.tensor([1.0, -1.0, 1.0, -1.0])  # against a slope one steps
    layers = torch.nn.Sequential(torch.nn.ReLU(inplace=True))
    for relu in (torch.relu, torch.nn.functional.relu, layers, lambda y: torch.nn.functional.relu(input=y)):
        with RedirectedRelu(0.25):
            values = relu(x + 0)
        assert values.tolist() == [0, 0, 3, 4]
        (slope,) = torch.autograd.grad((values * towards).sum(), x)
        assert slope.tolist() == [0, -0.25, 1, -1]
    (slope,) = torch.autograd.grad((torch.relu(x) * towards).sum(), x)
    assert slope.tolist() == [0, 0, 1, -1]


def test_another_thread_keeps_the_plain_gradient():
    found = []

    def look():
        x = torch.tensor([-1.0], requires_grad=True)
        found.extend(torch.autograd.grad(-torch.relu(x).sum(), x))

    with RedirectedRelu(1.0):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found[0].tolist() == [0]


def test_an_unknown_way_is_refused():
    with pytest.raises(SettingError, match="choose one of pixels, fourier, smooth"):
        find_parametrisation("crayon", (8, 8))

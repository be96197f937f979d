"""Restorations: nearer to the image than what they restore, and the algorithms that they name."""

import numpy as np
import pytest
import skimage.data
from PIL import Image
from skimage.restoration import richardson_lucy

from explorer.distortions import distort
from explorer.distortions.optics import disc
from explorer.distortions.restoration import ITERATIONS

DENOISERS = ["total_variation", "wavelet_denoising", "nonlocal_means", "bilateral_denoising"]


@pytest.fixture(scope="module")
def photo():
    """(128, 160, 3)."""
    picture = Image.fromarray(skimage.data.astronaut()[:400, :500])
    return np.array(picture.resize((160, 128), Image.Resampling.LANCZOS))


def squared_error(a, b):
    return float(np.mean((a.astype(np.float64) - b) ** 2))


@pytest.mark.parametrize("sigma", [12, 40])
@pytest.mark.parametrize("name", DENOISERS)
def test_denoising_takes_most_of_the_noise_of_its_seed_out(name, sigma, photo):
    noisy = distort(photo, "gaussian_noise", sigma=sigma, seed=3)
    restored = distort(photo, name, sigma=sigma, seed=3)
    assert squared_error(restored, photo) < 0.75 * squared_error(noisy, photo)
    # What stays of the noise is that of this seed.
    stays = np.corrcoef((noisy - photo.astype(float)).ravel(), (restored - photo.astype(float)).ravel())[0, 1]
    assert stays > 0.15


def test_total_variation_leaves_less_of_it_than_the_image_had(photo):
    def variation(image):
        return sum(np.abs(np.diff(image.astype(float), axis=axis)).mean() for axis in (0, 1))

    assert variation(distort(photo, "total_variation", sigma=30)) < 0.8 * variation(photo)


def test_richardson_lucy_agrees_with_scikit_image_away_from_the_border():
    image = np.repeat(skimage.data.camera()[100:228, 160:288, None], 3, axis=2)
    found = light(distort(image, "richardson_lucy", radius=3, sigma=0)[..., 0])
    blurred = light(distort(image, "defocus", radius=3)[..., 0])
    kernel = disc(0.03 * 128)
    # Scikit-image starts from one half; the same steps from there come to nearly the same image.
    expected = richardson_lucy(blurred, kernel, num_iter=ITERATIONS, clip=False)
    inside = np.s_[40:-40, 40:-40]  # scikit-image has black beyond the border
    away = np.abs(found - expected)[inside].mean()
    assert away < 0.3 * np.abs(found - blurred)[inside].mean()


def light(levels):
    """Linear light, 0..1, of sRGB levels, after IEC 61966-2-1."""
    share = levels / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize(
    ("name", "values", "lost"),
    [
        ("richardson_lucy", {"radius": 2, "sigma": 1}, ("defocus", {"radius": 2})),
        ("deblocking", {"quality": 8}, ("jpeg", {"quality": 8})),
        ("super_resolution", {"reduction": 3}, ("scaling", {"reduction": 3})),
    ],
)
def test_a_restored_image_is_nearer_than_what_it_restores(name, values, lost, photo):
    assert squared_error(distort(photo, name, **values), photo) < 0.95 * squared_error(
        distort(photo, lost[0], **lost[1]), photo
    )


def test_deblocking_takes_the_steps_between_blocks_and_leaves_those_inside(photo):
    def steps(image):
        across = np.abs(np.diff(image.astype(float), axis=1)).mean(axis=(0, 2))
        return across[7::8].mean(), across[3::8].mean()

    blocked, restored = (
        steps(distort(photo, "jpeg", quality=8)),
        steps(distort(photo, "deblocking", quality=8)),
    )
    assert blocked[0] > 1.5 * blocked[1]
    assert restored[0] < 1.25 * restored[1]


def test_super_resolution_shrinks_to_the_small_image_again(photo):
    size = (80, 64)
    small, again = (
        np.array(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC)).astype(int)
        for image in (photo, distort(photo, "super_resolution", reduction=2))
    )
    scaled = np.array(Image.fromarray(distort(photo, "scaling", reduction=2)).resize(size, 3)).astype(int)
    assert np.abs(again - small).mean() < 1.5
    assert np.abs(again - small).mean() < 0.3 * np.abs(scaled - small).mean()

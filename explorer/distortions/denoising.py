"""Restoration of a noisy image: noise is added, then an algorithm that knows its strength takes it out.

What stays is what such algorithms leave: smeared texture, stairs, ghosts of wavelets. Noise and algorithm
work on sRGB values; what scikit-image does gets images with a side below 16 px mirrored up to that. These
are classical algorithms in the place of the networks with which the paper (section 3.1) denoises.
"""

from collections.abc import Callable

import numpy as np

from explorer.distortions.base import Distortion, Parameter, levels, optional
from explorer.distortions.blur import bilateral_pixels
from explorer.distortions.noise import gaussian_noise

MAX_SIGMA = 64.0  # levels: a quarter of the range

_SCIKIT_IMAGE = "scikit-image"
_WAVELETS = "PyWavelets"
_REGULARISATION = 0.8  # total variation's weight for noise of 1: about the least squared error on photographs
_STEPS = 30  # of Chambolle's algorithm: to stop at a tolerance would make the error jump with the noise
_WINDOW = 1.8  # px, of the bilateral filter: Zhang and Gunturk's optimum
_WEAKEST = 8.0  # levels: a range kernel below that would take many passes and find no noise
_SMALLEST = 16  # px a side: below, not even one level of wavelets fits, and no search for patches


def total_variation(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise, and take it out by minimising total variation: surfaces turn flat, texture goes.

    Rudin, Osher and Fatemi's model (Physica D, 1992), by Chambolle's algorithm (2004) as scikit-image has
    it, each channel by itself, with a weight of 0.8 `sigma`. Borders: no gradient across. It
    takes some 70 ms for 256 x 256.

    Args:
        image: uint8 (H, W, 3).
        sigma: The noise's standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from; a larger `sigma` scales the same noise.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if scikit-image is not installed.
    """
    restoration = optional("skimage.restoration", _SCIKIT_IMAGE, "Total variation")

    def algorithm(noisy: np.ndarray, level: float) -> np.ndarray:
        weight = _REGULARISATION * level
        return restoration.denoise_tv_chambolle(noisy, weight, eps=0, max_num_iter=_STEPS, channel_axis=2)

    return _restored(image, sigma, rng, algorithm)


def wavelet_denoising(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise, and take it out by shrinking wavelet coefficients: faint ripples stay along edges.

    Scikit-image's BayesShrink (Chang, Yu and Vetterli, 2000): soft thresholds of Daubechies' first wavelet,
    chosen for each band, in YCbCr.

    Args:
        image: uint8 (H, W, 3).
        sigma: The noise's standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from; a larger `sigma` scales the same noise.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if scikit-image or PyWavelets is not installed.
    """
    optional("pywt", _WAVELETS, "Wavelet denoising")
    restoration = optional("skimage.restoration", _SCIKIT_IMAGE, "Wavelet denoising")

    def algorithm(noisy: np.ndarray, level: float) -> np.ndarray:
        return restoration.denoise_wavelet(
            noisy, level, convert2ycbcr=True, channel_axis=2, rescale_sigma=True
        )

    return _restored(image, sigma, rng, algorithm)


def nonlocal_means(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise, and take it out by averaging pixels whose surroundings look alike.

    Non-local means (Buades, Coll and Morel, CVPR 2005), as scikit-image has it: patches of 5 x 5 pixels,
    looked for up to 6 px away, with a decay of 0.8 `sigma`. Beyond the border the image is mirrored. It is
    among the slowest distortions: its time grows with the number of pixels, at some 100 ms for 256 x 256.

    Args:
        image: uint8 (H, W, 3).
        sigma: The noise's standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from; a larger `sigma` scales the same noise.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if scikit-image is not installed.
    """
    restoration = optional("skimage.restoration", _SCIKIT_IMAGE, "Non-local means")

    def algorithm(noisy: np.ndarray, level: float) -> np.ndarray:
        return restoration.denoise_nl_means(
            noisy, patch_size=5, patch_distance=6, h=0.8 * level, sigma=level, channel_axis=2
        )

    return _restored(image, sigma, rng, algorithm)


def bilateral_denoising(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise, and take it out with the bilateral filter: edges stay, spots of noise do too.

    `bilateral` with the widths of Zhang and Gunturk (IEEE Transactions on Image Processing, 2008): 1.8 px in
    place, as noise is of single pixels, and twice `sigma` in luma, at least 8 levels; where it is those,
    the result is mixed with the image, so that no noise is no change. It takes some 80 ms for 256 x 256.

    Args:
        image: uint8 (H, W, 3).
        sigma: The noise's standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from; a larger `sigma` scales the same noise.

    Returns:
        A new uint8 (H, W, 3).
    """
    found = bilateral_pixels(gaussian_noise(image, sigma, rng), _WINDOW, max(_WEAKEST, 2 * sigma))
    strength = min(1.0, 2 * sigma / _WEAKEST)
    return levels(image + strength * (found.astype(np.float32) - image)) if strength < 1 else found


def _restored(
    image: np.ndarray,
    sigma: float,
    rng: np.random.Generator,
    algorithm: Callable[[np.ndarray, float], np.ndarray],
) -> np.ndarray:
    """Add noise, rounded to 8 bits, and give it with its strength to an algorithm on float32 in 0..1."""
    if sigma == 0:
        return image.copy(order="C")  # the algorithms divide by it
    noisy = gaussian_noise(image, sigma, rng)
    height, width = noisy.shape[:2]
    missing = [(0, max(0, _SMALLEST - side)) for side in (height, width)]
    padded = np.pad(noisy, (*missing, (0, 0)), mode="reflect").astype(np.float32) / 255
    found = algorithm(padded, sigma / 255)[:height, :width]
    return levels(found * 255)


_SIGMA = Parameter("sigma", "levels", 0, 255, at=lambda severity: MAX_SIGMA * severity**2)


ENTRIES = (
    Distortion(
        name="total_variation",
        label="Noise, total variation",
        family="restoration",
        random=True,
        parameters=(_SIGMA,),
        apply=total_variation,
        summary="Gaussian noise, removed by minimising total variation, which leaves flat patches.",
        needs=(_SCIKIT_IMAGE,),
    ),
    Distortion(
        name="wavelet_denoising",
        label="Noise, wavelet denoising",
        family="restoration",
        random=True,
        parameters=(_SIGMA,),
        apply=wavelet_denoising,
        summary="Gaussian noise, removed by shrinking wavelet coefficients, which leaves ripples.",
        needs=(_SCIKIT_IMAGE, _WAVELETS),
    ),
    Distortion(
        name="nonlocal_means",
        label="Noise, non-local means",
        family="restoration",
        random=True,
        parameters=(_SIGMA,),
        apply=nonlocal_means,
        summary="Gaussian noise, removed by averaging pixels whose surroundings look alike.",
        needs=(_SCIKIT_IMAGE,),
    ),
    Distortion(
        name="bilateral_denoising",
        label="Noise, bilateral filter",
        family="restoration",
        random=True,
        parameters=(_SIGMA,),
        apply=bilateral_denoising,
        summary="Gaussian noise, removed with the bilateral filter, which keeps edges and some spots.",
    ),
)

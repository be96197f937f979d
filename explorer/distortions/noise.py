"""Noise: errors that owe nothing to the image's content."""

import numpy as np

from explorer.distortions.base import Distortion, Parameter, levels, row_strips

MAX_SIGMA = 48.0  # levels: nearly a fifth of the range; shapes are still seen, textures no longer
BROWN, PINK, BLUE, VIOLET = -2.0, -1.0, 1.0, 2.0  # exponents of the frequency in the power; white is 0
MAX_UNEVENNESS = 60.0  # %
STRIDE = 2  # of nearly all transposed convolutions
MAX_HIT = 20.0  # % of the pixels

_STRIP_VALUES = 1 << 20  # float32 noise drawn at a time: 4 MB, whatever the image's size


def gaussian_noise(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add white Gaussian noise, independent in every pixel and channel, to the sRGB values.

    Sums are rounded to the nearest level and clipped to 0..255, so noise near black and white is smaller
    than `sigma` says. The draw does not depend on `sigma`: a larger one scales the same pattern.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from, row by row.

    Returns:
        A new uint8 (H, W, 3).
    """
    noisy = np.empty(image.shape, np.uint8)
    rows = max(1, _STRIP_VALUES // (image.shape[1] * 3))
    for top in range(0, image.shape[0], rows):
        strip = image[top : top + rows]
        total = rng.standard_normal(strip.shape, np.float32)
        total *= sigma
        total += strip
        np.rint(total, out=total)
        noisy[top : top + rows] = np.clip(total, 0, 255, out=total)
    return noisy


def uniform_noise(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add white noise of uniform distribution, independent in every pixel and channel, to the sRGB values.

    It lies within ±√3 `sigma`, so that it is as strong as Gaussian noise of this standard deviation. Sums are
    rounded and clipped; a larger `sigma` scales the same pattern.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from, row by row.

    Returns:
        A new uint8 (H, W, 3).
    """
    reach = np.float32(sigma * np.sqrt(12))
    noisy = np.empty(image.shape, np.uint8)
    for strip in row_strips(image):
        within = rng.random(image[strip].shape, np.float32) - np.float32(0.5)
        noisy[strip] = levels(image[strip] + reach * within)
    return noisy


def pink_noise(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise whose power falls as 1 / f to the sRGB values: `coloured_noise` of exponent -1.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from, channel by channel.

    Returns:
        A new uint8 (H, W, 3).
    """
    return coloured_noise(image, sigma, PINK, rng)


def blue_noise(image: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise whose power rises as f to the sRGB values: `coloured_noise` of exponent 1.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in levels of 0..255.
        rng: Where the noise is drawn from, channel by channel.

    Returns:
        A new uint8 (H, W, 3).
    """
    return coloured_noise(image, sigma, BLUE, rng)


def coloured_noise(image: np.ndarray, sigma: float, exponent: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise whose power spectrum is a power of the spatial frequency to the sRGB values.

    White Gaussian noise, independent in each channel, is weighted in the Fourier domain by f to the half of
    `exponent`, where f is the distance from frequency 0 in cycles a pixel. So its mean is 0, and an image of
    a single pixel gets none. Each channel is then scaled to `sigma` exactly, before sums are rounded and
    clipped. The draw depends on neither number: a larger `sigma` scales the same pattern. Opposite borders
    of the noise would fit together.

    Args:
        image: uint8 (H, W, 3).
        sigma: Standard deviation, in levels of 0..255.
        exponent: Of f in the power, -2..2: brown -2, pink -1, white 0, blue 1, violet 2.
        rng: Where the noise is drawn from, channel by channel.

    Returns:
        A new uint8 (H, W, 3).
    """
    noisy = np.empty(image.shape, np.uint8)
    for channel in range(3):
        noise = _unit_noise(image.shape[:2], exponent, rng)
        noise *= np.float32(sigma)
        for strip in row_strips(image):
            noisy[strip, :, channel] = levels(image[strip, :, channel] + noise[strip])
    return noisy


def _unit_noise(shape: tuple[int, int], exponent: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise with this exponent of its power, float32 (H, W), of mean 0 and deviation 1."""
    from scipy import fft  # here, because it takes a while and most of the catalogue needs none

    height, width = shape
    spectrum = fft.rfft2(rng.standard_normal(shape, np.float32))
    down, across = (np.float32(each) for each in (fft.fftfreq(height), fft.rfftfreq(width)))
    square = down[:, None] ** 2 + across**2
    square[0, 0] = 1  # what stands there is the mean, which is taken out
    spectrum *= square ** np.float32(exponent / 4)  # of the amplitude: half of it, of the square of f
    spectrum[0, 0] = 0
    noise = fft.irfft2(spectrum, s=shape, overwrite_x=True)
    deviation = noise.std()
    return noise / deviation if deviation > 0 else noise


def checkerboard(image: np.ndarray, unevenness: float, stride: int) -> np.ndarray:
    """The grid that transposed convolutions leave whose kernel is no multiple of their stride.

    Such a layer adds up more terms in some pixels than in others. With a kernel of `stride` + 1 every
    `stride`-th row and column gets two terms in the place of one, and their crossings get four. At 100% the
    sRGB values are multiplied by these counts, divided by their mean: what equal weights give as long as no
    training has evened them out (Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts",
    Distill 2016). The first row and column are among those with two terms, as if the layer's input went on
    beyond all borders. Results are rounded and clipped.

    Args:
        image: uint8 (H, W, 3).
        unevenness: How much of that pattern, in percent of 0..100.
        stride: The grid's period, in pixels of 2..16.

    Returns:
        A new uint8 (H, W, 3).
    """

    def gain(length: int) -> np.ndarray:
        terms = 1 + (np.arange(length) % stride == 0)
        return (terms * stride / (stride + 1)).astype(np.float32)

    down, across = gain(image.shape[0])[:, None], gain(image.shape[1])
    changed = np.empty(image.shape, np.uint8)
    for strip in row_strips(image):
        factor = 1 + np.float32(unevenness / 100) * (down[strip] * across - 1)
        changed[strip] = levels(image[strip] * factor[..., None])
    return changed


def salt_and_pepper(image: np.ndarray, hit: float, rng: np.random.Generator) -> np.ndarray:
    """Make pixels black or white, all three channels at once, with equal odds.

    A larger `hit` hits the same pixels in the same way, and others as well.

    Args:
        image: uint8 (H, W, 3).
        hit: How many of all pixels are hit, in percent of 0..100: the probability of each.
        rng: Where the pixels are drawn from, row by row.

    Returns:
        A new uint8 (H, W, 3).
    """
    odds = hit / 200  # of each of the two
    noisy = image.copy()
    for strip in row_strips(image):
        draw = rng.random(image[strip].shape[:2], np.float32)
        noisy[strip][draw < odds] = 0
        noisy[strip][draw >= 1 - odds] = 255
    return noisy


# The square gives the weak noise that a camera makes half of the slider. Equal numbers are equal errors.
SIGMA = Parameter("sigma", "levels", 0, 255, at=lambda severity: MAX_SIGMA * severity**2)

ENTRIES = (
    Distortion(
        name="uniform_noise",
        label="Uniform noise",
        family="noise",
        random=True,
        parameters=(SIGMA,),
        apply=uniform_noise,
        summary="White noise that is equally likely anywhere within ±√3 σ.",
        paper="uniform white noise",
        left_open="The strength and the space: up to 48 levels of deviation, added to stored sRGB values.",
    ),
    Distortion(
        name="gaussian_noise",
        label="Gaussian noise",
        family="noise",
        random=True,
        parameters=(SIGMA,),
        apply=gaussian_noise,
        summary="White Gaussian noise, drawn anew for every pixel and colour channel.",
        paper="Gaussian white noise",
        left_open="The strength and the space: up to 48 levels of deviation, added to stored sRGB values.",
    ),
    Distortion(
        name="pink_noise",
        label="Pink noise",
        family="noise",
        random=True,
        parameters=(SIGMA,),
        apply=pink_noise,
        summary="Gaussian noise whose power falls as one over the spatial frequency: soft and cloudy.",
        paper="Gaussian pink noise",
        left_open="The strength and the slope: up to 48 levels, power as 1 / f by radial frequency f.",
    ),
    Distortion(
        name="blue_noise",
        label="Blue noise",
        family="noise",
        random=True,
        parameters=(SIGMA,),
        apply=blue_noise,
        summary="Gaussian noise whose power rises with the spatial frequency: fine grain without any clouds.",
        paper="Gaussian blue noise",
        left_open="The strength and the slope: up to 48 levels, power as the radial frequency f.",
    ),
    Distortion(
        name="coloured_noise",
        label="Coloured noise",
        family="noise",
        random=True,
        parameters=(SIGMA, Parameter("exponent", "", BROWN, VIOLET, at=lambda severity: BROWN)),
        apply=coloured_noise,
        summary="Gaussian noise with any slope from brown (-2, on the slider) by white (0) to violet (2).",
        paper="Gaussian colored (between violet and brown) noise",
        left_open="The slopes and the strength: power as a power of f from -2 to 2, up to 48 levels.",
    ),
    Distortion(
        name="checkerboard",
        label="Checkerboard artefact",
        family="noise",
        random=False,
        parameters=(
            Parameter("unevenness", "%", 0, 100, at=lambda severity: MAX_UNEVENNESS * severity),
            Parameter("stride", "px", 2, 16, at=lambda severity: STRIDE, whole=True),
        ),
        apply=checkerboard,
        summary="The grid of a transposed convolution whose kernel is no multiple of its stride.",
        paper="checkerboard artifact",
        left_open="The pattern: the uneven overlap of a kernel one longer than the stride, times the image.",
    ),
    Distortion(
        name="salt_and_pepper",
        label="Salt and pepper",
        family="noise",
        random=True,
        # The exponent gives single specks room on the slider.
        parameters=(Parameter("hit", "%", 0, 100, at=lambda severity: MAX_HIT * severity**1.5),),
        apply=salt_and_pepper,
        summary="Single pixels, drawn at random, become black or white.",
    ),
)

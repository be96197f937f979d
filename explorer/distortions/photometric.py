"""Photometric changes: every pixel gets another value, none gets another place."""

import numpy as np
from PIL import Image

from explorer.distortions.base import Distortion, Parameter, levels, row_strips
from explorer.distortions.colour import in_lab, linear_light, stored_values

MAX_LIGHTNESS = 30.0  # L*, of the 100 from black to white
MAX_COLOUR_SHIFT = 40.0  # CIE 1976 colour difference; 2 is just seen side by side
WARM = 60.0  # degrees in the a*b* plane, between red and yellow: the cast of lamplight
MIN_CONTRAST = 10.0  # %: at none at all, every image would be the same flat grey
MAX_GAMMA = 2.5
MAX_ANGLE = 120.0  # degrees: red becomes green; from about 170 on the gamut can bring colours nearer again
MAX_LOSS = 3.0  # EV: an eighth of the light is left in the corners

# ITU-R BT.601 luma, the weights that Pillow's greyscale uses.
_LUMA = np.array([0.299, 0.587, 0.114])


def shift_lightness(image: np.ndarray, lightness: float) -> np.ndarray:
    """Add a constant to every pixel's CIELAB lightness L*; its a* and b* stay.

    A colour that leaves the gamut of sRGB is drawn in linear light towards the grey of its own luminance, as
    far as it must, and so loses chroma in place of lightness; beyond black and white is black and white.

    Args:
        image: uint8 (H, W, 3).
        lightness: What is added, in L* of -100..100; negative is darker.

    Returns:
        A new uint8 (H, W, 3).
    """

    def change(lab: np.ndarray) -> np.ndarray:
        lab[..., 0] += lightness
        return lab

    return in_lab(image, change)


def shift_colour(image: np.ndarray, shift: float, hue: float) -> np.ndarray:
    """Move every pixel's CIELAB a* and b* by one vector; its L* stays: a colour cast of constant strength.

    A colour that leaves the gamut of sRGB is drawn in linear light towards the grey of its own luminance, as
    far as it must. So black and white, which have room in no direction, don't change.

    Args:
        image: uint8 (H, W, 3).
        shift: The vector's length, which is the CIE 1976 colour difference from before where nothing is
            clipped, in 0..100.
        hue: Its direction in degrees, 0..360: 0 is towards red-purple (+a*), 90 yellow, 180 green, 270 blue.

    Returns:
        A new uint8 (H, W, 3).
    """
    angle = np.deg2rad(hue)
    offset = np.array([0, shift * np.cos(angle), shift * np.sin(angle)], np.float32)
    return in_lab(image, lambda lab: lab + offset)


def lower_contrast(image: np.ndarray, contrast: float) -> np.ndarray:
    """Draw all sRGB values towards the grey of the image's mean luma, which itself stays.

    Values are rounded to the nearest level; none can leave 0..255.

    Args:
        image: uint8 (H, W, 3).
        contrast: What is left of each value's distance from the mean, in percent of 0..100.

    Returns:
        A new uint8 (H, W, 3).
    """
    kept = contrast / 100
    mean_luma = image.mean(axis=(0, 1)) @ _LUMA
    offset = np.full((3, 1), (1 - kept) * mean_luma)
    return _recolour(image, np.hstack([kept * np.eye(3), offset]))


def desaturate(image: np.ndarray, saturation: float) -> np.ndarray:
    """Draw each pixel's sRGB values towards its own luma; greyscale images don't change.

    Values are rounded to the nearest level; none can leave 0..255.

    Args:
        image: uint8 (H, W, 3).
        saturation: What is left of each value's distance from luma, in percent of 0..100.

    Returns:
        A new uint8 (H, W, 3).
    """
    kept = saturation / 100
    luma_of_all = np.tile(_LUMA, (3, 1))
    return _recolour(image, np.hstack([kept * np.eye(3) + (1 - kept) * luma_of_all, np.zeros((3, 1))]))


def change_gamma(image: np.ndarray, gamma: float) -> np.ndarray:
    """Raise the stored sRGB values, as fractions of 255, to a power; black and white stay.

    Args:
        image: uint8 (H, W, 3).
        gamma: The exponent, 0.1..10; above 1 middle tones get darker, below 1 lighter.

    Returns:
        A new uint8 (H, W, 3).
    """
    return levels(255 * (np.arange(256) / 255) ** gamma)[image]


def rotate_hue(image: np.ndarray, angle: float) -> np.ndarray:
    """Turn every pixel's a* and b* about the grey axis of CIELAB; lightness L* and chroma C* stay.

    A colour that leaves the gamut of sRGB is drawn in linear light towards the grey of its own luminance, as
    far as it must, and so loses chroma. Greys don't change.

    Args:
        image: uint8 (H, W, 3).
        angle: How far, in degrees of -180..180; positive turns red to yellow and yellow to green.

    Returns:
        A new uint8 (H, W, 3).
    """
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    turn = np.array([[1, 0, 0], [0, cos, sin], [0, -sin, cos]], np.float32)  # rows (L*, a*, b*) times this
    return in_lab(image, lambda lab: lab @ turn)


def vignetting(image: np.ndarray, loss: float) -> np.ndarray:
    """Darken the image towards its corners by the cos⁴ law of natural vignetting, in linear light.

    A pixel at distance r from the centre keeps cos⁴(arctan(r / f)) = (1 + r² / f²)⁻² of its light. The focal
    length f is what gives the corners, half a diagonal away, the loss that is asked for.

    Args:
        image: uint8 (H, W, 3).
        loss: At the corners, in EV of 0..8: how often the light is halved.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    y = (np.arange(height, dtype=np.float32)[:, None] + 0.5 - height / 2) ** 2
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) ** 2
    slope = np.float32(4 * (2 ** (loss / 2) - 1) / (height**2 + width**2))  # 1 / f²
    darkened = np.empty(image.shape, np.uint8)
    for strip in row_strips(image):
        kept = (1 + slope * (y[strip] + x)) ** -2
        darkened[strip] = stored_values(linear_light(image[strip]) * kept[..., None])
    return darkened


def _recolour(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Each pixel times a (3, 4) colour matrix whose last column is added, rounded and clipped by Pillow."""
    return np.array(Image.fromarray(image).convert("RGB", tuple(matrix.ravel().tolist())))


ENTRIES = (
    Distortion(
        name="lightness_shift",
        label="Lightness shift",
        family="photometric",
        random=False,
        parameters=(Parameter("lightness", "L*", -100, 100, at=lambda severity: MAX_LIGHTNESS * severity),),
        apply=shift_lightness,
        summary="The same CIELAB lightness L* added everywhere; negative values, which can be typed, darken.",
        paper="lightness shift",
        left_open="The space, the sign and the strength: L* of CIELAB, lighter on the slider, by at most 30.",
    ),
    Distortion(
        name="colour_shift",
        label="Colour shift",
        family="photometric",
        random=False,
        parameters=(
            Parameter("shift", "ΔE", 0, 100, at=lambda severity: MAX_COLOUR_SHIFT * severity),
            Parameter("hue", "°", 0, 360, at=lambda severity: WARM),
        ),
        apply=shift_colour,
        summary="A colour cast: all colours move by the same ΔE towards the same hue of CIELAB; L* stays.",
        paper="color shift",
        left_open="The space, direction and strength: a* and b* of CIELAB, towards orange, by at most 40.",
    ),
    Distortion(
        name="contrast",
        label="Contrast",
        family="photometric",
        random=False,
        parameters=(
            Parameter("contrast", "%", 0, 100, at=lambda severity: 100 - (100 - MIN_CONTRAST) * severity),
        ),
        apply=lower_contrast,
        summary="Contrast lowered around the image's mean brightness.",
        paper="contrast",
        left_open="The space and the centre: stored sRGB values are drawn towards the grey of the mean luma.",
    ),
    Distortion(
        name="saturation",
        label="Saturation",
        family="photometric",
        random=False,
        parameters=(Parameter("saturation", "%", 0, 100, at=lambda severity: 100 - 100 * severity),),
        apply=desaturate,
        summary="Colours fade towards grey of the same luma, and are gone at full severity.",
        paper="saturation",
        left_open="The space: stored sRGB values are drawn towards the pixel's luma (ITU-R BT.601).",
    ),
    Distortion(
        name="gamma",
        label="Gamma",
        family="photometric",
        random=False,
        # Geometric: equal steps of the slider are equal factors of the exponent.
        parameters=(Parameter("gamma", "", 0.1, 10, at=lambda severity: MAX_GAMMA**severity),),
        apply=change_gamma,
        summary="Stored values raised to a power: middle tones get darker above 1 and lighter below.",
    ),
    Distortion(
        name="hue_rotation",
        label="Hue rotation",
        family="photometric",
        random=False,
        parameters=(Parameter("angle", "°", -180, 180, at=lambda severity: MAX_ANGLE * severity),),
        apply=rotate_hue,
        summary="All hues turned by the same angle in CIELAB, with lightness and chroma as they were.",
    ),
    Distortion(
        name="vignetting",
        label="Vignetting",
        family="photometric",
        random=False,
        parameters=(Parameter("loss", "EV", 0, 8, at=lambda severity: MAX_LOSS * severity),),
        apply=vignetting,
        summary="Light falls off towards the corners by the cos⁴ law of lenses; 1 EV there is half of it.",
    ),
)

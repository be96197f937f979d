"""Colour spaces: sRGB values as they are stored, linear light, and CIELAB.

Stored values to linear light after IEC 61966-2-1; to CIE XYZ by the primaries of ITU-R BT.709 and the white
point D65 (2° observer); to CIELAB after CIE 15. All in float32, whose errors stay far below half a level.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from explorer.distortions.base import levels, row_strips

_XYZ_OF_RGB = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
_WHITE = _XYZ_OF_RGB.sum(axis=1)  # what R = G = B = 1 gives, so that all greys have a* = b* = 0
_DELTA = 6 / 29  # below its cube, the cube root is continued by a line


def linear_light(image: np.ndarray) -> np.ndarray:
    """uint8 (..., 3) of stored sRGB values -> float32 (..., 3) of linear light in 0..1."""
    return _linear_of_level()[image]


def stored_values(light: np.ndarray) -> np.ndarray:
    """Linear light of any shape, clipped to 0..1, as uint8 of stored sRGB values."""
    light = np.clip(light, 0, 1, dtype=np.float32)
    curve = np.float32(1.055) * light ** np.float32(1 / 2.4) - np.float32(0.055)
    return levels(255 * np.where(light <= 0.0031308, np.float32(12.92) * light, curve))


def in_lab(image: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Change an image's colours in CIELAB.

    A colour that leaves the gamut of sRGB is drawn in linear light towards the grey of its own luminance, as
    far as it must: it loses chroma and keeps its L*. One that is darker than black or lighter than white
    becomes black or white.

    Args:
        image: uint8 (H, W, 3).
        change: float32 (rows, W, 3) of L* in 0..100, a* and b* -> the same after the change; it may
            write into its argument.

    Returns:
        A new uint8 (H, W, 3).
    """
    changed = np.empty(image.shape, np.uint8)
    for strip in row_strips(image):
        light = _light_of_lab(change(_lab_of_light(linear_light(image[strip]))))
        changed[strip] = stored_values(_in_gamut(light))
    return changed


@cache
def _linear_of_level() -> np.ndarray:
    stored = np.arange(256) / 255
    table = np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4).astype(np.float32)
    table.flags.writeable = False
    return table


def _lab_of_light(light: np.ndarray) -> np.ndarray:
    ratio = light @ (_XYZ_OF_RGB / _WHITE[:, None]).T.astype(np.float32)
    root = np.where(ratio > _DELTA**3, np.cbrt(ratio), ratio / np.float32(3 * _DELTA**2) + np.float32(4 / 29))
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _light_of_lab(lab: np.ndarray) -> np.ndarray:
    lightness, a, b = np.moveaxis(lab, -1, 0)
    y = (lightness + 16) / 116
    root = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    ratio = np.where(root > _DELTA, root**3, np.float32(3 * _DELTA**2) * (root - np.float32(4 / 29)))
    return ratio @ np.linalg.inv(_XYZ_OF_RGB / _WHITE[:, None]).T.astype(np.float32)


def _in_gamut(light: np.ndarray) -> np.ndarray:
    luminance = np.clip(light @ _XYZ_OF_RGB[1].astype(np.float32), 0, 1)[..., None]
    away = light - luminance
    room = np.where(away > 0, 1 - luminance, luminance)
    kept = room / np.maximum(np.abs(away), np.float32(1e-9))
    return luminance + np.minimum(kept.min(axis=-1, keepdims=True), 1) * away

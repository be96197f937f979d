"""Distortions after Table 2 of Zhang et al., CVPR 2018 (arXiv 1801.03924), each with one slider.

`distort(image, name, severity, seed)` applies one; `CATALOGUE` lists them for menus. A new one is a function
and a row in its family's file, and appears everywhere by itself.
"""

from numbers import Integral

import numpy as np

from explorer.distortions import blur, combined, compression, noise, photometric, spatial
from explorer.distortions.base import Distortion, Family, Parameter, check_severity
from explorer.errors import SettingError

__all__ = ["CATALOGUE", "Distortion", "Family", "Parameter", "distort"]

_FAMILIES = (noise, blur, compression, photometric, spatial, combined)

CATALOGUE: dict[str, Distortion] = {entry.name: entry for family in _FAMILIES for entry in family.ENTRIES}
"""All distortions by name, in the order in which menus show them."""


def distort(image: np.ndarray, name: str, severity: float, seed: int = 0) -> np.ndarray:
    """Distort an image; the same arguments always give the same pixels.

    Args:
        image: uint8 (H, W, 3), sRGB. It is left as it is.
        name: A key of `CATALOGUE`.
        severity: 0 (every pixel as it was) to 1 (strongest).
        seed: Of the pattern of a random distortion; the same pattern at every severity. At least 0.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: for an unknown name, a severity outside 0..1, a seed that is no whole number from 0 up,
            or an array of another type or shape; also where a format can't hold an image of this size.
    """
    if name not in CATALOGUE:
        raise SettingError(f"There is no distortion {name!r}; choose one of {', '.join(CATALOGUE)}.")
    check_severity(severity)
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise SettingError(f"The seed is {seed!r}; choose a whole number from 0 up.")
    _check_image(image)

    if severity == 0:
        return image.copy()
    entry = CATALOGUE[name]
    arguments = {parameter.name: parameter.value for parameter in entry.parameters(float(severity))}
    if entry.random:
        arguments["rng"] = np.random.default_rng(int(seed))
    return entry.apply(image, **arguments)


def _check_image(image: np.ndarray) -> None:
    is_rgb = isinstance(image, np.ndarray) and image.ndim == 3 and image.shape[2] == 3 and image.size > 0
    if not is_rgb or image.dtype != np.uint8:
        found = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__
        raise SettingError(
            f"A distortion needs a uint8 array of shape (height, width, 3), but got {found}; "
            "convert the image to 8-bit RGB first."
        )

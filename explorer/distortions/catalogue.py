"""All distortions by name. A new one is a function and a row in its family's file, and appears everywhere."""

from difflib import get_close_matches

from explorer.distortions import (
    artefact,
    blur,
    combined,
    compression,
    denoising,
    filling,
    noise,
    overlays,
    photometric,
    restoration,
    sampling,
    spatial,
    warps,
)
from explorer.distortions.base import Distortion, shown
from explorer.errors import SettingError

_FAMILIES = (
    photometric,
    noise,
    blur,
    sampling,
    spatial,
    warps,
    overlays,
    compression,
    artefact,
    denoising,
    restoration,
    filling,
    combined,
)

CATALOGUE: dict[str, Distortion] = {entry.name: entry for family in _FAMILIES for entry in family.ENTRIES}
"""In the order in which menus show them."""


def find_distortion(name: str) -> Distortion:
    """The row of this name.

    Raises:
        SettingError: if there is none.
    """
    if not isinstance(name, str) or name not in CATALOGUE:
        alike = get_close_matches(name, CATALOGUE, n=1) if isinstance(name, str) else []
        meant = "".join(f"did you mean {each}? " for each in alike)
        raise SettingError(
            f"There is no distortion {shown(name)}; {meant}`lpips-explorer distortions` lists all."
        )
    return CATALOGUE[name]

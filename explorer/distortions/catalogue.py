"""All distortions by name. A new one is a function and a row in its family's file, and appears everywhere."""

from explorer.distortions import blur, combined, compression, noise, photometric, spatial
from explorer.distortions.base import Distortion, shown
from explorer.errors import SettingError

_FAMILIES = (noise, blur, compression, photometric, spatial, combined)

CATALOGUE: dict[str, Distortion] = {entry.name: entry for family in _FAMILIES for entry in family.ENTRIES}
"""In the order in which menus show them."""


def find_distortion(name: str) -> Distortion:
    """The row of this name.

    Raises:
        SettingError: if there is none.
    """
    if not isinstance(name, str) or name not in CATALOGUE:
        raise SettingError(f"There is no distortion {shown(name)}; choose one of {', '.join(CATALOGUE)}.")
    return CATALOGUE[name]

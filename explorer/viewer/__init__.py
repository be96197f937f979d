"""The linked image viewers: Streamlit components that show a scene and report how it is looked at.

`viewer` shows one measured pair, `gallery` the maps of several measurements of a pair.
Zoom, pan and display settings live in the browser, so that changing them needs no rerun to be seen; the
settings are reported to Python, which can write them into a link.
"""

from collections.abc import Callable
from typing import TypeVar

from explorer.viewer.component import mount, register
from explorer.viewer.display import MOST_BOXES, Display, GalleryDisplay, RegionDisplay
from explorer.viewer.gallery import Gallery, GalleryMap, gallery
from explorer.viewer.payload import describe, encode_arrays
from explorer.viewer.scene import Field, LayerMap, PixelMap, Scene, Spot

__all__ = [
    "MOST_BOXES",
    "Display",
    "Field",
    "Gallery",
    "GalleryDisplay",
    "GalleryMap",
    "LayerMap",
    "PixelMap",
    "RegionDisplay",
    "Scene",
    "Spot",
    "gallery",
    "viewer",
]

_component = register(
    "lpips_viewer",
    "pair",
    (
        "sources",
        "scene",
        "panels",
        "boxes",
        "spots",
        "boxdrawing",
        "boxpointer",
        "boxtool",
        "field",
        "readout",
        "strip",
        "toolbar",
        "divider",
        "controls",
        "compose",
    ),
)

Shown = TypeVar("Shown", bound=Display)


def viewer(
    scene: Scene,
    *,
    key: str,
    display: Shown | None = None,
    on_display: Callable[[Shown], None] | None = None,
) -> Shown:
    """Show a scene.

    Args:
        scene: The pictures, maps and numbers.
        key: Name of this viewer, unique on its page.
        display: The settings to show. They are sent to the browser when they change, and differ from those
            that it shows already; None leaves the viewer as the user has set it. With a RegionDisplay the
            user can draw boxes on the pictures.
        on_display: Called with the new settings when the user has changed them, before the page reruns.

    Returns:
        The settings that the viewer shows.
    """
    return mount(
        _component, Display, scene, encode_arrays, describe, key=key, display=display, on_display=on_display
    )

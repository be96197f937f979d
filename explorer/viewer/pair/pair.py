"""The component that shows one measured pair."""

from collections.abc import Callable
from typing import TypeVar

from explorer.viewer.common.component import mount, register
from explorer.viewer.pair.display import Display
from explorer.viewer.pair.payload import describe, encode_arrays
from explorer.viewer.pair.scene import Scene

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
        "arrange",
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

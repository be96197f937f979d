"""The linked image viewer: a Streamlit component that shows a scene and reports how it is looked at.

Zoom, pan and display settings live in the browser, so that changing them needs no rerun to be seen; the
settings are reported to Python, which can write them into a link. The JavaScript files are concatenated, in
the order below, into the one module that Streamlit's component accepts without a build step.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from explorer.viewer.display import Display
from explorer.viewer.link import Link
from explorer.viewer.payload import describe, encode_arrays
from explorer.viewer.scene import LayerMap, PixelMap, Scene

__all__ = ["Display", "LayerMap", "PixelMap", "Scene", "viewer"]

FOLDER = Path(__file__).parent
SCRIPTS = (
    "decode",
    "numbers",
    "maps",
    "colour",
    "sources",
    "view",
    "panels",
    "readout",
    "strip",
    "toolbar",
    "pointer",
    "keyboard",
    "export",
    "main",
)


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "lpips_viewer",
    html=_read("viewer.html"),
    css=_read("viewer.css"),
    js="\n".join(_read(f"js/{name}.js") for name in SCRIPTS),
)


def viewer(
    scene: Scene,
    *,
    key: str,
    display: Display | None = None,
    on_display: Callable[[Display], None] | None = None,
) -> Display:
    """Show a scene.

    Args:
        scene: The pictures, maps and numbers.
        key: Name of this viewer, unique on its page.
        display: The settings to show. They are sent to the browser when they change, and differ from those
            that it shows already; None leaves the viewer as the user has set it.
        on_display: Called with the new settings when the user has changed them, before the page reruns.

    Returns:
        The settings that the viewer shows.
    """
    link: Link = st.session_state.setdefault("_viewer_links", {}).setdefault(key, Link())
    mounted = key in st.session_state
    link.update(display, st.session_state.get(key), mounted)
    if link.key != scene.key:
        link.arrays, link.key = encode_arrays(scene), scene.key

    def report() -> None:
        now = link.read(st.session_state.get(key))
        if now is not None and on_display is not None:
            on_display(now)

    _component(
        key=key,
        data=describe(scene, link.arrays) | {"display": link.sent.to_json(), "ticket": link.ticket},
        on_display_change=report,
    )
    return link.shown

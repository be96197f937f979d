"""What the viewers share as Streamlit components: their files, and the way settings go to and fro."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import streamlit as st

from explorer.cache import ByteBudgetCache
from explorer.viewer.common.link import Link
from explorer.viewer.common.settings import ViewerSettings
from explorer.words import OF_VIEWERS, WORDS, capitalised

# Scenes' arrays as they are sent, by what encodes them and the scene's key; of all users together.
_encoded: ByteBudgetCache[dict[str, Any]] = ByteBudgetCache(128_000_000)

FOLDER = Path(__file__).parents[1]  # of all components
# Shared by all components; each adds its own scripts, which the last of these call.
SCRIPTS = (
    "decode",
    "numbers",
    "maps",
    "colour",
    "view",
    "zoom",
    "drawing",
    "values",
    "pointer",
    "keyboard",
    "actions",
    "export",
    "words",
    "main",
)
# What the viewers explain, as titles and in the list behind their "?".
GLOSSARY = [
    {"key": key, "term": capitalised(WORDS[key].term), "short": WORDS[key].short} for key in OF_VIEWERS
]


class Keyed(Protocol):
    """A scene of any component: what it holds is known by its key."""

    @property
    def key(self) -> str:
        """Digest of all arrays of the scene."""


Kind = TypeVar("Kind", bound=ViewerSettings)
Shown = TypeVar("Shown", bound=Keyed)


def register(name: str, folder: str, scripts: tuple[str, ...]) -> Callable[..., Any]:
    """Make a component of the shared files and its own.

    The JavaScript files are concatenated into the one module that Streamlit's component accepts without a
    build step.

    Args:
        name: The component's name, unique in the app.
        folder: Its own: `folder/folder.html`, `folder/folder.css` and `folder/js/`.
        scripts: Names of its own scripts.
    """
    shared = [f"common/js/{script}.js" for script in SCRIPTS]
    own = [f"{folder}/js/{script}.js" for script in scripts]
    return st.components.v2.component(
        name,
        html=_read(f"{folder}/{folder}.html"),
        css=_read("common/common.css") + _read(f"{folder}/{folder}.css"),
        js="\n".join(map(_read, (*shared, *own))),
    )


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def mount(
    component: Callable[..., Any],
    kind: type[Kind],
    scene: Shown,
    encode: Callable[[Shown], dict[str, Any]],
    describe: Callable[[Shown, dict[str, Any]], dict[str, Any]],
    *,
    key: str,
    display: Kind | None,
    on_display: Callable[[Kind], None] | None,
) -> Kind:
    """Show a scene in a component, with the settings as in `explorer.viewer.viewer`.

    Args:
        component: From `register`.
        kind: The class of the component's settings; a page may ask for those of a subclass.
        scene: What to show.
        encode: Encodes the scene's arrays; called only for a key that is new, or was not seen for long.
        describe: Joins the encoded arrays with the scene's names and numbers, as JSON.
        key, display, on_display: As in `viewer`.

    Returns:
        The settings that the component shows.
    """
    links: dict[str, Link] = st.session_state.setdefault("_viewer_links", {})
    link = links.setdefault(key, Link(kind))
    mounted = key in st.session_state
    if display is not None and type(display) is not link.kind:
        # Settings of two kinds have nothing to say to each other: the viewer starts with what is asked for.
        link = links[key] = Link(type(display))
        mounted = False
    link.update(display, st.session_state.get(key), mounted)
    arrays = _encoded.get((encode, scene.key))
    if arrays is None:
        arrays = encode(scene)
        _encoded.put((encode, scene.key), arrays, _bytes(arrays))

    def report() -> None:
        now = link.read(st.session_state.get(key))
        if now is not None and on_display is not None:
            on_display(now)

    component(
        key=key,
        data=describe(scene, arrays)
        | {"display": link.sent.to_json(), "ticket": link.ticket, "words": GLOSSARY},
        on_display_change=report,
    )
    return link.shown


def _bytes(encoded: Any) -> int:
    """About how much memory encoded arrays take: that of their texts."""
    if isinstance(encoded, str):
        return len(encoded)
    parts = encoded.values() if isinstance(encoded, dict) else encoded
    return sum(map(_bytes, parts)) if isinstance(encoded, dict | list) else 0

"""What the viewers share as Streamlit components: their files, and the way settings go to and fro."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from explorer.cache import ByteBudgetCache
from explorer.viewer.common.encoding import bytes_of
from explorer.viewer.common.link import Link
from explorer.viewer.common.markup import expanded
from explorer.viewer.common.settings import ViewerSettings
from explorer.words import OF_VIEWERS, WORDS, capitalised

# Scenes' arrays as they are sent, by what encodes them and the scene's key; of all users together.
_encoded: ByteBudgetCache[dict[str, Any]] = ByteBudgetCache(128_000_000)

FOLDER = Path(__file__).parents[1]  # of all components
# Shared by all viewers; each adds its own scripts, which the last of these call.
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
# Shared by viewers that are a sheet: panels in cells, each of which says its own value. A saved view is the
# sheet as it is seen.
OF_SHEETS = ("scales", "readout", "input", "compose")
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


def register(name: str, folder: str, scripts: tuple[str, ...], is_sheet: bool = False) -> Callable[..., Any]:
    """Make a component of the shared files and its own.

    The JavaScript files are concatenated into the one module that Streamlit's component accepts without a
    build step.

    Args:
        name: The component's name, unique in the app.
        folder: Its own: `folder/folder.html`, `folder/folder.css` and `folder/js/`.
        scripts: Names of its own scripts.
        is_sheet: Whether it takes what sheets share, too.
    """
    shared = [f"common/js/{script}.js" for script in SCRIPTS]
    styles = ["common/common.css"]
    if is_sheet:
        shared += [f"common/sheet/js/{script}.js" for script in OF_SHEETS]
        styles.append("common/sheet/sheet.css")
    own = [f"{folder}/js/{script}.js" for script in scripts]
    return st.components.v2.component(
        name,
        html=expanded(read(f"{folder}/{folder}.html")),
        css="".join(map(read, (*styles, f"{folder}/{folder}.css"))),
        js="\n".join(map(read, (*shared, *own))),
    )


def read(name: str) -> str:
    """A file of the components, by its path from their folder."""
    return (FOLDER / name).read_text(encoding="utf-8")


def linked(kind: type[Kind], *, key: str, display: Kind | None) -> Link:
    """What this session knows of a component's settings, once it has taken what the browser last reported.

    Args:
        kind: The class of the component's settings; `display` may be of a subclass.
        key, display: As of a `Viewer`.
    """
    links: dict[str, Link] = st.session_state.setdefault("_viewer_links", {})
    link = links.setdefault(key, Link(kind))
    mounted = key in st.session_state
    if display is not None and type(display) is not link.kind:
        # Settings of two kinds have nothing to say to each other: the viewer starts with what is asked for.
        link = links[key] = Link(type(display))
        mounted = False
    link.update(display, st.session_state.get(key), mounted)
    return link


def reporting(link: Link, key: str, on_display: Callable[[Kind], None] | None) -> Callable[[], None]:
    """What Streamlit is to call where the browser has reported other settings."""

    def report() -> None:
        now = link.read(st.session_state.get(key))
        if now is not None and on_display is not None:
            on_display(now)

    return report


@dataclass(frozen=True)
class Viewer(Generic[Shown, Kind]):
    """A component that shows scenes of one kind; a call shows one.

    Attributes:
        component: From `register`.
        kind: The class of its settings; a page may ask for those of a subclass.
        describe: Joins the encoded arrays with the scene's names and numbers, as JSON.
        encode: Encodes the scene's arrays; called only for a key that is new, or was not seen for long.
    """

    component: Callable[..., Any]
    kind: type[Kind]
    describe: Callable[[Shown, dict[str, Any]], dict[str, Any]]
    encode: Callable[[Shown], dict[str, Any]]

    def __call__(
        self,
        scene: Shown,
        *,
        key: str,
        display: Kind | None = None,
        on_display: Callable[[Kind], None] | None = None,
    ) -> Kind:
        """Show a scene.

        Args:
            scene: The pictures, maps and numbers.
            key: Name of this viewer, unique on its page.
            display: The settings to show. They are sent to the browser when they change, and differ from
                those that it shows already; None leaves the viewer as the user has set it.
            on_display: Called with the new settings when the user has changed them, before the page reruns.

        Returns:
            The settings that the viewer shows.
        """
        link = linked(self.kind, key=key, display=display)
        arrays = _encoded.get((self.encode, scene.key))
        if arrays is None:
            arrays = self.encode(scene)
            _encoded.put((self.encode, scene.key), arrays, bytes_of(arrays))
        self.component(
            key=key,
            data=self.describe(scene, arrays)
            | {"display": link.sent.to_json(), "ticket": link.ticket, "words": GLOSSARY},
            on_display_change=reporting(link, key, on_display),
        )
        return link.shown

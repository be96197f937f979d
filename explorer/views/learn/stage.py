"""What a chapter's scene is given by the page, and what it may do to the link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules

from explorer.errors import SettingError
from explorer.images import Picture
from explorer.lessons.lesson import Chapter, LessonStep
from explorer.metrics import Method
from explorer.names import cut, harmless
from explorer.views.common.kept import PageState
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.learn import scenes

OF_PAGES = "pair"  # the scene of steps that are views of other pages


class SceneState(PageState):
    """What a scene keeps in a session, where something goes on for it: its chapter is left like a page."""


@dataclass(frozen=True)
class Stage:
    """What a scene is given.

    A scene measures its pictures as they are, by `method`: they are small already, and the page controls no
    size, so that the `size` of a link, which other pages have, is none of its own. Only a step that is a
    view of another page is measured as that page does.

    Attributes:
        session: Its settings hold the pair and how it is measured, after the step's own link.
        chapter, step: What the lesson says.
        is_classroom: Whether the page is in class mode.
        reference: A sample or the user's own; small enough to be measured at once.
        pair: The reference and what is compared with it, of one size.
        own: The scene's own parameters of the link, as text; the scene checks them.
        keep: Makes these the scene's own parameters of the link.
    """

    session: Session
    chapter: Chapter
    step: LessonStep
    is_classroom: bool
    reference: Picture
    pair: Pair
    own: Mapping[str, str]
    keep: Callable[[Mapping[str, str]], None]

    @property
    def method(self) -> Method:
        """How all scenes measure: as the sidebar says, at the size that the pictures have."""
        return replace(self.session.settings.method, size=None)


def draw_scene(stage: Stage) -> None:
    """Draw what a step shows: `draw` of its scene, a module or a folder of `scenes`.

    Raises:
        SettingError: there is no such scene.
        ExplorerError: it cannot be shown.
    """
    name = stage.step.sight.scene or OF_PAGES
    if name not in {each.name for each in iter_modules(scenes.__path__)}:
        raise SettingError(f"The lesson shows “{cut(harmless(name))}”, which this app cannot draw.")
    import_module(f"{scenes.__name__}.{name}").draw(stage)

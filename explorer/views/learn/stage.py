"""What a chapter's scene is given by the page, and what it may do to the link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explorer.images import Picture
from explorer.lessons.lesson import Chapter, LessonStep
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair


@dataclass(frozen=True)
class Stage:
    """What a scene is given.

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

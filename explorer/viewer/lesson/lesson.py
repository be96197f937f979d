"""What stands around a step of a lesson, whose scripts are in `js/`.

The head names the chapter, shows all chapters, and in class mode the clock; the foot leads on and back, also
by the keys of a presenter's clicker, and where a finger wipes. Both are one component, mounted twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from explorer.viewer.common.component import read
from explorer.viewer.common.settings import is_whole
from explorer.viewer.common.small import called, numbered, register_small


@dataclass(frozen=True)
class LessonChapter:
    """A chapter as head and foot name it.

    Attributes:
        steps: How many it has.
        leads: The question that the next one answers; may be "".
        sources: What it comes from, in one line; may be "".
        scene: What its first step shows; "" where that is a page of the app.
    """

    title: str
    question: str
    leads: str
    steps: int
    sources: str = ""
    scene: str = ""


@dataclass(frozen=True)
class LessonFrame:
    """What is said around a step.

    Attributes:
        name: Of the lesson, which its clock is kept by.
        title: Of the lesson.
        minutes: How long it takes.
        chapters: All of them.
        chapter, step: Where the lesson is, counted from 1.
        is_classroom: Whether it is in class mode.
    """

    name: str
    title: str
    minutes: int
    chapters: tuple[LessonChapter, ...]
    chapter: int
    step: int
    is_classroom: bool

    def has(self, chapter: Any, step: Any) -> bool:
        """Whether there is such a step; a browser may say anything."""
        if not (is_whole(chapter) and is_whole(step)):
            return False
        return 1 <= chapter <= len(self.chapters) and 1 <= step <= self.chapters[chapter - 1].steps


_component = register_small(
    "lesson",
    "lesson",
    read("lesson/lesson.html"),
    ("way", "server", "clock", "overview", "head", "keys", "swipe", "foot"),
)


def lesson_part(
    part: Literal["head", "foot"],
    frame: LessonFrame,
    *,
    key: str,
    on_go: Callable[[int, int], None],
    on_classroom: Callable[[bool], None],
) -> None:
    """Draw the head or the foot.

    Args:
        key: Of the component.
        on_go: Called with the chapter and the step that the user wants.
        on_classroom: Called where the user wants class mode, or to leave it.
    """

    def go(sent: Any) -> None:
        to = (sent.get("chapter"), sent.get("step")) if isinstance(sent, Mapping) else (None, None)
        if frame.has(*to):
            on_go(*to)

    _component(
        key=key,
        data=numbered(key, asdict(frame) | {"part": part}),
        on_go_change=called(key, "go", go),
        on_mode_change=called(key, "mode", lambda sent: on_classroom(sent == "classroom")),
    )

"""Which step of which lesson is seen, and the link that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from explorer.lessons.reading import USUAL
from explorer.views.common.settings import OWN_PARAMETERS

OF_LESSON = ("lesson", "chapter", "step", "classroom")


@dataclass(frozen=True)
class LearnView:
    """What a link of the page carries.

    Attributes:
        lesson: Its name.
        chapter, step: Counted from 1.
        is_classroom: Whether it is in class mode.
        own: The scene's own parameters, which the scene checks.
    """

    PAGE: ClassVar[str] = "learn"

    lesson: str = USUAL
    chapter: int = 1
    step: int = 1
    is_classroom: bool = False
    own: Mapping[str, str] = field(default_factory=dict)

    def to_link(self) -> dict[str, str]:
        """The page's own parameters: those that are not as on a first visit."""
        link = {} if self.lesson == USUAL else {"lesson": self.lesson}
        link |= {} if self.chapter == 1 else {"chapter": str(self.chapter)}
        link |= {} if self.step == 1 else {"step": str(self.step)}
        return link | ({"classroom": "1"} if self.is_classroom else {}) | dict(self.own)

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["LearnView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        own = {name: link[name] for name in OWN_PARAMETERS["learn"] if name in link and name not in OF_LESSON}
        own.pop("scene", None)
        return cls(
            link.get("lesson", USUAL),
            int(link.get("chapter", 1)),
            int(link.get("step", 1)),
            link.get("classroom") == "1",
            own,
        ), ()

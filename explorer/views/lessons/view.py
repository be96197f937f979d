"""Which lesson the page Lessons shows, and the link that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from explorer.lessons.reading import USUAL

NAME = "of_lesson"  # in the link


@dataclass(frozen=True)
class LessonsView:
    """What a link of the page carries. Whether answers are shown is no part of it: a projector may open it.

    Attributes:
        lesson: Its name; whether there is one is asked where it is read.
    """

    PAGE: ClassVar[str] = "lessons"

    lesson: str = USUAL

    def to_link(self) -> dict[str, str]:
        """The page's own parameter, where it is not the usual lesson."""
        return {} if self.lesson == USUAL else {NAME: self.lesson}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["LessonsView", tuple[str, ...]]:
        """Read a link's parameter."""
        return cls(link.get(NAME, USUAL)), ()

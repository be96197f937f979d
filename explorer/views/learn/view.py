"""Which step of which lesson is seen, and the link that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from explorer.lessons.reading import USUAL, bundled
from explorer.lessons.sights import SCENES
from explorer.views.common.settings import OWN_PARAMETERS, in_vain

OF_LESSON = ("lesson", "chapter", "step", "classroom", "changed", "scene")
OF_SCENES = tuple(name for name in OWN_PARAMETERS["learn"] if name not in OF_LESSON)
LONGEST = 3  # digits of a number


@dataclass(frozen=True)
class LearnView:
    """What a link of the page carries.

    Attributes:
        lesson: Its name.
        chapter, step: Counted from 1.
        is_classroom: Whether it is in class mode.
        is_changed: Whether what the link leaves out is as on a first visit, and not as the step has it.
        own: The scene's own parameters, which the scene checks.
    """

    PAGE: ClassVar[str] = "learn"

    lesson: str = USUAL
    chapter: int = 1
    step: int = 1
    is_classroom: bool = False
    is_changed: bool = False
    own: Mapping[str, str] = field(default_factory=dict)

    def to_link(self) -> dict[str, str]:
        """The page's own parameters: those that are not as on a first visit."""
        link = {} if self.lesson == USUAL else {"lesson": self.lesson}
        link |= {} if self.chapter == 1 else {"chapter": str(self.chapter)}
        link |= {} if self.step == 1 else {"step": str(self.step)}
        link |= {"classroom": "1"} if self.is_classroom else {}
        return link | ({"changed": "1"} if self.is_changed else {}) | dict(self.own)

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["LearnView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good.

        Whether the lesson has such a chapter and such a step is asked where it is read.
        """
        problems: list[str] = []

        def refuse(name: str, why: str) -> None:
            problems.append(in_vain(name, link[name], why))

        def number(name: str) -> int:
            text = link.get(name, "1")
            if text.isascii() and text.isdecimal() and len(text) <= LONGEST and int(text) >= 1:
                return int(text)
            refuse(name, "it must be a whole number, counted from 1.")
            return 1

        def flag(name: str) -> bool:
            if link.get(name, "0") not in ("0", "1"):
                refuse(name, "choose one of 0, 1.")
            return link.get(name) == "1"

        def chapter_of(scene: str) -> int:
            if scene in SCENES:
                for place, chapter in enumerate(bundled(USUAL).chapters, 1):
                    if any(step.sight.scene == scene for step in chapter.steps):
                        return place
            refuse("scene", f"choose one of {', '.join(SCENES)}.")
            return 1

        by_scene = "scene" in link and link.keys().isdisjoint(("lesson", "chapter"))
        return cls(
            link.get("lesson", USUAL),
            chapter_of(link["scene"]) if by_scene else number("chapter"),
            number("step"),
            flag("classroom"),
            flag("changed"),
            {name: link[name] for name in OF_SCENES if name in link},
        ), tuple(problems)

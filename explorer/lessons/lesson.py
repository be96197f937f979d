"""A lesson: chapters of steps, each a view of the app with a few words. What a lesson's file says, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_WORDS = 120  # of a chapter, so that it is one screen


@dataclass(frozen=True)
class Sight:
    """What a step shows: a page of the app, and the parameters of its link.

    Attributes:
        page: A page of the menu, by the name of its folder; "learn" where the step is drawn by a scene.
        parameters: Of its link, by name.
    """

    page: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def scene(self) -> str:
        """The scene of the page Learn that draws it; "" where it is another page."""
        return self.parameters.get("scene", "") if self.page == "learn" else ""


@dataclass(frozen=True)
class LessonStep:
    """One step of a chapter: what is seen, and a line about it.

    Attributes:
        sight: What is seen.
        text: What is said of it, in the safe part of Markdown; may be "".
    """

    sight: Sight
    text: str = ""


@dataclass(frozen=True)
class Chapter:
    """One screen.

    Attributes:
        title: Its name.
        question: The line beside it; "" for none.
        formula: In LaTeX; "" for none.
        trying: The one thing to try.
        leads: The question whose answer the next screen gives.
        answer: What a teacher hears as an answer to the chapter's own question.
        sources: Where it comes from: sections, equations and figures of the paper, and other works.
        steps: At least one.
    """

    title: str
    question: str = ""
    formula: str = ""
    trying: str = ""
    leads: str = ""
    answer: str = ""
    sources: tuple[str, ...] = ()
    steps: tuple[LessonStep, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes:
        name: Of its file, without the ending; links have it.
        title: Its name for people.
        about: One sentence.
        minutes: How long it takes.
        chapters: At least one.
    """

    name: str
    title: str
    about: str
    minutes: int
    chapters: tuple[Chapter, ...]

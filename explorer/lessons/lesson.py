"""A lesson: chapters of steps, each a view of the app with a few words; what its file says, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from explorer.lessons.markup import words_in

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

    @property
    def address(self) -> str:
        """Its link, from the app's root: "region?sample=cat"."""
        return f"{self.page}?{urlencode(self.parameters)}" if self.parameters else self.page


@dataclass(frozen=True)
class LessonStep:
    """One step of a chapter: what is seen, and a line about it.

    Attributes:
        sight: What is seen.
        text: What is said of it, in the safe part of Markdown (`lessons.markup`); may be "".
        trying: The one thing to try, likewise; that of the step before where it has none of its own.
        line: Of the file, where its view stands; 0 where it comes from none.
        formula: In LaTeX, of this step alone; "" where the chapter's is shown.
    """

    sight: Sight
    text: str = ""
    trying: str = ""
    line: int = 0
    formula: str = ""


@dataclass(frozen=True)
class Chapter:
    """One screen.

    All but the formula is text in the safe part of Markdown.

    Attributes:
        title: Its name.
        question: The line beside it; "" for none.
        formula: In LaTeX; "" for none.
        leads: The question whose answer the next screen gives.
        answer: What a teacher hears as an answer to the chapter's own question.
        sources: Where it comes from: sections, equations and figures of the paper, and other works.
        steps: At least one.
    """

    title: str
    question: str = ""
    formula: str = ""
    leads: str = ""
    answer: str = ""
    sources: tuple[str, ...] = ()
    steps: tuple[LessonStep, ...] = ()

    @property
    def formulas(self) -> tuple[str, ...]:
        """Its own formula and its steps', each once."""
        every = (self.formula, *(step.formula for step in self.steps))
        return tuple(dict.fromkeys(filter(None, every)))

    @property
    def tryings(self) -> tuple[str, ...]:
        """What its steps say is to be tried, each once."""
        return tuple(dict.fromkeys(step.trying for step in self.steps if step.trying))

    @property
    def texts(self) -> tuple[str, ...]:
        """All that it puts on the screen but its title, each text once."""
        return (self.question, *(step.text for step in self.steps), *self.tryings, self.leads)


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

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """All steps in their order, each as (chapter, step), counted from 1."""
        return tuple(
            (number, step)
            for number, chapter in enumerate(self.chapters, 1)
            for step in range(1, len(chapter.steps) + 1)
        )


def words_of(chapter: Chapter) -> int:
    """How many words a chapter puts on the screen: its question, all steps' texts, what to try, what is next.

    Its title and its formula are no text, and what the teacher hears and the sources are read elsewhere.
    """
    return sum(map(words_in, chapter.texts))

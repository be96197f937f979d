"""A question of the quiz with its answers and what was measured of each."""

from dataclasses import dataclass

from explorer.images import Picture

MOST_OPTIONS = 4  # of one question: a phone shows them below each other


@dataclass(frozen=True)
class Option:
    """One answer.

    Attributes:
        label: What is chosen.
        value: What was measured of it.
        shown: The same as people read it.
    """

    label: str
    value: float
    shown: str


@dataclass(frozen=True, eq=False)
class Question:
    """One question.

    Attributes:
        chapter: The scene of the chapter that it is of.
        text: What is asked.
        options: Two to `MOST_OPTIONS` answers.
        right: The place of the right one.
        what: What the options' numbers are, such as "LPIPS".
        said: The answer as a sentence, with its numbers.
        pictures: (label, picture) of what is asked about, the reference first.
    """

    chapter: str
    text: str
    options: tuple[Option, ...]
    right: int
    what: str
    said: str
    pictures: tuple[tuple[str, Picture], ...]

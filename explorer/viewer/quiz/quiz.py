"""A quiz: a question with its pictures, answered by a click or a key, and at the end what was right.

The browser's side is `js/`. An answer is shown as soon as it is given: the browser has the right one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture as encoded
from explorer.viewer.common.small import called, numbered, register_small


class AskedOption(Protocol):
    """One answer, such as an `explorer.lessons.quiz.Option`."""

    label: str
    value: float
    shown: str


class AskedPicture(Protocol):
    """A picture of a question: pixels uint8 (H, W, 3)."""

    pixels: np.ndarray


class Asked(Protocol):
    """One question, such as an `explorer.lessons.quiz.Question`."""

    text: str
    options: Sequence[AskedOption]
    right: int
    what: str
    said: str
    pictures: Sequence[tuple[str, AskedPicture]]


@dataclass(frozen=True)
class Given:
    """An answer that was given: to which question, counted from 1, and the place of what was chosen."""

    question: int
    choice: int


_component = register_small("quiz", "quiz", read("quiz/quiz.html"), ("fit",))


def quiz(
    questions: Sequence[Asked],
    *,
    key: str,
    at: int,
    given: Sequence[int | None],
    titles: Sequence[str],
    on_answer: Callable[[Given], None],
    on_again: Callable[[], None],
) -> None:
    """Draw a question, or where it is behind the last one, what was right.

    Args:
        questions: All; none may be missing before the one that is asked.
        key: Of the component.
        at: Which is asked, from 1; one more than there are for the end.
        given: The place of what was chosen in each; None where it was not answered.
        titles: Of the chapters that they are of.
        on_answer: Called with an answer that was given.
        on_again: Called where all are to be answered anew.
    """

    def answer(sent: Any) -> None:
        question, choice = sent["question"], sent["choice"]
        is_one = type(question) is int and 1 <= question <= len(questions)
        if is_one and type(choice) is int and 0 <= choice < len(questions[question - 1].options):
            on_answer(Given(question, choice))

    is_end = at > len(questions)
    data = {
        "at": at,
        "total": len(given),
        "given": list(given),
        "questions": [_question(each, title) for each, title in zip(questions, titles, strict=True)],
        "pictures": [] if is_end else [_picture(*each) for each in questions[at - 1].pictures],
    }
    _component(
        key=key,
        data=numbered(key, data),
        on_answer_change=called(key, "answer", answer),
        on_again_change=called(key, "again", lambda _sent: on_again()),
    )


def _question(question: Asked, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "text": question.text,
        "options": [
            {"label": each.label, "value": each.value, "shown": each.shown} for each in question.options
        ],
        "right": question.right,
        "what": question.what,
        "said": question.said,
    }


def _picture(label: str, picture: AskedPicture) -> dict[str, Any]:
    height, width = picture.pixels.shape[:2]
    address = f"data:image/png;base64,{encoded(picture.pixels)}"
    return {"label": label, "address": address, "width": width, "height": height}

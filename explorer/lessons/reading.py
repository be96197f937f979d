"""Lessons from their files, checked whole: what is no good is told in one sentence, with its line.

    lesson: Shift fools PSNR
    about: One sentence.
    minutes: 5
    steps:
      - chapter: A title            # begins a chapter
        question: ...               # and next, answer, formula, sources
        view: region?sample=cat     # of this app
        text: ...                   # and try
      - view: region?sample=cat&boxes=1,2,3,4
        text: The same chapter, a step on.

docs/lessons.md explains it to those who write one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeVar

from explorer.errors import LessonError, SettingError
from explorer.lessons import formula, markup
from explorer.lessons.document import Node, parse, text_of
from explorer.lessons.lesson import MOST_WORDS, Chapter, Lesson, LessonStep, Sight, words_of
from explorer.lessons.sights import read_link, read_view
from explorer.names import cut, harmless
from explorer.places import assets

USUAL = "ten-minutes"  # the lesson of seven chapters
USUAL_MINUTES, MOST_MINUTES = 10, 600
MOST_STEPS, MOST_SOURCES = 60, 12
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ANSWER = 80, 800, 2000  # letters

OF_LESSON = ("lesson", "about", "minutes", "steps")
OF_STEP = ("view", "text", "try", "formula")
OF_CHAPTER = ("chapter", "question", "next", "answer", "sources")  # and its first step's formula is its own

T = TypeVar("T")
Parts = Mapping[str, Node]


@cache
def bundled(name: str = USUAL) -> Lesson:
    """A lesson that comes with the project.

    Raises:
        LessonError: there is none of this name.
    """
    path = assets("lessons") / f"{name}.yaml"
    if path not in bundled_paths():
        raise LessonError(f"There is no lesson “{cut(harmless(name))}” that comes with the app.")
    return read(name, path.read_bytes())


@cache
def bundled_paths() -> tuple[Path, ...]:
    """The files of the lessons that come with the project, the usual one first."""
    paths = sorted(assets("lessons").glob("*.yaml"))
    return tuple(sorted(paths, key=lambda path: path.stem != USUAL))


def read(name: str, data: bytes) -> Lesson:
    """A lesson from its file.

    Args:
        name: Of the lesson, which links have.
        data: The file's bytes.

    Raises:
        LessonError: it is no lesson; with the line, where it is about one.
    """
    document = parse(text_of(data))
    if not isinstance(document.value, dict):
        raise LessonError("a lesson begins with its title, as in lesson: My lesson.", document.line)
    parts = _known(document.value, OF_LESSON, "a lesson")
    title = _title(parts, "lesson", document.line)
    about, minutes = _text(parts, "about"), _minutes(parts)
    steps = parts.get("steps")
    if steps is None or not isinstance(steps.value, list) or not steps.value:
        line = steps.line if steps else document.line
        raise LessonError("a lesson has steps, each of which begins with - and has a view.", line)
    if len(steps.value) > MOST_STEPS:
        raise LessonError(
            f"a lesson has at most {MOST_STEPS} steps; make two of it.", steps.value[MOST_STEPS].line
        )
    return Lesson(name, title, about, minutes, _chapters(steps.value))


def _chapters(steps: list[Node]) -> tuple[Chapter, ...]:
    groups: list[list[Node]] = []
    for step in steps:
        if not isinstance(step.value, dict):
            raise LessonError("a step has a view, as in - view: region?sample=cat.", step.line)
        if "chapter" in step.value:
            groups.append([])
        elif not groups:
            raise LessonError(
                "the first step begins a chapter; give it one, as in chapter: A title.", step.line
            )
        groups[-1].append(step)
    return tuple(map(_chapter, groups))


def _chapter(steps: list[Node]) -> Chapter:
    first, *others = steps
    parts = _known(first.value, (*OF_CHAPTER, *OF_STEP), "a step")
    chapter = Chapter(
        title=_title(parts, "chapter", first.line),
        question=_text(parts, "question"),
        formula=_checked(parts, "formula", formula.checked),
        leads=_text(parts, "next"),
        answer=_text(parts, "answer", LONGEST_ANSWER),
        sources=_sources(parts),
        steps=tuple(_steps(steps)),
    )
    for step in others:
        _of_a_further_step(step.value)
    words = words_of(chapter)
    if words > MOST_WORDS:
        raise LessonError(
            f"this chapter has {words} words, and a screen has room for {MOST_WORDS}; shorten it.",
            first.line,
        )
    return chapter


def _steps(steps: list[Node]) -> Iterator[LessonStep]:
    trying = ""
    for each in steps:
        step = _step(each)
        trying = step.trying or trying
        yield replace(step, trying=trying)


def _step(step: Node) -> LessonStep:
    parts = step.value
    if "view" not in parts:
        raise LessonError("this step has no view; give it one, as in view: region?sample=cat.", step.line)
    texts = _text(parts, "text"), _text(parts, "try")
    own = "" if "chapter" in parts else _checked(parts, "formula", formula.checked)
    return LessonStep(_checked(parts, "view", _sight), *texts, parts["view"].line, own)


def _of_a_further_step(parts: Parts) -> None:
    """Refuse what belongs to a chapter where a step begins none."""
    stray = next((name for name in parts if name in OF_CHAPTER), None)
    if stray is not None:
        raise LessonError(
            f"“{stray}” belongs to the step that begins a chapter; put it there, or begin one with chapter.",
            parts[stray].line,
        )
    _known(parts, OF_STEP, "a step")


def _sight(text: str) -> Sight:
    return read_view(text, _scene_of)


def _scene_of(address: Mapping[str, str]) -> str | None:
    """The scene of a step of a bundled lesson, which an address of Learn names by its numbers."""
    try:
        chapter, step = int(address["chapter"]), int(address.get("step", "1"))
        chapters = bundled(address.get("lesson", USUAL)).chapters
    except (ValueError, LessonError):
        return None
    if not 1 <= chapter <= len(chapters) or not 1 <= step <= len(chapters[chapter - 1].steps):
        return None
    return chapters[chapter - 1].steps[step - 1].sight.scene or None


def _known(parts: Parts, names: tuple[str, ...], what: str) -> Parts:
    for name, node in parts.items():
        if name not in names:
            close = get_close_matches(name, names, 1)
            mend = f"did you mean {close[0]}?" if close else f"{what} has {', '.join(names)}."
            raise LessonError(f"there is no “{cut(harmless(name))}”; {mend}", node.line)
    return parts


def _title(parts: Parts, name: str, line: int) -> str:
    title = _text(parts, name, LONGEST_TITLE)
    if not title:
        line = parts[name].line if name in parts else line
        raise LessonError(f"“{name}” is missing or empty; give it a title, as in {name}: A title.", line)
    return title


def _text(parts: Parts, name: str, longest: int = LONGEST_TEXT) -> str:
    return _checked(parts, name, lambda text: _safe(text, longest))


def _safe(text: str, longest: int) -> str:
    """A text on one line, whose marks are of the safe part of Markdown.

    Raises:
        SettingError: it has others.
    """
    text = harmless(" ".join(text.split()))
    if len(text) > longest:
        raise SettingError(f"this text has more than {longest} letters; shorten it.")
    markup.check(text)
    return markup.relinked(text, lambda address: read_link(address, _scene_of))


def _checked(parts: Parts, name: str, check: Callable[[str], T]) -> T:
    """A part of the file that is a text, as `check` takes it; "" where it is not there."""
    node = parts.get(name, Node(0, ""))
    if not isinstance(node.value, str):
        raise LessonError(f"“{name}” must be a text; put quotation marks around it.", node.line)
    try:
        return check(node.value)
    except SettingError as error:
        raise LessonError(str(error), node.line) from error


def _sources(parts: Parts) -> tuple[str, ...]:
    node = parts.get("sources", Node(0, []))
    lines = [node] if isinstance(node.value, str) else node.value
    if not isinstance(lines, list):
        raise LessonError("“sources” is a list of texts, each of which begins with -.", node.line)
    if len(lines) > MOST_SOURCES:
        raise LessonError(f"a chapter has at most {MOST_SOURCES} sources.", node.line)
    return tuple(filter(None, (_text({"sources": line}, "sources") for line in lines)))


def _minutes(parts: Parts) -> int:
    def whole(text: str) -> int:
        if not text:
            return USUAL_MINUTES
        is_number = text.isascii() and text.isdecimal() and len(text) <= 3
        if not is_number or not 1 <= int(text) <= MOST_MINUTES:
            raise SettingError(f"minutes must be a whole number from 1 to {MOST_MINUTES}.")
        return int(text)

    return _checked(parts, "minutes", whole)

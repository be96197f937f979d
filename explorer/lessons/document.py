"""YAML, of which a lesson's file may use the plain part: texts, lists and named parts, each with its line.

All values are texts here, so that `no`, `1.10` and `2026-11-27` are what they look like. What could make a
small file large or run code (aliases, anchors, tags) is refused, and what is nested deeper than any lesson is
left before it is read whole: the parser's time grows with the square of the depth.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from explorer.errors import LessonError
from explorer.names import cut, harmless

MOST_BYTES = 64_000
DEEPEST = 4  # of parts within each other: the file, its steps, a step, its sources

_QUOTES = "put quotation marks around the text"
_ODD_START = f"a text may not begin with * or &: {_QUOTES}."
# What the parser says, by a part of its sentence -> what it means to whoever wrote the file.
_MEANINGS = {
    "scanning an alias": _ODD_START,
    "scanning an anchor": _ODD_START,
    "scanning a tag": f"a text may not begin with !: {_QUOTES}.",
    "scanning a directive": f"a line may not begin with %: {_QUOTES}.",
    "character '\\t'": "a tab stands where lines are indented; use spaces.",
    "cannot start any token": f"a text may not begin with this letter: {_QUOTES}.",
    "mapping values are not allowed": f"a colon and a space within a text: {_QUOTES}.",
    "unexpected end of stream": "quotation marks are opened and never closed.",
    "unknown escape character": "a backslash in double quotation marks; use single ones.",
    "scanning a block scalar": "behind > or | the line must end; the text begins on the next.",
    "flow": "a bracket is opened and never closed, or a text begins with one: " + _QUOTES + ".",
    "expected <block end>": "this line is indented otherwise than its neighbours, or the text "
    f"before begins with a bracket: {_QUOTES}.",
    "could not find expected ':'": "a name without a colon, or a text that is not indented.",
}


_ODD_BREAKS = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True)
class Node:
    """A value of the file.

    Attributes:
        line: Where it begins, counted from 1; of a named part, the line of its name.
        value: A text, a list, or parts by name.
    """

    line: int
    value: "str | list[Node] | dict[str, Node]"


def text_of(data: bytes) -> str:
    """A file's text.

    Raises:
        LessonError: it is too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise LessonError(
            f"The file has more than {MOST_BYTES // 1000} KB, which no lesson needs; shorten it."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonError("this is no text in UTF-8; save the file as UTF-8.", line) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _ODD_BREAKS.sub(" ", text)  # where YAML begins a line and an editor does not
    for line, letters in enumerate(text.split("\n"), 1):
        if any(ord(each) < 32 and each != "\t" for each in letters) or not _is_taken(letters):
            raise LessonError("a letter that no text has; is this a lesson, saved as plain text?", line)
    return text


def parse(text: str) -> Node:
    """A file's parts.

    Raises:
        LessonError: it is no YAML, or uses what is not for lessons; with the line.
    """
    loader = yaml.SafeLoader(text)
    try:
        return _Reader(_events(loader)).document()
    except yaml.YAMLError as error:
        raise _fault(error) from None
    except (ValueError, OverflowError):  # of \\U in quotation marks: no letter has this number
        sentence = "a backslash names a letter that does not exist; write the letter itself."
        raise LessonError(sentence, loader.line + 1) from None
    finally:
        loader.dispose()


class _Reader:
    """Takes the parser's events, one at a time."""

    def __init__(self, events: Iterator[yaml.Event]):
        self._events = events

    def document(self) -> Node:
        """The file, which is one document."""
        next(self._events)  # of the stream
        first = next(self._events)
        if isinstance(first, yaml.StreamEndEvent):
            raise LessonError("The file is empty; a lesson begins with its title, as in lesson: My lesson.")
        node = self._node(next(self._events), 0)
        next(self._events)  # the document's end
        more = next(self._events)
        if not isinstance(more, yaml.StreamEndEvent):
            raise LessonError("a second document begins; a file holds one lesson.", _line(more))
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise LessonError(f"aliases and anchors (* and &) are not taken; {_QUOTES}.", line)
        if event.tag is not None:
            raise LessonError(f"tags (!) are not taken; {_QUOTES}.", line)
        if isinstance(event, yaml.ScalarEvent):
            is_nothing = event.style is None and event.value in ("~", "null")
            return Node(line, "" if is_nothing else event.value)
        if depth >= DEEPEST:
            raise LessonError("parts are nested too deep; a lesson has steps, and a step has texts.", line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(line, [self._node(each, depth + 1) for each in self._until(yaml.SequenceEndEvent)])
        return Node(line, self._parts(depth))

    def _parts(self, depth: int) -> dict[str, Node]:
        parts: dict[str, Node] = {}
        for event in self._until(yaml.MappingEndEvent):
            name = self._node(event, depth + 1)
            if not isinstance(name.value, str):
                raise LessonError("a name must be a word, such as text.", name.line)
            if name.value in parts:
                first = parts[name.value].line
                raise LessonError(
                    f"“{cut(harmless(name.value))}” is there twice, first in line {first}.", name.line
                )
            parts[name.value] = Node(name.line, self._node(next(self._events), depth + 1).value)
        return parts

    def _until(self, end: type) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event


def _events(loader: yaml.SafeLoader) -> Iterator[yaml.Event]:
    while loader.check_event():
        yield loader.get_event()


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1


def _is_taken(letters: str) -> bool:
    return yaml.reader.Reader.NON_PRINTABLE.search(letters) is None


def _fault(error: yaml.YAMLError) -> LessonError:
    """The parser's error in plain words."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    meaning = next((mean for part, mean in _MEANINGS.items() if part in said), None)
    line = mark.line + 1 if mark is not None else 1
    return LessonError(meaning or "this is no YAML; compare it with a lesson that can be downloaded.", line)

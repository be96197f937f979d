"""Where lessons are: those that come with the app, those of a folder, and those that a browser has uploaded.

A lesson is named by its file, an uploaded one by its file and the beginning of its digest: a link to it tells
the browser that has uploaded it which one it was, and anybody else which file to ask for.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

from explorer.errors import ExplorerError, LessonError
from explorer.lessons.document import MOST_BYTES
from explorer.lessons.lesson import Lesson
from explorer.lessons.reading import USUAL, bundled_paths, read
from explorer.names import cut, harmless

FOLDER = "EXPLORER_LESSONS"  # the environment variable that names a folder of lessons
ENDINGS = (".yaml", ".yml")
MOST_FILES = 200  # of the folder
DIGITS = 12  # of the 64 of SHA-256
LONGEST_NAME = 60  # letters
_NAME = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST_NAME - 1}}}")
_UPLOADED = re.compile(rf"([a-z0-9][a-z0-9_-]*)~([0-9a-f]{{{DIGITS}}})")

Check = Callable[[Lesson], None]


@dataclass(frozen=True)
class LessonFile:
    """A lesson with its file.

    Attributes:
        lesson: What the file says.
        data: Its bytes, to be copied and changed.
        origin: Whether it comes with the app, lies in the folder, or was uploaded.
    """

    lesson: Lesson
    data: bytes = field(repr=False)
    origin: Literal["bundled", "folder", "uploaded"]

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.lesson.name.partition('~')[0]}.yaml"


@dataclass(frozen=True)
class Library:
    """All lessons that anybody finds here.

    Attributes:
        files: Those that come with the app first, in the order in which they are shown.
        faults: A sentence for each file of the folder that is no lesson.
    """

    files: tuple[LessonFile, ...]
    faults: tuple[str, ...] = ()


def library(check: Check | None = None) -> Library:
    """The lessons of the app and of the folder, as they lie there now.

    Args:
        check: Raises LessonError for a lesson of the folder that cannot be shown, though its file is good:
            what settings there are is known to the pages alone.
    """
    files, faults = list(_bundled()), []
    for path in _paths():
        try:
            found = _of_folder(path)
            if found.lesson.name in {file.lesson.name for file in files}:
                raise LessonError("another lesson has this name; rename the file.")
            if check is not None:
                check(found.lesson)
            files.append(found)
        except ExplorerError as error:  # whatever it is: one bad file hides none of the others
            faults.append(f"{cut(harmless(path.name))}: {error}")
    return Library(tuple(files), tuple(faults))


def uploaded(file: str, data: bytes) -> LessonFile:
    """A lesson from a file that was uploaded; its name in links has the beginning of its digest.

    Raises:
        LessonError: it is no lesson; with the line, where it is about one.
    """
    name = f"{_name_of(file)}~{hashlib.sha256(data).hexdigest()[:DIGITS]}"
    return LessonFile(read(name, data), data, "uploaded")


def digest_in(name: str) -> str:
    """The beginning of the digest in an uploaded lesson's name; "" in others."""
    match = _UPLOADED.fullmatch(name)
    return match[2] if match else ""


def find(name: str, others: Iterable[LessonFile] = (), check: Check | None = None) -> LessonFile:
    """The lesson that a link names.

    Args:
        others: Those that this browser has uploaded.
        check: As in `library`.

    Raises:
        LessonError: it is not here; the sentence says how to have it.
    """
    for file in (*library(check).files, *others):
        if file.lesson.name == name:
            return file
    if digest_in(name):
        file = f"{name.partition('~')[0]}.yaml"
        raise LessonError(f"The link’s lesson is in a file that is not here; upload {cut(file)} on Lessons.")
    raise LessonError(f"There is no lesson “{cut(harmless(name))}”; Lessons has all that there are.")


def parameters_of(lesson: str, chapter: int = 1, step: int = 1, is_classroom: bool = False) -> dict[str, str]:
    """The parameters of the page Learn that open a lesson's step: those that are not as on a first visit.

    Args:
        lesson: Its name.
        chapter, step: Counted from 1.
        is_classroom: Whether it opens in class mode.
    """
    parameters = {} if lesson == USUAL else {"lesson": lesson}
    parameters |= {} if chapter == 1 else {"chapter": str(chapter)}
    parameters |= {} if step == 1 else {"step": str(step)}
    return parameters | ({"classroom": "1"} if is_classroom else {})


def address_of(lesson: str, chapter: int = 1, step: int = 1, is_classroom: bool = False) -> str:
    """The address of a lesson's step, from the app's root: "learn?chapter=3"; arguments as above."""
    query = urlencode(parameters_of(lesson, chapter, step, is_classroom), quote_via=quote, safe="~")
    return f"learn?{query}" if query else "learn"


@cache
def _bundled() -> tuple[LessonFile, ...]:
    files = ((path, path.read_bytes()) for path in bundled_paths())
    return tuple(LessonFile(read(path.stem, data), data, "bundled") for path, data in files)


def _paths() -> list[Path]:
    """The files of the folder, if one is named and there."""
    folder = os.environ.get(FOLDER)
    if not folder or not os.path.isdir(folder):
        return []
    try:
        paths = [path for path in Path(folder).iterdir() if path.suffix.lower() in ENDINGS and path.is_file()]
    except OSError:
        return []
    return sorted(paths)[:MOST_FILES]


def _of_folder(path: Path) -> LessonFile:
    """A file of the folder, read anew where it has changed.

    Raises:
        LessonError: it is no lesson, or cannot be read.
    """
    try:
        now = path.stat()
        found = _read(path, now.st_mtime_ns, now.st_size)
    except OSError as error:
        raise LessonError(f"the file cannot be read ({error.strerror}); check its permissions.") from error
    if isinstance(found, str):
        raise LessonError(found)
    return found


@lru_cache(MOST_FILES)
def _read(path: Path, _changed: int, _size: int) -> LessonFile | str:
    """A file's lesson, or why it is none: both are kept, since each run of a page asks."""
    if not _NAME.fullmatch(path.stem):
        return "its name goes into links; name it with small letters, digits and dashes."
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)  # one more says that there are too many
    try:
        return LessonFile(read(path.stem, data), data, "folder")
    except ExplorerError as error:
        return str(error)


def _name_of(file: str) -> str:
    """What links call an uploaded file: small letters, digits and dashes."""
    stem = file.rpartition("/")[2].rpartition("\\")[2].lower()
    stem = stem.removesuffix(next(filter(stem.endswith, ENDINGS), ""))
    name = re.sub("[^a-z0-9_-]+", "-", stem).strip("-_")[:LONGEST_NAME]
    return name or "lesson"

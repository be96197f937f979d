"""Lessons in a session: those of the app and its folder, and those that this browser has uploaded.

An upload is kept with the browser's other uploads, so that a link to it works again after a reload.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from explorer.errors import LessonError, SettingError
from explorer.lessons import wishes
from explorer.lessons.lesson import Lesson
from explorer.lessons.library import ENDINGS, LessonFile, Library, digest_in, find, library, uploaded
from explorer.names import harmless
from explorer.views.common.session import Session
from explorer.views.common.settings import OWN_PARAMETERS, Settings
from explorer.views.common.shelves import File
from explorer.views.common.sources import PARAMETERS

MOST = 20  # uploaded lessons of a session; the first ones are let go


@dataclass
class OwnLessons:
    """What this browser has uploaded.

    Attributes:
        files: By the lessons' names, the last one at the end.
        looked_at: The digests of what this browser has kept, lessons or not.
        refused: The sentence about a file that is none, while the widget still holds it.
    """

    files: dict[str, LessonFile] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)
    refused: str = ""


def take_lesson(session: Session, name: str, data: bytes) -> LessonFile:
    """Take a file that was uploaded.

    Raises:
        LessonError: it is no lesson; the session is as it was.
    """
    name = harmless(name.rpartition("/")[2])
    found = uploaded(name, data)
    _check_settings(found.lesson)
    _keep(session, found)
    session.open_shelf().put(hashlib.sha256(data).hexdigest(), File(name, data))
    return found


def all_lessons(session: Session) -> Library:
    """All that this browser finds: the app's, the folder's, its own."""
    found = library(_check_settings)
    _look_at_shelf(session)
    return Library((*found.files, *session.state(OwnLessons).files.values()), found.faults)


def remove_lesson(session: Session, name: str) -> None:
    """Let go of a lesson that this browser has uploaded."""
    session.state(OwnLessons).files.pop(name, None)
    session.open_shelf().drop(digest_in(name))


def lesson_of(session: Session, name: str) -> LessonFile:
    """The lesson that a link names.

    Raises:
        LessonError: it is not here; the sentence says how to have it.
    """
    own, digest = session.state(OwnLessons).files, digest_in(name)
    if digest and name not in own:
        file = session.open_shelf().find(digest)
        if file is not None:
            _restore(session, name, file)
    return find(name, own.values(), _check_settings)


def base_of(address: str | None) -> str:
    """Where the app is served, from the address of one of its pages: "https://example.org/below"."""
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}" if parts.netloc else ""


def chosen_link(session: Session, parameters: Mapping[str, str]) -> None:
    """Have the page Learn open a step, the next time that it is opened, as by its link.

    Args:
        parameters: Of the page (`parameters_of`).
    """
    session.own["learn"] = dict(parameters)


def _check_settings(lesson: Lesson) -> None:
    """Refuse a lesson whose links ask for settings that cannot be had: in class it would be too late.

    Raises:
        LessonError: with the line of the step.
    """
    wishes.check(lesson)
    for step in (step for chapter in lesson.chapters for step in chapter.steps):
        others = {*OWN_PARAMETERS.get(step.sight.page, ()), *PARAMETERS}
        link = {name: text for name, text in step.sight.parameters.items() if name not in others}
        try:
            Settings.from_link(link, is_strict=True)
        except SettingError as error:
            raise LessonError(f"the view cannot be had: {error}", step.line) from error


def _look_at_shelf(session: Session) -> None:
    """Take again what was uploaded before a reload: the files that are named as lessons are."""
    own = session.state(OwnLessons)
    for digest, file in session.open_shelf().files().items():
        if digest in own.looked_at or not file.name.lower().endswith(ENDINGS):
            continue
        own.looked_at.add(digest)
        with suppress(LessonError):
            _keep(session, uploaded(file.name, file.data))


def _keep(session: Session, file: LessonFile) -> LessonFile:
    """Keep a lesson in the place of an older one whose file had the same name."""
    files, name = session.state(OwnLessons).files, file.lesson.name
    for older in [each for each in files if each != name and files[each].file == file.file]:
        remove_lesson(session, older)
    files.pop(name, None)
    files[name] = file
    while len(files) > MOST:
        files.pop(next(iter(files)))
    return file


def _restore(session: Session, name: str, file: File) -> None:
    """Take again what was uploaded before; what only has such a digest, as a picture may, is none."""
    try:
        found = uploaded(file.name, file.data)
    except LessonError:
        return
    if found.lesson.name == name:
        _keep(session, found)

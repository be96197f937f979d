"""A lesson of one's own: uploaded, checked, and told in one sentence where it is none."""

import streamlit as st

from explorer.errors import LessonError
from explorer.lessons.document import MOST_BYTES
from explorer.lessons.library import LessonFile
from explorer.names import as_meant
from explorer.views.common.guests import has_guests
from explorer.views.common.lessons import OwnLessons, all_lessons, remove_lesson, take_lesson
from explorer.views.common.parts import plain
from explorer.views.common.session import Session
from explorer.views.lessons.view import LessonsView

ROLE = "lesson"  # its key among what the session has seen, beside those of pictures
HOW = (
    "A lesson is a small text file: steps, each a link to any view of this app, and a line about it. "
    "Download one, change it, and upload it here. It stays in this browser: others open its link once they "
    "have uploaded the same file."
)


def draw_own(session: Session, shown: LessonFile) -> None:
    """Where a file is put, what is wrong with it, and the way to let go of the lesson that is shown."""
    own = session.state(OwnLessons)
    with st.popover("Upload", icon=":material/upload:", key="upload_lesson"):
        st.markdown(HOW)
        file = st.file_uploader("Lesson, YAML", key="file_lesson", help=f"At most {MOST_BYTES // 1000} KB.")
        if file is None:
            own.refused = ""
        elif session.seen.get(ROLE) != file.file_id:
            session.seen[ROLE] = file.file_id
            _take(session, own, as_meant(file.name), file.getvalue())
        if own.refused:
            st.error(plain(own.refused), icon=":material/error:")
    if shown.origin == "uploaded":
        st.button(
            "Remove",
            key="remove_lesson",
            icon=":material/delete:",
            type="tertiary",
            on_click=_remove,
            args=(session, shown.lesson.name),
        )


def _remove(session: Session, name: str) -> None:
    remove_lesson(session, name)
    session.keep_view(LessonsView())


def _take(session: Session, own: OwnLessons, name: str, data: bytes) -> None:
    """Take a file and show its lesson; one that is none changes nothing but the sentence about it."""
    try:
        found = take_lesson(session, name, data)
    except LessonError as error:
        own.refused = str(error)
        return
    own.refused = ""
    session.keep_view(LessonsView(found.lesson.name))
    session.run_anew()


def say_faults(session: Session) -> None:
    """What in the server's folder is no lesson, to whoever has put it there."""
    faults = () if has_guests() else all_lessons(session).faults
    if faults:
        st.warning("\n\n".join(map(plain, faults)), icon=":material/folder_off:")

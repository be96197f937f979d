"""The handout of a lesson: a button that makes it, in the background, and then the file."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st

from explorer.backbones import graph_of
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.lessons.lesson import Lesson
from explorer.lessons.pictures import LONGEST, Own
from explorer.metrics import Method
from explorer.metrics.memory import pass_bytes
from explorer.report.handout import Handout, file_of, handout, handout_html
from explorer.views.common import parts
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import draw_work, job_for, pause
from explorer.views.common.session import Session

ABOUT = (
    "Each chapter as a page of A4 to print, with this picture’s numbers: one file, which opens without a "
    "network."
)


@dataclass
class HandoutState(PageState):
    """What is kept in a tab.

    Attributes:
        making: The work on the handout that was asked for last.
        wanted: Of which lesson, picture and method that was; None before.
    """

    making: Kept[Job[Handout]] = field(default_factory=Kept)
    wanted: Hashable = None

    def leave(self) -> None:
        """Want no more what is made for a page."""
        pause(self.making)


def draw_handout(session: Session, lesson: Lesson, own: Own | None = None, key: str = "handout") -> None:
    """A button for the handout of a lesson, behind which it is made.

    Args:
        lesson: Any that was read.
        own: The user's own reference, or both pictures; None takes those of the lesson's steps.
        key: Tells apart the buttons of a page.
    """
    state, method = session.state(HandoutState), replace(session.settings.method, size=None)
    # A lesson's file may have been changed: all that it says is the key.
    pictures = (own,) if isinstance(own, Picture) else own or ()
    this = (repr(lesson), tuple(picture.digest for picture in pictures), method.identity)
    with st.popover("Handout", icon=":material/print:", key=key):
        st.markdown(ABOUT)
        names = " and ".join(f"**{parts.plain(picture.name)}**" for picture in pictures)
        st.caption(f"On your own: {names}." if names else "On the lesson’s pictures.")
        has_answers = st.toggle("With a page of answers", key=f"{key}_answers", persist_state="session")
        if state.wanted != this:
            st.button("Make it", key=f"{key}_make", type="primary", on_click=partial(_want, state, this))
            return
        job = job_for(state.making, this, partial(_task, lesson, method, own))
        if not job.results:
            draw_work(job, key, None, state.making.clear, offer="Make it again", kept="")
            return
        parts.draw_download(
            "Handout, HTML",
            partial(_file, session, has_answers),
            file_of(lesson),
            "text/html",
        )


def _want(state: HandoutState, this: Hashable) -> None:
    state.wanted = this


def _task(lesson: Lesson, method: Method, own: Own | None) -> Task[Handout]:
    def work(job: Job[Handout]) -> None:
        def progress(done: int, total: int) -> None:
            job.at(done, total)
            job.go_on()

        job.keep(handout(lesson, method, own, progress))

    size = pass_bytes(graph_of(method.row), (LONGEST, LONGEST))
    return Task("Measuring the handout", work, size=size, total=len(lesson.chapters), unit="chapters")


def _file(session: Session, has_answers: bool) -> str:
    made = session.state(HandoutState).making.latest
    return handout_html(parts.still_held(made.results[0] if made and made.results else None), has_answers)

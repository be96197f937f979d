"""What a pair's score means: as far as what, and how sure; found once somebody asks."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from explorer.analysis.readings import Readings, readings_task
from explorer.analysis.stability import Stability, Verdict, stability_task
from explorer.errors import SettingError
from explorer.images import measured_size, resize
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.ladders import as_ruler, scores, small_pair
from explorer.views.common.parts import plain
from explorer.views.common.progress import draw_work, job_for, pause
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair

T = TypeVar("T", Readings, Stability, Verdict)

WHOLE = 384  # pixels of a longest side up to which a pair is asked about as it was measured
PAIRS = 8  # whose answers a session keeps


@dataclass
class Meanings(PageState):
    """What a session has asked of its pairs.

    Attributes:
        readings, stabilities: The answers, by small pair and method.
        reading, changing: The work on one, running or over.
    """

    readings: Kept[Readings] = field(default_factory=lambda: Kept(PAIRS))
    stabilities: Kept[Stability] = field(default_factory=lambda: Kept(PAIRS))
    reading: Kept[Job[Readings]] = field(default_factory=Kept)
    changing: Kept[Job[Stability]] = field(default_factory=Kept)

    def leave(self) -> None:
        """End the work that goes on; what was cancelled is not started when one comes back."""
        pause(self.reading)
        pause(self.changing)


def readings_of(session: Session, pair: Pair, method: Method, key: str) -> Readings | None:
    """A pair's readings; None, and how far they are, while they are not known.

    They are found at the measured size up to `WHOLE`, and from there on at the ladder's, since it takes a
    hundred measurements.

    Args:
        method: As it was measured.
        key: Tells apart the places that ask.
    """
    small = _small(session, pair, method)
    if small is None:
        return None
    own = session.state(Meanings)
    return found_in_background(
        session,
        (own.readings, own.reading),
        tuple(each if isinstance(each, Method) else each.digest for each in small),
        lambda: readings_task(*small, scores),
        f"readings_{key}",
        "what was measured for it stays known",
    )


def stability_of(session: Session, pair: Pair, method: Method, key: str) -> Stability | None:
    """A pair's stability, at the same size as `readings_of`."""
    small = _small(session, pair, method)
    if small is None:
        return None
    own = session.state(Meanings)
    return found_in_background(
        session,
        (own.stabilities, own.changing),
        tuple(each if isinstance(each, Method) else each.digest for each in small),
        lambda: stability_task(*small),
        f"stability_{key}",
    )


def found_in_background(
    session: Session,
    kept: tuple[Kept[T], Kept[Job[T]]],
    what: Hashable,
    task: Callable[[], Task[T]],
    key: str,
    rest: str = "",
) -> T | None:
    """What a task finds, once it is there; until then how far it is, with a way to cancel it.

    Args:
        kept: Where the page keeps what was found, and the work.
        what: It depends on this.
        task: Makes the work, whose one result it is.
        key: Tells it from other work on the page.
        rest: What became of the finished part where it was cancelled, as the end of a sentence.
    """
    results, jobs = kept
    found = results.get(what)
    if found is not None:
        return found
    try:
        job = job_for(jobs, what, task)
    except SettingError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    if job.state == "done":
        jobs.clear()
        return results.keep(what, job.results[0])
    draw_work(job, key, drawn=None, again=jobs.clear, offer="Go on", kept=rest)
    return None


def _small(session: Session, pair: Pair, method: Method) -> tuple | None:
    """The pair at the size that is asked about, and the method there; None, and why, if it is too small."""
    size = measured_size(pair.reference.size, method.size)
    is_small = max(size) <= WHOLE
    small = (
        tuple(resize(each, method.size) for each in (pair.reference, pair.distorted))
        if is_small
        else small_pair(session, pair)
    )
    ruler = as_ruler(session, method, small[0].size)
    if ruler is None:
        width, height = small[0].size
        st.markdown(
            f"{plain(method.row.label)} needs larger pictures than those that this is asked of, "
            f"{width} × {height}."
        )
        return None
    return *small, ruler

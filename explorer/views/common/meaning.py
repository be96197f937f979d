"""What a pair's score means: as far as what, and how sure; found once somebody asks."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from explorer.analysis.ladder import LONGEST_SIDE
from explorer.analysis.readings import Readings, readings_task
from explorer.analysis.stability import Stability, Verdict, stability_task
from explorer.errors import SettingError
from explorer.images import Picture, measured_size, resize, times
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.views.common.compute import identities
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.ladders import as_ruler, scores
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
        pair: The pair at the size that is asked about.
    """

    readings: Kept[Readings] = field(default_factory=lambda: Kept(PAIRS))
    stabilities: Kept[Stability] = field(default_factory=lambda: Kept(PAIRS))
    reading: Kept[Job[Readings]] = field(default_factory=Kept)
    changing: Kept[Job[Stability]] = field(default_factory=Kept)
    pair: Kept[tuple[Picture, Picture]] = field(default_factory=Kept)

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
        _identity(small),
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
        _identity(small),
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


def asked_size(size: tuple[int, int], longest: int | None) -> int | None:
    """The longest side at which a pair is asked about; None as given.

    Args:
        size: (width, height) as given.
        longest: At which it was measured.
    """
    return longest if max(measured_size(size, longest)) <= WHOLE else LONGEST_SIDE


def ruler_there(session: Session, method: Method, size: tuple[int, int]) -> Method | None:
    """The method for pictures of (width, height), as they are asked about; None, and why, if too small."""
    ruler = as_ruler(session, method, size)
    if ruler is None:
        st.markdown(
            f"{plain(method.row.label)} needs larger pictures than those that this is asked of, "
            f"{times(size)}."
        )
    return ruler


def _identity(small: tuple[Picture, Picture, Method]) -> tuple[str, str, Method]:
    """What an answer depends on."""
    reference, distorted, method = small
    return reference.digest, distorted.digest, method


def _small(session: Session, pair: Pair, method: Method) -> tuple[Picture, Picture, Method] | None:
    """The pair at the size that is asked about, and the method there; None, and why, if it is too small."""
    longest, kept = asked_size(pair.reference.size, method.size), session.state(Meanings).pair
    key = *identities(pair), longest
    small = kept.get(key) or kept.keep(
        key, (resize(pair.reference, longest), resize(pair.distorted, longest))
    )
    ruler = ruler_there(session, method, small[0].size)
    return None if ruler is None else (*small, ruler)

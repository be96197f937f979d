"""What is known of a reference's ladder by all ways, and the work on what is not."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from PIL import Image

from explorer import render
from explorer.analysis.ladder import RUNGS, base_of, rung_picture
from explorer.backbones.sizes import too_small
from explorer.cache import ByteBudgetCache
from explorer.errors import ImageError
from explorer.images import Picture, resize
from explorer.jobs import Job
from explorer.lessons.emergence import Emergence, Told, Way, emergence_task, gathered, ways_at_hand
from explorer.metrics import Method
from explorer.views.common.kept import Kept
from explorer.views.common.progress import job_for, pause
from explorer.views.common.session import Session
from explorer.views.learn.stage import SceneState

SIDE = 96  # pixels of a rung's small picture
TOLD_BYTES = 300  # about what one thing takes that the work has told
PATIENCE = 0.3  # seconds that the chapter waits for what is quick: it is there within a second

Sheet = tuple[str, ...]  # data addresses of small pictures: the photograph itself, then its 45 versions

# Of all users together.
_done: ByteBudgetCache[tuple[Told, ...]] = ByteBudgetCache(8_000_000)
_sheets: ByteBudgetCache[Sheet] = ByteBudgetCache(16_000_000)


@dataclass
class TrainingState(SceneState):
    """What the scene keeps in a session: the work on what it shows."""

    ranking: Kept[Job[Told]] = field(default_factory=Kept)

    def leave(self) -> None:
        """Want no more what is measured for the scene."""
        pause(self.ranking)


@dataclass(frozen=True)
class Seen:
    """What is known.

    Attributes:
        found: As far as it is measured.
        at_hand: The ways whose weights are on this machine; the others measure nothing.
        job: The work on it, running or over; None where all was known.
        drawn: How many of its results are among `found`.
        sheet: Small pictures.
    """

    found: Emergence
    at_hand: tuple[Way, ...]
    job: Job[Told] | None
    drawn: int
    sheet: Sheet


def look(session: Session, reference: Picture, method: Method, ways: tuple[Way, ...]) -> Seen:
    """What is known of a reference's ladder; what is missing is measured in the background.

    Args:
        ways: `emergence.ways_of` the method.

    Raises:
        ImageError: the reference is too small for the backbone.
        SettingError: it would take more memory than there is.
        WeightsError: a network's file is damaged.
    """
    base = base_of(reference)
    if why := too_small(method.row, base.size):
        raise ImageError(why)
    at_hand = ways_at_hand(ways)
    task = emergence_task(base, method, at_hand)
    told = _done.get(task.key)
    if told is not None:
        return Seen(gathered(method, told), at_hand, None, 0, sheet_of(base))
    job = job_for(session.state(TrainingState).ranking, task.key, lambda: task, PATIENCE)
    told = job.results
    if job.state == "done":
        told = keep(task.key, job.results)
    return Seen(gathered(method, told), at_hand, job, len(told), sheet_of(base))


def keep(key: Hashable, told: Sequence[Told]) -> tuple[Told, ...]:
    """Keep what a work has found for all users."""
    _done.put(key, tuple(told), TOLD_BYTES * len(told))
    return tuple(told)


def again(session: Session) -> None:
    """Start anew what was cancelled."""
    session.state(TrainingState).ranking.clear()


def sheet_of(base: Picture) -> Sheet:
    """The photograph and its versions as small pictures."""
    found = _sheets.get(base.digest)
    if found is None:
        pictures = (base, *(rung_picture(base, rung) for rung in RUNGS))
        small = (Image.fromarray(resize(picture, SIDE).pixels) for picture in pictures)
        found = tuple(map(render.thumbnail_address, small))
        _sheets.put(base.digest, found, sum(map(len, found)))
    return found

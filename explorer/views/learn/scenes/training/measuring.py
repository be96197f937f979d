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
from explorer.lessons.emergence import Emergence, Step, climb_task, gathered
from explorer.metrics import Method
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import job_for, pause
from explorer.views.common.session import Session

SIDE = 96  # pixels of a rung's small picture
STEP_BYTES = 300  # about what a step of the work takes
PATIENCE = 0.3  # seconds that the chapter waits for what is quick: it is there within a second

Sheet = tuple[str, ...]  # data addresses of small pictures: the photograph itself, then its 45 versions

# Of all users together.
_done: ByteBudgetCache[tuple[Step, ...]] = ByteBudgetCache(8_000_000)
_sheets: ByteBudgetCache[Sheet] = ByteBudgetCache(16_000_000)


@dataclass
class TrainingState(PageState):
    """What the scene keeps in a session: the work on what it shows."""

    climbing: Kept[Job[Step]] = field(default_factory=Kept)

    def leave(self) -> None:
        """Want no more what is measured for the scene."""
        pause(self.climbing)


@dataclass(frozen=True)
class Seen:
    """What is known.

    Attributes:
        found: As far as it is measured.
        job: The work on it, running or over; None where all was known.
        drawn: How many of its results are among `found`.
        sheet: Small pictures.
    """

    found: Emergence
    job: Job[Step] | None
    drawn: int
    sheet: Sheet


def look(session: Session, reference: Picture, method: Method) -> Seen:
    """What is known of a reference's ladder; what is missing is measured in the background.

    Raises:
        ImageError: the reference is too small for the backbone.
        SettingError: the backbone has no ladder of this kind, or it would take more memory than there is.
        WeightsError: a network's files are missing or damaged.
    """
    base = base_of(reference)
    if why := too_small(method.row, base.size):
        raise ImageError(why)
    task = climb_task(base, method)
    steps = _done.get(task.key)
    if steps is not None:
        return Seen(gathered(method, steps), None, 0, sheet_of(base))
    _ = method.network  # what is missing is said here, and can be fetched
    job = job_for(session.state(TrainingState).climbing, task.key, lambda: task, PATIENCE)
    steps = job.results
    if job.state == "done":
        steps = keep(task.key, job.results)
    return Seen(gathered(method, steps), job, len(steps), sheet_of(base))


def keep(key: Hashable, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Keep what a work has found for all users."""
    _done.put(key, tuple(steps), STEP_BYTES * len(steps))
    return tuple(steps)


def again(session: Session) -> None:
    """Start anew what was cancelled."""
    session.state(TrainingState).climbing.clear()


def sheet_of(base: Picture) -> Sheet:
    """The photograph and its versions as small pictures."""
    found = _sheets.get(base.digest)
    if found is None:
        pictures = (base, *(rung_picture(base, rung) for rung in RUNGS))
        small = (Image.fromarray(resize(picture, SIDE).pixels) for picture in pictures)
        found = tuple(map(render.thumbnail_address, small))
        _sheets.put(base.digest, found, sum(map(len, found)))
    return found

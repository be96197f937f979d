"""What is known of the versions of a reference, the work on what is not, and the pictures of a card."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import partial

from explorer.analysis.cost import ENTRY_BYTES, is_large
from explorer.analysis.disagreement import Disagreement, Disagreements, disagreements
from explorer.analysis.rulers import Ruler, Rulers, text_of
from explorer.analysis.version_grid import SEVERITIES, GridRow, grid_task
from explorer.cache import ByteBudgetCache
from explorer.distortions import find_distortion
from explorer.images import Picture, resize
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.views.common.apart import apart
from explorer.views.common.compute import distorted_by_job, one_at_a_time
from explorer.views.common.method_controls import is_ready, size_for
from explorer.views.common.progress import job_for
from explorer.views.common.session import Session
from explorer.views.disagree.state import DisagreeState
from explorer.views.disagree.view import DisagreeView

_rows: ByteBudgetCache[GridRow] = ByteBudgetCache(8_000_000)  # of all users; values alone, no pictures


@dataclass(frozen=True)
class Measured:
    """What is known of a grid.

    Attributes:
        grid: What it depends on.
        found: The disagreements among what is measured.
        job: The work on what is missing, running or over; None where nothing was.
        drawn: How many of its results are among these.
        is_whole: Whether nothing is to come any more, also where the work was cancelled or has failed.
    """

    grid: Hashable
    found: Disagreements
    job: Job[GridRow] | None
    drawn: int
    is_whole: bool

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked for is measured, so that something can be said of all of it."""
        return self.is_whole and (self.job is None or self.job.state == "done")


def base_of(session: Session, state: DisagreeState, reference: Picture) -> Picture:
    """The reference at the size that is measured."""
    longest = size_for(session, reference.size)
    key = reference.digest, reference.name, longest
    base = state.base.get(key)
    if base is None:
        with one_at_a_time("Resizing the image …"):
            base = state.base.keep(key, resize(reference, longest))
    return base


def measure(state: DisagreeState, base: Picture, rulers: Rulers, view: DisagreeView) -> Measured:
    """What is known of all versions; what is missing is measured in the background.

    Raises:
        SettingError: that would take more memory than there is.
        WeightsError: a network's files are missing or damaged.
    """
    # Rows are the same for either order of the metrics, and without randomness for every seed.
    ordered = tuple(sorted(rulers, key=text_of))
    common = base.digest, *map(_identity, ordered)
    seeds = {name: find_distortion(name).seed_of(view.seed) for name in view.names}
    known = {name: _rows.get((*common, name, seed)) for name, seed in seeds.items()}

    def missing() -> Task[GridRow] | None:
        names = [name for name, row in known.items() if row is None]
        if not names:
            return None
        for ruler in rulers:
            if isinstance(ruler, Method):
                _ = ruler.network  # a file that is missing is said at once
        keep = partial(_keep, common, seeds)
        # Its pictures are kept nowhere: there are up to some hundred, and the cache is that of all users.
        return grid_task(base, ordered, names, SEVERITIES, view.seed, keep=keep)

    # What could not be measured is tried again once its weights have come.
    key = *common, tuple(seeds.items()), *(is_ready(each) for each in ordered if isinstance(each, Method))
    job = job_for(state.measuring, key, missing)
    results = job.results if job else ()
    known |= {row.name: row for row in results}
    rows = [row if ordered == rulers else row.turned for row in known.values() if row is not None]
    asked = base.digest, *map(_identity, rulers), view.seed
    drawn = *asked, tuple(row.name for row in rows)
    found = state.found.get(drawn)
    if found is None or found.reference is not base:
        found = state.found.keep(drawn, disagreements(base, rulers, rows))
    is_whole = job is None or (job.is_over and len(results) == len(job.results))
    return Measured((*asked, view.names), found, job, len(results), is_whole)


def pictures_of(
    state: DisagreeState, base: Picture, card: Disagreement, seed: int
) -> tuple[Picture, Picture]:
    """A and B as they are laid out, made where they are not kept."""
    key = base.digest, card.key, seed
    pictures = state.pictures.get(key)
    if pictures is None:
        with one_at_a_time("Distorting the image …"):
            pictures = state.pictures.keep(key, _made(base, card, seed))
    return pictures


def _made(base: Picture, card: Disagreement, seed: int) -> tuple[Picture, Picture]:
    def make() -> tuple[Picture, Picture]:
        left, right = (version.picture(base, distorted_by_job) for version in card.sides(seed))
        return left, right

    return apart("Distorting the image", make) if is_large(base.size) else make()


def _identity(ruler: Ruler) -> Hashable:
    return ruler if isinstance(ruler, str) else ruler.identity


def _keep(common: tuple[Hashable, ...], seeds: Mapping[str, int], row: GridRow) -> None:
    if not row.problem:  # a package may come
        _rows.put((*common, row.name, seeds[row.name]), row, ENTRY_BYTES * (1 + len(row.versions)))

"""What metrics say of a session's pictures: known, or measured in the background, for all who look at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.analysis.rulers import Ruler
from explorer.cache import ByteBudgetCache
from explorer.jobs import Job, Task
from explorer.judgments.asking.trial import Plan
from explorer.judgments.class_distances import (
    Fetch,
    Measure,
    TrialDistances,
    distances_of,
    measuring_task,
    ruler_identity,
    versions_of,
)
from explorer.metrics import Method
from explorer.views.common.method_controls import is_ready
from explorer.views.common.progress import job_for
from explorer.views.results.state import ResultsState

MEASURE_BYTES = 400  # about, with its key
_known: ByteBudgetCache[Measure] = ByteBudgetCache(16_000_000)  # of all users; values alone, no pictures


@dataclass(frozen=True)
class Measured:
    """What is known.

    Attributes:
        distances: Of those metrics of which all is known, in the order asked.
        job: The work on the others, running or over; None where nothing was missing.
    """

    distances: tuple[TrialDistances, ...]
    job: Job[int] | None


def measure(state: ResultsState, code: str, plan: Plan, rulers: Sequence[Ruler], fetch: Fetch) -> Measured:
    """What metrics say of a plan's trials; what is missing is measured in the background.

    Raises:
        SettingError: that would take more memory than there is.
        WeightsError: a network's files are damaged.
    """
    ready = [ruler for ruler in rulers if not isinstance(ruler, Method) or is_ready(ruler)]

    def missing() -> Task[int] | None:
        wanted = {ruler: _missing(plan, ruler) for ruler in ready if _of(state, code, plan, ruler) is None}
        wanted = {ruler: references for ruler, references in wanted.items() if references}
        for ruler in wanted:
            if isinstance(ruler, Method):
                _ = ruler.network  # a file that is damaged is said at once
        return measuring_task(plan, wanted, fetch, _keep) if wanted else None

    key = code, *map(ruler_identity, ready)
    job = None
    if any(_of(state, code, plan, ruler) is None for ruler in ready):
        job = job_for(state.measuring, key, missing)
    found = (_of(state, code, plan, ruler) for ruler in ready)
    return Measured(tuple(each for each in found if each is not None), job)


def _of(state: ResultsState, code: str, plan: Plan, ruler: Ruler) -> TrialDistances | None:
    """A metric's distances, where all are known."""
    key = code, ruler_identity(ruler)
    found = state.distances.get(key)
    if found is None and not _missing(plan, ruler):
        measures = _measures(plan, ruler)
        if None not in measures:  # a cache that all share may have let go of one just now
            known = {each.key: each for each in measures if each is not None}
            found = state.distances.keep(key, distances_of(plan, ruler, known))
    return found


def _measures(plan: Plan, ruler: Ruler) -> list[Measure | None]:
    get, identity = _known.get, ruler_identity(ruler)
    return [
        get((identity, reference, version))
        for reference, versions in versions_of(plan).items()
        for version in versions
    ]


def _missing(plan: Plan, ruler: Ruler) -> list[str]:
    """References of which a metric's values are not all known."""
    get, identity = _known.get, ruler_identity(ruler)
    return [
        reference
        for reference, versions in versions_of(plan).items()
        if any(get((identity, reference, version)) is None for version in versions)
    ]


def _keep(ruler: Ruler, measures: list[Measure]) -> None:
    for each in measures:
        _known.put((ruler_identity(ruler), *each.key), each, MEASURE_BYTES)

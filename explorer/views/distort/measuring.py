"""What is measured after each step of the recipe: kept for all users, and by prefix measured once."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

from explorer.analysis.steps import AfterStep, Found, StepLedger, steps_task
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Comparison, Method
from explorer.views.common.compute import compared_by_job, identity
from explorer.views.common.distorting import pictures_after
from explorer.views.common.method_controls import method_for
from explorer.views.common.progress import job_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.distort.state import DistortState

# By reference, steps and method; of all users together. What is too large for it is kept by the session.
_known: ByteBudgetCache[AfterStep] = ByteBudgetCache(128_000_000)


@dataclass(frozen=True)
class Measured:
    """What is known of a recipe now.

    Attributes:
        ledger: As far as it has come.
        job: The work on what is missing, running or over; None where nothing was missing.
        drawn: How many of its results are in the ledger.
        failure: Why a step could not be done or measured, which ends the ledger; None where none has failed.
            A job that failed as a whole says why by itself.
    """

    ledger: StepLedger
    job: Job[Found] | None
    drawn: int
    failure: ExplorerError | None


def method_of(session: Session, reference: Picture) -> Method:
    """How the steps are measured, at the size that the settings choose for this reference."""
    return method_for(session, Pair(reference, reference, linkable=False))


def measure(session: Session, reference: Picture) -> Measured:
    """What is known of the present recipe; what is missing is made and measured in the background.

    Raises:
        SettingError: it would take more memory than there is.
        WeightsError: a weights file is missing or damaged.
    """
    recipe, method, state = (
        session.settings.recipe,
        method_of(session, reference),
        session.state(DistortState),
    )
    key = (identity(reference), recipe.active, method)
    found = state.known.get(key)
    if found is None:
        found = state.known.keep(key, {})
    for number in range(1, len(recipe.active) + 1):
        if number not in found and (kept := _known.get(_key(reference, recipe, number, method))):
            found[number] = kept
    job = job_for(state.measuring, key, partial(_missing, session, reference, recipe, method, found))
    results, failure = job.results if job else (), None
    for number, each in results:
        if isinstance(each, ExplorerError):
            failure = each
        elif number not in found:
            found[number] = each
            _known.put(_key(reference, recipe, number, method), each, each.bytes)
    return Measured(StepLedger(recipe, method, _first_ones(found)), job, len(results), failure)


def _missing(
    session: Session, reference: Picture, recipe: Recipe, method: Method, found: dict[int, AfterStep]
) -> Task[Found] | None:
    """The work on the steps that are not known, of which the first comes after all that are; else None."""
    first = len(_first_ones(found)) + 1
    if first > len(recipe.active):
        return None
    _ = method.network  # a file that is missing is said at once

    def compare(picture: Picture, progress: Progress) -> Comparison:
        return compared_by_job(session, Pair(reference, picture, linkable=False), method, progress)[0]

    return steps_task(reference, recipe, method, first, partial(pictures_after, reference, recipe), compare)


def _first_ones(found: dict[int, AfterStep]) -> tuple[AfterStep, ...]:
    """Those from the first step on that follow each other without a gap."""
    ones = []
    while len(ones) + 1 in found:
        ones.append(found[len(ones) + 1])
    return tuple(ones)


def _key(reference: Picture, recipe: Recipe, count: int, method: Method) -> Hashable:
    return identity(reference), recipe.active[:count], method.identity

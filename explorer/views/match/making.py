"""The versions that are known, and the work on those that are not."""

import time

from explorer.analysis.versions import Equality, Refusal, Version, Versions
from explorer.analysis.versions_job import Known, check, version_key, versions_job
from explorer.cache import ByteBudgetCache
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.views.common.method_controls import is_ready
from explorer.views.common.progress import QUICK, job_for
from explorer.views.common.runs import runs
from explorer.views.match.state import MatchState

# For all users together; what does not fit is held by the session that shows it, with its job.
_known: Known = ByteBudgetCache(128_000_000)
LOOK = 0.02  # seconds between two looks for the first version


def make(
    state: MatchState,
    base: Picture,
    method: Method,
    equality: Equality,
    names: tuple[str, ...],
    seed: int,
) -> tuple[Versions, Job[Version | Refusal] | None, int]:
    """Versions as far as they are known; the others are made in the background.

    Args:
        base: The reference at the size that is measured.

    Returns:
        The versions; the work on the missing ones, running or over, None where nothing was; and how many of
        its results are among them.

    Raises:
        SettingError: it would take more memory than there is.
        ImageError, WeightsError: as `explorer.analysis.versions_job.check`.
    """
    keys = {name: version_key(base, method, equality, name, seed) for name in names}
    key = (*keys.values(), is_ready(method))
    # What the session has shown is there for it, also where others have filled the cache since.
    found = state.found.get(key)
    if found is None:
        found = state.found.keep(key, {})
    found.update(
        (name, version)
        for name, own in keys.items()
        if name not in found and (version := _known.get(own)) is not None
    )

    def missing() -> Task[Version | Refusal] | None:
        wanted = [name for name in names if name not in found]
        if not wanted:
            return None
        check(base, method)
        return versions_job(base, method, equality, wanted, seed, _known)

    is_new = state.making.get(key) is None
    job = job_for(state.making, key, missing, patience=0)
    if job and is_new:
        _wait_for_first(job)
    results = job.results if job else ()
    found.update((each.name, each) for each in results)
    there = [found[name] for name in names if name in found]
    return (
        Versions(
            base,
            method,
            equality,
            names,
            tuple(each for each in there if isinstance(each, Version)),
            tuple(each for each in there if isinstance(each, Refusal)),
        ),
        job,
        len(results),
    )


def _wait_for_first(job: Job[Version | Refusal]) -> None:
    """Wait a moment for the first version, so that the page is drawn with it."""
    with runs.aside():
        until = time.monotonic() + QUICK
        while not job.results and time.monotonic() < until and not job.wait(LOOK):
            pass

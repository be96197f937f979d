"""The numbers of what is shown, found in the background once for all users."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError
from explorer.jobs import Job, Task
from explorer.judgments.evaluation import Distances, Evaluation, compare, evaluate
from explorer.judgments.intervals import Comparison
from explorer.views.common.kept import Kept
from explorer.views.common.progress import draw_work, job_for

T = TypeVar("T")

PATIENCE = 2.0  # seconds for which the page waits: the bundled votes take one
SCORE_BYTES = 2000  # of one score with its interval, roughly

_kept: ByteBudgetCache = ByteBudgetCache(8_000_000)  # of all users; numbers alone


def evaluation_of(
    kept: Kept[Job], key: Hashable, distances: Distances, subsets: Sequence[str]
) -> Evaluation | None:
    """The scores of these subsets, all where none is named; None while they are being found."""
    part = chosen(distances, subsets)

    def find(job: Job) -> Evaluation:
        return evaluate(part, progress=job.at)

    size = SCORE_BYTES * len(part.metrics) * (len(part.subset_names) + 1)
    label = f"Evaluating {len(part.people):,} trials"
    return _found(kept, (key, tuple(subsets)), find, label, "evaluate_numbers", size)


def contest_of(
    kept: Kept[Job], key: Hashable, distances: Distances, subsets: Sequence[str], two: tuple[str, str]
) -> tuple[Comparison, ...] | None:
    """Two metrics compared: on each of these subsets, and behind them, where there are several, on all."""
    part = chosen(distances, subsets)
    names = part.subset_names
    columns = (*names, None) if len(names) > 1 else names

    def find(job: Job) -> tuple[Comparison, ...]:
        found = []
        for done, column in enumerate(columns):
            job.at(done, len(columns))
            found.append(compare(part, *two, column))
        return tuple(found)

    size = SCORE_BYTES * len(columns)
    return _found(kept, (key, tuple(subsets), two), find, "Comparing two metrics", "evaluate_contest", size)


def chosen(distances: Distances, subsets: Sequence[str]) -> Distances:
    """The trials of these subsets; all where none is named."""
    return distances.taken(np.isin(distances.subsets, list(subsets))) if subsets else distances


def _found(
    kept: Kept[Job], key: Hashable, find: Callable[[Job], T], label: str, place: str, size: int
) -> T | None:
    """What was found before; else it is found in the background, and its progress drawn.

    Raises:
        ExplorerError: it cannot be found.
    """
    found = _kept.get(key)
    if found is not None:
        return found
    job = job_for(kept, key, partial(_task, find, label), PATIENCE)
    if job.results:
        (found,) = job.results
        if isinstance(found, ExplorerError):
            raise found
        _kept.put(key, found, size)
        return found
    draw_work(job, place, None, kept.clear, "Go on", kept="")
    return None


def _task(find: Callable[[Job], T], label: str) -> Task[T | ExplorerError]:
    def work(job: Job) -> None:
        try:
            job.keep(find(job))
        except ExplorerError as error:
            job.keep(error)  # as it is: a job's own error is words alone

    return Task(label, work, unit="subsets")

"""Long work of a page on large pictures, done apart: one at a time on a server, while small work goes on."""

from collections.abc import Callable
from typing import TypeVar

from explorer.errors import ExplorerError
from explorer.jobs import Job, Task, pool
from explorer.views.common.browser import browser_is_there
from explorer.views.common.runs import runs

T = TypeVar("T")


def apart(label: str, work: Callable[[], T]) -> T:
    """Do work in the lane of pictures, and wait for it; those of other tabs have their turns between.

    Args:
        label: What it does, as `Task` takes it.
        work: Does it; knows nothing of the page.

    Raises:
        ExplorerError: as the work; or the tab was closed before its turn came.
    """

    def run(job: Job[T | ExplorerError]) -> None:
        try:
            job.keep(work())
        except ExplorerError as error:
            job.keep(error)  # as it is: a job's own error is words alone

    job = pool.start(Task(label, run, lane="pictures"), browser_is_there())
    with runs.aside():
        job.wait()
    if not job.results:
        raise ExplorerError(job.error or "The tab was closed; reload it.")
    (found,) = job.results
    if isinstance(found, ExplorerError):
        raise found
    return found

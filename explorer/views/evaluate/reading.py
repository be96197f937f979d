"""Judgments read from a file or folder: an upload at once, what lies below the root in the background."""

from collections.abc import Callable
from pathlib import Path

from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError, SettingError
from explorer.files.below import below
from explorer.files.zips import HeldFolder
from explorer.jobs import Job, Task
from explorer.judgments import formats
from explorer.judgments.evaluation import Distances
from explorer.judgments.sets import TrialSet
from explorer.names import cut
from explorer.views.common.kept import Kept
from explorer.views.common.progress import job_for
from explorer.views.common.zipped import named_as, read_zip

Read = Distances | TrialSet
Reading = Job[Read | ExplorerError]
Key = tuple[Path, int, int]  # a folder or file, its time and its size

PATIENCE = 1.5  # seconds: a table of some thousand votes, or a small set, is there at once

_read: ByteBudgetCache[Read] = ByteBudgetCache(256_000_000)  # of all users


def read_upload(name: str, data: bytes) -> tuple[Read, HeldFolder | None]:
    """An uploaded set, and the folder in which its pictures lie, if it has some.

    Raises:
        ExplorerError: it is no set of judgments.
    """
    if not name.lower().endswith(".zip"):
        return formats.read_bytes(data, name), None
    return read_zip(name, data)


def key_below(root: Path, text: str) -> Key:
    """What tells a folder or file below the root from another, and from itself once it has changed.

    Raises:
        SettingError: there is none, or it lies beyond the root.
    """
    path = below(root, text)
    try:
        now = path.stat()
    except OSError as error:
        raise SettingError(
            f"{cut(text)} cannot be read ({error.strerror}); check its permissions."
        ) from error
    return path, now.st_mtime_ns, now.st_size


def read_below(loaded: Kept[Read], reading: Kept[Reading], root: Path, key: Key) -> Read | Reading:
    """What was read, or the work on it.

    Raises:
        ExplorerError: it is no set of judgments.
    """
    found = loaded.get(key) or _read.get(key)
    if found is not None:
        return loaded.keep(key, found)
    job = job_for(reading, key, lambda: _task(key[0], root), PATIENCE)
    if not job.results:
        return job
    (found,) = job.results
    if isinstance(found, ExplorerError):
        raise found
    _read.put(key, found, _bytes(found))
    return loaded.keep(key, found)


def _task(path: Path, root: Path) -> Task[Read | ExplorerError]:
    def work(job: Reading) -> None:
        job.keep(_read_safely(path, root, job.at))

    return Task("Reading the judgments", work, lane="pictures", unit="trials", amount="{:,}".format)


def _read_safely(path: Path, root: Path, progress: Callable[[int, int], None]) -> Read | ExplorerError:
    try:
        with named_as(root, ""):
            return formats.read(path, progress)
    except ExplorerError as error:
        return error  # as it is: a job's own error is words alone


def _bytes(read: Read) -> int:
    """Of memory, roughly: texts of names and paths count most."""
    if isinstance(read, TrialSet):
        return 2000 * len(read.trials)
    return 250 * len(read.people) + 2 * read.first.nbytes

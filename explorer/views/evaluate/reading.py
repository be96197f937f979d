"""Judgments read in the background, from an upload or from what lies below the root."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError, SettingError
from explorer.files.below import below
from explorer.files.walking import state_of
from explorer.files.zips import HeldFolder
from explorer.jobs import Job, Task, pool
from explorer.judgments import formats
from explorer.judgments.evaluation import Distances
from explorer.judgments.sets import TrialSet
from explorer.names import cut
from explorer.views.common.kept import Kept
from explorer.views.common.progress import job_for
from explorer.views.common.zipped import named_as, read_zip

Read = Distances | TrialSet
Reading = Job[Read | ExplorerError]
Upload = tuple[Read, HeldFolder | None]  # a set, and the folder in which its pictures lie, if it has some
Uploading = Job[Upload | ExplorerError]
Key = tuple[Path, bytes]  # a folder or file, and its state

PATIENCE = 1.5  # seconds: a table of some thousand votes, or a small set, is there at once
LOOKED_SECONDS = 3.0  # a large folder takes half a second to be looked at, and a page runs often
UPLOAD_BYTES = 900_000_000  # that reading an upload may take: a table has its limits of bytes, rows and cells
PER_BYTE = 640  # of memory for one of an upload, if that is packed twenty times smaller than its text

Progress = Callable[[int, int], None]

_amount = "{:,}".format
_read: ByteBudgetCache[Read] = ByteBudgetCache(256_000_000)  # of all users


def upload_task(name: str, data: bytes) -> Task[Upload | ExplorerError]:
    """The work of reading an uploaded set."""

    def work(job: Uploading) -> None:
        try:
            job.keep(_read_upload(name, data, job.at))
        except ExplorerError as error:
            job.keep(error)  # as it is: a job's own error is words alone

    size = min(UPLOAD_BYTES, PER_BYTE * len(data), pool.budget)
    return Task("Reading the file", work, lane="pictures", size=size, unit="trials so far", amount=_amount)


def _read_upload(name: str, data: bytes, progress: Progress) -> Upload:
    if not name.lower().endswith(".zip"):
        return formats.read_bytes(data, name), None
    return read_zip(name, data, progress)


def key_below(root: Path, text: str) -> Key:
    """What tells a folder or file below the root from another, and from itself once it has changed.

    Raises:
        SettingError: there is none, or it lies beyond the root.
    """
    path = below(root, text)
    try:
        return path, _state(str(path))
    except OSError as error:
        raise SettingError(
            f"{cut(text)} cannot be read ({error.strerror}); check its permissions."
        ) from error


@st.cache_data(ttl=LOOKED_SECONDS, max_entries=8, show_spinner=False)
def _state(path: str) -> bytes:
    return state_of(Path(path))


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

    return Task("Reading the judgments", work, lane="pictures", unit="trials", amount=_amount)


def _read_safely(path: Path, root: Path, progress: Progress) -> Read | ExplorerError:
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

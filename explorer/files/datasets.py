"""Data sets that are fetched when a user asks for it: from whom, under which terms, and where they are kept.

They lie in the user's data folder, or in the one that EXPLORER_DATA names. A fetch goes on where an earlier
one stopped; a set is there as a whole, or not at all.
"""

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from explorer.errors import FetchCancelledError, FetchError, SettingError
from explorer.files import transfer
from explorer.files.transfer import Cancelled, SourceFailure
from explorer.files.unpacking import UnfitArchive, unpack
from explorer.jobs import Job, NotWantedError, Owner, Progress, Task, always, pool
from explorer.names import cut, harmless

RECORD = "fetched.json"  # in a set's folder, once it is whole: where its files came from, and their checksums
POLL = 0.2  # seconds between two looks at a lock that someone else holds
Say = Callable[[str], None]


@dataclass(frozen=True)
class Packed:
    """One file of a data set.

    Attributes:
        file: Its name.
        urls: Where it is, tried in this order.
        below: Folder of the set that it is unpacked into.
        size: About how many bytes there are to fetch, as its publisher says.
        most: Bytes that its files may take.
        sha256: Its checksum; "" where the publisher names none.
    """

    file: str
    urls: tuple[str, ...]
    below: str
    size: int
    most: int
    sha256: str = ""


@dataclass(frozen=True)
class DataSet:
    """A data set that can be fetched.

    Attributes:
        name: As the shell calls it.
        label: As users read it.
        summary: What it holds, in a sentence.
        terms: Under which terms, in sentences; shown before anything is fetched.
        page: Its publisher's page.
        archives: Its files.
        opens: The folder in it that is evaluated.
    """

    name: str
    label: str
    summary: str
    terms: str
    page: str
    archives: tuple[Packed, ...]
    opens: str

    @property
    def size(self) -> int:
        """About how many bytes there are to fetch."""
        return sum(archive.size for archive in self.archives)


# As scripts/download_dataset_valonly.sh of the paper's own code has it, then where it had it first.
_HOSTS = (
    "https://perceptual-similarity.s3.us-west-2.amazonaws.com/dataset/",
    "https://people.eecs.berkeley.edu/~rich.zhang/projects/2018_perceptual/dataset/",
)

DATASETS = {
    "bapps-val": DataSet(
        "bapps-val",
        "BAPPS, validation",
        "The paper's 36,344 validation trials of two distorted patches against one (2AFC) and its pairs of "
        "the same or not (JND), 256 × 256 pixels, with what people said.",
        "Its publisher releases the code under the 2-clause BSD licence and states none for the data set. "
        "Its patches come from other collections of pictures, whose own terms apply: look there before you "
        "pass any on. Whoever uses it cites Zhang et al., CVPR 2018 (arXiv 1801.03924).",
        "https://github.com/richzhang/PerceptualSimilarity",
        (
            Packed(
                "twoafc_val.tar.gz",
                tuple(host + "twoafc_val.tar.gz" for host in _HOSTS),
                "2afc",
                1_100_000_000,
                40_000_000_000,
            ),
            Packed(
                "jnd.tar.gz",
                tuple(host + "jnd.tar.gz" for host in _HOSTS),
                "",
                200_000_000,
                10_000_000_000,
            ),
        ),
        "2afc/val",
    )
}


def find_dataset(name: str) -> DataSet:
    """The row of a name; SettingError names those that exist."""
    if name not in DATASETS:
        raise SettingError(
            f"There is no data set {cut(harmless(name))!r} to fetch; choose one of: {', '.join(DATASETS)}."
        )
    return DATASETS[name]


def data_folder() -> Path:
    """Where data sets are kept; it need not exist yet."""
    named = os.environ.get("EXPLORER_DATA")
    return Path(named) if named else user_data_path("lpips-explorer", appauthor=False) / "data"


def folder_of(row: DataSet) -> Path | None:
    """The folder of a data set that is there as a whole; else None."""
    folder = data_folder() / row.name
    return folder if (folder / RECORD).is_file() else None


def fetch(row: DataSet, progress: Progress, cancelled: Cancelled, say: Say = lambda _text: None) -> Path:
    """Fetch a data set, unless it is there already.

    Args:
        row: Which.
        progress: Told bytes that have come or were unpacked, and all of them (0: unknown); anew for each.
        cancelled: Asked again and again; once it is true, the fetch ends, and what came is kept.
        say: Told in words what is done, and each file's checksum.

    Returns:
        Its folder.

    Raises:
        FetchCancelledError: `cancelled()` became true.
        FetchError: no source could be used, what came is not right, or the folder cannot be written.
    """
    base = data_folder()
    try:
        base.mkdir(parents=True, exist_ok=True)
        with _Alone(base / f"{row.name}.lock", cancelled):
            found = folder_of(row)
            return found or _fetch_all(row, base, progress, cancelled, say)
    except OSError as error:
        raise _unwritable(row, base, error) from error


def start_fetch(row: DataSet, is_wanted: Owner = always) -> Job[str]:
    """Fetch in the background; its results are sentences about what is done."""

    def work(job: Job[str]) -> None:
        try:
            fetch(row, job.at, lambda: not job.is_wanted(), job.keep)
        except FetchCancelledError as error:
            raise NotWantedError from error

    task = Task(f"Fetching {row.label}", work, lane="network", amount=megabytes, key=("data set", row.name))
    return pool.start(task, is_wanted)


def megabytes(size: int) -> str:
    """A number of bytes as users read it."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def by_hand(row: DataSet) -> str:
    """How to bring a set without the explorer's help, as the end of a sentence."""
    files = ", ".join(archive.urls[0] for archive in row.archives)
    return f"download {files} elsewhere, put them into {data_folder()} and fetch again (they are found there)"


def _fetch_all(row: DataSet, base: Path, progress: Progress, cancelled: Cancelled, say: Say) -> Path:
    private, final = base / f"{row.name}.unpacking", base / row.name
    record = {"page": row.page, "files": {}}
    archives = [_bring(row, archive, base, progress, cancelled, say) for archive in row.archives]
    try:
        shutil.rmtree(private, ignore_errors=True)  # what a program that was killed left behind
        for archive, (path, url, sha256) in zip(row.archives, archives, strict=True):
            say(f"Unpacking {archive.file}")
            _unpack(row, archive, path, private / archive.below, progress, cancelled)
            record["files"][archive.file] = {"url": url, "sha256": sha256}
        record["fetched"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        (private / RECORD).write_text(json.dumps(record, indent=2), encoding="utf-8")
        shutil.rmtree(final, ignore_errors=True)  # one without a record: somebody has begun to take it away
        private.replace(final)
    finally:
        shutil.rmtree(private, ignore_errors=True)
    for path, _, _ in archives:
        path.unlink(missing_ok=True)
        _note(path).unlink(missing_ok=True)
    return final


def _bring(
    row: DataSet, archive: Packed, base: Path, progress: Progress, cancelled: Cancelled, say: Say
) -> tuple[Path, str, str]:
    """One archive on this machine, where it came from, and its checksum."""
    path = base / archive.file
    url = _note(path).read_text(encoding="utf-8") if _note(path).is_file() else "put there by hand"
    if not path.is_file():
        url = _download(row, archive, path, progress, cancelled, say)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if archive.sha256 and sha256 != archive.sha256:
        path.unlink()
        raise FetchError(
            f"{archive.file} has a wrong checksum and was deleted; fetch again, and if it is wrong again, "
            f"look at {row.page}."
        )
    compared = "as its publisher says" if archive.sha256 else "its publisher names none to compare it with"
    say(f"{archive.file}: sha256 {sha256}; {compared}")
    return path, url, sha256


def _download(
    row: DataSet, archive: Packed, path: Path, progress: Progress, cancelled: Cancelled, say: Say
) -> str:
    """Bring an archive from the first of its addresses that has it; returns which."""
    reasons = []
    for place, url in enumerate(archive.urls):
        part = path.with_name(
            f"{path.name}.{place}.part"
        )  # of each its own: nobody says that they are one file
        say(f"Fetching {url}")
        try:
            transfer.download(url, part, progress, cancelled)
        except SourceFailure as reason:
            reasons.append(f"from {url}: {reason}")
            continue
        _note(path).write_text(url, encoding="utf-8")
        os.replace(part, path)
        transfer.forget(part)  # only its note is left
        return url
    raise FetchError(
        f"{row.label} could not be fetched {'; '.join(reasons)}. Try again later, which goes on from "
        f"here, or {by_hand(row)}."
    )


def _unpack(
    row: DataSet, archive: Packed, path: Path, folder: Path, progress: Progress, cancelled: Cancelled
) -> None:
    try:
        unpack(path, folder, archive.most, progress, cancelled)
    except UnfitArchive as reason:
        path.unlink()
        raise FetchError(
            f"{archive.file} was not unpacked, for {reason}; it was deleted: fetch again, and if it is "
            f"so once more, look at {row.page}."
        ) from reason


class _Alone:
    """Holds a lock that other threads and other programs respect; waits for it until cancelled."""

    def __init__(self, lock: Path, cancelled: Cancelled):
        self._held, self._cancelled = FileLock(lock, thread_local=False), cancelled

    def __enter__(self) -> None:
        while True:
            if self._cancelled():
                raise FetchCancelledError("The fetch was cancelled.")
            try:
                self._held.acquire(timeout=POLL)
                return
            except Timeout:
                continue

    def __exit__(self, *_error: object) -> None:
        self._held.release()


def _note(path: Path) -> Path:
    """Beside an archive that came: from which address."""
    return path.with_name(f"{path.name}.from")


def _unwritable(row: DataSet, base: Path, error: OSError) -> FetchError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return FetchError(
            f"The disk of {base} is full, so {row.label} could not be kept: make room, or name a folder on "
            "another disk in the variable EXPLORER_DATA, and fetch again, which goes on from here."
        )
    return FetchError(
        f"The folder {base} cannot be written ({error.strerror or error}): name another in the environment "
        "variable EXPLORER_DATA."
    )

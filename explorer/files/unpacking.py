"""Archives that others have made, unpacked into one folder and nowhere else.

Only plain files and folders are taken, written by ourselves: no link, device or owner of an archive has any
effect, and a name that leads out of the folder is refused before anything of it is written.
"""

import os
import shutil
import tarfile
import zlib
from collections.abc import Callable
from lzma import LZMAError
from pathlib import Path, PureWindowsPath

from explorer.errors import FetchCancelledError
from explorer.jobs import Progress

MOST_FILES = 2_000_000
PIECE = 1 << 20  # bytes


class UnfitArchive(Exception):  # noqa: N818 - it is a reason, which the fetch puts into its own error
    """Why an archive is not unpacked, as a clause of a sentence."""


def unpack(archive: Path, folder: Path, most: int, progress: Progress, cancelled: Callable[[], bool]) -> int:
    """Unpack a tar archive, compressed or not.

    Args:
        archive: The file.
        folder: Where its files go; made where it is not there. What is in the way is overwritten.
        most: Bytes that they may take in all.
        progress: Told (bytes of the archive that were read, bytes in all).
        cancelled: Asked before each file.

    Returns:
        How many files there were.

    Raises:
        UnfitArchive: it is damaged, leads out of the folder, or holds what is neither file nor folder, too
            much, or nothing.
        FetchCancelledError: `cancelled()` became true.
        OSError: the folder cannot be written, or the disk is full.
    """
    whole, files, left = archive.stat().st_size, 0, most
    try:
        with archive.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|*") as members:
            for member in members:
                if cancelled():
                    raise FetchCancelledError("The fetch was cancelled.")
                target = _inside(folder, member)
                if member.isdir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                files, left = files + 1, left - member.size
                if files > MOST_FILES or left < 0:
                    raise UnfitArchive("it holds far more than the data set does")
                _write(members, member, target)
                progress(raw.tell(), whole)
    except (tarfile.TarError, EOFError, zlib.error, LZMAError) as error:
        raise UnfitArchive("it is damaged or cut short") from error
    except OSError as error:
        if error.errno is None:  # what gzip and bzip2 raise of damaged bytes
            raise UnfitArchive("it is damaged or cut short") from error
        raise
    if not files:
        raise UnfitArchive("it holds no file")
    return files


def _inside(folder: Path, member: tarfile.TarInfo) -> Path:
    """Where a member goes, which is below the folder."""
    name = member.name
    windows = PureWindowsPath(name)  # takes both kinds of slashes, and drives
    if windows.drive or windows.root or ".." in windows.parts or "\0" in name:
        raise UnfitArchive("one of its names leads out of the folder")
    if not (member.isfile() or member.isdir()):
        raise UnfitArchive("it holds links or devices, where only files and folders belong")
    return folder.joinpath(*(part for part in windows.parts if part != "."))


def _write(members: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source = members.extractfile(member)
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, PIECE)
    if os.path.getsize(target) != member.size:
        raise UnfitArchive("it is damaged or cut short")

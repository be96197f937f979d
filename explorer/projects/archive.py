"""A project's file as a zip: four entries under fixed names, always packed alike, unpacked with distrust.

A zip can come from anyone, so what it says of itself is checked before anything is inflated, and counted
while it is: never is more than `MOST_BYTES` held beside the file itself.
"""

import io
import re
import stat
import struct
import zipfile
from collections.abc import Mapping, Sequence

from explorer.errors import ProjectError
from explorer.files.zips import FAULTS, LOCKED
from explorer.images import MAX_BYTES
from explorer.names import cut, harmless

DOCUMENT, RESULTS = "project.json", "results.json"
ROLES = ("reference", "distorted")
ENTRIES = 4  # the two of JSON, and a picture a role

MOST_BYTES = MAX_BYTES  # of the file, and of all that is in it: 512 MB
MOST_JSON_BYTES = 1 << 20  # of each of the two
MOST_RATIO = 100  # of an entry's bytes to those it takes in the file; pictures hardly get smaller
SMALL_BYTES = 1 << 20  # below this the ratio does not matter
PIECE = 1 << 20  # bytes that are inflated at once

_PICTURE = re.compile(rf"({'|'.join(ROLES)})\.[a-z0-9]{{1,8}}")
_END, _END_BYTES = b"PK\5\6", 22  # the record at the end of a zip, here always without a comment
_END64, _END64_BYTES = b"PK\6\7", 20  # what stands before it in one of more than 4 GB
_MOST_DIRECTORY_BYTES = 1 << 16  # of the list of entries, which zipfile reads whole
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can tell


def pack(entries: Mapping[str, bytes]) -> bytes:
    """A zip of these entries in their order; equal entries give equal bytes.

    Nothing is deflated: pictures are small already, and the bytes would be those of one version of zlib.

    Args:
        entries: Name -> bytes.

    Raises:
        ProjectError: they are larger than a project may be.
    """
    total = sum(map(len, entries.values()))
    if total > MOST_BYTES:
        raise ProjectError(
            f"The project would have {total >> 20} MB, and {MOST_BYTES >> 20} MB are the most; "
            "save its pictures as smaller files first."
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, wherever it is written
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, data)
    return stream.getvalue()


def unpack(data: bytes, subject: str) -> dict[str, bytes]:
    """The entries of a project's zip: `DOCUMENT`, `RESULTS`, and a picture for each of `ROLES`.

    Args:
        data: The file.
        subject: What errors call it.

    Raises:
        ProjectError: it is no zip, is damaged, holds anything else, or more than it may.
    """
    _check_end(data, subject)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries, subject)
            return _inflated(archive, entries, subject)
    except (*FAULTS, OSError) as error:
        raise ProjectError(f"{subject} is damaged and cannot be unpacked; get it once more.") from error


def _check_end(data: bytes, subject: str) -> None:
    """Read the record at the end, which tells how long the list of entries is, before zipfile reads that."""
    if not data.startswith(b"PK\3\4"):
        raise ProjectError(
            f"{subject} is no project: those are zip files, as Inspect, Region and the shell save them."
        )
    if len(data) > MOST_BYTES + (1 << 20):
        raise ProjectError(f"{subject} is larger than {MOST_BYTES >> 20} MB, and so no project.")
    end = data[-_END_BYTES:]
    # A comment at the end is as good a zip, but none that the explorer makes; with one, programs find
    # different ends in one file.
    if len(end) < _END_BYTES or not end.startswith(_END) or not end.endswith(b"\0\0"):
        raise ProjectError(f"{subject} is cut short, or has something behind its end; get it once more.")
    count, size = struct.unpack("<HI", end[10:16])
    if data[-_END_BYTES - _END64_BYTES :].startswith(_END64) or size > _MOST_DIRECTORY_BYTES:
        raise ProjectError(f"{subject} holds far more than a project's {ENTRIES} files.")
    if count != ENTRIES:
        raise ProjectError(_no_project(subject, count))


def _no_project(subject: str, count: int) -> str:
    files = "1 file" if count == 1 else f"{count} files"
    return (
        f"{subject} is another zip file: it holds {files}, and a project has {ENTRIES}; choose one that "
        "Inspect, Region or the shell has saved."
    )


def _check(entries: Sequence[zipfile.ZipInfo], subject: str) -> None:
    """Refuse what is no project by what the entries say of themselves."""
    if len(entries) != ENTRIES:
        raise ProjectError(_no_project(subject, len(entries)))
    found = []
    for entry in entries:
        is_picture = _PICTURE.fullmatch(entry.filename)
        if not is_picture and entry.filename not in (DOCUMENT, RESULTS):
            name = cut(harmless(entry.filename[:300]))
            raise ProjectError(f"{subject} holds “{name}”, which is no part of a project.")
        found.append(is_picture[1] if is_picture else entry.filename)
        _check_one(entry, subject)
    if set(found) != {DOCUMENT, RESULTS, *ROLES}:
        twice = next(name for name in found if found.count(name) > 1)
        raise ProjectError(f"{subject} holds “{twice}” twice, and a project has each of its files once.")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        raise ProjectError(
            f"{subject} would unpack to {total >> 20} MB, and {MOST_BYTES >> 20} MB are the most."
        )


def _check_one(entry: zipfile.ZipInfo, subject: str) -> None:
    """Refuse an entry that is no plain file, or that says it is too large."""
    where = f"{subject}: {entry.filename}"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise ProjectError(f"{where} is a link or no plain file, and a project has neither.")
    if entry.flag_bits & LOCKED:
        raise ProjectError(f"{where} is encrypted; a project is not.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ProjectError(
            f"{where} is compressed in a way that is not read; pack it by “deflate” or not at all."
        )
    if entry.filename in (DOCUMENT, RESULTS) and entry.file_size > MOST_JSON_BYTES:
        raise ProjectError(f"{where} has {entry.file_size:,} bytes; {MOST_JSON_BYTES:,} are the most.")
    if entry.file_size > max(SMALL_BYTES, MOST_RATIO * entry.compress_size):
        raise ProjectError(
            f"{where} would unpack to more than {MOST_RATIO} times its size, as no picture does."
        )


def _inflated(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], subject: str) -> dict[str, bytes]:
    """All entries' bytes, counted as they come: what an entry says of its size need not be true."""
    left, contents = MOST_BYTES, {}
    for entry in entries:
        pieces = []
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise ProjectError(
                        f"{subject} unpacks to more than {MOST_BYTES >> 20} MB, which are the most."
                    )
                pieces.append(piece)
        contents[entry.filename] = b"".join(pieces)
        if len(contents[entry.filename]) != entry.file_size:
            raise ProjectError(f"{subject}: {entry.filename} is cut short; get the file once more.")
    return contents

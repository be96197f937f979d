"""A ZIP file of a data set, unpacked with distrust: it may come from anyone.

What an entry says of its name decides whether it is written, and what comes out of it is counted as it comes:
what it says of its size need not be true.
"""

import errno
import io
import shutil
import stat
import struct
import tempfile
import weakref
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from explorer.errors import SettingError
from explorer.names import IMAGE_ENDINGS, cut, harmless

MOST_FILES = 20_000
MOST_BYTES = 256 << 20  # of all that is unpacked
MOST_LETTERS = 200  # of a path in it
PIECE = 1 << 20  # bytes that are inflated at once
ENDINGS = {*IMAGE_ENDINGS, ".npy", ".csv", ".txt"}  # of a data set; whatever else lies beside is left out

OF_THE_DISK = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.ENAMETOOLONG: "give its files shorter names",
}

LOCKED = 0x1 | 0x40 | 0x2000  # flags of an entry: encrypted, strongly, or with its header masked
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)  # what zipfile raises for files that are no good


class HeldFolder:
    """A new folder, which goes with all that is in it once nobody holds it, or the program ends.

    Attributes:
        path: Where it is.
    """

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="lpips-explorer-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def unpack_zip(data: bytes, folder: Path, subject: str) -> None:
    """Write the pictures, arrays and tables of a ZIP file into an empty folder.

    Args:
        data: The file.
        folder: Nothing is ever written outside of it.
        subject: What errors call the file.

    Raises:
        SettingError: it is no ZIP file, is damaged or encrypted, holds too much, or a path that leads out.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
            if len(entries) > MOST_FILES:
                raise SettingError(
                    f"{subject} holds {len(entries):,} files, and {MOST_FILES:,} are the most; put it "
                    "below the folder that the server opens."
                )
            left = MOST_BYTES
            for entry in entries:
                left = _write(archive, entry, folder / _checked(entry, subject), left, subject)
    except FAULTS as error:
        raise SettingError(f"{subject} is no ZIP file, or is damaged; pack it again.") from error
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise SettingError(f"{subject} holds two files of the same path; pack it again.") from error
    except OSError as error:
        raise _not_written(error, subject) from error


def _not_written(error: OSError, subject: str) -> SettingError:
    """What the disk says, with what helps."""
    mend = OF_THE_DISK.get(error.errno, "check the folder for temporary files")
    return SettingError(f"{subject} cannot be unpacked ({error.strerror}); {mend}.")


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file of a data set; what macOS and others put beside these is not."""
    path = PurePosixPath(entry.filename)
    is_aside = any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in path.parts)
    return not entry.is_dir() and not is_aside and path.suffix.lower() in ENDINGS


def _checked(entry: zipfile.ZipInfo, subject: str) -> PurePosixPath:
    """The entry's path inside of the folder.

    Raises:
        SettingError: it leads out of it, or the entry is no plain file.
    """
    name, path = entry.filename, PurePosixPath(entry.filename)
    shown = f"{subject}: “{cut(harmless(name[:300]))}”"
    if path.is_absolute() or ".." in path.parts or any(sign in name for sign in "\\:\0"):
        raise SettingError(f"{shown} leads out of the folder; pack it again with plain names.")
    if len(name) > MOST_LETTERS:
        raise SettingError(f"{shown} has a path of more than {MOST_LETTERS} letters; shorten it.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise SettingError(f"{shown} is a link or no plain file; pack the files themselves.")
    if entry.flag_bits & LOCKED:
        raise SettingError(f"{shown} is encrypted; pack it without a password.")
    return path


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, left: int, subject: str) -> int:
    """Write one file; returns how many bytes may still come."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as stream, path.open("xb") as file:
        while piece := stream.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise SettingError(
                    f"{subject} unpacks to more than {MOST_BYTES >> 20} MB; put it below the folder that the "
                    "server opens."
                )
            file.write(piece)
    return left

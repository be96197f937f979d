"""Files of this machine that guests may open: those below one root, and nothing else.

A path is judged twice. First by its letters alone, for a look at some paths already asks another machine: a
share of the network, a drive that is mounted when it is touched. Then it is made real, all links followed,
and checked again: what it looks like says nothing of where it leads. What is hidden stays so. Sentences name
what was asked for, and never where the root lies.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath

from explorer.errors import SettingError
from explorer.files.walking import TooMuchError, walk
from explorer.names import IMAGE_ENDINGS, cut, harmless

DEEPEST = 5  # folders below the root that are listed
MOST_SEEN = 100_000  # files and folders that are looked at for it, and in a folder whose files a table names
MOST_LISTED = 500
MEND = "name one below the folder that this server opens"


def below(root: Path, text: str) -> Path:
    """The file or folder that a path names, counted from the root.

    Args:
        root: The folder that the server opens.
        text: Such as "night/scores.csv", from a link or a field; "" and "." are the root itself.

    Returns:
        Its real path, in which no link is left.

    Raises:
        SettingError: the path is absolute, names a drive, holds `..`, a hidden part or a NUL, leads out of
            the root by a link, or names nothing.
    """
    shown = f"“{cut(harmless(text))}”"
    if "\0" in text:
        raise SettingError(f"{shown} holds a character that no path has; {MEND}.")
    windows = PureWindowsPath(text)
    if windows.drive or windows.root or Path(text).is_absolute():
        raise SettingError(f"{shown} is an absolute path; {MEND}, counted from there.")
    if ".." in windows.parts:  # both kinds of slashes part
        raise SettingError(f"{shown} climbs out of its folder by “..”; {MEND}.")
    if _is_hidden(windows.parts):
        raise SettingError(f"{shown} is hidden, for a part of it begins with a dot; {MEND}.")
    real = _real(root / text)
    if real is None or not is_inside(root, real):
        raise SettingError(f"{shown} leads out of the folder that this server opens; {MEND}.")
    if not os.path.exists(real):
        raise SettingError(f"There is no {shown} below the folder that this server opens; check its name.")
    return real


def is_inside(root: Path, path: Path) -> bool:
    """Whether a path, all links followed, is the root or lies in it."""
    real = _real(path)
    return real is not None and real.is_relative_to(os.path.realpath(root))


class Finder:
    """Finds the files that a table names, which may be thousands in a few folders."""

    def __init__(self, root: Path, base: Path):
        """Make one for a table.

        Args:
            root: The folder that the server opens, its real path.
            base: The folder from which the table names its files, if that is not the root: its own.
        """
        self._root = root
        self._bases = dict.fromkeys((str(base), str(root)))
        self._above = os.path.join(root, "")  # what all paths below the root begin with
        # The names in each folder, those inside alone; None where there are too many to be read.
        self._folders: dict[str, frozenset[str] | None] = {}

    def find(self, name: str) -> Path | None:
        """The regular file of this name, absolute or not, where it lies below the root; else None."""
        if not name or "\0" in name:
            return None
        if PureWindowsPath(name).drive and not Path(name).is_absolute():
            return None  # another drive, or a share of the network
        for base in self._bases:
            path = os.path.normpath(os.path.join(base, name))  # an absolute name is itself
            folder, last = os.path.split(path)
            if self._may_look_for(path):
                names = self._names(folder)
                if self._is_file(path) if names is None else last in names:
                    return Path(path)
        return None

    def _is_file(self, path: str) -> bool:
        return os.path.isfile(path) and is_inside(self._root, Path(path))

    def _may_look_for(self, path: str) -> bool:
        """Whether a path lies below the root by its letters, in nothing hidden.

        Thousands are asked for in a run of a page, and as letters they take a tenth of the time of a `Path`.
        """
        return path.startswith(self._above) and not _is_hidden(path[len(self._above) :].split(os.sep))

    def _names(self, folder: str) -> frozenset[str] | None:
        if folder not in self._folders:
            try:
                self._folders[folder] = frozenset(_files(self._root, Path(folder)))
            except TooMuchError:
                self._folders[folder] = None
        return self._folders[folder]


def folders_below(root: Path) -> list[str]:
    """Folders that hold images, themselves or in a sub-folder, by their path from the root ("." is it)."""
    found = set()
    for parent, files in _walk(root):
        if any(Path(name).suffix.lower() in IMAGE_ENDINGS for name in files):
            found |= {parent, *parent.parents}
    return sorted(path.as_posix() for path in found)[:MOST_LISTED]


def tables_below(root: Path) -> list[str]:
    """CSV files by their path from the root."""
    found = (parent / name for parent, files in _walk(root) for name in files if is_table(name))
    return sorted(path.as_posix() for path in found if is_inside(root, root / path))[:MOST_LISTED]


def is_table(name: str) -> bool:
    """Whether a file is called as a table is."""
    return name.lower().endswith(".csv")


def _walk(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """The folders below the root, not behind links and not hidden, with the names of their files.

    Of a root that holds too much only a part is listed: what is not can still be named.
    """
    deepest = len(root.parts) + DEEPEST
    try:
        for parent, files in walk(root, MOST_SEEN, lambda path: len(path.parts) <= deepest):
            yield parent.relative_to(root), files
    except TooMuchError:
        return


def _files(root: Path, folder: Path) -> Iterator[str]:
    """Names of the regular files in a folder, without those that lie outside of the root.

    Whatever else has a name, such as a pipe, might hold up whoever reads it for ever.

    Raises:
        TooMuchError: it holds more than `MOST_SEEN` files and folders.
    """
    if not is_inside(root, folder):
        return
    try:
        with os.scandir(folder) as entries:
            for count, entry in enumerate(entries, start=1):
                if count > MOST_SEEN:
                    raise TooMuchError
                is_here = not entry.is_symlink() or is_inside(root, Path(entry.path))
                if is_here and entry.is_file():
                    yield entry.name
    except OSError:  # gone, or not to be read
        return


def _is_hidden(parts: Sequence[str]) -> bool:
    return any(part.startswith(".") for part in parts)


def _real(path: Path) -> Path | None:
    """A path with all links followed; None where they lead in a circle, or no system has such a path."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return None

"""Folders walked one after the other, with a bound on what is read: some hold millions of files."""

import os
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

Refuse = Callable[[OSError], None]

MOST_TOLD = 500_000  # files and folders by which a state is told: some 2 seconds


class TooMuchError(Exception):
    """More files and folders are there than may be read."""


def walk(
    folder: Path,
    most: int | None = None,
    is_entered: Callable[[Path], bool] = lambda _path: True,
    refuse: Refuse = lambda _error: None,
) -> Iterator[tuple[Path, list[str]]]:
    """A folder and those below it, with the names of their files in order; each before what lies in it.

    What is hidden is passed over, and so are folders behind links.

    Args:
        folder: Where it begins.
        most: How many files and folders are read at most, in all; None reads what there is.
        is_entered: Whether a folder is looked into.
        refuse: Called for a folder that cannot be read; where it returns, that one is passed over.

    Raises:
        TooMuchError: there are more; what comes before was given.
    """
    waiting, left = [folder], most
    while waiting:
        parent = waiting.pop()
        folders, files = [], []
        try:
            with os.scandir(parent) as entries:
                for entry in entries:
                    if left is not None:
                        left -= 1
                        if left < 0:
                            raise TooMuchError
                    if entry.name.startswith("."):
                        continue
                    if not (entry.is_symlink() and os.path.isdir(entry.path)):
                        (folders if entry.is_dir(follow_symlinks=False) else files).append(entry.name)
        except OSError as error:
            refuse(error)
            continue
        yield parent, sorted(files)
        below = (parent / name for name in sorted(folders, reverse=True))
        waiting += filter(is_entered, below)


def state_of(path: Path, most: int = MOST_TOLD) -> bytes:
    """What changes whenever a file or folder does: a digest of the names, sizes and times of all files in it.

    Args:
        path: The file or folder; what is hidden in it, and folders behind links, do not count.
        most: How many files and folders are looked at; what comes behind them does not count.

    Raises:
        OSError: there is none.
    """
    digest = blake2b(digest_size=16)

    def look(each: str, now: os.stat_result) -> None:
        digest.update(f"{each}|{now.st_size}|{now.st_mtime_ns}\n".encode(errors="surrogateescape"))

    look("", path.stat())
    try:
        for folder, names in walk(path, most) if path.is_dir() else ():
            for name in names:
                each = os.path.join(folder, name)
                try:
                    look(each, os.stat(each, follow_symlinks=False))
                except FileNotFoundError:  # since its folder was read
                    continue
    except TooMuchError:
        pass
    return digest.digest()

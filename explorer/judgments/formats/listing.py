"""What lies in a folder of a set: links that lead out of the set are never followed, and are named.

A set may have been unpacked from an archive of anybody's, whose links point where they like.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from explorer.analysis.wording import counted
from explorer.errors import SettingError
from explorer.files.below import is_inside
from explorer.judgments.sets import Skipped
from explorer.names import IMAGE_ENDINGS, cut, harmless

MOST_TOLD = 1000  # of what is left out, one by one; the others are counted
LED_OUT = "it is a link that leads out of the folder"

Progress = Callable[[int, int], None]


def no_progress(_done: int, _whole: int) -> None:
    """Tell nobody."""


def twins(files: Iterable[Path]) -> dict[Path, Path]:
    """Of files whose content others have too, each one's first.

    Trials of one reference are no independent sayings, and an interval that took them for such would be too
    narrow. Only files of one size are read for it.
    """
    sizes: dict[int, list[Path]] = defaultdict(list)
    for file in files:
        try:
            sizes[file.stat().st_size].append(file)
        except OSError:  # gone, which is told when it is to be measured
            continue
    same: dict[bytes, list[Path]] = defaultdict(list)
    for alike in sizes.values():
        for file in alike if len(alike) > 1 else ():
            try:
                same[blake2b(file.read_bytes(), digest_size=16).digest()].append(file)
            except OSError:
                continue
    return {file: alike[0] for alike in same.values() if len(alike) > 1 for file in alike}


@dataclass
class Left:
    """What is left out of a set while it is read."""

    told: list[Skipped] = field(default_factory=list)
    more: int = 0

    def add(self, what: str, why: str) -> None:
        """Leave out one more; a folder is looked at from several sides, and told once."""
        if why == LED_OUT and any(each.why == why and each.what == cut(harmless(what)) for each in self.told):
            return
        if len(self.told) < MOST_TOLD:
            self.told.append(Skipped(cut(harmless(what)), why))
        else:
            self.more += 1

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """All of them, those beyond MOST_TOLD as one."""
        if not self.more:
            return tuple(self.told)
        return *self.told, Skipped(counted(self.more, "more", "more"), "for such reasons", self.more)

    @property
    def first(self) -> str:
        """One of them as the end of a sentence: ": cnn/0001: it has no p1"; "" where there is none."""
        return f": {self.told[0].what}: {self.told[0].why}" if self.told else ""


class Folder:
    """A set's folder, which holds all that belongs to it."""

    def __init__(self, path: Path):
        """Take the set's folder; it may be reached by a link itself, for that one was named."""
        self.root = Path(os.path.realpath(path))
        self.left = Left()

    def entries(self, folder: Path) -> Iterator[os.DirEntry]:
        """What a folder holds, by name, without what is hidden and what leads out.

        Raises:
            SettingError: it cannot be read.
        """
        try:
            with os.scandir(folder) as found:
                listed = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            shown = cut(harmless(str(folder)))
            raise SettingError(f"{shown} cannot be read; check its name and permissions.") from error
        for entry in listed:
            if entry.name.startswith("."):
                continue
            if entry.is_symlink() and not is_inside(self.root, Path(entry.path)):
                self.left.add(self.named(entry.path), LED_OUT)
                continue
            yield entry

    def has(self, folder: Path) -> bool:
        """Whether a folder is there, and is no link that leads out."""
        if not folder.is_dir():
            return False
        if folder.is_symlink() and not is_inside(self.root, folder):
            self.left.add(self.named(folder), LED_OUT)
            return False
        return True

    def folders(self, folder: Path) -> list[Path]:
        """Folders in a folder."""
        return [Path(entry.path) for entry in self.entries(folder) if entry.is_dir()]

    def files(self, folder: Path, endings: Collection[str] = IMAGE_ENDINGS) -> dict[str, Path]:
        """Files with these endings by their stems; what else is there, and what has a twin, is left out."""
        found: dict[str, Path] = {}
        twins = set()
        for entry in self.entries(folder):
            stem, ending = os.path.splitext(entry.name)
            if ending.lower() not in endings or not entry.is_file():
                what = "picture" if endings is IMAGE_ENDINGS else f"{' or '.join(endings)} file"
                self.left.add(self.named(entry.path), f"it is no {what}, by its name")
            elif stem in found or stem in twins:
                self.left.add(self.named(entry.path), "another file has this name with another ending")
                twins.add(stem)
                found.pop(stem, None)
            else:
                found[stem] = Path(entry.path)
        return found

    def named(self, path: str | Path) -> str:
        """A path as sentences call it: from the set's folder on."""
        return os.path.relpath(path, self.root)

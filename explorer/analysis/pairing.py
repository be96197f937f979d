"""Which files of two folders belong together, or of a reference and one folder."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import ImageError
from explorer.files.walking import TooMuchError, walk
from explorer.names import IMAGE_ENDINGS


@dataclass(frozen=True)
class FilePair:
    """Two files to be measured."""

    reference: Path
    distorted: Path


@dataclass(frozen=True)
class Pairing:
    """What two folders hold, or a reference and one folder, in the order of the names."""

    pairs: tuple[FilePair, ...]
    alone: tuple[Path, ...] = ()  # without a partner in the other folder
    ambiguous: tuple[tuple[Path, ...], ...] = ()  # files of one folder that differ only in their endings
    itself: tuple[Path, ...] = ()  # the reference, where it lies in the folder of its candidates


def pair_folders(
    reference: Path, distorted: Path, called: Callable[[Path], str] = str, most: int | None = None
) -> Pairing:
    """Pair the images of two folders by stem: `a.png` with `a.jpg`, `night/b.png` with `night/b.webp`.

    Hidden files and folders are passed over, and so is one of the two folders inside the other.

    Args:
        reference, distorted: The folders.
        called: What errors call a folder; its path, unless that is no concern of who reads them.
        most: How many files and folders of each are read at most; None reads what there is.

    Raises:
        ImageError: a folder cannot be read or holds too much, or no image has a partner.
    """
    ours = _images(reference, distorted, called, most)
    theirs = _images(distorted, reference, called, most)
    ambiguous = [tuple(files) for side in (ours, theirs) for files in side.values() if len(files) > 1]
    pairs, alone = [], []
    for stem in sorted(ours.keys() | theirs.keys()):
        first, second = ours.get(stem, []), theirs.get(stem, [])
        if len(first) == len(second) == 1:
            pairs.append(FilePair(first[0], second[0]))
        elif not first or not second:
            alone += [*first, *second]
    if not pairs and not ambiguous:
        raise ImageError(
            f"No image in {called(reference)} has a partner in {called(distorted)}; partners have the same "
            "name up to the ending, in sub-folders of the same name."
        )
    return Pairing(tuple(pairs), tuple(alone), tuple(ambiguous))


def _images(
    folder: Path, other: Path, called: Callable[[Path], str] = str, most: int | None = None
) -> dict[str, list[Path]]:
    """The images in a folder by their path in it without the ending, each with all files of that name."""

    def refuse(error: OSError) -> None:
        reason = error.strerror or error
        name = called(Path(error.filename))
        raise ImageError(f"The folder {name} cannot be read ({reason}); check its permissions.")

    elsewhere = os.path.realpath(other)
    found: dict[str, list[Path]] = {}
    try:
        for parent, files in walk(folder, most, lambda path: os.path.realpath(path) != elsewhere, refuse):
            for name in files:
                path = parent / name
                if path.suffix.lower() in IMAGE_ENDINGS:
                    found.setdefault(path.relative_to(folder).with_suffix("").as_posix(), []).append(path)
    except TooMuchError:
        raise ImageError(
            f"The folder {called(folder)} holds more than {most:,} files and folders, the most that are "
            "looked through here; name a folder below it, or use `lpips-explorer measure`."
        ) from None
    return found


def pair_with_all(reference: Path, folder: Path) -> Pairing:
    """Pair one reference with every image of a folder, which need not be called alike.

    Hidden files and folders are passed over, and so is the reference itself.

    Raises:
        ImageError: the folder cannot be read, or holds no other image.
    """
    own = os.path.realpath(reference)
    found = [path for paths in _images(folder, reference).values() for path in paths]
    itself = tuple(path for path in found if os.path.realpath(path) == own)
    pairs = tuple(FilePair(reference, path) for path in sorted(found) if path not in itself)
    if not pairs:
        other = "other " if itself else ""
        raise ImageError(f"No {other}image in {folder} to measure; name the folder of the distorted images.")
    return Pairing(pairs, itself=itself)

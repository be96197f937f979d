"""Heads that a user has learned from votes: files in a folder, each with what it was learned from.

The folder is the one named by EXPLORER_HEADS, or else `heads` in the user's own data folder. A file holds a
vector of weights a layer, and as metadata its `Provenance`. Heads called `mine` are asked for as
`yours-mine`; in full, as links, results and caches have them, with the beginning of their file's checksum:
`yours-mine.1a2b3c4d`. So whoever learns `mine` anew never gets a number of the heads before.
"""

import json
import os
import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from platformdirs import user_data_path
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from explorer.errors import SettingError
from explorer.files.source import WeightsFile
from explorer.files.tensors import UnfitFileError, read_tensors
from explorer.files.weights import checksum
from explorer.names import in_short

PREFIX = "yours-"
FOLDER = "EXPLORER_HEADS"
KIND = "lpips-explorer heads 1"  # what such a file says it is
ENDING = ".safetensors"
LARGEST = 10_000_000  # bytes; those of ResNet-50 are 16 kB
LONGEST = 40  # letters of a name
MOST = 200  # files that are read
DIGITS = 8  # of a checksum, in a name

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}")
_FULL = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{1,{LONGEST}}})(?:\.([0-9a-f]{{{DIGITS}}}))?")


@dataclass(frozen=True)
class Provenance:
    """What heads were learned from.

    Attributes:
        backbone: The network that they are for, a name of the catalogue.
        votes: The set of votes, in a few words.
        trials, references: How many it held, held-out ones included.
        digest: Of the pictures and votes.
        size: The longest side in pixels at which the pictures were measured; 0 as they are.
        held_out: Agreement with the votes about references that taught nothing, 0..1.
        seed: Of the split and the training.
        date: The day, as "2026-11-26".
        version: Of the explorer.
    """

    backbone: str
    votes: str
    trials: int
    references: int
    digest: str
    size: int
    held_out: float
    seed: int
    date: str
    version: str

    @property
    def sentence(self) -> str:
        """What a menu says of the heads."""
        return (
            f"Learned from {self.trials:,} trials of {self.references:,} references ({self.votes}), seed "
            f"{self.seed}, {self.date}; they agree with {self.held_out:.1%} of the votes held out."
        )

    def to_metadata(self) -> dict[str, str]:
        """As the file holds it."""
        return {"kind": KIND, "provenance": json.dumps(asdict(self), ensure_ascii=False)}

    @classmethod
    def from_metadata(cls, found: Mapping[str, str] | None) -> "Provenance":
        """Read it; UnfitFileError where it is not there, or not whole."""
        if not found or found.get("kind") != KIND:
            raise UnfitFileError("holds no heads that the explorer has learned")
        try:
            values = json.loads(found["provenance"])
            made = cls(**{each.name: each.type(values[each.name]) for each in fields(cls)})
            if not (0 <= made.held_out <= 1 and min(made.trials, made.references, made.size, made.seed) >= 0):
                raise ValueError
        except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
            raise UnfitFileError("does not say what its heads were learned from") from error
        texts = {each.name: in_short(getattr(made, each.name)) for each in fields(cls) if each.type is str}
        return cls(**(asdict(made) | texts))


@dataclass(frozen=True)
class OwnHeads:
    """One user's heads, as they were found.

    Attributes:
        name: In full, "yours-mine.1a2b3c4d".
        path: The file.
        file: The same, as what reads weights takes it.
    """

    name: str
    path: Path
    file: WeightsFile
    provenance: Provenance

    @property
    def short(self) -> str:
        """Without the checksum, "yours-mine": what people read."""
        return self.name.rpartition(".")[0]


_seen: dict[str, OwnHeads] = {}  # by their full name: what was read once is known until the program ends
_seeing = threading.Lock()


def folder() -> Path:
    """Where the heads lie; it need not exist yet."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else user_data_path("lpips-explorer", appauthor=False) / "heads"


def found() -> tuple[tuple[OwnHeads, ...], tuple[str, ...]]:
    """All heads in the folder by name, and a sentence for each file that is none: those do no harm."""
    heads, problems = [], []
    try:
        paths = _paths()
    except OSError:
        return (), ()  # there is no such folder yet, or it is not ours to read
    if paths[MOST:]:
        problems.append(
            f"There are {len(paths)} files of heads in {folder()}, and the first {MOST} by name are read; "
            "take some out."
        )
    for path in paths[:MOST]:
        try:
            state = path.stat()
            own = _read(path, state.st_ino, state.st_size, state.st_mtime_ns)
        except (UnfitFileError, OSError) as fault:
            why = str(fault) if isinstance(fault, UnfitFileError) else f"cannot be read ({fault.strerror})"
            problems.append(
                f"The file of heads {path.name} {why}; it is left out. Take it out of {folder()}, or learn "
                "these heads anew."
            )
        else:
            with _seeing:
                _seen[own.name] = own
            heads.append(own)
    return tuple(heads), tuple(problems)


def _paths() -> list[Path]:
    """All files in the folder that may be heads, by name."""
    return sorted(path for path in folder().iterdir() if path.suffix == ENDING)


def names_for(backbone: str) -> tuple[str, ...]:
    """Full names of a backbone's own heads."""
    return tuple(own.name for own in found()[0] if own.provenance.backbone == backbone)


def find(name: str, backbone: str) -> OwnHeads | None:
    """A backbone's heads by their name, in full or without the checksum; None where there are none."""
    if not _FULL.fullmatch(name):
        return None
    own = [each for each in found()[0] if each.provenance.backbone == backbone]
    match = next((each for each in own if name in (each.name, each.short)), None)
    known = match or recall(name)
    return known if known is not None and known.provenance.backbone == backbone else None


def recall(name: str) -> OwnHeads | None:
    """Heads by their full name, also where their file was replaced since; None where they were never seen."""
    if name not in _seen and _FULL.fullmatch(name):
        found()
    return _seen.get(name)


def is_changed(own: OwnHeads) -> bool:
    """Whether the file is no longer there, or no longer what it was when it was found."""
    try:
        return checksum(own.path) != own.file.sha256
    except OSError:
        return True


def is_name(name: str) -> bool:
    """Whether new heads can be called so."""
    return bool(_NAME.fullmatch(name.strip().removeprefix(PREFIX)))


def check_name(name: str) -> str:
    """A name for new heads, without what goes before it; SettingError where it is none."""
    if not is_name(name):
        raise SettingError(
            f"Heads are named by 1 to {LONGEST} letters from A to Z, digits, dashes and underscores, such as "
            "class-2026; choose another name.",
            "name",
        )
    return name.strip().removeprefix(PREFIX)


def check_free(name: str, backbone: str) -> None:
    """Raise SettingError where a name is none, is taken for this backbone, or has no place in the folder."""
    path = folder() / file_name(name, backbone)
    if path.exists():
        raise _taken(path, name, backbone)
    with suppress(OSError):  # there is no folder yet
        _check_room()


def to_bytes(weights: Mapping[str, np.ndarray], provenance: Provenance) -> bytes:
    """The file of heads: for each layer float32 (C,), >= 0."""
    tensors = {layer: torch.from_numpy(np.array(own, np.float32)) for layer, own in weights.items()}
    return save(tensors, provenance.to_metadata())


def file_name(name: str, backbone: str) -> str:
    """How the file of heads is called: "alexnet-yours-mine.safetensors"."""
    return f"{backbone}-{PREFIX}{check_name(name)}{ENDING}"


def keep(name: str, weights: Mapping[str, np.ndarray], provenance: Provenance) -> OwnHeads:
    """Write heads into the folder, whole or not at all; others of this name are never overwritten.

    Raises:
        SettingError: the name is none, is taken, or the folder is full or cannot be written to.
    """
    path = folder() / file_name(name, provenance.backbone)
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # else that is what is said
            _check_room()
        part.write_bytes(to_bytes(weights, provenance))
        try:
            os.link(part, path)  # refuses what is there, whoever else writes now
        except FileExistsError:
            raise _taken(path, name, provenance.backbone) from None
        finally:
            part.unlink()
    except OSError as error:
        raise SettingError(
            f"The heads cannot be written to {path.parent} ({error.strerror}); name another folder in "
            f"{FOLDER}."
        ) from error
    own = find(f"{PREFIX}{check_name(name)}", provenance.backbone)
    if own is None:
        raise SettingError(f"The heads were written to {path}, but are no longer there; write them again.")
    return own


def _check_room() -> None:
    """Refuse one more file than are read: it would not be found again."""
    if len(_paths()) >= MOST:
        raise SettingError(
            f"There are {MOST} files of heads in {folder()} already, the most that are read; take some out."
        )


def _taken(path: Path, name: str, backbone: str) -> SettingError:
    return SettingError(
        f"There are heads {PREFIX}{check_name(name)} for {backbone} already; choose another name, or take "
        f"{path} away.",
        "name",
    )


@lru_cache(maxsize=MOST)
def _read(path: Path, _inode: int, size: int, _changed: int) -> OwnHeads:
    """One file, read once as long as it stays as it is."""
    if size > LARGEST:
        raise UnfitFileError("is too large for heads")
    try:
        with safe_open(path, "pt") as file:
            provenance = Provenance.from_metadata(file.metadata())
    except SafetensorError as error:
        raise UnfitFileError("is no safetensors file") from error
    name = path.name.removeprefix(f"{provenance.backbone}-").removesuffix(ENDING)
    if not name.startswith(PREFIX) or not _FULL.fullmatch(name):
        raise UnfitFileError(f"is not named as {file_name('NAME', provenance.backbone)}")
    for layer, weights in read_tensors(path).items():
        if weights.ndim != 1 or (weights < 0).any():
            raise UnfitFileError(f"holds something else than non-negative weights (in {layer})")
    sha256 = checksum(path)
    return OwnHeads(f"{name}.{sha256[:DIGITS]}", path, WeightsFile(path.name, sha256, size), provenance)

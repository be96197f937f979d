"""A data set that is uploaded as a ZIP file, read from a folder that lasts as long as somebody holds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from explorer.errors import ExplorerError, SettingError
from explorer.files.zips import HeldFolder, unpack_zip
from explorer.judgments import formats
from explorer.judgments.evaluation import Distances
from explorer.judgments.formats.listing import Progress, no_progress
from explorer.judgments.sets import TrialSet
from explorer.names import cut, harmless

TOPS = {"2afc", "jnd"}  # what the folders of the paper's layout begin with


def read_zip(
    name: str, data: bytes, progress: Progress = no_progress
) -> tuple[TrialSet | Distances, HeldFolder]:
    """A packed set, and the folder in which its pictures lie.

    Args:
        name: Of the file.
        data: The file.
        progress: Told the trials that are read.

    Raises:
        ExplorerError: it is no ZIP file, or holds no set of judgments.
    """
    folder = HeldFolder()
    unpack_zip(data, folder.path, cut(name))
    with named_as(folder.path, cut(name)):
        return replace(formats.read(_top(folder.path), progress), name=name), folder


@contextmanager
def named_as(folder: Path, shown: str) -> Iterator[None]:
    """Have an error name a folder as users know it, and never where on this machine it lies."""
    try:
        yield
    except ExplorerError as error:
        said = str(error).replace(f"{folder}/", f"{shown}/" if shown else "")
        for itself in (str(folder), cut(harmless(str(folder)))):  # as sentences write it
            said = said.replace(itself, shown or "The folder that this server opens")
        raise SettingError(said) from error


def _top(folder: Path) -> Path:
    """Where a set begins: people often pack the folder that holds it."""
    inside = list(folder.iterdir())
    while len(inside) == 1 and inside[0].is_dir() and inside[0].name not in TOPS:
        folder = inside[0]
        inside = list(folder.iterdir())
    return folder

"""The pictures of a trial: read once for all metrics, and brought to the size that is measured."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.analysis.folders import bytes_digest
from explorer.decoding import FORMATS
from explorer.errors import ImageError
from explorer.images import MAX_BYTES, load, measured_size, times
from explorer.judgments.running.way import Way
from explorer.judgments.sets import Couple, Opinion, Trial, Triplet


@dataclass(frozen=True, eq=False)
class Files:
    """The files of a trial as bytes, which also a machine can measure that does not see their folder.

    Attributes:
        names: As errors call them.
        contents: The reference's, then those of the one or two pictures that are measured against it.
        error: Why there are none, in a sentence; "" where there are.
    """

    names: tuple[str, ...]
    contents: tuple[bytes, ...]
    error: str = ""

    @property
    def digest(self) -> str:
        """Of all of them together, 32 hex digits; "" where they cannot be read."""
        return "" if self.error else bytes_digest("".join(map(bytes_digest, self.contents)).encode())


@dataclass(frozen=True, eq=False)
class Seen:
    """What of a trial is measured, or why it is not.

    Attributes:
        pictures: uint8, the reference first, all of one size (H, W, 3).
        error: A sentence; "" where there are pictures.
    """

    pictures: tuple[np.ndarray, ...]
    error: str = ""


def paths_of(trial: Trial) -> tuple[Path, ...]:
    """A trial's files: the reference, or what stands for it, and what is measured against it."""
    if isinstance(trial, Triplet):
        return trial.reference, trial.p0, trial.p1
    if isinstance(trial, Couple):
        return trial.p0, trial.p1
    return trial.reference, trial.distorted


def count_of(trial: Trial) -> int:
    """How many distances a trial has by each metric: two of a triplet."""
    return 1 if isinstance(trial, Couple | Opinion) else 2


def read_files(trial: Trial) -> Files:
    """Read a trial's files; one that cannot be read is told, not raised."""
    paths = paths_of(trial)
    names = tuple(f"{path.parent.name}/{path.name}" for path in paths)
    contents = []
    for name, path in zip(names, paths, strict=True):
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return Files(names, (), f"{name} cannot be read ({reason}); check the file.")
        if len(data) > MAX_BYTES:
            return Files(names, (), f"{name} is larger than {MAX_BYTES >> 20} MB, and so no image that fits.")
        contents.append(data)
    return Files(names, tuple(contents))


def sizes_of(files: Files, way: Way) -> tuple[tuple[int, int], tuple[int, int]]:
    """(width, height) of a trial's reference and that at which it is measured, by its header; (0, 0) twice
    where it has none."""
    if files.error:
        return (0, 0), (0, 0)
    try:
        with Image.open(BytesIO(files.contents[0]), formats=FORMATS) as image:
            return image.size, measured_size(image.size, way.size)
    except Exception:  # damaged bytes are met with errors of nearly every class; `look` says which
        return (0, 0), (0, 0)


def look(files: Files, way: Way) -> Seen:
    """Decode a trial's files and bring them to the measured size, one after the other: they may be large."""
    if files.error:
        return Seen((), files.error)
    seen, sizes = [], []
    try:
        for data, name in zip(files.contents, files.names, strict=True):
            picture = load(data, name=name)
            sizes.append((picture.size, f"{picture.name} {times(picture.size)}"))
            seen.append(_at(picture.pixels, measured_size(picture.size, way.size), way.resampling))
    except ImageError as error:
        return Seen((), str(error))
    if len({size for size, _ in sizes}) > 1:
        listed = ", ".join(words for _, words in sizes)
        return Seen((), f"The pictures of a trial must be of one size, and these are not: {listed}.")
    return Seen(tuple(seen))


def _at(pixels: np.ndarray, size: tuple[int, int], resampling: str) -> np.ndarray:
    """Pixels at (width, height)."""
    if size == (pixels.shape[1], pixels.shape[0]):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling[resampling.upper()]))

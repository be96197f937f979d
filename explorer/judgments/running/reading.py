"""The pictures of a trial: read once for all metrics, and brought to the size that is measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.analysis.folders import bytes_digest
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
    for path in paths:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return Files(names, (), f"{path} cannot be read ({reason}); check the file.")
        if len(data) > MAX_BYTES:
            return Files(names, (), f"{path} is larger than {MAX_BYTES >> 20} MB, and so no image that fits.")
        contents.append(data)
    return Files(names, tuple(contents))


def look(files: Files, way: Way) -> Seen:
    """Decode a trial's files and bring them to the measured size."""
    if files.error:
        return Seen((), files.error)
    try:
        whole = [load(data, name=name) for data, name in zip(files.contents, files.names, strict=True)]
    except ImageError as error:
        return Seen((), str(error))
    sizes = {picture.size for picture in whole}
    if len(sizes) > 1:
        listed = ", ".join(f"{picture.name} {times(picture.size)}" for picture in whole)
        return Seen((), f"The pictures of a trial must be of one size, and these are not: {listed}.")
    size = measured_size(whole[0].size, way.size)
    return Seen(tuple(_at(picture.pixels, size, way.resampling) for picture in whole))


def _at(pixels: np.ndarray, size: tuple[int, int], resampling: str) -> np.ndarray:
    """Pixels at (width, height)."""
    if size == (pixels.shape[1], pixels.shape[0]):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling[resampling.upper()]))

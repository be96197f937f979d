"""Boxes and masks in pixels of the image as given, and how much of a layer's cells they cover."""

import string
from dataclasses import dataclass
from operator import index
from typing import Any

import numpy as np

from explorer.errors import SettingError
from explorer.images import Picture, measured_size
from explorer.metrics.footprints import footprint_means


@dataclass(frozen=True)
class Box:
    """A box in whole pixels of the image as given, before any resize; its right and bottom edges excluded."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Its rows and columns, for an array (H, W, ...)."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """(x, y, width, height)."""
        return self.x, self.y, self.width, self.height

    @property
    def words(self) -> str:
        """As users read it."""
        return f"x {self.x}, y {self.y}, {self.width} × {self.height}"

    def __str__(self) -> str:
        """As links and the shell have it."""
        return ",".join(map(str, self.numbers))


@dataclass(frozen=True, eq=False)
class Mask:
    """Any set of pixels of the image as given.

    Attributes:
        inside: bool (H, W).
    """

    inside: np.ndarray

    @property
    def outside(self) -> "Mask":
        """All other pixels."""
        return Mask(~self.inside)


Area = Box | Mask


@dataclass(frozen=True)
class Frame:
    """How the image as given lies in what was measured; all sizes are (width, height) in pixels.

    Attributes:
        given: The image as given.
        scaled: After the resize to the measured size.
        measured: After a backbone has left out a border at the right and the bottom; at most `scaled`.
    """

    given: tuple[int, int]
    scaled: tuple[int, int]
    measured: tuple[int, int]

    @property
    def extent(self) -> tuple[float, float]:
        """(width, height) of what is measured, in pixels of the image as given."""
        return tuple(
            given * measured / scaled
            for given, scaled, measured in zip(self.given, self.scaled, self.measured, strict=True)
        )

    def part(self, box: Box) -> tuple[float, float, float, float]:
        """What a box covers of what is measured: left, top, width and height, 0..1 of its sides."""
        width, height = self.extent
        left, top = min(1.0, box.x / width), min(1.0, box.y / height)
        return left, top, min(1.0, box.right / width) - left, min(1.0, box.bottom / height) - top


def frame_of(given: Picture, longest: int | None, measured: tuple[int, int]) -> Frame:
    """The frame of a picture that was resized to a longest side and measured at (width, height)."""
    return Frame(given.size, measured_size(given.size, longest), measured)


def coverage(area: Area, frame: Frame, grid: tuple[int, int]) -> np.ndarray:
    """The covered part of each cell's footprint: float64 (rows, columns), 0..1.

    On a grid of one cell that is the area's share of what is measured.

    Args:
        area: In pixels of the image as given.
        frame: How those lie in what was measured.
        grid: (rows, columns) of a layer's cells, each an equal share of what was measured.
    """
    rows, columns = grid
    width, height = frame.extent
    if isinstance(area, Box):
        across = footprint_means(_inside(area.x, area.right, frame.given[0]), columns, width)
        down = footprint_means(_inside(area.y, area.bottom, frame.given[1]), rows, height)
        covered = np.outer(down, across)
    else:
        across = footprint_means(area.inside.astype(np.float64), columns, width)
        covered = footprint_means(across.T, rows, height).T
    return np.clip(covered, 0, 1)  # differences of sums may leave the range by a rounding


def _inside(start: int, stop: int, length: int) -> np.ndarray:
    """1 from `start` up to `stop`, 0 elsewhere."""
    line = np.zeros(length)
    line[start:stop] = 1
    return line


def name_of(place: int) -> str:
    """What a box is called by its place: A, B, C ..."""
    return string.ascii_uppercase[place]


def read_box(text: str) -> Box:
    """Read x,y,width,height.

    Raises:
        SettingError: not four whole numbers.
    """
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4:
        raise SettingError(
            f"{text!r} is no box; write x,y,width,height in whole pixels, such as 10,20,64,48."
        )
    return Box(*numbers)


def as_box(value: Any) -> Box:
    """A box from itself, or from its (x, y, width, height), of any kind of whole numbers.

    Raises:
        SettingError: not four whole numbers.
    """
    if isinstance(value, Box):
        return value
    try:
        numbers = [index(number) for number in value]
    except TypeError:
        numbers = []
    if len(numbers) != 4:
        raise SettingError(
            f"{value!r} is no box; write (x, y, width, height) in whole pixels, such as (10, 20, 64, 48).",
            "boxes",
        )
    return Box(*numbers)


def fitted(box: Box, size: tuple[int, int], name: str = "The box") -> tuple[Box, str]:
    """Cut a box to an image of (width, height); returns it, and a sentence where something was cut off.

    Raises:
        SettingError: nothing of it lies inside, or it has no area.
    """
    width, height = size
    if box.width < 1 or box.height < 1:
        raise SettingError(
            f"{name} is {box.width} × {box.height} pixels and so holds none; make both sides at least 1."
        )
    left, top = max(box.x, 0), max(box.y, 0)
    inside = Box(left, top, min(box.right, width) - left, min(box.bottom, height) - top)
    if inside.width < 1 or inside.height < 1:
        raise SettingError(
            f"{name} ({box.words}) lies outside the image; it has {width} × {height} pixels, counted from 0."
        )
    if inside == box:
        return box, ""
    return inside, f"{name} reached beyond the image and was cut to {inside.words}."

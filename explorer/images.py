"""Pictures: a path, bytes, a Pillow image or an array -> checked RGB pixels with a digest; sizes; pairing."""

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from numbers import Integral
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from explorer.decoding import MAX_PIXELS, check_size, decode
from explorer.errors import ImageError, SettingError, SizeMismatchError
from explorer.names import cut, harmless
from explorer.notes import Note

__all__ = [
    "FITS",
    "MAX_PIXELS",
    "Picture",
    "Source",
    "as_picture",
    "derive",
    "load",
    "measured_size",
    "reduced",
    "resize",
    "times",
    "to_one_size",
]

FITS = ("resize", "crop")
"""The ways in which `to_one_size` brings two images to one size."""

MAX_BYTES = 512 << 20  # of a file; the largest image allowed takes 300 MB at 16 bits, uncompressed
PIECE = 1 << 20  # bytes of a file that are read at once


@dataclass(frozen=True, eq=False)
class Picture:
    """An image as it is measured; made by `load` and `derive`, never changed.

    Attributes:
        pixels: uint8 (H, W, 3), sRGB, C-contiguous and read-only.
        digest: hash of size and pixels, 32 hex digits; equal for equal pixels, whatever the file.
        name: the file's name, a sample's label, or what the caller called it; whole, and made `harmless`.
        format: "PNG", "JPEG" ... as found in the content; "PIL" or "array" for objects in memory; "" for what
            a distortion made.
        notes: every conversion between the source and the pixels, in order.
    """

    pixels: np.ndarray = field(repr=False)
    digest: str
    name: str
    format: str
    notes: tuple[Note, ...] = ()

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.pixels.shape[0]

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.width, self.height


Source = str | os.PathLike | bytes | Image.Image | np.ndarray | Picture


def load(
    source: str | os.PathLike | bytes | Image.Image | np.ndarray,
    *,
    name: str | None = None,
    background: str = "white",
) -> Picture:
    """Read an image and bring it to 8-bit sRGB, with a note for each conversion on the way.

    Args:
        source: a path; the bytes of a PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF file, told by content; a Pillow
            image; or a uint8 array of shape (H, W, 3), taken as sRGB.
        name: what to call the image; by default its file's name, otherwise "image" or "array".
        background: colour under transparent pixels, in any form that Pillow's ImageColor knows.

    Raises:
        ImageError: the source is missing, is no image, is damaged or has more than MAX_PIXELS pixels.
        SettingError: the background is not a colour.
    """
    if isinstance(source, np.ndarray):
        name = harmless(name or "")
        return _picture(_checked(source, cut(name) or "The array"), name or "array", "array", ())
    if isinstance(source, Image.Image):
        name = name or Path(os.fsdecode(getattr(source, "filename", ""))).name
    elif isinstance(source, str | os.PathLike):
        name = name or Path(os.fsdecode(source)).name
        source = _read(source)
    elif not isinstance(source, bytes):
        kind = type(source).__name__
        raise ImageError(f"An image is a path, bytes, a Pillow image or a uint8 array, not {kind}.")
    name = harmless(name or "")
    subject = cut(name) or "The image"
    try:
        decoded = decode(source, subject, background)
        return _picture(decoded.pixels, name or "image", decoded.format, decoded.notes)
    except MemoryError as error:
        raise ImageError(f"{subject} does not fit in this machine's memory; use a smaller image.") from error


def as_picture(source: Source, name: str, background: str = "white") -> Picture:
    """Load an image from any source; `name` stands for those that have none of their own."""
    if isinstance(source, Picture):
        return source
    is_path = isinstance(source, str | os.PathLike)
    return load(source, name=None if is_path else name, background=background)


def derive(
    picture: Picture, pixels: np.ndarray, *, name: str | None = None, note: Note | None = None
) -> Picture:
    """Make a new picture from an old one's changed pixels, keeping its format and its notes.

    Args:
        picture: where the pixels come from.
        pixels: uint8 (H, W, 3); copied, of any size.
        name: the new name; the old one by default.
        note: what was done, added after the old notes.

    Raises:
        ImageError: the pixels are not uint8 of shape (H, W, 3).
    """
    name = harmless(name) if name else picture.name
    notes = (*picture.notes, note) if note else picture.notes
    return _picture(_checked(pixels, cut(name)), name, picture.format, notes)


def measured_size(size: tuple[int, int], longest: int | None) -> tuple[int, int]:
    """The (width, height) that `resize` gives an image of this size; never upscaled, each side at least 1.

    Raises:
        SettingError: `longest` is not a whole number of at least 1.
    """
    if longest is None:
        return size
    if not isinstance(longest, Integral) or isinstance(longest, bool) or longest < 1:
        raise SettingError(
            f"{longest!r} is no size; give the longest side (--size) as a whole number, 1 or more.", "size"
        )
    side = max(size)
    if side <= longest:
        return size
    width, height = (max(1, (2 * n * int(longest) + side) // (2 * side)) for n in size)  # rounds half up
    return width, height


def resize(picture: Picture, longest: int | None) -> Picture:
    """Scale a picture down to a longest side (Lanczos, antialiased); the same object where nothing changes.

    Raises:
        SettingError: `longest` is not a whole number of at least 1.
    """
    return _resized(picture, measured_size(picture.size, longest))


def reduced(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A map for looking at, on (width, height) pixels, by means; the same object where it has that size.

    Args:
        values: float32 (h, w); a pixel with a NaN in it is NaN.
        size: Of the result, at most (w, h).
    """
    if size == (values.shape[1], values.shape[0]):
        return values
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BOX))


def to_one_size(reference: Picture, distorted: Picture, fit: str | None = None) -> tuple[Picture, Picture]:
    """Bring two pictures to one size, only in the way that was asked for.

    Args:
        reference: the picture compared with.
        distorted: the picture compared.
        fit: "resize" scales the distorted picture to the reference's size (Lanczos, up or down); "crop" cuts
            both to the largest common size about their centres; None asks for equal sizes.

    Raises:
        SizeMismatchError: the sizes differ and `fit` is None.
        SettingError: `fit` is unknown.
    """
    if fit is not None and fit not in FITS:
        raise SettingError(f"{fit!r} is no way to fit two sizes (--fit); choose {' or '.join(FITS)}.")
    if reference.size == distorted.size:
        return reference, distorted
    if fit is None:
        raise SizeMismatchError(
            f"The reference is {times(reference.size)} pixels and the distorted image "
            f"{times(distorted.size)}; resize the distorted image to the reference, "
            "or crop both to their common centre.",
            reference.size,
            distorted.size,
        )
    if fit == "resize":
        return reference, _resized(distorted, reference.size)
    width, height = map(min, reference.size, distorted.size)
    return _cropped(reference, width, height), _cropped(distorted, width, height)


def _at_most(file: BinaryIO, count: int) -> bytes:
    """Read up to so many bytes, piece by piece: one call would take the memory for all of them beforehand."""
    pieces = []
    while count > 0 and (piece := file.read(min(count, PIECE))):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _read(path: str | os.PathLike) -> bytes:
    shown = harmless(os.fsdecode(path))
    if not shown:
        raise ImageError("The path is empty; name an image file.")
    try:
        with Path(os.fsdecode(path)).open("rb") as file:
            data = _at_most(file, MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ImageError(f"There is no file {shown}; check the path.") from error
    except IsADirectoryError as error:
        raise ImageError(f"{shown} is a folder; name an image file in it.") from error
    except PermissionError as error:
        raise ImageError(f"{shown} may not be read; check the file's permissions.") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a null byte in it
        raise ImageError(f"{shown} cannot be read; check the path and the disk.") from error
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"{shown} is larger than {MAX_BYTES >> 20} MB, and so no image that fits; export it smaller."
        )
    return data


def _checked(pixels: np.ndarray, subject: str) -> np.ndarray:
    """A copy of the pixels, which are refused rather than guessed at unless uint8 (H, W, 3)."""
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ImageError(f"{subject} has the shape {pixels.shape}; make it (height, width, 3).")
    if pixels.dtype != np.uint8:
        raise ImageError(
            f"{subject} holds {pixels.dtype} values; scale it to 0..255, round it and convert it to uint8."
        )
    check_size(pixels.shape[1], pixels.shape[0], subject)
    return np.array(pixels, order="C")


def _picture(pixels: np.ndarray, name: str, format: str, notes: tuple[Note, ...]) -> Picture:
    pixels = np.ascontiguousarray(pixels)
    pixels.setflags(write=False)
    digest = blake2b(repr(pixels.shape).encode(), digest_size=16)
    digest.update(pixels)
    return Picture(pixels, digest.hexdigest(), name, format, notes)


def _resized(picture: Picture, size: tuple[int, int]) -> Picture:
    if size == picture.size:
        return picture
    pixels = np.array(Image.fromarray(picture.pixels).resize(size, Image.Resampling.LANCZOS))
    note = Note("resized", f"resized from {times(picture.size)} to {times(size)} (Lanczos)")
    return derive(picture, pixels, note=note)


def _cropped(picture: Picture, width: int, height: int) -> Picture:
    if picture.size == (width, height):
        return picture
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    pixels = picture.pixels[top : top + height, left : left + width]
    how = f"cropped from {times(picture.size)} to {times((width, height))} about the centre"
    return derive(picture, pixels, note=Note("cropped", how))


def times(size: tuple[int, int]) -> str:
    """(width, height) as users read it."""
    return f"{size[0]} × {size[1]}"

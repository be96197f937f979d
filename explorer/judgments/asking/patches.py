"""Small squares cut out of pictures, as the paper's trials are made of.

A place is drawn at random, and drawn again where the patch is flat, such as a piece of sky: what is done to
it could hardly be seen, whatever that is. A patch is cut into `PARTS` by `PARTS` parts, and counts as flat
where the grey levels of half of them have a standard deviation below `STRUCTURE`; after `TRIES` flat patches
in a row the picture is refused. The paper leaves open how its patches were chosen.
"""

from collections.abc import Sequence

import numpy as np

from explorer.errors import ImageError
from explorer.images import Picture, derive, times
from explorer.names import cut

PATCH = 64  # pixels a side, as the paper's
PARTS = 4
STRUCTURE = 3.0  # levels of 0..255
TRIES = 100

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # grey from sRGB values, ITU-R BT.601


def structure(pixels: np.ndarray) -> float:
    """How much there is to see in a picture: what a typical part of it varies by, in levels, 0..127.5.

    Args:
        pixels: uint8 (H, W, 3), at least `PARTS` pixels a side.

    Returns:
        The median over its parts of the standard deviation of their grey levels.
    """
    grey = pixels.astype(np.float32) @ _LUMA
    rows = (np.array_split(row, PARTS, axis=1) for row in np.array_split(grey, PARTS))
    return float(np.median([part.std() for row in rows for part in row]))


def patch(picture: Picture, rng: np.random.Generator, side: int = PATCH) -> Picture:
    """A square of a picture at a place that is not flat; its name says where: "Cat (12, 40)".

    Args:
        picture: At least `side` pixels wide and high.
        rng: Draws the place of the upper left corner.

    Raises:
        ImageError: the picture is too small, or flat wherever it was tried.
    """
    check_side(picture, side)
    for _ in range(TRIES):
        left, top = (int(rng.integers(length - side + 1)) for length in picture.size)
        pixels = picture.pixels[top : top + side, left : left + side]
        if structure(pixels) >= STRUCTURE:
            return derive(picture, pixels, name=f"{picture.name} ({left}, {top})")
    raise ImageError(
        f"{cut(picture.name)} is flat nearly everywhere, so that nobody could judge patches of it; "
        "choose a picture with more in it."
    )


def check_side(picture: Picture, side: int) -> None:
    """Raise `ImageError` where a picture holds no patch of this side."""
    if min(picture.size) < side:
        raise ImageError(
            f"{cut(picture.name)} is {times(picture.size)} pixels, and patches are {side} × {side}; "
            f"choose a picture of at least {side} pixels a side."
        )


def patches(
    pictures: Sequence[Picture], count: int, rng: np.random.Generator, side: int = PATCH
) -> list[Picture]:
    """Patches of several pictures, of each as many as of the others, give or take one.

    Raises:
        ImageError: there is no picture, or as `patch`.
    """
    if not pictures:
        raise ImageError("There is no picture to cut patches from; choose at least one.")
    for picture in pictures:
        check_side(picture, side)
    rounds = -(-count // len(pictures))
    order = [place for _ in range(rounds) for place in rng.permutation(len(pictures))]
    return [patch(pictures[place], rng, side) for place in order[:count]]

"""Restoration of what is missing: holes, and colours."""

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, levels, side_pixels

# Where it is used it is imported, because it takes a while and most of the catalogue needs none.
if TYPE_CHECKING:
    from scipy import sparse

PITCH = 12.0  # % of side: how far one hole is from the next
MAX_DIAMETER = 9.0  # % of side
FEWEST_KEPT = 0.02  # % of places

_SMALLEST_PITCH = 4.0  # px: room for a hole of one pixel, its rim, and its jitter
_JITTER = 0.1  # of the pitch: how far a hole may lie from the middle of its cell
_BATCH_VALUES = 1 << 22  # of the holes' pixels that are solved for at a time
_COLOUR_PIXELS = 128 * 128  # at which colour is solved for: more take seconds


def inpainting(image: np.ndarray, holes: float, diameter: float, rng: np.random.Generator) -> np.ndarray:
    """Punch round holes and fill each with the smoothest surface that fits its rim: texture is missing there.

    Harmonic inpainting: inside a hole each sRGB value becomes the mean of its four neighbours, Laplace's
    equation with the rim as boundary, solved exactly. Holes lie near the middles of cells of 12% of the
    shorter side, so that none touches another or the border. Which cells have one does not depend on the
    values: more holes are the same and more, and they grow where they are.

    Args:
        image: uint8 (H, W, 3).
        holes: How many of the cells have a hole, in percent; rounded to whole holes.
        diameter: Of the holes, in percent of the shorter side; below about a pixel there are none. In
            images of few pixels they are smaller, so that a rim is left between two: 9% become 7% at 64 px.
        rng: Where the holes' order and places are drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    from scipy.sparse.linalg import splu

    result = image.copy(order="C")
    pitch = max(_SMALLEST_PITCH, side_pixels(image, PITCH))
    rows, columns = (int(side / pitch) for side in image.shape[:2])
    order = rng.permutation(rows * columns)
    offsets = rng.uniform(-_JITTER, _JITTER, (rows * columns, 2))
    room = pitch * (0.5 - _JITTER) - 1  # to the cell's edge, where the rim has its place
    radius = min(side_pixels(image, diameter) / 2, room)
    chosen = order[: round(rows * columns * holes / 100)]
    if radius < 0.5 or len(chosen) == 0:
        return result
    cells = np.column_stack(np.divmod(chosen, columns))
    centres = np.floor((cells + 0.5 + offsets[chosen]) * pitch).astype(int)
    inside, rim, pull = _hole(radius)
    solve = splu(_laplacian(inside)).solve
    batch = max(1, _BATCH_VALUES // (3 * len(inside)))
    for first in range(0, len(centres), batch):
        y, x = centres[first : first + batch].T
        around = image[y + rim[:, :1], x + rim[:, 1:]].reshape(len(rim), -1).astype(np.float64)
        filled = solve(pull @ around).reshape(len(inside), -1, 3)
        result[y + inside[:, :1], x + inside[:, 1:]] = levels(filled)
    return result


def _hole(radius: float) -> tuple[np.ndarray, np.ndarray, "sparse.csr_array"]:
    """A round hole about the pixel (0, 0).

    Returns:
        inside: int (N, 2), row and column of the pixels in it, in the order of rows.
        rim: int (M, 2), those outside that touch it with an edge.
        pull: (N, M), 1 where a pixel inside has a neighbour on the rim.
    """
    from scipy import sparse

    reach = ceil(radius) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    is_inside = np.hypot(y, x) <= radius
    number = np.where(is_inside, np.cumsum(is_inside).reshape(is_inside.shape) - 1, -1)
    inside = np.column_stack([y[is_inside], x[is_inside]])
    pairs = []
    for step in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        beyond = inside + step
        out = number[tuple((beyond + reach).T)] < 0
        pairs.append(np.column_stack([np.flatnonzero(out), beyond[out]]))
    pairs = np.concatenate(pairs)
    rim, place = np.unique(pairs[:, 1:], axis=0, return_inverse=True)
    pull = sparse.csr_array(
        (np.ones(len(pairs)), (pairs[:, 0], place.ravel())), shape=(len(inside), len(rim))
    )
    return inside, rim, pull


def _laplacian(inside: np.ndarray) -> "sparse.csc_array":
    """Four times a pixel less its neighbours that are inside too, (N, N), for int (N, 2) in order of rows."""
    from scipy import sparse

    low = inside.min(axis=0)
    number = np.full(inside.max(axis=0) - low + 2, -1)  # a row and a column more, that nothing is in
    number[tuple((inside - low).T)] = np.arange(len(inside))
    matrix = sparse.eye_array(len(inside), format="csc") * 4.0
    for step in ((1, 0), (0, 1)):
        other = number[tuple((inside - low + step).T)]
        ones, one = np.ones(int(np.sum(other >= 0))), np.flatnonzero(other >= 0)
        link = sparse.csc_array((ones, (one, other[one])), shape=matrix.shape)
        matrix = matrix - link - link.T
    return sparse.csc_array(matrix)


def colourisation(image: np.ndarray, kept: float, rng: np.random.Generator) -> np.ndarray:
    """Take all colour but that of a few places, and let it spread: it runs where brightness has no edge.

    Levin, Lischinski and Weiss's colourisation by optimisation (SIGGRAPH 2004), with scribbles of one
    pixel taken from the image: the chroma of each other pixel is the mean of its eight neighbours',
    weighed by how alike their luma is for the spread of luma around. Luma and chroma are BT.601's, of sRGB
    values. Luma stays as it is, to the last pixel; chroma is solved for on about as many pixels as 128 x 128
    have, and enlarged bilinearly, as the eye sees colour coarsely. Beyond the
    border nothing weighs. It takes some 150 ms, at any size.

    Args:
        image: uint8 (H, W, 3).
        kept: At how many places colour is known, in percent of those at which it is solved for; at none,
            the image is grey.
        rng: Where the order of the places is drawn from: more are the same and more.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    picture = Image.fromarray(image)
    scale = min(1.0, (_COLOUR_PIXELS / (height * width)) ** 0.5)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    small = np.asarray(picture.resize(size, Image.Resampling.BOX).convert("YCbCr")).astype(np.float64)
    count = small.shape[0] * small.shape[1]
    known = np.zeros(count, bool)
    known[rng.permutation(count)[: round(count * kept / 100)]] = True
    chroma = _spread(small[..., 0] / 255, small[..., 1:].reshape(-1, 2), known)
    chroma = chroma.reshape(*small.shape[:2], 2).astype(np.float32)
    planes = [picture.convert("YCbCr").getchannel(0)]
    for place in range(2):
        enlarged = Image.fromarray(np.ascontiguousarray(chroma[..., place]))
        enlarged = np.asarray(enlarged.resize((width, height), Image.Resampling.BILINEAR))
        planes.append(Image.fromarray(levels(enlarged)))
    return np.array(Image.merge("YCbCr", planes).convert("RGB"))


def _spread(luma: np.ndarray, chroma: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Chroma everywhere from the chroma of the known pixels.

    Args:
        luma: (h, w), in 0..1.
        chroma: (h * w, C).
        known: bool (h * w).

    Returns:
        (h * w, C); 128, no colour, where nothing is known.
    """
    from scipy import sparse
    from scipy.sparse.linalg import splu

    if not known.any():
        return np.full_like(chroma, 128)
    if known.all():
        return chroma
    weights = _likeness(luma)
    free = np.flatnonzero(~known)
    rows = weights[free]
    matrix = sparse.eye_array(len(free), format="csc") - sparse.csc_array(rows[:, free])
    found = chroma.copy()
    found[free] = splu(sparse.csc_array(matrix)).solve(rows[:, np.flatnonzero(known)] @ chroma[known])
    return found


def _likeness(luma: np.ndarray) -> "sparse.csr_array":
    """Each pixel's weights for its up to eight neighbours, (h * w, h * w) with rows of sum 1; as Levin's."""
    from scipy import sparse

    height, width = luma.shape
    number = np.arange(height * width).reshape(height, width)
    around = np.pad(luma, 1, constant_values=np.nan)
    places = np.pad(number, 1, constant_values=-1)
    steps = [(dy, dx) for dy in (0, 1, 2) for dx in (0, 1, 2) if (dy, dx) != (1, 1)]
    windows = [np.s_[dy : dy + height, dx : dx + width] for dy, dx in steps]
    values = np.stack([around[window] for window in windows])
    others = np.stack([places[window] for window in windows])
    exists = others >= 0
    squares = np.where(exists, (values - luma) ** 2, np.inf)
    variance = np.nanvar(np.concatenate([values, luma[None]]), axis=0)
    # The least alike neighbour that counts at all has a hundredth; a flat window, no division by nought.
    spread = np.maximum(np.maximum(0.6 * variance, squares.min(axis=0) / np.log(100)), 2e-6)
    weights = np.exp(-squares / spread)
    weights /= np.maximum(weights.sum(axis=0), 1e-300)
    rows = np.broadcast_to(number, exists.shape)[exists]
    shape = (height * width, height * width)
    return sparse.csr_array((weights[exists], (rows, others[exists])), shape=shape)


ENTRIES = (
    Distortion(
        name="inpainting",
        label="Holes, inpainted",
        family="restoration",
        random=True,
        parameters=(
            Parameter("holes", "%", 0, 100, at=lambda severity: 100 * severity),
            Parameter(
                "diameter",
                PERCENT_OF_SIDE,
                0,
                MAX_DIAMETER,
                at=lambda severity: 4 + (MAX_DIAMETER - 4) * severity,
            ),
        ),
        apply=inpainting,
        summary="Round holes, filled smoothly from their rims; the seed picks their places.",
    ),
    Distortion(
        name="colourisation",
        label="Grey, colourised",
        family="restoration",
        random=True,
        parameters=(
            Parameter("kept", "%", 0, 100, at=lambda severity: 100 * (FEWEST_KEPT / 100) ** severity),
        ),
        apply=colourisation,
        summary="Colour is known at a few places and spreads up to edges of brightness; the seed picks them.",
    ),
)

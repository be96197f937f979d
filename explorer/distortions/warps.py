"""Spatial changes that bend: the content stays, its place changes, and not by the same rule everywhere."""

import numpy as np

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, side_pixels
from explorer.distortions.warping import corner_map, through_nodes, warp

MAX_CORNER = 12.0  # % of side, as of the affine warp
MAX_NODE = 6.0  # % of side: 15 px at 256
CELLS = 4  # of the grid along the shorter side
MAX_DROP = 5.0  # % of side
DROPS = 60
DROP_RADII = (4.0, 9.0)  # % of side, smallest and largest


def homography(image: np.ndarray, displacement: float, rng: np.random.Generator) -> np.ndarray:
    """Look at the image from elsewhere: the projective map that moves its four corners at random.

    The corners' ways are drawn first and then scaled until the corner that moves most takes its content from
    `displacement` away: a larger one drives all four further. No corner can be driven so far that the image
    folds. The sRGB values are interpolated with a cubic spline, rounded and clipped; outside, the image is
    mirrored.

    Args:
        image: uint8 (H, W, 3).
        displacement: How far the corner that moves most is moved, in percent of the shorter side, 0..30.
        rng: Where the ways are drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    matrix = corner_map(image.shape[:2], _farthest(rng.standard_normal((4, 2)), 1, image, displacement))

    def shown(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        to_y, to_x, scale = (row[0] * y + row[1] * x + row[2] for row in matrix)
        return to_y / scale, to_x / scale

    return warp(image, shown)


def linear_warp(image: np.ndarray, displacement: float, rng: np.random.Generator) -> np.ndarray:
    """Move the nodes of a coarse grid at random, and what lies between linearly: with kinks at the cells.

    The grid has four cells along the shorter side and as many along the longer one as leave them square,
    rounded to whole ones, with nodes on the borders too. The nodes' ways, drawn from a Gaussian, are scaled
    until the one that moves most takes its content from `displacement` away. Within a cell they are
    interpolated bilinearly. The sRGB values are interpolated with a cubic spline, rounded and clipped;
    outside, the image is mirrored.

    Args:
        image: uint8 (H, W, 3).
        displacement: How far the node that moves most is moved, in percent of the shorter side, 0..20; from
            about 9 on the image may fold.
        rng: Where the ways are drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    return _grid_warp(image, displacement, 1, rng)


def cubic_warp(image: np.ndarray, displacement: float, rng: np.random.Generator) -> np.ndarray:
    """`linear_warp` with a bicubic spline through the nodes of the same grid: smooth, without kinks.

    The same seed moves the same nodes. Between them the spline may reach a little further than at any.

    Args:
        image: uint8 (H, W, 3).
        displacement: How far the node that moves most is moved, in percent of the shorter side, 0..20; from
            about 7 on the image may fold.
        rng: Where the ways are drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    return _grid_warp(image, displacement, 3, rng)


def elastic_rain(image: np.ndarray, displacement: float, drops: int, rng: np.random.Generator) -> np.ndarray:
    """Warp the image in many small round places, as seen through a window with drops of rain.

    A drop has its centre anywhere on the image, its radius R between 4% and 9% of the shorter side, and a
    direction, all uniform. At the distance r from its centre the content is taken from (1 - r² / R²)² times
    as far away as at the centre, and beyond R it stays. Larger drops move more, in proportion to R, so that
    one alone folds nothing on the slider; where drops overlap their ways add up. The sRGB values are
    interpolated with a cubic spline, rounded and clipped; outside, the image is mirrored.

    Args:
        image: uint8 (H, W, 3).
        displacement: How far the centre of the largest possible drop is moved, in percent of the shorter
            side, 0..10.
        drops: How many, 1..400; more of them are the same ones and others.
        rng: Where they are drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    draw = rng.random((drops, 4))  # a row a drop, so that the first ones don't depend on how many follow
    centres = draw[:, :2] * (height, width)
    sizes = (DROP_RADII[0] + (DROP_RADII[1] - DROP_RADII[0]) * draw[:, 2]) / DROP_RADII[1]
    radii = side_pixels(image, DROP_RADII[1]) * sizes
    angles = 2 * np.pi * draw[:, 3]
    reach = side_pixels(image, displacement) * sizes
    ways = np.column_stack([reach * np.sin(angles), reach * np.cos(angles)])

    def shown(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places = np.stack(np.broadcast_arrays(y, x))
        for centre, radius, way in zip(centres, radii, ways, strict=True):
            # No more than the square around the drop, so that many small ones stay cheap.
            rows = slice(*np.searchsorted(y[:, 0], (centre[0] - radius, centre[0] + radius)))
            columns = slice(*np.searchsorted(x[0], (centre[1] - radius, centre[1] + radius)))
            square = (y[rows] - centre[0]) ** 2 + (x[:, columns] - centre[1]) ** 2
            places[:, rows, columns] += way[:, None, None] * np.maximum(1 - square / radius**2, 0) ** 2
        return places[0], places[1]

    return warp(image, shown)


def _grid_warp(image: np.ndarray, displacement: float, degree: int, rng: np.random.Generator) -> np.ndarray:
    height, width = image.shape[:2]
    nodes = [round(CELLS * length / min(height, width)) + 1 for length in (height, width)]
    ways = _farthest(rng.standard_normal((2, *nodes)), 0, image, displacement)
    return warp(image, through_nodes((height, width), ways, degree))


def _farthest(ways: np.ndarray, axis: int, image: np.ndarray, displacement: float) -> np.ndarray:
    """Ways, whose y and x lie along an axis, scaled until the longest is this percentage of the side."""
    return ways * (side_pixels(image, displacement) / np.linalg.norm(ways, axis=axis).max())


def _displacement(high: float, most: float) -> Parameter:
    return Parameter("displacement", PERCENT_OF_SIDE, 0, high, at=lambda severity: most * severity)


ENTRIES = (
    Distortion(
        name="homography",
        label="Homography",
        family="spatial",
        random=True,
        parameters=(_displacement(30, MAX_CORNER),),
        apply=homography,
        summary="Seen in another perspective: the four corners are moved at random; the seed picks how.",
        paper="homography",
        left_open="The corners' ways: Gaussian, the longest at most 12% of the shorter side on the slider.",
    ),
    Distortion(
        name="linear_warp",
        label="Linear warp",
        family="spatial",
        random=True,
        parameters=(_displacement(20, MAX_NODE),),
        apply=linear_warp,
        summary="The nodes of a coarse grid are moved at random, and what lies between follows linearly.",
        paper="linear warping",
        left_open="The grid and its ways: four cells along the shorter side, Gaussian, at most 6% of it.",
    ),
    Distortion(
        name="cubic_warp",
        label="Cubic warp",
        family="spatial",
        random=True,
        parameters=(_displacement(20, MAX_NODE),),
        apply=cubic_warp,
        summary="The nodes of a coarse grid are moved at random, and what lies between follows smoothly.",
        paper="cubic warping",
        left_open="The grid and its ways: as of the linear warp, with a bicubic spline through the nodes.",
    ),
    Distortion(
        name="elastic_rain",
        label="Elastic rain",
        family="spatial",
        random=True,
        parameters=(
            _displacement(10, MAX_DROP),
            Parameter("drops", "", 1, 400, at=lambda severity: DROPS, whole=True),
        ),
        apply=elastic_rain,
        summary="Many small round places are warped at random, as behind drops of rain on a window.",
    ),
)

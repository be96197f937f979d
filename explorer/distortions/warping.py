"""The machinery of the warps: every pixel shows another place of the image.

Places are in pixels from the image's top left corner, so that pixel (row, column) has its centre at
(row + 0.5, column + 0.5), and a corner is at (0 or H, 0 or W).
"""

from collections.abc import Callable

import numpy as np

from explorer.distortions.base import levels, row_strips

Places = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def warp(image: np.ndarray, shown: Places) -> np.ndarray:
    """Let every pixel show the value at another place.

    Values are those of the cubic spline through all pixels (scipy's, which leaves a pixel that shows another
    one's centre exactly as that is), rounded to the nearest level and clipped. Beyond the border the image is
    mirrored, without repeating the outermost pixels.

    Args:
        image: uint8 (H, W, C).
        shown: From the places of pixels' centres, y (rows, 1) and x (1, W), to the places that they show,
            y and x, each of a shape that goes with (rows, W). Called with a strip of rows at a time.

    Returns:
        A new uint8 (H, W, C).
    """
    from scipy import ndimage  # here, because it takes a while and most of the catalogue needs none

    _, width, channels = image.shape
    planes = [
        ndimage.spline_filter(image[..., channel].astype(np.float32), 3, output=np.float32, mode="mirror")
        for channel in range(channels)
    ]
    x = np.arange(width)[None] + 0.5
    warped = np.empty_like(image, order="C")
    for strip in row_strips(image):
        y = np.arange(strip.start, strip.stop)[:, None] + 0.5
        places = np.empty((2, len(y), width))
        places[0], places[1] = shown(y, x)
        places -= 0.5  # scipy counts from the centre of the first pixel
        for channel, plane in enumerate(planes):
            values = ndimage.map_coordinates(
                plane, places, output=np.float32, order=3, mode="mirror", prefilter=False
            )
            warped[strip, :, channel] = levels(values)
    return warped


def corner_map(size: tuple[int, int], ways: np.ndarray) -> np.ndarray:
    """The homography under which the four corners of an image show places in a distance from them.

    Args:
        size: (H, W).
        ways: (4, 2), how far each corner's place is from it, y and x, in pixels; corners in the order top
            left, top right, bottom left, bottom right.

    Returns:
        (3, 3), from (y, x, 1) of a pixel to a multiple of the same of what it shows.
    """
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float64)
    targets = corners + ways / size  # both in units of the sides, which keeps the numbers alike
    equations, values = [], []
    for (y, x), (to_y, to_x) in zip(corners, targets, strict=True):
        equations.append([y, x, 1, 0, 0, 0, -to_y * y, -to_y * x])
        equations.append([0, 0, 0, y, x, 1, -to_x * y, -to_x * x])
        values += [to_y, to_x]
    matrix = np.append(np.linalg.solve(equations, values), 1).reshape(3, 3)
    scale = np.diag([*size, 1]).astype(np.float64)
    return scale @ matrix @ np.linalg.inv(scale)


def through_nodes(size: tuple[int, int], ways: np.ndarray, degree: int) -> Places:
    """Displacements at the nodes of a grid, and in between what a spline through them says.

    Args:
        size: (H, W) of the image, whose borders the outermost nodes lie on.
        ways: (2, rows, columns) of the grid, y and x, in pixels; evenly spaced, and more nodes than `degree`
            along both sides.
        degree: 1 is bilinear in each cell, 3 is the bicubic spline (not-a-knot at the borders).

    Returns:
        As `warp` takes it.
    """
    from scipy.interpolate import make_interp_spline  # as above

    height, width = size
    nodes_y = np.linspace(0, height, ways.shape[1])
    nodes_x = np.linspace(0, width, ways.shape[2])
    along_y = make_interp_spline(nodes_y, ways, k=degree, axis=1)

    def shown(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        way_y, way_x = make_interp_spline(nodes_x, along_y(y[:, 0]), k=degree, axis=2)(x[0])
        return y + way_y, x + way_x

    return shown

"""Where a picture has its strongest edge: there is best seen what a shift, a blur and noise do to one."""

import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

WINDOW = 24  # pixels a side, that are looked at
BREADTH = 2.0  # pixels: finer ones, such as fur and grain, are no edges

LUMA = (0.299, 0.587, 0.114)


def strongest_edge(pixels: np.ndarray) -> tuple[int, int]:
    """Column and row of the middle of the window whose upright edges are strongest.

    An upright edge is what a shift to the right moves across itself. The middle lies on it, and the window
    inside the picture, as far as it is large enough; of equal ones the first counts.

    Args:
        pixels: uint8 (H, W, 3).
    """
    height, width = pixels.shape[:2]
    slope = gaussian_filter(pixels @ np.asarray(LUMA), BREADTH, order=(0, 1), mode="nearest")
    strength = uniform_filter(slope**2, (WINDOW // 4, 1), mode="nearest")
    (top, bottom), (left, right) = _inside(height), _inside(width)
    row, column = np.unravel_index(strength[top:bottom, left:right].argmax(), (bottom - top, right - left))
    return int(left + column), int(top + row)


def _inside(length: int) -> tuple[int, int]:
    """First middle of a window, and one past the last."""
    first = min(WINDOW // 2, (length - 1) // 2)
    return first, max(first + 1, length - WINDOW // 2)

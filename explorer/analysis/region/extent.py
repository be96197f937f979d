"""How far a strong place of a map reaches: the box around it that holds most above a level."""

import numpy as np

Span = tuple[slice, slice]  # rows and columns


def heaviest(values: np.ndarray, core: Span, largest: float = 1.0, taken: np.ndarray | None = None) -> Span:
    """The span around a core with the largest sum.

    It grows over what is above 0, and over what is below as long as what lies behind outweighs it.

    Args:
        values: (rows, columns), a map less the level.
        core: What is in it in any case.
        largest: The part of all values that it may take at most, 0..1, if the core leaves it that.
        taken: bool (rows, columns), what must not be in it; nothing of the core. None for nothing.
    """
    (top, bottom), (first, last) = ((part.start, part.stop) for part in core)
    rows, columns = values.shape
    # What is taken outweighs all else. Sums of any span are then differences of four of these.
    weights = values if taken is None else np.where(taken, -np.abs(values).sum() - 1, values)
    sums = np.pad(weights.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    room = max(largest * values.size, (bottom - top) * (last - first))
    best, most = core, -np.inf
    stops, lefts = np.arange(bottom, rows + 1), np.arange(first + 1)
    for start in range(top + 1):
        widths = (room / (stops - start)).astype(int)
        fitting = widths >= last - first  # the lower it reaches, the narrower it is
        if not fitting.any():
            continue
        # All rows where it may end at once: a step of Python for each takes many times as long.
        lines = sums[stops[fitting]] - sums[start]  # over the rows, up to each column
        widths = widths[fitting, np.newaxis]
        ends = np.clip(lefts + widths - last, 0, columns - last)  # how far beyond the core each may reach
        highest = np.maximum.accumulate(lines[:, last:], axis=1)
        gains = np.take_along_axis(highest, ends, axis=1) - lines[:, : first + 1]
        gains[lefts < last - widths] = -np.inf  # too wide with the core
        row, left = np.unravel_index(int(np.argmax(gains)), gains.shape)
        if gains[row, left] > most:
            right = last + int(np.argmax(lines[row, last : last + ends[row, left] + 1]))
            best = slice(start, int(stops[row])), slice(int(left), right)
            most = gains[row, left]
    return best

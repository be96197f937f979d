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
    for start in range(top + 1):
        for stop in range(bottom, rows + 1):
            width = int(room / (stop - start))
            if width < last - first:
                break
            line = sums[stop] - sums[start]  # over the rows, up to each column
            lefts = np.arange(max(0, last - width), first + 1)
            ends = np.minimum(columns, lefts + width) - last  # how far beyond the core each may reach
            gains = np.maximum.accumulate(line[last:])[ends] - line[lefts]
            at = int(np.argmax(gains))
            if gains[at] > most:
                left, right = int(lefts[at]), last + int(np.argmax(line[last : last + ends[at] + 1]))
                best, most = (slice(start, stop), slice(left, right)), gains[at]
    return best

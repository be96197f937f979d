"""Passes of large pictures in bands of rows, from the top down: no activation is ever held as a whole.

Each operation keeps the last rows that its next output still looks at (its halo), so that no row is computed
twice. It serves networks whose operations up to the layers are a chain (`chain_of`).
"""

import math
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from explorer.backbones.passes.chain import Sliding, places

BAND_BYTES = 1 << 25  # of the largest value of a band: of 32, 64 and 128 MB the fastest


class _Fed:
    """One operation that is fed with the rows of its input, in pieces."""

    def __init__(self, operation: Sliding, rows: int):
        """Args: operation; rows, of its input in all."""
        self.operation = operation
        self._rows = rows
        self._count = operation.length(0, rows)  # of its output
        self._fed = 0  # rows of the input that have come
        self._made = 0  # rows of the output
        self._kept: Tensor | None = None  # rows of the input that are still looked at, padding included
        self._first = -operation.padding[0]  # where these begin

    @property
    def made(self) -> int:
        """Rows of the output so far."""
        return self._made

    def __call__(self, part: Tensor) -> Tensor | None:
        """Feed the next rows, (1, C, h, W); returns the output rows that can be made now, if any."""
        operation = self.operation
        self._fed += part.shape[2]
        above = operation.padding[0] if self._kept is None else 0
        below = operation.padding[0] if self._fed == self._rows else 0
        value = _joined(self._kept, part, above, below, operation.padding[1], operation.fill)
        known = self._first + value.shape[2]
        stop = (known - operation.reach(0) + operation.padding[0]) // operation.stride[0] + 1
        stop = max(self._made, min(stop, self._count))
        made = None
        if stop > self._made:
            start, end = (row - self._first for row in operation.looked_at(0, self._made, stop))
            made = operation.part(value[:, :, start:end].contiguous(memory_format=torch.channels_last))
            self._made = stop
        first = min(operation.looked_at(0, stop, stop + 1)[0], known)
        self._kept = value[:, :, first - self._first :].clone()
        self._first = first
        return made


def in_bands(
    operations: Sequence[Sliding], rows_of: Callable[[int, int], Tensor], size: tuple[int, int]
) -> Iterator[tuple[str, int, Tensor, float]]:
    """Pass a picture through a chain, a band of its rows after the other.

    Args:
        operations: As `chain_of` finds them.
        rows_of: Called with the first row and the one after the last; returns them as the network's input,
            float32 (1, 3, rows, width).
        size: (width, height) of the picture.

    Yields:
        (layer, first row, activations, finished): some rows of a layer's grid, (rows, columns, C), each row
        once and in order, and the finished part of the pass, 0..1. They are lent until the next step.
    """
    height = rows = size[1]
    fed = []
    for operation in operations:
        fed.append(_Fed(operation, rows))
        rows = operation.length(0, rows)
    step = band_rows(operations, size)
    for start in range(0, height, step):
        stop = min(start + step, height)
        part: Tensor | None = rows_of(start, stop)
        for each in fed:
            before = each.made
            part = each(part)
            if part is None:
                break
            for name in each.operation.taps:
                yield name, before, places(part), stop / height


def band_rows(operations: Sequence[Sliding], size: tuple[int, int]) -> int:
    """Rows of a picture of (width, height) that pass together."""
    columns, channels, stride = size[0], 3, 1
    most = 4 * channels * columns  # bytes that a row of the picture takes in any value
    for operation in operations:
        columns, channels = operation.length(1, columns), operation.channels or channels
        stride *= operation.stride[0]
        most = max(most, math.ceil(4 * channels * columns / stride))
    # All bands but the first and the last then make equally many rows everywhere: weights are packed by size.
    return max(1, BAND_BYTES // most // stride) * stride


def _joined(kept: Tensor | None, part: Tensor, above: int, below: int, beside: int, fill: float) -> Tensor:
    """Kept rows (padded already), those that follow them, and padding, in one piece of memory."""
    _, channels, rows, columns = part.shape
    start = above if kept is None else kept.shape[2]
    value = torch.empty(
        (1, channels, start + rows + below, columns + 2 * beside),
        dtype=part.dtype,
        device=part.device,
        memory_format=torch.channels_last,
    )
    value[:, :, :start] = fill if kept is None else kept
    value[:, :, start + rows :] = fill
    middle = value[:, :, start : start + rows]
    middle[..., :beside] = middle[..., beside + columns :] = fill
    middle[..., beside : beside + columns] = part
    return value

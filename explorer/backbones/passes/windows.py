"""Passes of pictures that differ from a base picture in one window: only what it reaches is computed anew.

What a convolution or a pooling makes of a place depends on a few places around it. So a change of a window
reaches a window of the first operation's output, that one a window of the second's, and so on; everywhere
else the base picture's own values hold. It serves networks whose operations up to the layers are a chain of
such, as AlexNet's and VGG16's are; for others there is `Network.activations`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from explorer.backbones.passes.chain import Sliding, places


@dataclass(frozen=True)
class Window:
    """Rows `top` up to `bottom` and columns `left` up to `right` of a picture or a grid."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """For the rows and columns of an array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


class WindowPasses:
    """A base picture's values after every operation, and passes of pictures that differ in a window."""

    def __init__(self, operations: Sequence[Sliding], batch: Tensor):
        """Args: operations, a chain; batch, the base picture as the network's input, (1, 3, H, W)."""
        self._operations = tuple(operations)
        self._values = [batch.contiguous(memory_format=torch.channels_last)]
        for operation in self._operations:
            self._values.append(operation.whole(self._values[-1]))
        self._least = (1, 1)  # rows and columns of the largest window so far

    def base(self) -> Iterator[tuple[str, Tensor]]:
        """(name, activation) of the base picture, each (rows, columns, C)."""
        for operation, value in zip(self._operations, self._values[1:], strict=True):
            for name in operation.taps:
                yield name, places(value)

    def widened(self, window: Window) -> Window:
        """A window as large as the largest so far, so that all of them have one size; it holds this one."""
        rows, columns = self._values[0].shape[2:]
        self._least = (
            max(self._least[0], window.bottom - window.top),
            max(self._least[1], window.right - window.left),
        )
        top, left = min(window.top, rows - self._least[0]), min(window.left, columns - self._least[1])
        return Window(top, top + self._least[0], left, left + self._least[1])

    def changed(self, part: Tensor, window: Window) -> list[tuple[str, Window, Tensor]]:
        """Pass a picture that equals the base outside of a window.

        Args:
            part: The window of its input, (1, 3, h, w).
            window: Where that lies.

        Returns:
            For each layer its name, the window of its grid that may have changed, and the activations there,
            (rows, columns, C).
        """
        found: list[tuple[str, Window, Tensor]] = []
        before: list[Tensor] = []  # what the base has in each window
        windows: list[Window] = []
        try:
            for place, value in enumerate(self._values):
                inside = value[(..., *window.slices)]
                before.append(inside.clone())
                windows.append(window)
                inside.copy_(part)
                if place == len(self._operations):
                    break
                operation = self._operations[place]
                part, window = _through(operation, value, window, self._values[place + 1].shape[2:])
                found += [(name, window, places(part)) for name in operation.taps]
        finally:
            for value, kept, own in zip(self._values, before, windows, strict=False):
                value[(..., *own.slices)] = kept
        return found


def chain_bytes(operations: Sequence[Sliding], size: tuple[int, int]) -> int:
    """Bytes of all values that window passes keep for a picture of (width, height)."""
    lengths, channels = (size[1], size[0]), 3
    total = channels * lengths[0] * lengths[1]
    for operation in operations:
        lengths = tuple(operation.length(axis, lengths[axis]) for axis in (0, 1))
        channels = operation.channels or channels
        total += channels * lengths[0] * lengths[1]
    return 4 * total


def _through(operation: Sliding, value: Tensor, window: Window, grid: Sequence[int]) -> tuple[Tensor, Window]:
    """What an operation makes of a changed window: the values, and the window of its grid where they lie."""
    top, bottom = operation.reached(0, window.top, window.bottom, grid[0])
    left, right = operation.reached(1, window.left, window.right, grid[1])
    rows, columns = operation.looked_at(0, top, bottom), operation.looked_at(1, left, right)
    height, width = value.shape[2:]
    seen = value[..., max(0, rows[0]) : rows[1], max(0, columns[0]) : columns[1]]
    beyond = (
        max(0, -columns[0]),
        max(0, columns[1] - width),
        max(0, -rows[0]),
        max(0, rows[1] - height),
    )
    if any(beyond):
        seen = F.pad(seen, beyond, value=operation.fill)
    part = operation.part(seen.contiguous(memory_format=torch.channels_last))
    return part, Window(top, bottom, left, right)

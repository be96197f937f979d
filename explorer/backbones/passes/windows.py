"""Passes of pictures that differ from a base picture in one window: only what it reaches is computed anew.

What a convolution or a pooling makes of a place depends on a few places around it. So a change of a window
reaches a window of the first operation's output, that one a window of the second's, and so on; everywhere
else the base picture's own values hold. It serves networks whose operations up to the layers are a chain of
such, as AlexNet's and VGG16's are; for others there is `Network.activations`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.backbones.passes.fused import Convolution
from explorer.backbones.passes.network import Network, Operation

Lengths = tuple[int, int]  # of rows and columns


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


@dataclass(frozen=True)
class Sliding:
    """An operation that looks at each place through a window.

    Attributes:
        whole: The operation itself.
        part: The same without padding.
        fill: What it pads with.
        channels: Of its output; 0 where they are those of its input.
        taps: Names of the layers that its output is.
    """

    whole: Callable[[Tensor], Tensor]
    part: Callable[[Tensor], Tensor]
    kernel: Lengths = (1, 1)
    stride: Lengths = (1, 1)
    padding: Lengths = (0, 0)
    dilation: Lengths = (1, 1)
    fill: float = 0.0
    channels: int = 0
    taps: tuple[str, ...] = ()

    def reach(self, axis: int) -> int:
        """Input places that one output place looks at, along an axis, from the first to the last."""
        return (self.kernel[axis] - 1) * self.dilation[axis] + 1

    def length(self, axis: int, length: int) -> int:
        """Output places along an axis for so many input places."""
        return (length + 2 * self.padding[axis] - self.reach(axis)) // self.stride[axis] + 1

    def reached(self, axis: int, start: int, stop: int, length: int) -> Lengths:
        """The output places that a change of the input places start ... stop reaches, of `length` in all.

        Their number depends on stop - start alone: windows of one size share one packing of the weights.
        """
        step = self.stride[axis]
        count = min(length, -(-(stop - start + self.reach(axis) - 1) // step))
        first = -(-(start + self.padding[axis] - self.reach(axis) + 1) // step)
        first = max(0, min(first, length - count))
        return first, first + count

    def looked_at(self, axis: int, start: int, stop: int) -> Lengths:
        """The input places that these output places look at; below 0 and beyond the end they are padding."""
        first = start * self.stride[axis] - self.padding[axis]
        return first, first + (stop - start - 1) * self.stride[axis] + self.reach(axis)


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
                yield name, _places(value)

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
                found += [(name, window, _places(part)) for name in operation.taps]
        finally:
            for value, kept, own in zip(self._values, before, windows, strict=False):
                value[(..., *own.slices)] = kept
        return found


def chain_of(network: Network, layers: tuple[str, ...]) -> tuple[Sliding, ...] | None:
    """The operations up to the layers, if they are a chain that window passes can follow; else None."""
    first, *steps = network.plan(layers)
    found, last = [], first.result
    for step in steps:
        operation = _sliding(step)
        if operation is None or step.arguments != (last,) or step.keywords or first.taps:
            return None
        found.append(replace(operation, taps=step.taps))
        last = step.result
    return tuple(found)


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


def _sliding(step: Operation) -> Sliding | None:
    """A step as a sliding operation; None for any other kind."""
    run = step.run
    if isinstance(run, Convolution):
        return Sliding(
            run,
            replace(run, padding=(0, 0)),
            tuple(run.weight.shape[2:]),
            run.stride,
            run.padding,
            run.dilation,
            channels=run.weight.shape[0],
        )
    if isinstance(run, nn.MaxPool2d) and not run.ceil_mode:
        kernel, stride, padding, dilation = map(
            _pair, (run.kernel_size, run.stride, run.padding, run.dilation)
        )
        part = partial(F.max_pool2d, kernel_size=kernel, stride=stride, dilation=dilation)
        return Sliding(run, part, kernel, stride, padding, dilation, fill=-torch.inf)
    if isinstance(run, nn.ReLU):
        return Sliding(F.relu, F.relu)  # never in place: the value before it is kept as well
    return None


def _pair(value: int | Lengths) -> Lengths:
    return (value, value) if isinstance(value, int) else tuple(value)


def _places(value: Tensor) -> Tensor:
    """(1, C, rows, columns) -> (rows, columns, C)."""
    return value[0].permute(1, 2, 0)

"""Networks whose operations up to the layers are a chain of sliding windows, as AlexNet's and VGG16's are.

What a convolution or a pooling makes of a place depends on a few places around it. So a pass can follow a
part of a picture: a window that changed (`windows`), or a band of rows after the other (`bands`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.backbones.graph import Graph
from explorer.backbones.passes.fused import Convolution
from explorer.backbones.passes.network import Network, Operation

Lengths = tuple[int, int]  # of rows and columns


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


def is_chain(graph: Graph, layers: tuple[str, ...]) -> bool:
    """Whether `chain_of` would find a chain, told from the graph alone: the weights need not be there."""
    first, *others = graph.ancestors(layers)
    last = first
    for node in others:
        module = graph.module.get_submodule(node.target) if node.op == "call_module" else None
        if not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.ReLU) or node.args != (last,) or node.kwargs:
            return False
        last = node
    return True


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


def places(value: Tensor) -> Tensor:
    """(1, C, rows, columns) -> (rows, columns, C)."""
    return value[0].permute(1, 2, 0)

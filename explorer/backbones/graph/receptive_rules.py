"""How torch's functions change what the cells of a tensor see: a rule a function.

Each rule is called as its function is, with a `Seen` in the place of each tensor that depends on the image.
A function that no rule knows is taken to look at all of it: a window is never guessed too small.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torchvision.models.swin_transformer import shifted_window_attention

from explorer.backbones.networks.vit import positioned_tokens

KINDS = ("cell", "windows", "whole")  # of two that meet, the later one holds for both


@dataclass(frozen=True)
class Span:
    """What the cells along one axis of a tensor see: cell i the pixels start + i * stride to + size.

    Attributes:
        size, stride, start, mirrored: As a field's, along this axis.
        lag: Pixels from the first one that the last cell sees to the image's end, at most.
    """

    size: int = 1
    stride: int = 1
    start: int = 0
    mirrored: int = 0
    lag: int = field(default=1, compare=False)  # without effect but on `mirrored`

    def padded(self, before: int, after: int, repeated: int | None = None) -> "Span":
        """With more cells at both ends; `repeated` is how far inside lie those that they repeat, if any."""
        mirrored = self.mirrored
        if repeated is not None:
            inwards = repeated * self.stride
            mirrored = max(mirrored, self.start + inwards + self.size, self.lag + inwards)
        start, lag = self.start - before * self.stride, self.lag - after * self.stride
        return replace(self, start=start, lag=lag, mirrored=mirrored)

    def slid(self, kernel: int, stride: int, dilation: int = 1) -> "Span":
        """Behind a window of `kernel` cells, each `dilation` from the last, that moves by `stride`."""
        reach = (kernel - 1) * dilation
        return replace(
            self,
            size=self.size + reach * self.stride,
            stride=self.stride * stride,
            lag=self.lag + (reach + stride - 1) * self.stride,
        )

    def joined(self, other: "Span") -> "Span":
        """The smallest span that holds both, which have one stride."""
        start = min(self.start, other.start)
        end = max(self.start + self.size, other.start + other.size)
        lag, mirrored = max(self.lag, other.lag), max(self.mirrored, other.mirrored)
        return Span(end - start, self.stride, start, mirrored, lag)


@dataclass(frozen=True)
class Seen:
    """What the cells of a tensor see.

    Attributes:
        kind: As a field's.
        spans: Along rows and columns of cells.
        axes: Of the tensor, on which rows and columns lie; one axis twice where cells are a row of tokens.
        shape: Of the tensor.
    """

    kind: str
    spans: tuple[Span, Span] = (Span(), Span())
    axes: tuple[int, int] = (2, 3)
    shape: tuple[int, ...] = field(default=(), compare=False)

    @property
    def grid(self) -> tuple[tuple[int, int, int], ...]:
        """Of rows and columns: their axis, how many they are, and the pixels from one to the next."""
        along = zip(self.axes, self.spans, strict=True)
        return tuple((axis, self.shape[axis], span.stride) for axis, span in along)


WHOLE = Seen("whole")


def whole(*values: Any, **keywords: Any) -> Seen:
    """All of the image: what global attention and pooling look at, and whatever no rule knows."""
    return WHOLE


def _placewise(*values: Any, **keywords: Any) -> Seen:
    """Each place by itself; places of several tensors meet."""
    return _joined([value for value in (*values, *keywords.values()) if isinstance(value, Seen)])


def _joined(branches: list[Seen]) -> Seen:
    """Branches of one grid see together what each of them sees; those of different grids, anything."""
    if len({branch.grid for branch in branches}) > 1:
        return WHOLE
    rows, columns = (reduce(Span.joined, spans) for spans in zip(*(b.spans for b in branches), strict=True))
    kind = max((branch.kind for branch in branches), key=KINDS.index)
    return replace(branches[0], kind=kind, spans=(rows, columns))


def _concatenated(tensors: tuple, dim: int = 0) -> Seen:
    branches = [tensor for tensor in tensors if isinstance(tensor, Seen)]
    return _unless_along(dim, branches[0], _joined(branches))


def _split(input: Seen, parts: Any = None, dim: int = 0, **keywords: Any) -> Seen:
    return _unless_along(dim, input, input)


def _unless_along(dim: int, input: Seen, otherwise: Seen) -> Seen:
    return WHOLE if dim % len(input.shape) in input.axes else otherwise


Sizes = int | tuple[int, ...]  # one for both axes, or one for each


def _convolved(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1) -> Seen:
    return _slid(input, weight.shape[2:], stride, padding, dilation)


def _max_pooled(input, kernel_size, stride=None, padding=0, dilation=1, *rest, **keywords) -> Seen:
    return _slid(input, kernel_size, stride or kernel_size, padding, dilation)


def _average_pooled(input, kernel_size, stride=None, padding=0, *rest, **keywords) -> Seen:
    return _slid(input, kernel_size, stride or kernel_size, padding)


def _slid(input: Seen, kernel: Sizes, stride: Sizes, padding: Sizes | str, dilation: Sizes = 1) -> Seen:
    """A window that slides over the last two axes. Padded places hold zeros, or never the largest value."""
    if input.axes != (len(input.shape) - 2, len(input.shape) - 1):
        return WHOLE
    spans = []
    for axis, span in enumerate(input.spans):
        size, step, apart = (_of_axis(value, axis) for value in (kernel, stride, dilation))
        if padding in ("same", "valid"):
            total = (size - 1) * apart if padding == "same" else 0
        else:
            total = 2 * _of_axis(padding, axis)
        spans.append(span.padded(total // 2, total - total // 2).slid(size, step, apart))
    return replace(input, spans=tuple(spans))


def _of_axis(value: Sizes, axis: int) -> int:
    return value if isinstance(value, int) else value[axis % len(value)]


def _padded(input: Seen, pad: tuple[int, ...], mode: str = "constant", value: Any = None) -> Seen:
    spans = []
    for axis, span in zip(input.axes, input.spans, strict=True):
        place = 2 * (len(input.shape) - 1 - axis)  # the last axis comes first
        before, after = pad[place : place + 2] or (0, 0)
        if (before or after) and (mode == "circular" or input.axes[0] == input.axes[1]):
            return WHOLE
        repeated = {"constant": None, "replicate": 0}.get(mode, max(before, after))
        spans.append(span.padded(before, after, repeated if before or after else None))
    return replace(input, spans=tuple(spans))


def _indexed(input: Seen, index: Any) -> Seen:
    """Of places every one, or every so many from one on; anything of the other axes."""
    items = index if isinstance(index, tuple) else (index,)
    if not all(isinstance(item, (int, slice)) or item is ... for item in items):
        return WHOLE
    before = items.index(...) if ... in items else len(items)
    filled = [slice(None)] * (len(input.shape) - len(items) + (... in items))
    items = (*items[:before], *filled, *items[before + 1 :])
    spans = []
    for axis, span in zip(input.axes, input.spans, strict=True):
        item = items[axis]
        if item != slice(None):
            tokens = input.axes[0] == input.axes[1]
            if tokens or isinstance(item, int) or item.stop is not None or (item.start or 0) < 0:
                return WHOLE
            span = span.padded(-(item.start or 0), 0).slid(1, item.step or 1)
        spans.append(span)
    axes = tuple(axis - sum(isinstance(item, int) for item in items[:axis]) for axis in input.axes)
    return replace(input, spans=tuple(spans), axes=axes)


def _permuted(input: Seen, *order: Any, dims: tuple[int, ...] = ()) -> Seen:
    new = dims or (order if isinstance(order[0], int) else order[0])
    new = [dim % len(input.shape) for dim in new]
    return replace(input, axes=tuple(map(new.index, input.axes)))


def _transposed(input: Seen, dim0: int, dim1: int) -> Seen:
    order = list(range(len(input.shape)))
    order[dim0], order[dim1] = order[dim1], order[dim0]
    return _permuted(input, order)


def _reshaped_by(function: Callable[..., Tensor]) -> Callable[..., Seen]:
    """The rule of a function that lays a tensor's values out anew, in the same order."""

    def rule(input: Seen, *values: Any, **keywords: Any) -> Seen:
        before = torch.empty(input.shape, device="meta")
        after = function(before, *values, **keywords)
        # An axis stays itself where its length and the number of values from place to place do.
        old, new = (list(zip(x.shape, x.stride(), strict=True)) for x in (before, after))
        if any(new.count(old[axis]) != 1 for axis in input.axes):
            return WHOLE
        return replace(input, axes=tuple(new.index(old[axis]) for axis in input.axes))

    return rule


def _layer_norm(input: Seen, normalized_shape: tuple[int, ...], *rest: Any, **keywords: Any) -> Seen:
    first = len(input.shape) - len(normalized_shape)
    return input if all(axis < first for axis in input.axes) else WHOLE


def _named(*names: str) -> Iterator[Callable[..., Any]]:
    """torch's functions and methods of these names, also those that overwrite their input."""
    for name in names:
        for own in (name, f"{name}_"):
            yield from (getattr(owner, own) for owner in (torch, Tensor) if hasattr(owner, own))


# Tensors made like another one, without any of its values.
CONSTANTS = frozenset(_named("new_tensor", "new_zeros", "new_ones", "new_empty", "zeros_like", "ones_like"))

PLACEWISE = (
    *_named("add", "addcmul", "clamp", "clone", "contiguous", "detach", "div", "exp", "mul", "neg", "pow"),
    *_named("relu", "rsub", "sigmoid", "sqrt", "square", "sub", "tanh", "to", "float"),
    *(Tensor.__pow__, Tensor.__rsub__, Tensor.__rtruediv__),
    *(F.relu, F.relu6, F.leaky_relu, F.elu, F.gelu, F.silu, F.mish, F.softplus),
    *(F.hardtanh, F.hardsigmoid, F.hardswish, F.dropout, F.dropout2d),
    F.batch_norm,  # by the statistics that it has learned: no network is trained here
)

RULES: Mapping[Callable[..., Any], Callable[..., Seen]] = {
    **dict.fromkeys(PLACEWISE, _placewise),
    **dict.fromkeys(_named("cat", "concat"), _concatenated),
    **dict.fromkeys(_named("chunk", "split"), _split),
    **dict.fromkeys(_named("permute"), _permuted),
    **dict.fromkeys(_named("transpose"), _transposed),
    **{function: _reshaped_by(function) for function in _named("view", "reshape", "flatten", "unsqueeze")},
    Tensor.__getitem__: _indexed,
    F.conv2d: _convolved,
    F.max_pool2d: _max_pooled,
    F.avg_pool2d: _average_pooled,
    F.pad: _padded,
    F.linear: lambda input, *rest, **keywords: _unless_along(-1, input, input),
    F.layer_norm: _layer_norm,
    F.adaptive_avg_pool2d: whole,  # to one cell, or to windows that grow with the image
    F.multi_head_attention_forward: whole,
    shifted_window_attention: lambda input, *rest, **keywords: replace(input, kind="windows"),
    positioned_tokens: lambda patches, *rest: replace(patches, axes=(1, 1)),
}

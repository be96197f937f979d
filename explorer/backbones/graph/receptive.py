"""Which input pixels a cell of a layer depends on, read off the operations that lead to it.

The traced network runs on the meta device, where tensors have a shape and no values. Beside each tensor goes
what its cells see, from the image's own pixels on; `receptive_rules` says for a function of torch how that
changes. A module needs no rule, since what counts is the functions that it calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, fx
from torch.overrides import TorchFunctionMode

from explorer.backbones.graph.receptive_rules import CONSTANTS, RULES, WHOLE, Seen, whole
from explorer.backbones.graph.trace import PROBES, Graph, graph_of
from explorer.backbones.row import Backbone


@dataclass(frozen=True)
class ReceptiveField:
    """Which input pixels a cell of a layer depends on.

    Attributes:
        kind: "cell" for a window that moves with the cell; "windows" after attention in windows, where it
            varies from cell to cell; "whole" where all of the image counts, as after global attention,
            global pooling or squeeze and excitation. The numbers below are 0 unless it is "cell".
        size: (rows, columns) pixels of the window.
        stride: (rows, columns) pixels from a cell to the next.
        start: (row, column) of the first pixel that cell (0, 0) sees; negative where borders are padded.
        mirrored: (rows, columns) pixels from the image's border that a cell whose window crosses it may see
            as well, where a network mirrors its borders; 0 where it pads them with zeros.
    """

    kind: str
    size: tuple[int, int] = (0, 0)
    stride: tuple[int, int] = (0, 0)
    start: tuple[int, int] = (0, 0)
    mirrored: tuple[int, int] = (0, 0)

    @property
    def words(self) -> str:
        """For users: "163 × 163 pixels" (width × height), or in what way it is no such window."""
        if self.kind == "whole":
            return "the whole image"
        if self.kind == "windows":
            return "its attention windows, which vary from place to place"
        rows, columns = self.size
        return "1 pixel" if rows == columns == 1 else f"{columns} × {rows} pixels"

    def window(self, row: int, column: int, image: tuple[int, int]) -> tuple[int, int, int, int]:
        """(x, y, width, height) in pixels of what a cell sees of an image of (width, height).

        It is clipped at the image's border, and all of the image unless the kind is "cell". No pixel outside
        counts for the cell. Some inside may not: those at the right and bottom border that a stride leaves
        over, those between the taps of a dilated convolution, and a few where borders are mirrored.
        """
        if self.kind != "cell":
            return 0, 0, *image
        left, right = self._range(1, column, image[0])
        top, bottom = self._range(0, row, image[1])
        return left, top, right - left, bottom - top

    def _range(self, axis: int, place: int, length: int) -> tuple[int, int]:
        """First pixel and the one behind the last, along an axis of so many pixels."""
        start = self.start[axis] + place * self.stride[axis]
        end = start + self.size[axis]
        inwards = self.mirrored[axis]
        first = min(start, length - inwards) if end > length else start
        last = max(end, inwards) if start < 0 else end
        return max(first, 0), min(last, length)


@cache
def receptive_fields(backbone: Backbone) -> Mapping[str, ReceptiveField]:
    """The field of every layer and node, by its name: the keys of the graph's layouts."""
    graph = graph_of(backbone)
    # Two images, since a window that follows the size of one is none; the second one's sides may be odd.
    sizes = PROBES[0], tuple(side + backbone.multiple for side in PROBES[1])
    first, second = (_Follower(graph).seen_of(size) for size in sizes)
    fields = {}
    for name in graph.layouts:
        one, other = (seen.get(graph.node(name), WHOLE) for seen in (first, second))
        upright = one.axes[0] <= one.axes[1]  # as the layouts have rows and columns
        fields[name] = _published(one if one == other and upright else WHOLE)
    return MappingProxyType(fields)


def _published(seen: Seen) -> ReceptiveField:
    """As a field, without the numbers that have no meaning for its kind."""
    numbers = ((span.size, span.stride, span.start, span.mirrored) for span in seen.spans)
    return ReceptiveField(seen.kind, *(zip(*numbers, strict=True) if seen.kind == "cell" else ()))


class _Follower(fx.Interpreter):
    """Runs a trace on the meta device and notes what each node sees."""

    def __init__(self, graph: Graph):
        super().__init__(graph.module, graph=graph.trace)
        self._seen: dict[fx.Node, Seen] = {}

    def seen_of(self, size: tuple[int, int]) -> dict[fx.Node, Seen]:
        """What is seen by each node that depends on the image, for one of (width, height)."""
        image = torch.empty((1, 3, size[1], size[0]), device="meta")
        image.seen = Seen("cell", shape=image.shape)
        with torch.inference_mode():
            self.run(image)
        return self._seen

    def run_node(self, n: fx.Node) -> Any:
        """Run a node by its own rule, or else by the rules of the functions that it calls."""
        if n.op == "call_function" and n.target in RULES:
            value = _followed(n.target, *self.fetch_args_kwargs_from_env(n))
        else:
            with _Following():
                value = super().run_node(n)
        if isinstance(value, Tensor) and hasattr(value, "seen"):
            self._seen[n] = value.seen
        return value


class _Following(TorchFunctionMode):
    """While it is on, the rules follow every function of torch that this thread calls."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        return _followed(func, args, kwargs or {})


def _followed(function: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    """Call a function, and lay beside the tensors that it makes what they see.

    A tensor keeps that as its attribute `seen`; one that has none depends on no pixel.
    """
    arguments, keywords = fx.node.map_aggregate((args, kwargs), lambda value: getattr(value, "seen", value))
    inputs = [seen for seen in _leaves((arguments, keywords)) if isinstance(seen, Seen)]
    result = function(*args, **kwargs)
    if inputs and function not in CONSTANTS:
        rule = whole if WHOLE in inputs else RULES.get(function, whole)
        for value in _leaves(args[0] if function is Tensor.__setitem__ else result):
            if isinstance(value, Tensor):
                value.seen = replace(rule(*arguments, **keywords), shape=value.shape)
    return result


def _leaves(values: Any) -> list[Any]:
    """All that stands in lists, tuples and dictionaries, however deep."""
    found: list[Any] = []
    fx.node.map_aggregate(values, found.append)
    return found

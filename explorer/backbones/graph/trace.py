"""A backbone's graph: its nodes, which of them can be tapped, and their grids. Shapes only, no weights.

The network is built on the meta device, where tensors have a shape and no values, and traced once. Nodes are
named as torchvision's feature extraction names them: by the module they belong to.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

import torch
from torch import Tensor, fx, nn
from torchvision.models.feature_extraction import NodePathTracer
from torchvision.ops import StochasticDepth

from explorer.backbones.row import Backbone
from explorer.errors import SettingError

# Two images whose sides differ tell which of a tensor's axes follow the image: all multiples of 32.
PROBES = ((320, 256), (448, 352))  # (width, height)
CLASSIFIERS = ("classifier", "fc", "head", "heads")  # of torchvision; features end before them
KEPT_SIZES = 32  # image sizes whose grids are kept

# One trace at a time: two tracers would undo each other's replacements in the wrong order.
_tracing = threading.Lock()


@dataclass(frozen=True)
class Layout:
    """How a node's tensor holds a grid of places.

    Attributes:
        kind: "NCHW", "NHWC", or "tokens" for (N, 1 + rows * columns, C) with a class token in front.
        channels: Of each place.
    """

    kind: str
    channels: int

    def grid(self, shape: torch.Size, image: tuple[int, int], multiple: int) -> tuple[int, int]:
        """(rows, columns) of a tensor of this shape, for an image of (width, height)."""
        if self.kind == "NCHW":
            return shape[2], shape[3]
        return (shape[1], shape[2]) if self.kind == "NHWC" else (image[1] // multiple, image[0] // multiple)

    def places(self, value: Tensor, grid: tuple[int, int]) -> Tensor:
        """A view of a tensor of this layout as (N, rows, columns, C)."""
        if self.kind == "NCHW":
            return value.permute(0, 2, 3, 1)
        return value if self.kind == "NHWC" else value[:, 1:].unflatten(1, grid)


class Graph:
    """The trace of a backbone's network.

    Attributes:
        backbone: Its row.
        module: The network on the meta device; never run with values.
        nodes: Names of all nodes that can be tapped, in the order of computation.
        layouts: By layer's name and by node's name.
        parameters: Number of weights that lead to the deepest default layer.
    """

    def __init__(self, backbone: Backbone):
        self.backbone = backbone
        with torch.device("meta"):
            self.module: nn.Module = backbone.builder(weights=None).eval()
        tracer = _Tracer()
        with _tracing:
            self.trace = tracer.trace(self.module)
        names = tracer.node_to_qualname
        self._runner = _Shapes(self.module, self.trace)
        first, second = (self._runner.shapes(size) for size in PROBES)
        by_name = {}
        for node in self.trace.nodes:
            if node.op in ("placeholder", "output", "get_attr") or node not in first:
                continue
            layout = _layout(first[node], second[node], backbone.multiple)
            if layout and names[node].split(".")[0] not in CLASSIFIERS:
                by_name[names[node]] = node, layout
        self.nodes = tuple(by_name)
        self._nodes = {name: node for name, (node, _) in by_name.items()}
        self.layouts = {name: layout for name, (_, layout) in by_name.items()}
        for layer in backbone.layers:
            self._nodes[layer.name] = self._nodes[layer.node]
            self.layouts[layer.name] = self.layouts[layer.node]
        self._order = {node: place for place, node in enumerate(self.trace.nodes)}
        self._grids: OrderedDict[tuple[int, int], dict[str, tuple[int, int]]] = OrderedDict()
        self._lock = threading.Lock()
        needed = self.ancestors(backbone.layer_names)
        modules = {node.target for node in needed if node.op == "call_module"}
        owned = {id(p): p for name in modules for p in self.module.get_submodule(name).parameters()}
        for node in needed:
            if node.op == "get_attr" and isinstance(value := attrgetter(node.target)(self.module), Tensor):
                owned[id(value)] = value
        self.parameters = sum(p.numel() for p in owned.values() if isinstance(p, nn.Parameter))

    @property
    def offered(self) -> tuple[str, ...]:
        """Nodes that can be tapped and are no default layer."""
        defaults = {layer.node for layer in self.backbone.layers}
        return tuple(name for name in self.nodes if name not in defaults)

    def node(self, name: str) -> fx.Node:
        """The traced node of a layer or of a node's name; SettingError where there is none."""
        try:
            return self._nodes[name]
        except (KeyError, TypeError):
            known = ", ".join(self.backbone.layer_names)
            raise SettingError(
                f"{self.backbone.label} has no layer {name!r}; choose from: {known}, or one of its nodes, "
                f"such as {self.nodes[0]}."
            ) from None

    def ordered(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Layers and nodes in the order in which the network computes them; a node's layer name goes first.

        Raises:
            SettingError: an unknown name.
        """
        aliases = {layer.node: layer.name for layer in self.backbone.layers}
        known = {aliases.get(name, name) for name in names}
        return tuple(sorted(known, key=lambda name: self._order[self.node(name)]))

    def ancestors(self, names: tuple[str, ...]) -> tuple[fx.Node, ...]:
        """All nodes that these layers depend on, and themselves, in the order of computation."""
        found: set[fx.Node] = set()
        waiting = [self.node(name) for name in names]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(node.all_input_nodes)
        return tuple(sorted(found, key=self._order.__getitem__))

    def channels(self, name: str) -> int:
        """Channels of a layer or node."""
        self.node(name)
        return self.layouts[name].channels

    def grids(self, size: tuple[int, int]) -> dict[str, tuple[int, int]]:
        """(rows, columns) of every layer and node for an image of (width, height); computes shapes only.

        Nodes that an image of this size does not reach, because it is too small, are left out.
        """
        with self._lock:
            if size not in self._grids:
                shapes = self._runner.shapes(size)
                self._grids[size] = {
                    name: self.layouts[name].grid(shapes[node], size, self.backbone.multiple)
                    for name, node in self._nodes.items()
                    if node in shapes
                }
                while len(self._grids) > KEPT_SIZES:
                    self._grids.popitem(last=False)
            self._grids.move_to_end(size)
            return self._grids[size]


@cache
def graph_of(backbone: Backbone) -> Graph:
    """The one graph of a row."""
    return Graph(backbone)


class _Tracer(NodePathTracer):
    """Traces in its own thread and leaves the others alone.

    While a tracer works, it replaces `nn.Module.__call__` for the whole process: a module that another
    thread runs meanwhile would be looked for in this graph.
    """

    def __init__(self):
        super().__init__()
        self._thread = threading.get_ident()

    def call_module(
        self, m: nn.Module, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if threading.get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)


# Modules whose output has the shape of their input. Torch writes some of them out in Python where only a
# shape is asked for, which made up most of the time that a deep network's shapes took.
_SHAPE_KEEPING = (
    nn.BatchNorm2d,
    nn.LayerNorm,
    nn.ReLU,
    nn.ReLU6,
    nn.SiLU,
    nn.GELU,
    nn.Hardswish,
    nn.Hardsigmoid,
    nn.Sigmoid,
    nn.Dropout,
    nn.Identity,
    StochasticDepth,
)


class _Shapes(fx.Interpreter):
    """Runs a trace on the meta device and notes the shape of every tensor."""

    def __init__(self, module: nn.Module, trace: fx.Graph):
        super().__init__(fx.GraphModule(module, trace))
        # An interpreter runs its own copy of the nodes.
        self._original = dict(zip(self.graph.nodes, trace.nodes, strict=True))
        self._seen: dict[fx.Node, torch.Size] = {}

    def shapes(self, size: tuple[int, int]) -> dict[fx.Node, torch.Size]:
        """Shapes by the trace's node, as far as an image of (width, height) gets."""
        self._seen = {}
        try:
            with torch.inference_mode():
                self.run(torch.empty((1, 3, size[1], size[0]), device="meta"))
        except (RuntimeError, ValueError, IndexError):
            # A small image comes only as far as its first pooling without a cell. The probes are large.
            if size in PROBES:
                raise
        return self._seen

    def call_module(self, target: fx.node.Target, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if isinstance(self.fetch_attr(target), _SHAPE_KEEPING):
            return args[0]
        return super().call_module(target, args, kwargs)

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        if isinstance(value, Tensor):
            self._seen[self._original[n]] = value.shape
        return value


def _layout(first: torch.Size, second: torch.Size, multiple: int) -> Layout | None:
    """Which layout a node has, from its shapes for the two probes; None where it has no spatial grid."""
    if len(first) != len(second):
        return None
    moving = [axis for axis, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(first) == 4 and moving == [2, 3]:
        return Layout("NCHW", first[1])
    if len(first) == 4 and moving == [1, 2]:
        return Layout("NHWC", first[3])
    tokens = [1 + (width // multiple) * (height // multiple) for width, height in PROBES]
    if len(first) == 3 and moving == [1] and [first[1], second[1]] == tokens:
        return Layout("tokens", first[2])
    return None

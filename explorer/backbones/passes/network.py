"""Image batch -> activations, layer by layer. A network is shared by all users and keeps no call's state."""

import operator
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional as F

from explorer.backbones.graph import Graph, graph_of
from explorer.backbones.passes.fused import Convolution, can_fuse
from explorer.backbones.row import Backbone
from explorer.files.tensors import check_fit

PLANS = 64  # choices of layers whose steps are kept


@dataclass(frozen=True)
class Operation:
    """One operation, and what of it goes on.

    Attributes:
        run: Called with `arguments` and `keywords`, in which traced nodes stand for their values.
        result: The node whose value it makes.
        taps: Names of the layers that this value is.
        done: Nodes whose values nobody needs after this step.
    """

    run: Callable[..., Any]
    arguments: tuple
    keywords: dict[str, Any]
    result: fx.Node
    taps: tuple[str, ...]
    done: tuple[fx.Node, ...]


class Network:
    """A backbone with its weights on one device.

    Attributes:
        module: The builder's own with the weights. Like all else here it is shared: whoever wants it trained,
            or on another device, takes a copy.
        bytes: What it holds: the weights, and the kernels that its convolutions copy.
    """

    def __init__(
        self,
        backbone: Backbone,
        state: Mapping[str, Tensor],
        device: str,
        weights: str = "trained",
        precision: str = "float32",
        plain: bool = False,
    ):
        """Load weights keyed as the builder's modules; more than is needed may be there.

        Args:
            weights: What these are, "trained" or "random"; caches of features tell them apart by it.
            precision: A key of `PRECISIONS`; the activations are float32 in each.
            plain: Use torch's public operators alone, and overwrite nothing, so that autograd can go back
                through a pass. Else the private CPU operators serve wherever there are any.

        Raises:
            WeightsError: keys or shapes do not fit the network.
        """
        self.backbone = backbone
        self.graph: Graph = graph_of(backbone)
        self.device = device
        self.weights = weights
        self.precision = precision
        self.plain = plain
        # The private operators compute in float32 alone.
        self.fused = can_fuse(device) and not plain and precision == "float32"
        expected = needed_state(self.graph)
        shapes = {key: value.shape for key, value in expected.items()}
        check_fit(state, shapes, backbone.label, " or ".join(file.file for file in backbone.weights))
        # On the meta device neither the network nor its unused classifier costs memory or random numbers.
        with torch.device("meta"):
            self.module = backbone.builder(weights=None).eval().requires_grad_(False)
        _attend_step_by_step(self.module)
        if plain:
            _overwrite_nothing(self.module)
        own = {key: _laid_out(state[key].to(device), plain) for key in expected}
        self.module.load_state_dict(own, strict=False, assign=True)
        self._convolutions: dict[tuple[str, str | None], Convolution] = {}
        self._plans: dict[tuple[str, ...], tuple[Operation, ...]] = {}
        self.bytes = sum(tensor.nbytes for tensor in own.values()) + self._bytes_of_copies()

    @property
    def identity(self) -> Hashable:
        """What its activations depend on, beside the input: the same for networks that compute the same."""
        return self.backbone, self.weights, self.device, self.precision, self.fused

    def activations(self, batch: Tensor, layers: tuple[str, ...]) -> Iterator[tuple[str, Tensor]]:
        """Yield (name, activation) in the order of computation, computing nothing that is not asked for.

        Args:
            batch: float32 (N, 3, H, W), scaled as the heads want it, on the network's device.
            layers: Names of layers or nodes (`Graph.ordered`).

        Yields:
            Activations as (N, rows, columns, C). Each is lent: torchvision's networks overwrite most of
            them in the next operation, so whoever keeps one past the next step clones it. A plain network
            overwrites none, and autograd records its pass wherever it records.
        """
        values: dict[fx.Node, Any] = {}
        size = (batch.shape[3], batch.shape[2])
        grids = self.graph.grids(size)
        batch = batch.contiguous(memory_format=torch.channels_last)
        for step in self.plan(layers):
            if step.result.op == "placeholder":
                value = batch
            else:
                with self._computing():
                    value = step.run(
                        *fx.node.map_arg(step.arguments, values.__getitem__),
                        **fx.node.map_arg(step.keywords, values.__getitem__),
                    )
            values[step.result] = value
            # Before the value is lent: its own inputs would be held as long as the caller looks at it.
            for node in step.done:
                del values[node]
            for name in step.taps:
                yield name, self.graph.layouts[name].places(value, grids[name]).to(batch.dtype)
            del value

    def plan(self, layers: tuple[str, ...]) -> tuple[Operation, ...]:
        """The operations that lead to these layers, in their order; the first is the input itself."""
        found = self._plans.get(layers)
        if found is None:
            found = self._make_plan(layers)
            if len(self._plans) >= PLANS:
                self._plans.clear()  # they are soon made again
            self._plans[layers] = found
        return found

    def grids(self, size: tuple[int, int]) -> dict[str, tuple[int, int]]:
        """Each layer's and node's (rows, columns) for an image of (width, height); computes shapes only."""
        return self.graph.grids(size)

    def _computing(self) -> Any:
        return torch.autocast(self.device, torch.bfloat16) if self.precision == "bf16" else nullcontext()

    def _make_plan(self, layers: tuple[str, ...]) -> tuple[Operation, ...]:
        """The operations that lead to these layers, each convolution together with what can follow it."""
        needed = self.graph.ancestors(layers)
        users = _users(needed)
        taps: dict[fx.Node, tuple[str, ...]] = {}
        for name in layers:
            node = self.graph.node(name)
            taps[node] = (*taps.get(node, ()), name)

        pieces: list[tuple[Callable, tuple, dict, fx.Node, tuple[str, ...]]] = []
        taken: set[fx.Node] = set()
        for node in needed:
            if node in taken:
                continue
            conv = self._called(node, nn.Conv2d)
            if conv is None or conv.padding_mode != "zeros" or isinstance(conv.padding, str):
                keywords = overwriting_nothing(node.kwargs) if self.plain else node.kwargs
                pieces.append((self._callable(node), node.args, keywords, node, taps.get(node, ())))
                continue
            norm = self._only_user(node, users, nn.BatchNorm2d)
            last = norm or node
            run = self._convolution(node, norm)
            if norm is not None:
                taken.add(norm)
                if node in taps:  # the value before its norm is made for those who asked, and for nobody else
                    bare = self._convolution(node, None)
                    pieces.append((bare, node.args, node.kwargs, node, taps[node]))
            relu = self._only_user(last, users, nn.ReLU)
            if relu is not None and last not in taps:
                run, last = run.with_relu(), relu
                taken.add(relu)
            pieces.append((run, node.args, node.kwargs, last, taps.get(last, ())))
        return _with_lifetimes(pieces)

    def _bytes_of_copies(self) -> int:
        """What the convolutions of all plans hold beside the module's own weights, at most."""
        needed = self.graph.ancestors(self.graph.nodes)
        users, copied = _users(needed), {}
        for node in needed:
            conv = self._called(node, nn.Conv2d)
            if conv is not None and (
                self._only_user(node, users, nn.BatchNorm2d) is not None
                or not conv.weight.is_contiguous(memory_format=torch.channels_last)
            ):
                copied[node.target] = conv.weight.nbytes
        return sum(copied.values())

    def _only_user(
        self, node: fx.Node, users: dict[fx.Node, list[fx.Node]], kind: type[nn.Module]
    ) -> fx.Node | None:
        """The one node that uses this one's value, if it is of a kind."""
        if len(users[node]) != 1:
            return None
        (user,) = users[node]
        is_function = kind is nn.ReLU and user.op == "call_function" and user.target is F.relu
        return user if is_function or self._called(user, kind) is not None else None

    def _called(self, node: fx.Node, kind: type[nn.Module]) -> nn.Module | None:
        module = self.module.get_submodule(node.target) if node.op == "call_module" else None
        return module if isinstance(module, kind) else None

    def _convolution(self, node: fx.Node, norm: fx.Node | None) -> Convolution:
        """The convolution of a node, made once for all plans."""
        key = (node.target, norm and norm.target)
        if key not in self._convolutions:
            conv = self.module.get_submodule(node.target)
            behind = norm and self.module.get_submodule(norm.target)
            # Of two threads that plan at once the first one's is taken: each has a packing of its own.
            self._convolutions.setdefault(key, Convolution.of(conv, behind, self.fused))
        return self._convolutions[key]

    def _callable(self, node: fx.Node) -> Callable[..., Any]:
        if node.op == "call_module":
            return self.module.get_submodule(node.target)
        if node.op == "call_method":
            return lambda value, *arguments, **keywords: getattr(value, node.target)(*arguments, **keywords)
        if node.op == "get_attr":
            value = operator.attrgetter(node.target)(self.module)
            return lambda: value
        return node.target  # a function; never called for the placeholder


def _laid_out(weight: Tensor, plain: bool) -> Tensor:
    """A tensor of the state in the memory format in which convolutions read kernels, so that none is copied.

    A plain network keeps torch's own format, by which torch's modules choose how they compute.
    """
    return weight if plain or weight.ndim != 4 else weight.contiguous(memory_format=torch.channels_last)


def _users(needed: Collection[fx.Node]) -> dict[fx.Node, list[fx.Node]]:
    """Which of the nodes use each one's value."""
    members = set(needed)
    return {node: [user for user in node.users if user in members] for node in needed}


def overwriting_nothing(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """A function's keywords without its permission to overwrite its input."""
    return {**keywords, "inplace": False} if "inplace" in keywords else dict(keywords)


def _overwrite_nothing(module: nn.Module) -> None:
    """Take the same permission from a network's modules."""
    for part in module.modules():
        if getattr(part, "inplace", False):
            part.inplace = False


def _attend_step_by_step(module: nn.Module) -> None:
    """Keep attention off torch's "fast path", which takes twice the time and memory on large grids.

    torch's switch for it is the whole process's, which is not ours. An attention that is in training does not
    take that path either, and without dropout it computes the same.
    """
    for part in module.modules():
        if isinstance(part, nn.MultiheadAttention):
            part.dropout = 0.0
            part.train()


def needed_state(graph: Graph) -> dict[str, Tensor]:
    """Entries of the module's state that lead to any node that can be tapped: key -> meta tensor."""
    needed = graph.ancestors(graph.nodes)
    modules = tuple(f"{node.target}." for node in needed if node.op == "call_module")
    attributes = {node.target for node in needed if node.op == "get_attr"}
    return {
        key: value
        for key, value in graph.module.state_dict().items()
        # How often a batch norm was trained does not matter here, and old files do not tell.
        if (key in attributes or key.startswith(modules)) and not key.endswith("num_batches_tracked")
    }


def _with_lifetimes(pieces: list[tuple]) -> tuple[Operation, ...]:
    """Turn (run, arguments, keywords, result, taps) into steps that let go of values after their last use."""
    last_use: dict[fx.Node, int] = {}
    for place, (_, arguments, keywords, result, _) in enumerate(pieces):
        last_use[result] = place
        fx.node.map_arg((arguments, keywords), lambda node, place=place: last_use.update({node: place}))
    return tuple(
        Operation(*piece[:5], done=tuple(node for node, use in last_use.items() if use == place))
        for place, piece in enumerate(pieces)
    )

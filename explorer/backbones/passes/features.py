"""A backbone as torch's own module: what autograd, `torch.compile`, `.to` and `copy.deepcopy` can handle."""

import copy
from typing import Any

from torch import Tensor, fx, nn

from explorer.backbones.passes.network import Network, overwriting_nothing


class Features(nn.Module):
    """Image batch -> the features of chosen layers, all at once; `Network.activations` lends them one by one.

    The weights are the network's own, as buffers: they cost no memory until `.to` or `.double` makes others.
    An optimiser does not find them, and no state dict holds them, since they never change.
    """

    def __init__(self, network: Network, layers: tuple[str, ...]):
        """Args: network, a plain one; layers, names of its layers or nodes."""
        super().__init__()
        if not network.plain:
            raise ValueError("autograd needs a network that overwrites nothing: network(..., plain=True)")
        self._run = fx.GraphModule(_constants(network.module), _graph(network, layers))
        self._leave_state_dicts()
        self._layouts = tuple(network.graph.layouts[name] for name in layers)
        self._multiple = network.backbone.multiple

    def forward(self, batch: Tensor) -> tuple[Tensor, ...]:
        """Pass a batch through the network.

        Args:
            batch: (N, 3, H, W), scaled as the heads want it, of the weights' dtype and on their device.

        Returns:
            For each layer (N, rows, columns, C).
        """
        size = (batch.shape[3], batch.shape[2])
        return tuple(
            layout.places(value, layout.grid(value.shape, size, self._multiple))
            for layout, value in zip(self._layouts, self._run(batch), strict=True)
        )

    def tensors(self) -> dict[str, Tensor]:
        """The weights in use, by the keys of the builder's module."""
        return dict(self._run.named_buffers())

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._leave_state_dicts()  # to unpickle a graph registers its tensors anew

    def _leave_state_dicts(self) -> None:
        for part in self._run.modules():
            part._non_persistent_buffers_set = set(part._buffers)

    def train(self, mode: bool = True) -> "Features":
        """Remember the mode, and nothing else: dropout and batch norm stay as they are at inference."""
        self.training = mode
        return self


def _graph(network: Network, layers: tuple[str, ...]) -> fx.Graph:
    """The operations up to the layers, with the layers as output."""
    graph, copies = fx.Graph(), {}
    for node in network.graph.ancestors(layers):
        copies[node] = graph.node_copy(node, copies.__getitem__)
        copies[node].kwargs = overwriting_nothing(copies[node].kwargs)
    graph.output(tuple(copies[network.graph.node(name)] for name in layers))
    return graph


def _constants(module: nn.Module) -> nn.Module:
    """A copy of a module on the same values, with buffers in place of parameters.

    To move a parameter torch exchanges its values in place, for all who share it; a buffer is replaced.
    """
    own = copy.copy(module)
    values = {**module._parameters, **module._buffers}
    # What no layer needs was never loaded, and has no values.
    own._buffers = {
        name: None if value is None or value.is_meta else value.detach() for name, value in values.items()
    }
    own._parameters = {}
    own._modules = {name: child and _constants(child) for name, child in module._modules.items()}
    return own

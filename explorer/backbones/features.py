"""Image batch -> activations, layer by layer. A network is shared by all users and keeps no call's state."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.backbones.catalogue import Backbone
from explorer.backbones.weights import load_weights
from explorer.errors import SettingError, WeightsError

PACKED_SIZES = 8  # image sizes whose packed weights are kept (10 MB each for AlexNet)


def available_devices() -> tuple[str, ...]:
    """Devices of this machine, best first; the CPU is always last."""
    devices = []
    if torch.cuda.is_available():
        devices.append("cuda")
    if torch.backends.mps.is_available():
        devices.append("mps")
    return (*devices, "cpu")


def find_device(name: str) -> str:
    """Turn "auto" into the best device there is, and check any other name."""
    devices = available_devices()
    if name == "auto":
        return devices[0]
    if name not in devices:
        raise SettingError(
            f"There is no device {name!r} on this machine; choose one of: auto, {', '.join(devices)}."
        )
    return name


def can_fuse(device: str) -> bool:
    """Whether torch offers the CPU operators that do a convolution and its ReLU in one (they are private)."""
    wanted = ("_convolution_pointwise", "_reorder_convolution_weight")
    return (
        device == "cpu"
        and torch.backends.mkldnn.is_available()
        and all(hasattr(torch.ops.mkldnn, operator) for operator in wanted)
    )


@dataclass(frozen=True)
class Convolution:
    """A convolution followed by its ReLU."""

    weight: Tensor
    bias: Tensor
    stride: tuple[int, int]
    padding: tuple[int, int]

    def plain(self, batch: Tensor) -> Tensor:
        """By torch's public operators, on any device."""
        return F.relu(F.conv2d(batch, self.weight, self.bias, self.stride, self.padding), inplace=True)

    def pack(self, shape: torch.Size) -> Tensor:
        """Lay the weight out as oneDNN's kernel for one image of this (N, C, H, W) reads it.

        Packed once, all batch sizes use the same kernel and agree bit for bit. Packed for a size of another
        kind, the result is the same and up to 30 times as slow, hence one packing a size.
        """
        return torch.ops.mkldnn._reorder_convolution_weight(
            self.weight, list(self.padding), list(self.stride), [1, 1], 1, [1, *shape[1:]]
        )

    def fused(self, batch: Tensor, packed: Tensor) -> Tensor:
        """By the fused CPU operator, on a packed weight."""
        return torch.ops.mkldnn._convolution_pointwise(
            batch, packed, self.bias, list(self.padding), list(self.stride), [1, 1], 1, "relu", [], ""
        )


@dataclass(frozen=True)
class Step:
    """One step through the trunk, and the name of the layer tapped after it, if any."""

    run: Convolution | nn.Module
    tap: str | None


class Network:
    """A backbone's trunk with its weights on one device."""

    def __init__(
        self, backbone: Backbone, weights: dict[str, Tensor], device: str, fused: bool | None = None
    ):
        """Build from torchvision's `features` and weights keyed as torchvision's.

        Args:
            fused: use the private CPU operators; None means wherever there are any.

        Raises:
            WeightsError: keys or shapes do not fit the network.
        """
        self.backbone = backbone
        self.device = device
        self.fused = can_fuse(device) if fused is None else fused
        if device == "cuda":
            # Here torch's default is TF32, with 10 bits of each feature; the switch is the whole process's.
            torch.backends.cudnn.allow_tf32 = False
        self._packed: OrderedDict[tuple[int, int], list[Tensor | None]] = OrderedDict()
        self._packing = threading.Lock()
        # On the meta device neither the trunk nor the unused classifier costs memory or random numbers.
        with torch.device("meta"):
            trunk = backbone.builder(weights=None).features
        try:
            trunk.load_state_dict(
                {key.removeprefix("features."): t for key, t in weights.items()}, assign=True
            )
        except RuntimeError as error:
            raise WeightsError(
                f"The weights file {backbone.weights.file} does not fit {backbone.label}."
            ) from error
        self._steps = _steps(trunk.to(device).eval().requires_grad_(False), backbone)

    def activations(self, batch: Tensor, last: str | None = None) -> Iterator[tuple[str, Tensor]]:
        """Yield (layer name, activation) from shallow to deep, computing no further than asked.

        Args:
            batch: float32 (N, 3, H, W), scaled as the heads want it, on the network's device.
            last: the deepest layer wanted; None means all.

        Yields:
            Activations after their ReLU, (N, C, h, w) in channels-last memory.
        """
        batch = batch.contiguous(memory_format=torch.channels_last)
        packed = self._weights_packed_for(batch) if self.fused else [None] * len(self._steps)
        for step, weight in zip(self._steps, packed, strict=True):
            batch = _run(step.run, batch, weight)
            if step.tap:
                yield step.tap, batch
            if step.tap == (last or self.backbone.layer_names[-1]):
                return

    def grids(self, size: tuple[int, int]) -> dict[str, tuple[int, int]]:
        """Each layer's (rows, columns) for an image of (width, height); computes shapes only."""
        shape = torch.empty((1, 3, size[1], size[0]), device="meta")
        grids = {}
        for step in self._steps:
            shape = _output_shape(step.run, shape)
            if step.tap:
                grids[step.tap] = tuple(shape.shape[2:])
        return grids

    def _weights_packed_for(self, batch: Tensor) -> list[Tensor | None]:
        """One packed weight a step for this image size (None where a step is no convolution)."""
        size = tuple(batch.shape[2:])
        with self._packing:
            if size not in self._packed:
                self._packed[size] = self._pack(batch)
                while len(self._packed) > PACKED_SIZES:
                    self._packed.popitem(last=False)
            self._packed.move_to_end(size)
            return self._packed[size]

    def _pack(self, batch: Tensor) -> list[Tensor | None]:
        shape = torch.empty((1, *batch.shape[1:]), device="meta")
        packed = []
        for step in self._steps:
            convolution = isinstance(step.run, Convolution)
            packed.append(step.run.pack(shape.shape) if convolution else None)
            shape = _output_shape(step.run, shape)
        return packed


@cache
def network(backbone: Backbone, device: str) -> Network:
    """Return the one network of this backbone and device that all users share; loads it on first use."""
    return Network(backbone, load_weights(backbone.weights), device)


def _run(step: Convolution | nn.Module, batch: Tensor, packed: Tensor | None) -> Tensor:
    if not isinstance(step, Convolution):
        return step(batch)
    return step.plain(batch) if packed is None else step.fused(batch, packed)


def _output_shape(step: Convolution | nn.Module, shape: Tensor) -> Tensor:
    """Run a step on the meta device, where only shapes are computed."""
    if not isinstance(step, Convolution):
        return step(shape)
    return F.conv2d(shape, step.weight.to("meta"), None, step.stride, step.padding)


def _steps(trunk: nn.Sequential, backbone: Backbone) -> tuple[Step, ...]:
    """Cut the trunk into steps, each convolution together with the ReLU behind it."""
    taps = {layer.node: layer.name for layer in backbone.layers}
    deepest = max(taps)
    steps = []
    for node, module in enumerate(trunk[: deepest + 1]):
        if isinstance(module, nn.Conv2d):
            # Channels-last weights keep the plain path in the same memory format.
            weight = module.weight.contiguous(memory_format=torch.channels_last)
            convolution = Convolution(weight, module.bias, module.stride, module.padding)
            steps.append(Step(convolution, taps.get(node + 1)))
        elif not isinstance(module, nn.ReLU):  # a ReLU went into the convolution before it
            steps.append(Step(module, taps.get(node)))
    return tuple(steps)

"""Convolutions with what follows them in one step: batch norm in the weights, ReLU in the operator.

On the CPU the operators that do it are private to torch, so plain ones stand beside them, and a test holds
both together.
"""

import threading
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_weights

from explorer.cache import ByteBudgetCache

# Packed weights of all networks and image sizes together: AlexNet takes 10 MB a size, VGG16 59 MB.
packed_weights: ByteBudgetCache[Tensor] = ByteBudgetCache(384_000_000)


def can_fuse(device: str) -> bool:
    """Whether torch offers the CPU operators that do a convolution and its ReLU in one (they are private)."""
    wanted = ("_convolution_pointwise", "_reorder_convolution_weight")
    return (
        device == "cpu"
        and torch.backends.mkldnn.is_available()
        and all(hasattr(torch.ops.mkldnn, operator) for operator in wanted)
    )


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution, followed by its ReLU or by nothing.

    Attributes:
        weight, bias: Of torch's layout; the batch norm behind them is folded in.
        fused: Whether the private CPU operators are used.
    """

    weight: Tensor
    bias: Tensor | None
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    groups: int
    relu: bool = False
    fused: bool = False
    _packing: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    @torch.inference_mode(False)  # whatever mode the first pass is in: autograd may use the same convolution
    def of(cls, conv: nn.Conv2d, norm: nn.BatchNorm2d | None, fused: bool) -> "Convolution":
        """From torch's own module, with the batch norm that follows it, if any."""
        weight, bias = conv.weight, conv.bias
        if norm is not None:
            weight, bias = fuse_conv_bn_weights(
                weight, bias, norm.running_mean, norm.running_var, norm.eps, norm.weight, norm.bias
            )
        # Channels-last weights keep the plain path in the same memory format.
        weight = weight.detach().contiguous(memory_format=torch.channels_last)
        bias = None if bias is None else bias.detach()
        return cls(weight, bias, conv.stride, conv.padding, conv.dilation, conv.groups, fused=fused)

    def with_relu(self) -> "Convolution":
        """The same, followed by its ReLU; both share one packing."""
        return replace(self, relu=True)

    def __call__(self, batch: Tensor) -> Tensor:
        """(N, C, h, w) -> the convolution's output, through the ReLU if there is one."""
        if self.fused:
            return torch.ops.mkldnn._convolution_pointwise(
                batch,
                self._packed(tuple(batch.shape[2:])),
                self.bias,
                list(self.padding),
                list(self.stride),
                list(self.dilation),
                self.groups,
                "relu" if self.relu else "none",
                [],
                "",
            )
        output = F.conv2d(
            batch, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups
        )
        return F.relu(output, inplace=True) if self.relu else output

    def _packed(self, size: tuple[int, int]) -> Tensor:
        """The weight as oneDNN's kernel for one image of this input size (rows, columns) reads it.

        Packed once, all batch sizes use the same kernel and agree bit for bit. Packed for a size of another
        kind, the result is the same and up to 30 times as slow, hence one packing a size.
        """
        # Named by the lock, not by the convolution: a network that was dropped is not kept alive by this.
        key = (self._packing, self.padding, size)
        packed = packed_weights.get(key)
        if packed is None:
            with self._packing:
                packed = packed_weights.get(key)
                if packed is not None:  # by a thread that was here first
                    return packed
                shape = [1, self.weight.shape[1] * self.groups, *size]
                packed = torch.ops.mkldnn._reorder_convolution_weight(
                    self.weight,
                    list(self.padding),
                    list(self.stride),
                    list(self.dilation),
                    self.groups,
                    shape,
                )
                packed_weights.put(key, packed, self.weight.nbytes)
        return packed

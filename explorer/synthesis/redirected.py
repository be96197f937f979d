"""A gradient that reaches units that are off: without it deep layers keep what they have, and learn nothing.

ReLU passes no gradient where its input is below 0, so that a channel which is off in the whole picture cannot
be turned on. Here it passes a part of what would raise that input, and nothing that would lower it further.
The values themselves stay as they are.

Source: `redirected_relu_grad` of Lucid (Olah, Mordvintsev, Schubert, Feature Visualization, Distill 2017),
there for the first 16 steps, whole, and where all of a ReLU is off; here for each unit, and a part: the many
units that are off would outweigh those that are on.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx
from torch.overrides import TorchFunctionMode

RELUS = (torch.nn.functional.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_)


class RedirectedRelu(TorchFunctionMode):
    """Inside `with RedirectedRelu(0.2):` every ReLU has this gradient; for this thread alone."""

    def __init__(self, part: float):
        """Args: part, of the slope that a unit gets which is off, 0..1."""
        super().__init__()
        self._part = part

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Called by torch in the place of each of its functions."""
        kwargs = kwargs or {}
        if func in RELUS:
            return _Relu.apply(args[0] if args else kwargs["input"], self._part)
        return func(*args, **kwargs)


class _Relu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, x: Tensor, part: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.part = part
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx: FunctionCtx, slope: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        raising = slope.clamp(max=0)  # one goes against a slope
        return torch.where(x > 0, slope, ctx.part * raising), None

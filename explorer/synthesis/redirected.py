"""A gradient that reaches units that are off: without it deep layers keep what they have, and learn nothing.

ReLU passes no gradient where its input is below 0, so that a channel which is off in the whole picture cannot
be turned on. Here it passes what would raise that input, and nothing that would lower it further. The values
themselves stay as they are.

Source: `redirected_relu_grad` of Lucid (Olah, Mordvintsev, Schubert, Feature Visualization, Distill 2017),
there for the first 16 steps and where a whole ReLU is off; here for each unit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx
from torch.overrides import TorchFunctionMode

RELUS = (torch.nn.functional.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_)


class RedirectedRelu(TorchFunctionMode):
    """Inside `with RedirectedRelu():` every ReLU has this gradient; for this thread alone."""

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
            return _Relu.apply(*args[:1], *(kwargs[name] for name in kwargs if name == "input"))
        return func(*args, **kwargs)


class _Relu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx: FunctionCtx, slope: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return torch.where((x > 0) | (slope < 0), slope, 0)  # one goes against a slope: below 0 it raises

"""Networks as gradients are taken through them, shared by all who follow one."""

import torch

from explorer.cache import ByteBudgetCache
from explorer.metrics import Lpips, Method

# Modules by what they compute. Beside the network's own weights each holds a copy in another order.
_modules: ByteBudgetCache[Lpips] = ByteBudgetCache(256_000_000)


def module_of(method: Method, device: str) -> Lpips:
    """A method's metric as torch's module, on a device; it holds no state, and any thread may use it.

    Kernels lie channels last: oneDNN and cuDNN then take and give features in that order, in which a place's
    channels, over which features are normalised, are neighbours. A step took 0.75 (AlexNet, ResNet-50) to
    0.55 (SqueezeNet) of the time.

    Args:
        method: One that compares place by place; its size, device and precision are left aside.
        device: "cpu", "cuda" or "mps".

    Raises:
        SettingError: a metric without maps.
        WeightsError: a weights file is missing or damaged.
    """
    key = (method.row, method.heads, method.weights, method.layers, device)
    found = _modules.get(key)
    if found is None:
        with torch.inference_mode(False):  # whoever asks first: autograd refuses that mode's tensors
            found = Lpips(method.backbone, method.heads, method.weights, method.layers)
            found = found.to(device=device, memory_format=torch.channels_last)
        _modules.put(key, found, sum(buffer.nbytes for buffer in found.buffers()))
    return found

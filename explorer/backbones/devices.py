"""Devices, and how exactly they compute."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from explorer.errors import SettingError

# What each precision does to features; norms and sums are float32 always.
PRECISIONS = {
    "float32": "Exact: float32 throughout.",
    "tf32": "TF32: products with 10 bits of each feature, on CUDA only.",
    "bf16": "bf16: features with 8 bits; it moves a score by up to a few percent.",
}


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


def available_precisions(device: str) -> tuple[str, ...]:
    """Precisions that a device can compute with; the exact one is first."""
    if device == "cuda":
        return tuple(PRECISIONS)
    return ("float32", "bf16") if device == "cpu" else ("float32",)


def find_precision(name: str, device: str) -> str:
    """Check a precision's name for a device; SettingError names those that it has."""
    known = available_precisions(device)
    if name not in known:
        raise SettingError(
            f"There is no precision {name!r} on the device {device}; choose one of: {', '.join(known)}."
        )
    return name


def precision_on(device: str, name: str) -> str:
    """The precision itself, or the exact one on a device that lacks it: where a pass had to move there."""
    known = available_precisions(device)
    return name if name in known else known[0]


@contextmanager
def computing_with(precision: str, device: str) -> Iterator[None]:
    """Let CUDA's products be exact, or TF32 where that was asked for, inside the block.

    torch's own default for convolutions is TF32. The switches are the whole process's, so only one pass of a
    GPU may be inside at a time (`explorer.metrics.perceptual` sees to it).
    """
    if device != "cuda":
        yield
        return
    switches = (torch.backends.cuda.matmul, torch.backends.cudnn.conv)
    before = [switch.fp32_precision for switch in switches]
    for switch in switches:
        switch.fp32_precision = "tf32" if precision == "tf32" else "ieee"
    try:
        yield
    finally:
        for switch, value in zip(switches, before, strict=True):
            switch.fp32_precision = value

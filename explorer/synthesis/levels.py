"""Pictures as tensors in grey levels of 255, on which gradients are taken, and back to pixels."""

import numpy as np
import torch
from torch import Tensor

from explorer.images import Picture

HIGHEST = 255.0


def levels_of(picture: Picture, device: str = "cpu") -> Tensor:
    """A picture as float32 (1, 3, H, W), in grey levels of 255."""
    return torch.tensor(picture.pixels).permute(2, 0, 1)[None].float().to(device)


def scaled(levels: Tensor) -> Tensor:
    """Grey levels -> [-1, 1], as the networks want it."""
    return levels / 127.5 - 1


def rounded(levels: Tensor) -> Tensor:
    """To whole levels in 0..255; halves go up, so that all pixels of one step move alike."""
    return (levels + 0.5).floor().clamp(0, HIGHEST)


def pixels_of(levels: Tensor) -> np.ndarray:
    """(1, 3, H, W) in grey levels -> uint8 (H, W, 3), rounded."""
    return rounded(levels)[0].permute(1, 2, 0).to(torch.uint8).cpu().numpy().copy()

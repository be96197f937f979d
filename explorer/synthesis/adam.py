"""Adam's step (Kingma and Ba, ICLR 2015, algorithm 1), as a function of what it remembers."""

import torch
from torch import Tensor

BETAS = (0.9, 0.99)  # the second below the usual 0.999: runs are of a hundred steps
EPSILON = 1e-8


def adam(gradient: Tensor, memory: tuple[Tensor, ...], step: int) -> tuple[Tensor, tuple[Tensor, ...]]:
    """The direction to go against, each entry of about ±1, and what is to be remembered.

    Args:
        gradient: Here.
        memory: Both moments, or none at the start.
        step: From 1.
    """
    first, second = memory or (torch.zeros_like(gradient), torch.zeros_like(gradient))
    first = BETAS[0] * first + (1 - BETAS[0]) * gradient
    second = BETAS[1] * second + (1 - BETAS[1]) * gradient.square()
    size = (second / (1 - BETAS[1] ** step)).sqrt() + EPSILON
    return first / (1 - BETAS[0] ** step) / size, (first, second)

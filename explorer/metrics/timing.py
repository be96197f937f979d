"""How long a network takes for a picture, read off a pass that has to be made anyway."""

import math
from collections.abc import Iterator
from time import perf_counter
from typing import TypeVar

import torch

T = TypeVar("T")


class Stopwatch:
    """Takes the time of one pass of a network.

    Attributes:
        seconds: That the network computed, without what is done with its activations in between; NaN before
            a pass.
    """

    def __init__(self):
        self.seconds = math.nan

    def over(self, activations: Iterator[T], device: str) -> Iterator[T]:
        """The activations of a pass on a device, as `Network.activations` yields them; begins at 0."""
        self.seconds = 0.0
        while True:
            _finish(device)  # what others have begun is no part of it
            start = perf_counter()
            try:
                activation = next(activations)
            except StopIteration:
                return
            _finish(device)
            self.seconds += perf_counter() - start
            yield activation


def _finish(device: str) -> None:
    """Wait for what was begun on a GPU, which computes while Python goes on."""
    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()

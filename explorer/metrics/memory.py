"""Out of a GPU's memory: go on in smaller batches, then on the CPU, and say so."""

import gc
import math
from collections.abc import Callable
from typing import TypeVar

import torch

from explorer.backbones import Network, network

T = TypeVar("T")

LARGEST_BATCH = 16  # pictures that pass a GPU together


def with_smaller_batches(
    run: Callable[[Network, int], T], trunk: Network, batch: int = LARGEST_BATCH
) -> tuple[T, Network, tuple[str, ...]]:
    """Call `run(network, batch)` with ever smaller batches, and at last on the CPU, until it fits.

    Args:
        run: Computes with the network and at most so many pictures at once.
        trunk: The network to begin with. On a CPU pictures pass one at a time.
        batch: The number to begin with on a GPU.

    Returns:
        What `run` returned, the network that it was computed with, and a sentence where that is not as asked.
    """
    notes: tuple[str, ...] = ()
    while trunk.device != "cpu":
        try:
            return run(trunk, batch), trunk, notes
        except RuntimeError as error:  # torch.OutOfMemoryError is one; MPS has no type of its own
            if not is_out_of_memory(error):
                raise
        # Outside the handler, so that the failed call's tensors are no longer held by its traceback.
        gc.collect()
        if trunk.device == "cuda":
            torch.cuda.empty_cache()
        if batch > 1:
            batch //= 2
            notes = (f"out of memory on {trunk.device}: computed {batch} at a time",)
        else:
            notes = (f"out of memory on {trunk.device}: computed on the CPU",)
            trunk = network(trunk.backbone, "cpu", trunk.weights)
    return run(trunk, 1), trunk, notes


def pass_bytes(network: Network, size: tuple[int, int], kept: int = 0) -> int:
    """About the memory that work with one picture of (width, height) takes, in float32.

    Args:
        kept: Bytes of values that the work keeps beyond their use in the pass, at most.
    """
    graph, grids = network.graph, network.grids(size)
    values = [4 * graph.channels(node) * math.prod(grids[node]) for node in graph.nodes if node in grids]
    # An operation has one value before it and one behind it.
    return 2 * max(values, default=0) + min(kept, sum(values))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out; torch has a type for it on CUDA alone."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "memory" in str(error)

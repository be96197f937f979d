"""Out of memory: a GPU goes on in smaller batches, then on the CPU; on the CPU it is said how to mend it."""

import gc
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch

from explorer.backbones import Graph, Network, loading, precision_on
from explorer.errors import ImageError
from explorer.notes import Note

T = TypeVar("T")

LARGEST_BATCH = 16  # pictures that pass a GPU together
# How torch and the system say it where they have no type for it.
WORDS = re.compile(r"out of memory|n't allocate memory|[Cc]annot allocate memory|not enough memory")


def with_smaller_batches(
    run: Callable[[Network, int], T], network: Network, batch: int = LARGEST_BATCH
) -> tuple[T, Network, tuple[Note, ...]]:
    """Call `run(network, batch)` with ever smaller batches, and at last on the CPU, until it fits.

    Args:
        run: Computes with the network and at most so many pictures at once.
        network: The network to begin with. On a CPU pictures pass one at a time.
        batch: The number to begin with on a GPU.

    Returns:
        What `run` returned, the network that it was computed with, and a note where that is not as asked.
    """
    notes: tuple[Note, ...] = ()
    while network.device != "cpu":
        try:
            return run(network, batch), network, notes
        except RuntimeError as error:  # torch.OutOfMemoryError is one; MPS has no type of its own
            if not is_out_of_memory(error):
                raise
        # Outside the handler, so that the failed call's tensors are no longer held by its traceback.
        gc.collect()
        if network.device == "cuda":
            torch.cuda.empty_cache()
        if batch > 1:
            batch //= 2
            notes = (Note("memory", f"out of memory on {network.device}: computed {batch} at a time"),)
        else:
            notes = (Note("memory", f"out of memory on {network.device}: computed on the CPU"),)
            exactness = precision_on("cpu", network.precision)
            network = loading.network(network.backbone, "cpu", network.weights, exactness)
    return run(network, 1), network, notes


@contextmanager
def enough_memory(size: tuple[int, int]) -> Iterator[None]:
    """Say in words, and as an ImageError, that what the block computes does not fit in memory.

    Args:
        size: (width, height) at which the pair is measured.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise ImageError(
            f"The pair is too large for this machine's memory at {size[0]} × {size[1]}; measure at a smaller "
            "size."
        ) from error


def pass_bytes(graph: Graph, size: tuple[int, int], kept: int = 0) -> int:
    """About the memory that work with one picture of (width, height) takes, in float32.

    Args:
        kept: Bytes of values that the work keeps beyond their use in the pass, at most.
    """
    grids = graph.grids(size)
    values = [4 * graph.channels(node) * math.prod(grids[node]) for node in graph.nodes if node in grids]
    # An operation has one value before it and one behind it.
    return 2 * max(values, default=0) + min(kept, sum(values))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out; torch has a type for it on CUDA alone."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and bool(WORDS.search(str(error)))

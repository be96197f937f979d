"""What a step costs, told before the first one is made: memory and time, from the networks' own shapes."""

import math
import time
from collections.abc import Iterator, Sequence
from functools import cache

import torch
from torch import fx, nn

from explorer.analysis.rulers import SSIM, Ruler
from explorer.backbones import Graph, graph_of
from explorer.metrics import Method

FLOAT32, FLOAT64 = 4, 8

# What a step holds at once. Of each layer: the reference's unit features, the picture's, their difference,
# its square, and what goes back. Of the picture: point, slope, Adam's two moments, and what is made of them.
# Of SSIM: planes of means and products, and their way back. Measured peaks were within a third of this, for
# AlexNet, VGG16, SqueezeNet and ResNet-50 at 256 to 1024 pixels (benchmarks/synthesis.py).
OF_LAYERS, OF_PICTURES, OF_SSIM = 6, 16, 24
PASSES = 3  # forward, and back to the picture about twice as much in all
BYTES_A_SECOND = 1e10  # at which values go to memory and come back
SIDE = 768  # of the product by which a machine's speed is taken


def step_bytes(rulers: Sequence[Ruler], size: tuple[int, int]) -> int:
    """About the memory that a step takes at its peak, beside the weights.

    On the way back a pass needs every value that it has made, so this grows with the sum of all activations;
    a measurement, which lets go of them, takes a small part of it.

    Args:
        rulers: What is lowered, raised or held, one after the other.
        size: (width, height) of the picture.
    """
    pictures = OF_PICTURES * 3 * FLOAT32 * size[0] * size[1]
    return pictures + max((_bytes_of(ruler, size) for ruler in rulers), default=0)


def step_seconds(rulers: Sequence[Ruler], size: tuple[int, int], device: str = "cpu") -> float:
    """A first guess at how long a step takes, good to a factor of about 2, until some were made.

    Args:
        rulers, size: As `step_bytes`.
        device: "cpu", "cuda" or "mps".
    """
    products = sum(_products(ruler, size) for ruler in rulers)
    values = sum(_bytes_of(ruler, size) for ruler in rulers) + step_bytes((), size)
    return PASSES * products / _products_a_second(device) + values / BYTES_A_SECOND


def _bytes_of(ruler: Ruler, size: tuple[int, int]) -> int:
    """Of a ruler's value and its way back."""
    if not isinstance(ruler, Method):
        return OF_SSIM * FLOAT64 * 3 * size[0] * size[1] if ruler == SSIM else 0
    graph = graph_of(ruler.row)
    grids = graph.grids(size)

    def values(names: Iterator[str] | Sequence[str]) -> int:
        return sum(graph.channels(name) * math.prod(grids[name]) for name in names if name in grids)

    passed = values(name for name, _ in _passed(graph, ruler.layers))
    return FLOAT32 * (passed + OF_LAYERS * values(ruler.layers))


def _passed(graph: Graph, layers: tuple[str, ...]) -> list[tuple[str, fx.Node]]:
    """The nodes with a grid that lead to the layers, by their names."""
    needed = set(graph.ancestors(layers))
    return [(name, node) for name in graph.nodes if (node := graph.node(name)) in needed]


def _products(ruler: Ruler, size: tuple[int, int]) -> float:
    """Multiplications of one pass of a picture."""
    if not isinstance(ruler, Method):
        return 0.0
    graph = graph_of(ruler.row)
    grids = graph.grids(size)
    count = 0.0
    for name, node in _passed(graph, ruler.layers):
        module = graph.module.get_submodule(node.target) if node.op == "call_module" else None
        if isinstance(module, nn.Conv2d | nn.Linear) and name in grids:
            count += module.weight.numel() * math.prod(grids[name])
    return count


@cache
def _products_a_second(device: str) -> float:
    """How many multiplications this machine makes in a second, as it is now."""
    with torch.inference_mode():
        a = torch.rand((SIDE, SIDE), device=device)
        fastest = math.inf
        for _ in range(3):  # the first one also wakes what is needed for it
            start = time.perf_counter()
            (a @ a).sum().item()  # which waits for a GPU
            fastest = min(fastest, time.perf_counter() - start)
    return SIDE**3 / fastest

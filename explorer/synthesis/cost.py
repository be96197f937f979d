"""What a step costs, told before the first one is made: memory and time, from the networks' own shapes."""

import math
import time
from collections.abc import Sequence
from functools import cache

import torch
from torch import fx, nn

from explorer.analysis.rulers import SSIM, Ruler
from explorer.backbones import Graph, graph_of
from explorer.metrics import Method

FLOAT32, FLOAT64 = 4, 8

# What stays from step to step. Of each metric: the reference, and its layers' unit features. Of each run:
# where it starts and is, the slope there, the surface's normal, and Adam's two moments.
OF_METRIC, OF_RUN = 1, 6
# What a step holds beside it, which the next one, of whatever run, has in its place. Of each layer: the
# picture's unit features, their difference, its square, and what goes back. Of the picture: what is made of a
# slope. Of SSIM: planes of means and products, and their way back. At its peak torch had handed out 0.6 to 1
# of the sum, for AlexNet, VGG16, SqueezeNet and ResNet-50 (tests/synthesis/test_cost.py); what kernels take
# for themselves is not in that.
OF_LAYERS, OF_PICTURE, OF_SSIM = 5, 10, 24
PASSES = 3  # forward, and back to the picture about twice as much in all
BYTES_A_SECOND = 5e9  # at which values go to memory and come back
SIDE = 768  # of the product by which a machine's speed is taken


def step_bytes(rulers: Sequence[Ruler], size: tuple[int, int], runs: int = 1) -> int:
    """About the memory that a step takes at its peak, beside the weights.

    On the way back a pass needs every value that it has made, so this grows with the sum of all activations;
    a measurement, which lets go of them, takes a small part of it.

    Args:
        rulers: What is lowered, raised or held, one after the other.
        size: (width, height) of the picture.
        runs: How many are under way, a step of each after the other.
    """
    picture = 3 * FLOAT32 * size[0] * size[1]
    stay = OF_RUN * runs * picture + sum(OF_METRIC * picture + _kept_of(ruler, size) for ruler in rulers)
    return stay + OF_PICTURE * picture + max((_passing_of(ruler, size) for ruler in rulers), default=0)


def step_seconds(rulers: Sequence[Ruler], size: tuple[int, int], device: str = "cpu") -> float:
    """A first guess at how long a step takes, good to a factor of about 2, until some were made.

    Args:
        rulers, size: As `step_bytes`.
        device: "cpu", "cuda" or "mps".
    """
    products = sum(_products(ruler, size) for ruler in rulers)
    values = sum(_kept_of(ruler, size) + _passing_of(ruler, size) for ruler in rulers) + step_bytes((), size)
    return PASSES * products / _products_a_second(device) + values / BYTES_A_SECOND


def _kept_of(ruler: Ruler, size: tuple[int, int]) -> int:
    """Of the reference's features, which stay."""
    return FLOAT32 * _values(graph_of(ruler.row), ruler.layers, size) if isinstance(ruler, Method) else 0


def _passing_of(ruler: Ruler, size: tuple[int, int]) -> int:
    """Of a ruler's value and its way back."""
    if not isinstance(ruler, Method):
        return OF_SSIM * FLOAT64 * 3 * size[0] * size[1] if ruler == SSIM else 0
    graph = graph_of(ruler.row)
    passed = _values(graph, [name for name, _ in _passed(graph, ruler.layers)], size)
    return FLOAT32 * (passed + OF_LAYERS * _values(graph, ruler.layers, size))


def _values(graph: Graph, names: Sequence[str], size: tuple[int, int]) -> int:
    """How many values these nodes have, of a picture."""
    grids = graph.grids(size)
    return sum(graph.channels(name) * math.prod(grids[name]) for name in names if name in grids)


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

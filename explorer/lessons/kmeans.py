"""Filters without a label: AlexNet's first two convolutions, learned by k-means from the bundled photographs.

Patches of a layer's input are brought to one contrast, whitened, and sorted into as many groups as the
layer has channels; a channel's filter finds the middle of its group. The next layer learns from what the
first makes of the same photographs. Nobody is asked what a photograph shows.

Sources: Coates and Ng, *Learning Feature Representations with K-means*, 2012 (contrast, whitening, spherical
k-means); Krähenbühl, Doersch, Donahue and Darrell, *Data-dependent Initializations of Convolutional Neural
Networks*, ICLR 2016 (stacked in AlexNet, each channel scaled to one deviation), the paper's "k-means".
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from explorer.backbones import Network, find_backbone, graph_of
from explorer.backbones.loading import random_state
from explorer.images import Picture
from explorer.metrics.perceptual import input_batch, turn
from explorer.samples import SAMPLES, load_sample

BACKBONE = "alexnet"
LAYERS = ("conv1", "conv2")  # those that are learned; all others stay random, and are never asked
CONVOLUTIONS = ("features.0", "features.3")
POOL, POOL_STRIDE = 3, 2  # between the two
PATCHES = (20_000, 6_000)  # of all photographs together, for each of the two
COMPONENTS = (128, 256)  # of the whitened patches: finer ones are noise
SOFTENING = 0.1  # of the mean variance, added to each component's, so that faint ones are not blown up
FLAT = 0.01  # of the mean variance, added to each patch's, so that flat ones are not either
ROUNDS = 12  # of k-means; later ones move little
STEPS = 2 * (ROUNDS + 1)  # that progress is told in: patches and rounds, of both
SEED = 0

# Told how many of `STEPS` are finished, and conv1's filters so far: float32 (64, 3, 11, 11), None at first.
Progress = Callable[[int, np.ndarray | None], None]


@dataclass(frozen=True, eq=False)
class Filters:
    """A convolution that was learned.

    Attributes:
        weight: float32 (filters, channels, side, side).
        bias: float32 (filters,): what brings the mean patch to 0.
    """

    weight: np.ndarray
    bias: np.ndarray


def learned_state(
    photographs: Sequence[Picture] | None = None,
    seed: int = SEED,
    patches: tuple[int, int] = PATCHES,
    progress: Progress = lambda _done, _filters: None,
) -> dict[str, Tensor]:
    """Learn both layers; about 5 s of one core.

    What is large is done by torch in the turns of the passes: NumPy's own threads, which nobody holds back,
    would wait for each other where others work as well, and take ten times as long.

    Args:
        photographs: At their own size; None takes all that come with the project.
        seed: Of patches and first groups: with the same one the filters are the same.
        patches: How many, for each layer; at least as many as it has filters.
        progress: What it raises ends the work.

    Returns:
        AlexNet's tensors by the keys of its module, those of other layers random.
    """
    row, rng = find_backbone(BACKBONE), np.random.default_rng(seed)
    photographs = photographs or [load_sample(name) for name in SAMPLES]
    with torch.inference_mode(False), torch.no_grad():
        maps = [input_batch([picture], row.scaling, "cpu").contiguous() for picture in photographs]
        state = random_state(row)
        shown = None
        for place, (name, count) in enumerate(zip(CONVOLUTIONS, patches, strict=True)):
            conv = graph_of(row).module.get_submodule(name)
            for done, filters in enumerate(_learning(maps, conv, count, COMPONENTS[place], rng)):
                shown = filters.weight if place == 0 and filters else shown
                progress(place * (ROUNDS + 1) + done + 1, shown)
            state[f"{name}.weight"] = torch.from_numpy(filters.weight)
            state[f"{name}.bias"] = torch.from_numpy(filters.bias)
            if place == 0:
                maps = [_through(each, conv, filters) for each in maps]
    return state


def _learning(
    maps: Sequence[Tensor], conv: torch.nn.Conv2d, count: int, components: int, rng: np.random.Generator
) -> Iterator[Filters | None]:
    """One layer: None once the patches are white, then its filters after each round."""
    patches = patches_of(maps, conv.kernel_size[0], count, rng)
    mean = patches.mean(axis=0)
    even = of_one_contrast(patches)
    even -= even.mean(axis=0)
    basis = whitening(even, components, rng)
    white = _product(even, basis)
    white /= np.linalg.norm(white, axis=1, keepdims=True) + 1e-8
    plain = _product(patches, basis)  # what a filter answers to is the picture as it is
    yield None
    for middles in spherical_kmeans(white, conv.out_channels, ROUNDS, rng):
        deviation = _product(plain, middles.T).std(axis=0)
        weight = _product(middles / np.maximum(deviation, 1e-8)[:, None], basis.T)
        shape = (conv.out_channels, conv.in_channels, *conv.kernel_size)
        yield Filters(np.ascontiguousarray(weight.reshape(shape)), -(weight @ mean))


def patches_of(maps: Sequence[Tensor], side: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Square patches at random places, as many of each map: float32 (about count, channels * side * side)."""
    each = -(-count // len(maps))
    found = []
    for (own,) in maps:
        rows = rng.integers(0, own.shape[1] - side + 1, each)
        columns = rng.integers(0, own.shape[2] - side + 1, each)
        places = zip(rows, columns, strict=True)
        found += [own[:, row : row + side, column : column + side].numpy().ravel() for row, column in places]
    return np.stack(found)


def of_one_contrast(patches: np.ndarray) -> np.ndarray:
    """Patches (n, values) without their mean, each over its deviation."""
    even = patches - patches.mean(axis=1, keepdims=True)
    variance = even.var(axis=1, keepdims=True)
    return even / np.sqrt(variance + FLAT * variance.mean())


def whitening(patches: np.ndarray, components: int, rng: np.random.Generator) -> np.ndarray:
    """What patches (n, values) are multiplied with, so that their main components have one variance.

    The components are found by a block's power iteration (Halko, Martinsson and Tropp, 2011): all 1,600 of
    conv2's would take seconds, and the faint ones are left out anyway.

    Returns:
        float32 (values, components).
    """
    components = min(components, patches.shape[1])
    block = torch.from_numpy(rng.standard_normal((patches.shape[1], components), np.float32))
    with turn("cpu"):
        own = torch.from_numpy(patches)
        covariance = own.T @ own / len(own)
    for _ in range(4):
        with turn("cpu"):
            block = _orthonormal(covariance @ block)
    with turn("cpu"):
        variances, turned = torch.linalg.eigh(block.T @ covariance @ block)
        return ((block @ turned) / torch.sqrt(variances + SOFTENING * variances.mean())).numpy()


def _orthonormal(block: Tensor) -> Tensor:
    """Columns that span the same, by Cholesky: few large steps, where QR has threads meet all the time."""
    exact = block.double()
    lower = torch.linalg.cholesky(exact.T @ exact)
    return torch.linalg.solve_triangular(lower, exact.T, upper=False).T.float()


def spherical_kmeans(
    points: np.ndarray, count: int, rounds: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """k-means by angle: each point goes to the middle it points along most, each middle to its points' mean.

    Args:
        points: float32 (n, d), of length 1; n >= count.

    Yields:
        After each round the middles, float32 (count, d), of length 1. One that lost all points starts anew.
    """
    middles = points[rng.choice(len(points), count, replace=False)]
    for _ in range(rounds):
        nearest = np.argmax(_product(points, middles.T), axis=1)
        member = np.zeros((len(points), count), np.float32)
        member[np.arange(len(points)), nearest] = 1
        sums = _product(member.T, points)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        anew = points[rng.choice(len(points), count)]
        middles = np.where(length > 1e-6, sums / np.maximum(length, 1e-6), anew)
        yield middles


def _product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The product of two matrices, in the turn of a pass."""
    with turn("cpu"):
        return (torch.from_numpy(left) @ torch.from_numpy(right)).numpy()


def _through(batch: Tensor, conv: torch.nn.Conv2d, filters: Filters) -> Tensor:
    """What the next convolution sees of a photograph."""
    weight, bias = torch.from_numpy(filters.weight), torch.from_numpy(filters.bias)
    with turn("cpu"):
        made = F.relu(F.conv2d(batch, weight, bias, conv.stride, conv.padding))
        return F.max_pool2d(made, POOL, POOL_STRIDE)


_state: dict[str, Tensor] = {}  # of `SEED`, once it is learned: for all users, as long as the program runs
_told: list[tuple[int, np.ndarray | None]] = [(0, None)]  # how far the one who learns them is
_learning_now = threading.Lock()
LOOKS = 0.2  # seconds between two looks of those who wait


def network(device: str = "cpu", progress: Progress = lambda _done, _filters: None) -> Network:
    """AlexNet with its first two layers learned, once for all; who asks meanwhile waits.

    Args:
        progress: As of `learned_state`, and asked again and again while another one learns, so that who
            waits can be told how far that is, and leave; not told where all is known already.
    """
    while not _learning_now.acquire(timeout=LOOKS):
        progress(*_told[0])
    try:
        if not _state:
            _state.update(learned_state(progress=lambda *told: _tell(progress, *told)))
    finally:
        _learning_now.release()
    return Network(find_backbone(BACKBONE), _state, device, f"k-means {_digest(_state)}")


def _tell(progress: Progress, done: int, filters: np.ndarray | None) -> None:
    _told[0] = (done, filters)
    progress(done, filters)


def _digest(state: dict[str, Tensor]) -> str:
    """What tells learned weights from others, so that no cache takes the features of one for another's."""
    digest = blake2b(digest_size=8)
    for name in CONVOLUTIONS:
        digest.update(state[f"{name}.weight"].numpy())
    return digest.hexdigest()

"""The perceptual distance, opened: two images -> one map of terms for each layer and heads.

Zhang et al., CVPR 2018, equation 1, as the `lpips` package computes it:

    d(x, x0) = sum over layers l of  mean over places (h, w) of  sum over channels c of
               weight[l, c] * (y[l, h, w, c] - y0[l, h, w, c])^2

with y the activations divided by their norm over channels. A layer's *map* holds the terms before the mean:
its mean is the layer's distance, and the distances' sum is the score. All is float32, since half precision
would round the epsilon below to zero.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from explorer.backbones import HEADS, Network, Scaling, computing_with, scaling_of, stacked_weights
from explorer.backbones.passes.bands import in_bands
from explorer.backbones.passes.chain import Sliding, chain_of
from explorer.backbones.sizes import LARGER_IMAGE, LARGER_SIZE, too_small
from explorer.cache import ByteBudgetCache, budget_from_environment
from explorer.cores import usable
from explorer.errors import ImageError
from explorer.images import Picture
from explorer.metrics.lpips import EPSILON
from explorer.metrics.timing import Stopwatch
from explorer.names import cut
from explorer.turns import Turns, is_behind, stand_aside

STRIP = 1 << 19  # feature values compared at once: 2 MB, which stay in the processor's cache

LayerMaps = Mapping[str, np.ndarray]  # layer name -> map, float32 (rows, columns)

# Unit features of references, for all users together. An entry is one layer's (rows, columns, C).
reference_cache: ByteBudgetCache[Tensor] = ByteBudgetCache(budget_from_environment("EXPLORER_CACHE_MB", 512))

# A pass uses torch's threads, which are as many as cores: more passes at once would only share them.
_passes = Turns(max(1, usable() // torch.get_num_threads()))
# Passes of threads that stand behind those of pages have a place of their own: no page waits for these.
_passes_behind = Turns()
# On a GPU the switches of its precision are the whole process's.
_gpu_pass = Turns()
# Pixels of a picture from which a pass takes so long that others go first after each of its layers. While it
# waits it holds what it has computed so far, so those that are many at a time and short go on to their end.
LONG = 1 << 17
IN_BANDS = 1 << 20  # pixels from which a pass on a CPU takes bands


def layer_maps(
    network: Network,
    reference: Picture,
    distorted: Sequence[Picture],
    heads: Sequence[str],
    layers: Sequence[str] | None = None,
    batch: int = 1,
    advance: Callable[[float], None] = lambda _finished: None,
    watch: Stopwatch | None = None,
) -> list[dict[str, LayerMaps]]:
    """Compare distorted pictures with one reference.

    The reference's features are taken from `reference_cache`, or computed in step with the first batch and
    kept there. Those too large for the cache are compared layer by layer, so that only the maps stay in
    memory: at no time are more than two layers of either picture held; and of one picture at a time, where
    the network is a chain (`chain_of`), no more than bands of them. So do on a CPU all large pictures.

    Args:
        network: The backbone on its device.
        reference, distorted: Pictures of one size.
        heads: Names of heads that share their input scaling.
        layers: Names of layers or nodes in the network's order; None means the default set.
        batch: Distorted pictures that pass together. On a CPU one at a time is as fast and takes less memory.
        advance: Told the finished part of the passes, 0..1; what it raises ends them.
        watch: Takes the time of a warm pass: one that follows another of the same network and size.

    Returns:
        For each distorted picture: heads' name -> layer name -> map, float32 on the layer's own grid.

    Raises:
        ImageError: a side is below the backbone's smallest, or a layer has no cells at this size.
        WeightsError: the heads' file is missing or damaged.
    """
    names = network.backbone.layer_names if layers is None else tuple(layers)
    check_large_enough(network, reference, names)
    scaling, identity = _common_scaling(network, heads), network.identity
    weights = {name: stacked_weights(network.backbone, heads, name).to(network.device) for name in names}
    precisely = computing_with(network.precision, network.device)
    with turn(network.device, reference.size) as give_way, torch.inference_mode(), precisely:
        results = []
        for start in range(0, len(distorted), batch):
            together = distorted[start : start + batch]

            def within(finished: float, start: int = start, count: int = len(together)) -> None:
                advance((start + finished * count) / len(distorted))
                give_way()

            terms = _terms(network, identity, reference, together, names, weights, scaling, within, watch)
            results += [
                {
                    choice: {name: np.ascontiguousarray(values[..., column]) for name, values in own.items()}
                    for column, choice in enumerate(heads)
                }
                for own in terms
            ]
    return results


def _terms(
    network: Network,
    identity: Hashable,
    reference: Picture,
    distorted: Sequence[Picture],
    names: tuple[str, ...],
    weights: dict[str, Tensor],
    scaling: Scaling,
    advance: Callable[[float], None],
    watch: Stopwatch | None,
) -> list[dict[str, np.ndarray]]:
    """One batch: for each picture, layer name -> terms (rows, columns, number of heads)."""
    keys = {name: (reference.digest, identity, scaling, name) for name in names}
    units = {name: reference_cache.get(key) for name, key in keys.items()}
    unknown = tuple(name for name in names if units[name] is None)
    keep = feature_bytes(network, reference.size, unknown) <= reference_cache.budget
    # Several together, as a GPU takes them, pass with one pass of the reference: layer by layer.
    if len(distorted) == 1 and unknown in ((), names) and (chain := _chain(network, names, reference, keep)):
        if keep and unknown:
            grids = network.grids(reference.size)
            units = {name: torch.empty((*grids[name], len(weights[name]))) for name in names}
        pair = None if not unknown else reference, distorted[0]
        terms = _terms_in_bands(chain, pair, units, network, weights, scaling, advance, watch)
        for name in unknown if keep else ():
            reference_cache.put(keys[name], units[name], units[name].nbytes)
        return [terms]
    # Both go through the network in step, so that a layer is let go once it was compared.
    own: Iterator[tuple[str, Tensor]] = iter(())
    if unknown:
        own = network.activations(input_batch([reference], scaling, network.device), unknown)
    results: list[dict[str, np.ndarray]] = [{} for _ in distorted]
    passing = network.activations(input_batch(distorted, scaling, network.device), names)
    if watch and unknown == names:
        own = watch.over(own, network.device)  # in each layer it comes behind the other
    elif watch:
        passing = watch.over(passing, network.device)  # the reference's own pass came before
    for done, (name, activation) in enumerate(passing, start=1):
        unit, plain = units.pop(name), None
        if unit is None:
            plain = next(own)[1][0]
            unit = torch.empty(plain.shape, device=plain.device) if keep else None
        for result, features in zip(results, activation, strict=True):
            result[name] = _compare(unit, plain, features, weights[name])
        if plain is not None and unit is not None:
            reference_cache.put(keys[name], unit, unit.nbytes)
        del activation, features, plain, unit  # else they would be held while the next layer is computed
        advance(done / len(names))
    return results


def _chain(
    network: Network, names: tuple[str, ...], reference: Picture, keep: bool
) -> Sequence[Sliding] | None:
    """The operations that bands of rows can follow; None where there are others, or each is cast.

    Bands are for layers too large to be kept, and on a CPU for other large ones as well: the system takes a
    second to hand out memory for whole ones. None where neither is the case.
    """
    is_large = network.device == "cpu" and reference.width * reference.height > IN_BANDS
    if network.precision == "bf16" or not (is_large or not keep):
        return None
    return chain_of(network, names)


def _terms_in_bands(
    chain: Sequence[Sliding],
    pair: tuple[Picture | None, Picture],
    units: Mapping[str, Tensor | None],
    network: Network,
    weights: Mapping[str, Tensor],
    scaling: Scaling,
    advance: Callable[[float], None],
    watch: Stopwatch | None,
) -> dict[str, np.ndarray]:
    """As `_terms`, of one pair whose layers are never held: both pass in step, band by band.

    Args:
        pair: Reference and distorted; None for a reference whose unit features are known.
        units: These; else where they are written, or None where they are not kept.
    """

    def bands(picture: Picture) -> Iterator[tuple[str, int, Tensor, float]]:
        def rows_of(start: int, stop: int) -> Tensor:
            return scaled_input(picture.pixels[None, start:stop].copy(), scaling, network.device)

        return in_bands(chain, rows_of, picture.size)

    grids = network.grids(pair[1].size)
    terms = {name: np.empty((*grids[name], own.shape[1]), np.float32) for name, own in weights.items()}
    second = bands(pair[1])
    if watch:
        second = watch.over(second, network.device)
    both = ((None, own) for own in second) if pair[0] is None else zip(bands(pair[0]), second, strict=True)
    for reference, (name, start, distorted, finished) in both:
        rows = slice(start, start + len(distorted))
        unit = None if units[name] is None else units[name][rows]
        plain = None if reference is None else reference[2]
        terms[name][rows] = _compare(unit, plain, distorted, weights[name])
        advance(finished)
    advance(1.0)  # the last rows may be seen by no cell
    return terms


@contextmanager
def turn(device: str, size: tuple[int, int] = (0, 0)) -> Iterator[Callable[[], None]]:
    """Wait until this device is free for another pass; those who wait come in their order.

    Args:
        device: The device.
        size: (width, height) of pictures that pass layer by layer.

    Yields:
        What is to be called between two layers: it lets others go first, where the pass is a long one.
    """
    if device != "cpu":
        with _gpu_pass:  # to its end: the switches stay set as long as the turn lasts
            yield _go_on
        return
    is_long, is_aside = size[0] * size[1] > LONG, is_behind()
    turns = _passes_behind if is_aside else _passes

    def give_way() -> None:
        if is_aside:
            stand_aside(_passes)
        if is_long:
            turns.give_way()

    turns.enter(long=is_long)
    try:
        if is_aside:
            stand_aside(_passes)
        yield give_way
    finally:
        turns.leave()


def _go_on() -> None:
    """Nobody needs to go first."""


def check_large_enough(network: Network, picture: Picture, layers: Sequence[str]) -> None:
    """Raise ImageError where a picture is too small for the backbone, or for one of the layers."""
    was_resized = any(note.kind == "resized" for note in picture.notes)
    mend = LARGER_SIZE if was_resized else LARGER_IMAGE
    if why := too_small(network.backbone, picture.size, layers, name=cut(picture.name), mend=mend):
        raise ImageError(why)


def input_batch(pictures: Sequence[Picture], scaling: Scaling, device: str) -> Tensor:
    """Pictures of one size -> the network's input, float32 (N, 3, H, W) in channels-last memory."""
    return scaled_input(np.stack([picture.pixels for picture in pictures]), scaling, device)


def scaled_input(pictures: np.ndarray, scaling: Scaling, device: str) -> Tensor:
    """Pixels, uint8 (N, H, W, 3), -> the network's input, float32 (N, 3, H, W) in channels-last memory."""
    pixels = torch.from_numpy(pictures).to(device)
    rows = pixels.flatten(2).to(torch.float32).div_(127.5).sub_(1)  # (N, H, W * 3)
    # Whole rows at once: torch is slow where the last axis has but three values.
    width = pixels.shape[2]
    shift, scale = rows.new_tensor(scaling.shift).repeat(width), rows.new_tensor(scaling.scale).repeat(width)
    return rows.sub_(shift).div_(scale).view(pixels.shape).permute(0, 3, 1, 2)


def feature_bytes(network: Network, size: tuple[int, int], layers: Sequence[str]) -> int:
    """Bytes of one image's float32 features; size is (width, height)."""
    grids = network.grids(size)
    return sum(4 * network.graph.channels(name) * grids[name][0] * grids[name][1] for name in layers)


def _common_scaling(network: Network, heads: Sequence[str]) -> Scaling:
    scalings = {scaling_of(HEADS[name], network.backbone) for name in heads}
    if len(scalings) != 1:
        raise ValueError("heads of different input scaling need a pass each")
    return scalings.pop()


def unit_features(features: Tensor, out: Tensor | None = None) -> Tensor:
    """Divide each place's features by their norm over channels: (h, w, C) -> the same shape."""
    return torch.div(features, _norm(features), out=out)


def unit_difference(unit: Tensor, features: Tensor) -> Tensor:
    """Unit features minus those of other activations, (h, w, C); as exact as the two steps, in one."""
    return torch.addcdiv(unit, features, _norm(features), value=-1)


def strips(shape: tuple[int, int, int]) -> Iterator[slice]:
    """Cut the rows of (h, w, C) into strips of about STRIP values."""
    height, width, channels = shape
    rows = max(1, STRIP // (width * channels))
    for start in range(0, height, rows):
        yield slice(start, start + rows)


def compare_features(unit: Tensor, features: Tensor, weights: Tensor) -> np.ndarray:
    """Weighted squared differences of unit features: float32 (h, w, number of heads).

    Args:
        unit: Unit features of the reference (h, w, C).
        features: Activations of the distorted picture (h, w, C).
        weights: (C, number of heads).
    """
    return _compare(unit, None, features, weights)


def _norm(features: Tensor) -> Tensor:
    """What each place's features are divided by: (h, w, C) -> (h, w, 1)."""
    return torch.linalg.vector_norm(features, dim=-1, keepdim=True).add_(EPSILON)


def _compare(unit: Tensor | None, reference: Tensor | None, distorted: Tensor, weights: Tensor) -> np.ndarray:
    """As `compare_features`, and unit features of a reference that are still to be taken.

    Args:
        unit: The reference's unit features (h, w, C). Where `reference` is given they are written into it,
            or not kept if it is None.
        reference, distorted: Activations (h, w, C).
        weights: (C, number of heads).
    """
    terms = torch.empty((*distorted.shape[:2], weights.shape[1]), device=distorted.device)
    for rows in strips(distorted.shape):
        own = None if unit is None else unit[rows]
        if reference is not None:
            own = unit_features(reference[rows], out=own)
        difference = unit_difference(own, distorted[rows])
        torch.matmul(difference.square_(), weights, out=terms[rows])
    return terms.cpu().numpy()

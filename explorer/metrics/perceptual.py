"""The perceptual distance, opened: two images -> one map of terms for each layer and heads.

Zhang et al., CVPR 2018, equation 1, as the `lpips` package computes it:

    d(x, x0) = sum over layers l of  mean over places (h, w) of  sum over channels c of
               weight[l, c] * (y[l, h, w, c] - y0[l, h, w, c])^2

with y the activations divided by their norm over channels. A layer's *map* holds the terms before the mean:
its mean is the layer's distance, and the distances' sum is the score. All is float32, since half precision
would round the epsilon below to zero.
"""

import math
import os
import threading
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from explorer.backbones import Heads, Network, find_heads, head_weights
from explorer.backbones.heads import Scaling
from explorer.cache import ByteBudgetCache
from explorer.errors import ImageError, SettingError
from explorer.images import Picture

EPSILON = 1e-10  # `lpips.normalize_tensor`: added to the norm, outside the root
STRIP = 1 << 19  # feature values compared at once: 2 MB, which stay in the processor's cache

LayerMaps = Mapping[str, np.ndarray]  # layer name -> map, float32 (rows, columns)


def budget_from_environment() -> int:
    """Bytes for cached reference features: EXPLORER_CACHE_MB in megabytes, 512 by default.

    Raises:
        SettingError: it is no number from 0 up.
    """
    text = os.environ.get("EXPLORER_CACHE_MB", "512")
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = math.nan
    if not 0 <= megabytes < math.inf:
        raise SettingError(f"EXPLORER_CACHE_MB is {text!r}; set it to a number of megabytes, such as 512.")
    return int(megabytes * 1e6)


# Unit features of references, for all users together. An entry is a dict of layer name -> (h, w, C).
reference_cache: ByteBudgetCache[dict[str, Tensor]] = ByteBudgetCache(budget_from_environment())

# A pass uses torch's threads, which are as many as cores: more passes at once would only share them.
_passes = threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) // torch.get_num_threads()))


def layer_maps(
    network: Network,
    reference: Picture,
    distorted: Sequence[Picture],
    heads: Sequence[str],
    last: str | None = None,
) -> list[dict[str, LayerMaps]]:
    """Compare distorted pictures with one reference, in one pass of the network.

    The reference's features are taken from `reference_cache`, or computed in the same pass and kept there. A
    pair too large for the cache is compared layer by layer, so that only the maps stay in memory.

    Args:
        network: The backbone on its device.
        reference, distorted: Pictures of one size.
        heads: Names of heads that share their input scaling.
        last: The deepest layer wanted; None means all.

    Returns:
        For each distorted picture: heads' name -> layer name -> map, float32 on the layer's own grid.

    Raises:
        ImageError: a side is below the backbone's smallest.
        WeightsError: the heads' file is missing or damaged.
    """
    check_size(network, reference)
    chosen = [find_heads(name) for name in heads]
    scaling = _common_scaling(chosen)
    weights = _stacked_weights(network, chosen)
    wanted = network.backbone.layer_names[: _depth(network, last)]

    results: list[dict[str, dict[str, np.ndarray]]] = [{name: {} for name in heads} for _ in distorted]
    key = (reference.digest, network.backbone.name, scaling, network.device, network.fused, "float32")
    with _passes, torch.inference_mode():
        cached = reference_cache.get(key)
        if cached is not None and not all(layer in cached for layer in wanted):
            cached = None
        keep = cached is None and feature_bytes(network, reference.size, wanted) <= reference_cache.budget
        units: dict[str, Tensor] = dict(cached or {})
        pictures = [*distorted] if cached is not None else [reference, *distorted]
        batch = input_batch(pictures, scaling, network.device)
        for layer, activation in network.activations(batch, last):
            # (N, C, h, w) in channels-last memory is (N, h, w, C): one place's channels lie side by side.
            places = activation.permute(0, 2, 3, 1)
            if cached is None:
                if keep:
                    units[layer] = _unit(places[0])
                first, places = places[0], places[1:]
            for result, features in zip(results, places, strict=True):
                known = units.get(layer)
                terms = _compare(known, first if known is None else None, features, weights[layer])
                for column, name in enumerate(heads):
                    result[name][layer] = np.ascontiguousarray(terms[..., column])
        if keep:
            reference_cache.put(key, units, sum(t.nbytes for t in units.values()))
    return results


def check_size(network: Network, picture: Picture) -> None:
    """Raise ImageError where a picture is too small for the backbone."""
    smallest = network.backbone.smallest_side
    if min(picture.size) < smallest:
        was_resized = any(note.startswith("resized from") for note in picture.notes)
        raise ImageError(
            f"{picture.name} measures {picture.width} × {picture.height} pixels, but "
            f"{network.backbone.label} needs at least {smallest} on the short side; "
            f"{'measure at a larger size' if was_resized else 'use a larger image'}."
        )


def input_batch(pictures: Sequence[Picture], scaling: Scaling, device: str) -> Tensor:
    """Pictures of one size -> the network's input, float32 (N, 3, H, W) in channels-last memory."""
    pixels = torch.from_numpy(np.stack([picture.pixels for picture in pictures])).to(device)
    batch = pixels.to(torch.float32).div_(127.5).sub_(1)
    batch.sub_(batch.new_tensor(scaling.shift)).div_(batch.new_tensor(scaling.scale))
    return batch.permute(0, 3, 1, 2)


def feature_bytes(network: Network, size: tuple[int, int], layers: Sequence[str]) -> int:
    """Bytes of one image's float32 features; size is (width, height)."""
    grids = network.grids(size)
    channels = {layer.name: layer.channels for layer in network.backbone.layers}
    return sum(4 * channels[name] * grids[name][0] * grids[name][1] for name in layers)


def combined_map(maps: Sequence[np.ndarray], size: tuple[int, int]) -> np.ndarray:
    """Lay native maps on the image's pixels and add them: float32 (H, W), whose mean is the sum of the means.

    A cell's footprint is its equal share of the image; a pixel takes from each map the mean of the cells that
    cover it, weighted by the covered area.

    Args:
        maps: Float maps (rows, columns), on grids of any size.
        size: (width, height) of the image.
    """
    width, height = size
    total = np.zeros((height, width))
    for cells in maps:
        across = footprint_means(cells.astype(np.float64), width)
        total += footprint_means(across.T, height).T
    # Differences of sums may fall below 0 by a rounding.
    return np.maximum(total, 0).astype(np.float32)


def footprint_means(cells: np.ndarray, pixels: int) -> np.ndarray:
    """Lay cells on pixels along the last axis, (..., cells) -> (..., pixels): means of what covers each.

    Cell j covers [j * pixels / cells, (j + 1) * pixels / cells). A pixel's mean is the difference of the
    cells' running integral at its two edges, which takes time in proportion to the pixels.
    """
    count = cells.shape[-1]
    edges = np.linspace(0, count, pixels + 1)  # of the pixels, in cells
    inside = np.minimum(edges.astype(np.intp), count - 1)  # the cell in which an edge lies
    before = np.cumsum(cells, axis=-1) - cells  # the integral up to each cell's start
    integral = before[..., inside] + (edges - inside) * cells[..., inside]
    return np.diff(integral, axis=-1) * (pixels / count)


def _depth(network: Network, last: str | None) -> int:
    names = network.backbone.layer_names
    return len(names) if last is None else names.index(last) + 1


def _common_scaling(heads: Sequence[Heads]) -> Scaling:
    scalings = {choice.scaling for choice in heads}
    if len(scalings) != 1:
        raise ValueError("heads of different input scaling need a pass each")
    return scalings.pop()


def _stacked_weights(network: Network, heads: Sequence[Heads]) -> dict[str, Tensor]:
    """Layer name -> (C, number of heads): all heads come from one product with the squared differences."""
    columns = [head_weights(network.backbone, choice.name) for choice in heads]
    return {
        layer: torch.stack([weights[layer] for weights in columns], dim=1).to(network.device)
        for layer in network.backbone.layer_names
    }


def _unit(features: Tensor) -> Tensor:
    """Divide each place's features by their norm over channels: (h, w, C) -> (h, w, C)."""
    norm = torch.linalg.vector_norm(features, dim=-1, keepdim=True)
    return features / norm.add_(EPSILON)


def _compare(
    known: Tensor | None, reference: Tensor | None, distorted: Tensor, weights: Tensor
) -> np.ndarray:
    """Weighted squared differences of unit features: float32 (h, w, number of heads).

    Args:
        known: The reference's unit features (h, w, C), or None to make them from `reference`.
        reference, distorted: Activations (h, w, C).
        weights: (C, number of heads).
    """
    terms = torch.empty((*distorted.shape[:2], weights.shape[1]), device=distorted.device)
    for rows in _strips(distorted.shape):
        difference = _unit(distorted[rows])
        difference -= _unit(reference[rows]) if known is None else known[rows]
        torch.matmul(difference.square_(), weights, out=terms[rows])
    return terms.cpu().numpy()


def _strips(shape: tuple[int, int, int]) -> Iterator[slice]:
    """Cut the rows of (h, w, C) into strips of about STRIP values."""
    height, width, channels = shape
    rows = max(1, STRIP // (width * channels))
    for start in range(0, height, rows):
        yield slice(start, start + rows)

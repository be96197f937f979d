"""Scores of pictures that differ from one distorted picture in a window only, such as one restored tile.

Only what the window reaches is computed anew. The numbers are those of a whole pass up to its rounding.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch

from explorer.backbones import HEADS, Network, scaling_of, stacked_weights
from explorer.backbones.passes.chain import Sliding, chain_of
from explorer.backbones.passes.windows import Window, WindowPasses, chain_bytes
from explorer.images import Picture
from explorer.metrics.perceptual import (
    check_large_enough,
    compare_features,
    feature_bytes,
    input_batch,
    scaled_input,
    turn,
    unit_features,
)

LARGEST = 512_000_000  # bytes that are kept at most; a larger pair takes whole passes


class WindowScores:
    """One pair with all of its values kept, and scores of pictures near it. For one thread at a time."""

    def __init__(
        self,
        network: Network,
        operations: Sequence[Sliding],
        reference: Picture,
        distorted: Picture,
        heads: str,
        layers: tuple[str, ...],
    ):
        """Take the operations from `window_scores`, which says where this can be had."""
        self._network, self._distorted = network, distorted
        self._scaling = scaling_of(HEADS[heads], network.backbone)
        self._weights = {name: stacked_weights(network.backbone, [heads], name) for name in layers}
        with turn(network.device), torch.inference_mode():
            batch = input_batch([reference], self._scaling, network.device)
            self._units = {
                name: unit_features(activation[0]) for name, activation in network.activations(batch, layers)
            }
            self._passes = WindowPasses(operations, input_batch([distorted], self._scaling, network.device))
            self._terms = {
                name: compare_features(self._units[name], activation, self._weights[name])[..., 0]
                for name, activation in self._passes.base()
            }

    def score(self, picture: Picture) -> float:
        """The score of a picture against the reference; the less it differs from the pair's, the faster."""
        window = _difference(picture.pixels, self._distorted.pixels)
        terms = dict(self._terms)
        if window is not None:
            with turn(self._network.device), torch.inference_mode():
                window = self._passes.widened(window)
                pixels = picture.pixels[window.slices].copy()
                part = scaled_input(pixels[None], self._scaling, self._network.device)
                for name, own, activation in self._passes.changed(part, window):
                    unit, weights = self._units[name][own.slices], self._weights[name]
                    terms[name] = terms[name].copy()
                    terms[name][own.slices] = compare_features(unit, activation, weights)[..., 0]
        return math.fsum(float(values.mean(dtype=np.float64)) for values in terms.values())


def window_scores(
    network: Network,
    reference: Picture,
    distorted: Picture,
    heads: str,
    layers: tuple[str, ...],
) -> WindowScores | None:
    """Window scores of a pair, or None where whole passes must do.

    That is on a GPU, which takes pictures in batches; in another precision than float32; for a metric without
    maps; for a network that is no chain of convolutions and poolings; and for a pair that is too large.

    Raises:
        ImageError: a side is below the backbone's smallest.
    """
    if network.device != "cpu" or network.precision != "float32" or not HEADS[heads].has_maps:
        return None
    check_large_enough(network, reference, layers)
    operations = chain_of(network, layers)
    if operations is None:
        return None
    kept = chain_bytes(operations, reference.size) + feature_bytes(network, reference.size, layers)
    if kept > LARGEST:
        return None
    return WindowScores(network, operations, reference, distorted, heads, layers)


def _difference(first: np.ndarray, second: np.ndarray) -> Window | None:
    """The smallest window that holds all pixels that differ, of two (H, W, 3); None where none does."""
    height, width, channels = first.shape
    # Whole rows of bytes at once: numpy is slow where the last axis has but three.
    differs = (first != second).reshape(height, width * channels)
    rows = np.flatnonzero(differs.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(differs[rows[0] : rows[-1] + 1].any(axis=0)) // channels
    return Window(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)

"""The filters that a network lays on the photograph itself, as one picture."""

import numpy as np
from torch import nn

from explorer.backbones import Network, graph_of, stacked_weights
from explorer.metrics import Method

MOST = 64  # filters in a picture
GREY = 128  # what a filter of zeros would look like
PIXEL = 4  # pixels of the picture for one of a filter's, so that a browser may scale it smoothly


def first_filters(network: Network) -> np.ndarray:
    """The kernels of a network's first convolution: float32 (filters, 3, side, side)."""
    name = _first_convolution(network)
    return network.module.get_submodule(name).weight.detach().float().cpu().contiguous().numpy()


def first_weights(method: Method) -> np.ndarray | None:
    """How much each of `first_filters` counts in a method's heads: (filters,), >= 0.

    None where the first layer is not made by these very filters, as VGG16's, which is made by the next ones.
    """
    layer = method.row.layer_names[0]
    node = graph_of(method.row).node(layer)
    behind = node.args[0] if node.args else None
    if getattr(behind, "target", None) != _first_convolution(method.network):
        return None
    return stacked_weights(method.row, [method.heads], layer)[:, 0].numpy()


def mosaic(filters: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Filters side by side in a square, each from its own lowest to its own highest value about grey.

    Args:
        filters: (n, 3, side, side); the first `MOST` are taken.
        weights: (n,), >= 0, of squared differences: the root, which is the paper's w, over its largest is the
            contrast. None: all have all of it.

    Returns:
        uint8 (H, W, 3).
    """
    filters = filters[:MOST]
    count, _, side, _ = filters.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    contrast = filters / np.maximum(np.abs(filters).max(axis=(1, 2, 3), keepdims=True), 1e-12)
    if weights is not None:
        contrast = contrast * np.sqrt(weights[:count] / max(weights.max(), 1e-12))[:, None, None, None]
    tiles = np.clip(np.rint(GREY + 127 * contrast), 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)
    tiles = tiles.repeat(PIXEL, axis=1).repeat(PIXEL, axis=2)
    whole, gap = side * PIXEL + PIXEL, PIXEL
    picture = np.full((rows * whole - gap, columns * whole - gap, 3), GREY, np.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // columns * whole, place % columns * whole
        picture[top : top + side * PIXEL, left : left + side * PIXEL] = tile
    return picture


def _first_convolution(network: Network) -> str:
    """Its name; every backbone of the catalogue begins with one."""
    parts = network.module.named_modules()
    return next(name for name, part in parts if isinstance(part, nn.Conv2d))

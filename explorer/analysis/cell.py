"""One cell of a map, by hand: each term of its sum, from the very activations that the map is made of.

One place of equation 1 of Zhang et al., CVPR 2018:

    || w_l * (y_hw - y0_hw) ||^2  =  sum over channels c of  weight[c] * (y[c] - y0[c])^2

with y and y0 divided by their lengths over channels first. The weights of the heads multiply *squared*
differences: they are the squares of the paper's w.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from explorer.backbones import ReceptiveField, receptive_fields
from explorer.cache import ByteBudgetCache
from explorer.errors import SettingError
from explorer.images import Picture, resize, to_one_size
from explorer.metrics import Method
from explorer.metrics.channels import LayerFeatures
from explorer.metrics.lpips import EPSILON
from explorer.metrics.measuring import crop_to_multiple, reference_at
from explorer.metrics.method import choose_layers

STRONGEST = 12  # channels that are shown one by one
MIDDLE = 1 / 8  # of a picture's side, to both sides of its middle

# Both pictures' activations of single layers, of all users: a point that moves asks for the same ones.
_features: ByteBudgetCache[LayerFeatures] = ByteBudgetCache(96_000_000)


@dataclass(frozen=True)
class Term:
    """One channel's term of the sum.

    Attributes:
        channel: Its number in the layer, from 0.
        y, y0: Features of the reference and of the distorted picture: activations, of any range.
        unit, unit0: The same over the length of all channels' features, -1..1.
        squared: The squared difference of these two.
        weight: Of the heads, >= 0.
        product: Weight times squared difference, >= 0.
    """

    channel: int
    y: float
    y0: float
    unit: float
    unit0: float
    squared: float
    weight: float
    product: float


@dataclass(frozen=True)
class Rest:
    """All channels but the strongest ones, in one.

    Attributes:
        channels: How many.
        length, length0: Of their part of the two feature vectors.
        unit, unit0: Of their part of the two unit vectors, 0..1.
        squared: Sum of their squared differences.
        product: Sum of their products.
        weight: By which `squared` becomes `product`: their mean weight, by squared difference; NaN where that
            is 0.
    """

    channels: int
    length: float
    length0: float
    unit: float
    unit0: float
    squared: float
    product: float
    weight: float


@dataclass(frozen=True, eq=False)
class ByHand:
    """A cell's arithmetic, in float64. Arrays have an entry a channel; `y0` is the distorted picture's.

    Attributes:
        layer: Its name.
        grid: (rows, columns) of the layer's map.
        place: (row, column) of the cell in it, from 0.
        size: (width, height) that was measured.
        window: (x, y, width, height) of the pixels that the cell depends on: its receptive field, cut at the
            picture's border.
        field: That field in words, uncut: "51 × 51 pixels".
        y, y0: Features.
        length, length0: Their lengths, >= 0.
        unit, unit0: Features over their lengths.
        squared: Squared differences of the unit features.
        weights: Of the heads, >= 0.
        products: Their terms of the sum, >= 0.
        order: The channels, largest product first; among equal ones that with the largest feature.
        value: The sum of all products: the map's cell.
    """

    layer: str
    grid: tuple[int, int]
    place: tuple[int, int]
    size: tuple[int, int]
    window: tuple[int, int, int, int]
    field: str
    y: np.ndarray
    y0: np.ndarray
    length: float
    length0: float
    unit: np.ndarray
    unit0: np.ndarray
    squared: np.ndarray
    weights: np.ndarray
    products: np.ndarray
    order: np.ndarray
    value: float

    def term(self, channel: int) -> Term:
        """One channel's numbers."""
        columns = self.y, self.y0, self.unit, self.unit0, self.squared, self.weights, self.products
        return Term(channel, *(float(column[channel]) for column in columns))

    def strongest(self, most: int = STRONGEST) -> tuple[Term, ...]:
        """The channels whose products are largest, largest first; fewer where the layer has no more."""
        return tuple(self.term(int(channel)) for channel in self.order[:most])

    def rest(self, most: int = STRONGEST) -> Rest:
        """All others: with the strongest they add up to the value."""
        others = self.order[most:]
        squared, product = math.fsum(self.squared[others]), math.fsum(self.products[others])
        vectors = self.y, self.y0, self.unit, self.unit0
        lengths = (float(np.linalg.norm(vector[others])) for vector in vectors)
        weight = product / squared if squared > 0 else math.nan
        return Rest(len(others), *lengths, squared, product, weight)


def by_hand(
    reference: Picture, distorted: Picture, method: Method, layer: str, place: tuple[int, int]
) -> ByHand:
    """Work out one cell of a layer's map, term by term.

    Args:
        reference, distorted: As given, of one size; they are resized to the method's size.
        method: Its heads have maps.
        layer: One of the backbone's own, or with uniform heads one of its nodes.
        place: (row, column) on the layer's own grid, from 0.

    Raises:
        SettingError: a layer or a place that is not there, or heads without maps.
        SizeMismatchError: the sizes differ.
        ImageError: a side is below the backbone's smallest, or the pair does not fit in memory.
        WeightsError: a weights file is missing or damaged.

    Source: Zhang et al., CVPR 2018, equation 1; the sum agrees with the map's cell, in float32, to 1e-6.
    """
    if not method.has_maps:
        raise SettingError(
            "DISTS compares whole layers, so no cell has a value; choose another backbone.", "heads"
        )
    choose_layers(method.row, [layer], method.heads)
    pictures = _as_measured(reference, distorted, method)
    features = _opened(pictures, method, layer)
    rows, columns = features.grid
    row, column = map(int, place)
    if not (0 <= row < rows and 0 <= column < columns):
        raise SettingError(
            f"{layer} has no cell in row {row} and column {column}; its rows go from 0 to {rows - 1}, its "
            f"columns to {columns - 1}."
        )
    y, y0 = features.at(row, column)
    length, length0 = float(np.linalg.norm(y)), float(np.linalg.norm(y0))
    unit, unit0 = y / (length + EPSILON), y0 / (length0 + EPSILON)
    squared, weights = (unit - unit0) ** 2, features.weights.astype(np.float64)
    products = squared * weights
    field, size = receptive_fields(method.row)[layer], pictures[0].size
    return ByHand(
        layer=layer,
        grid=(rows, columns),
        place=(row, column),
        size=size,
        window=field.window(row, column, size),
        field=field.words,
        y=y,
        y0=y0,
        length=length,
        length0=length0,
        unit=unit,
        unit0=unit0,
        squared=squared,
        weights=weights,
        products=products,
        order=np.lexsort((-np.maximum(np.abs(y), np.abs(y0)), -products)),
        value=math.fsum(products),
    )


def usual_place(values: np.ndarray, field: ReceptiveField) -> tuple[int, int]:
    """The cell of a map that is seen first: the largest of the picture's middle, where people look.

    Cells at the border see less of the picture and some padding, and the largest value is often there. Of the
    middle quarter of rows and columns those count that see no padding; all of it where each sees some; and
    all of the map where the middle has no cell, or no difference.

    Args:
        values: The map (rows, columns), >= 0.
        field: What the layer's cells see.

    Returns:
        (row, column), from 0; the middle of a map that is 0 everywhere.
    """
    middle = np.logical_and.outer(*(np.abs((np.arange(n) + 0.5) / n - 0.5) <= MIDDLE for n in values.shape))
    whole = np.ones(values.shape, bool)
    if field.kind == "cell":  # as many cells at each end of an axis have a field that begins outside
        spans = zip(values.shape, field.start, field.stride, strict=True)
        edges = (np.minimum(np.arange(n), np.arange(n)[::-1]) * stride + start for n, start, stride in spans)
        whole = np.logical_and.outer(*(edge >= 0 for edge in edges))
    for among in (middle & whole, middle, np.ones(values.shape, bool)):
        seen = np.where(among, values, 0)
        if seen.max() > 0:
            row, column = np.unravel_index(int(seen.argmax()), values.shape)
            return int(row), int(column)
    rows, columns = values.shape
    return rows // 2, columns // 2


def cell_at(grid: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    """The cell (row, column) of a grid (rows, columns) at a point, in parts 0..1 of the picture's sides."""
    rows, columns = grid
    return min(int(y * rows), rows - 1), min(int(x * columns), columns - 1)


def is_at_hand(reference: Picture, distorted: Picture, method: Method, layer: str) -> bool:
    """Whether `by_hand` answers at once, without another pass of the network."""
    return _features.get(_key(_as_measured(reference, distorted, method), method, layer)) is not None


def _as_measured(reference: Picture, distorted: Picture, method: Method) -> tuple[Picture, Picture]:
    """Both at the method's size, and cut as the backbone needs it: as their maps were made."""
    reference, distorted = to_one_size(reference, distorted)
    pair = reference_at(reference, method.size), resize(distorted, method.size)
    return tuple(crop_to_multiple(picture, method.row) for picture in pair)


def _opened(pictures: tuple[Picture, Picture], method: Method, layer: str) -> LayerFeatures:
    key = _key(pictures, method, layer)
    features = _features.get(key)
    if features is None:
        features = LayerFeatures(method.network, *pictures, method.heads, layer)
        _features.put(key, features, features.bytes)
    return features


def _key(pictures: tuple[Picture, Picture], method: Method, layer: str) -> Hashable:
    return *(picture.digest for picture in pictures), method.identity, layer

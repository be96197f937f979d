"""The scores of scores.py for many weightings of the same trials at once, which is what a bootstrap asks for.

Each `Statistic` made here takes how often each group of trials is drawn, (b, groups), and gives the scores of
all metrics for each draw, (m, b); with every group drawn once they are the scores themselves. It is made from
arrays with a row a metric, (m, n).
"""

from collections.abc import Callable

import numpy as np
from scipy import stats

Statistic = Callable[[np.ndarray], np.ndarray]

MOST_FOR_KENDALL = 20_000  # trials whose pairs are all looked at: 400 million, some seconds
PAIRS_AT_ONCE = 4_000_000


class PrecisionCurve:
    """Precision over recall of "these two are the same", by how small their distance is; sorted once.

    Pairs of one distance are one point of the curve, so that the order of trials says nothing.
    """

    def __init__(self, distance: np.ndarray, same: np.ndarray):
        """Take distances (n,), no NaN, and the share of people (n,) who took the two for the same."""
        self._order = np.argsort(distance, kind="stable")
        ordered = np.asarray(distance)[self._order]
        self._same = np.asarray(same, float)[self._order]
        self._ends = _last_of_ties(ordered)

    def points(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Recall and precision, (b, k), for weights (b, n); NaN where nobody took any pair for the same."""
        weights = weights[:, self._order]
        taken = np.cumsum(weights, axis=1)[:, self._ends]
        hits = np.cumsum(weights * self._same, axis=1)[:, self._ends]
        total = hits[:, -1:]
        with np.errstate(invalid="ignore"):  # 0 / 0
            recall = np.where(total > 0, hits / total, np.nan)
            precision = np.where(taken > 0, hits / taken, np.where(total > 0, 0.0, np.nan))
        return recall, precision

    def scores(self, weights: np.ndarray) -> np.ndarray:
        """The area under the curve's envelope, (b,), for weights (b, n)."""
        recall, precision = self.points(weights)
        return area(recall, envelope(precision))


def envelope(precision: np.ndarray) -> np.ndarray:
    """The best precision at this point or a later one, (b, k)."""
    return np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]


def area(recall: np.ndarray, precision: np.ndarray) -> np.ndarray:
    """Sum of precision times what recall gains, (b,)."""
    return np.sum(np.diff(recall, prepend=0.0, axis=1) * precision, axis=1)


def precision_statistic(distances: np.ndarray, same: np.ndarray, codes: np.ndarray) -> Statistic:
    """Average precision as the paper's JND score has it; `codes` (n,) are the trials' groups."""
    curves = [PrecisionCurve(row, same) for row in distances]

    def statistic(counts: np.ndarray) -> np.ndarray:
        weights = counts[:, codes]
        return np.stack([curve.scores(weights) for curve in curves])

    return statistic


def spearman_statistic(firsts: np.ndarray, second: np.ndarray, codes: np.ndarray) -> Statistic:
    """Spearman's correlations with `second`, by the ranks that each resample has."""
    ranks, other_ranks = [_Ranks(row) for row in firsts], _Ranks(second)

    def statistic(counts: np.ndarray) -> np.ndarray:
        weights = counts[:, codes]
        mean = (weights.sum(axis=1, keepdims=True) + 1) / 2  # of all ranks
        y = other_ranks.of(weights) - mean
        weighted_y = weights * y
        yy = (weighted_y * y).sum(axis=1)
        found = []
        for each in ranks:
            x = each.of(weights) - mean
            xx = np.einsum("bn,bn,bn->b", weights, x, x)
            found.append(_ratio((weighted_y * x).sum(axis=1), xx, yy))
        return np.stack(found)

    return statistic


def pearson_statistic(firsts: np.ndarray, second: np.ndarray, codes: np.ndarray) -> Statistic:
    """Pearson's correlations with `second`; NaN where a value is not finite."""
    each = [_pearson(row, second, codes) for row in firsts]
    return lambda counts: np.stack([statistic(counts) for statistic in each])


def _pearson(first: np.ndarray, second: np.ndarray, codes: np.ndarray) -> Statistic:
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return lambda counts: np.full(len(counts), np.nan)
    x, y = first - first.mean(), second - second.mean()  # so that the squares below do not cancel
    sums = np.stack([np.bincount(codes, part) for part in (np.ones_like(x), x, y, x * y, x * x, y * y)])

    def statistic(counts: np.ndarray) -> np.ndarray:
        n, x1, y1, xy, xx, yy = (counts @ sums.T).T
        return _ratio(xy - x1 * y1 / n, xx - x1 * x1 / n, yy - y1 * y1 / n)

    return statistic


def kendall_statistic(firsts: np.ndarray, second: np.ndarray, codes: np.ndarray) -> Statistic:
    """Kendall's tau-b with `second`, by how pairs of groups go along; NaN beyond MOST_FOR_KENDALL trials.

    A trial that is drawn twice ties with itself, as in a sample that holds it twice.
    """
    if len(second) > MOST_FOR_KENDALL:
        return lambda counts: np.full((len(firsts), len(counts)), np.nan)
    pairs = [_going_along(row, second, codes) for row in firsts]

    def of(counts: np.ndarray, pairs: np.ndarray) -> np.ndarray:
        return ((counts @ pairs) * counts).sum(axis=1)

    return lambda counts: np.stack([_ratio(*(of(counts, each) for each in own)) for own in pairs])


def _going_along(first: np.ndarray, second: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, ...]:
    """For all pairs of groups, float64 (g, g): how many pairs of trials rise together less those that do not,
    and how many differ in the first, and in the second.
    """
    order = np.argsort(codes, kind="stable")
    x, y, codes = (stats.rankdata(values, "dense")[order] for values in (first, second, codes))
    starts = np.flatnonzero(np.diff(codes, prepend=0))
    sums = np.zeros((3, len(starts), len(starts)))
    step = max(1, PAIRS_AT_ONCE // len(x))
    for row in range(0, len(x), step):
        signs = [np.sign(values[row : row + step, None] - values).astype(np.int8) for values in (x, y)]
        for place, product in enumerate((signs[0] * signs[1], np.abs(signs[0]), np.abs(signs[1]))):
            by_group = np.add.reduceat(product, starts, axis=1, dtype=np.int32)
            np.add.at(sums[place], codes[row : row + step] - 1, by_group)
    return tuple(sums)


class _Ranks:
    """Mid-ranks of values (n,) for many weightings."""

    def __init__(self, values: np.ndarray):
        self._order = np.argsort(values, kind="stable")
        self._ends = _last_of_ties(values[self._order])
        self._place = stats.rankdata(values, "dense") - 1  # of a value among the different ones

    def of(self, weights: np.ndarray) -> np.ndarray:
        """(b, n) for weights (b, n)."""
        until = np.cumsum(weights[:, self._order], axis=1)[:, self._ends]
        before = np.concatenate([np.zeros((len(until), 1)), until[:, :-1]], axis=1)
        return ((before + until + 1) / 2)[:, self._place]


def _last_of_ties(ordered: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))


def _ratio(across: np.ndarray, own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A correlation of its sums, -1..1; NaN where one of both is constant."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = across / np.sqrt(np.maximum(own, 0) * np.maximum(other, 0))
    return np.clip(np.where(np.isfinite(ratio), ratio, np.nan), -1, 1)

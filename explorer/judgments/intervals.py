"""How far a score would have moved had other references been drawn: intervals by the bootstrap.

What is drawn is a reference with all of its trials, for they are no independent sayings. The intervals are
bias-corrected and accelerated (Efron 1987), and widened for few references as Student's t is ("expanded
percentiles", Hesterberg 2015).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from explorer.judgments.weighted import Statistic

LEVEL = 0.95
COUNT = 2000  # resamples, which hold the ends of an interval to a twentieth of its width
SEED = 0
AT_ONCE = 4_000_000  # numbers of resamples that are held at a time, 32 MB
BLOCKS = 200  # groups of references that are left out in turn, which is enough for a skewness
FEW_KINDS = 4  # of all groups one in so many: then kinds are drawn in place of groups


@dataclass(frozen=True)
class Interval:
    """A number, and where it lies with 95% confidence.

    Attributes:
        value: The score of all trials.
        low, high: Ends of the interval; NaN where fewer than two references leave nothing to draw.
        groups: How many references were drawn from.
    """

    value: float
    low: float
    high: float
    groups: int


@dataclass(frozen=True)
class Comparison:
    """Two metrics on the same trials.

    Attributes:
        difference: Score of the first less that of the second.
        share: Of resamples in which the first has the higher score; half of those in which they are equal.
    """

    difference: Interval
    share: float


@dataclass(frozen=True, eq=False)
class Draws:
    """Scores of all resamples, from which intervals are read, also those of differences and of means.

    Attributes:
        value: (m,) scores of all trials.
        resampled: (m, b) scores of the resamples.
        influence: (m, g) how much each group, or block of groups, pulls at the score.
        groups: How many groups there are.
    """

    value: np.ndarray
    resampled: np.ndarray
    influence: np.ndarray
    groups: int

    def interval(self, place: int) -> Interval:
        """Of one score."""
        low, high = _ends(self.value[place], self.resampled[place], self.influence[place], self.groups)
        return Interval(float(self.value[place]), low, high, self.groups)

    def compare(self, first: int, second: int) -> Comparison:
        """Of two scores, whose resamples are the same."""
        value, resampled, influence = (
            part[first] - part[second] for part in (self.value, self.resampled, self.influence)
        )
        low, high = _ends(value, resampled, influence, self.groups)
        known = resampled[np.isfinite(resampled)]
        share = float(np.mean((known > 0) + 0.5 * (known == 0))) if known.size else float("nan")
        return Comparison(Interval(float(value), low, high, self.groups), share)


def mean_of(parts: Sequence[Draws]) -> Draws:
    """The mean of several sets' scores, each drawn from by itself: the paper's mean over subsets."""
    count = len(parts)
    return Draws(
        sum(part.value for part in parts) / count,
        sum(part.resampled for part in parts) / count,
        np.concatenate([part.influence / count for part in parts], axis=1),
        sum(part.groups for part in parts),
    )


def draws_of_means(values: np.ndarray, groups: np.ndarray, count: int = COUNT, seed: int = SEED) -> Draws:
    """Resample means over trials.

    Args:
        values: (m, n) what is averaged, such as `agreement` of m metrics.
        groups: (n,) codes from 0 of the trials' references.
        count, seed: Of the resamples.
    """
    sizes = np.bincount(groups).astype(float)
    totals = np.stack([np.bincount(groups, row, len(sizes)) for row in values])
    # Groups that are alike are told by how many they are: a draw of groups is one of kinds then, and there
    # are a few hundred kinds of the paper's 36,344 trials.
    alike = np.concatenate([sizes[None], totals])
    kinds, times = np.unique(alike.T, axis=0, return_counts=True)
    source, chances = alike, np.ones(len(sizes))
    if len(kinds) * FEW_KINDS <= len(sizes):
        source, chances = kinds.T, times.astype(float)
    step = max(1, AT_ONCE // len(chances))
    drawn = [counts @ source.T for counts in _resamples(chances, len(sizes), count, seed, step)]
    sums = np.concatenate(drawn).T
    value = totals.sum(axis=1) / sizes.sum()
    influence = (totals - value[:, None] * sizes) / sizes.mean() / len(sizes)
    return Draws(value, sums[1:] / sums[0], influence, len(sizes))


def draws_of(
    statistics: Sequence[Statistic], groups: int, count: int = COUNT, seed: int = SEED, width: int = 0
) -> Draws:
    """Resample scores of any kind.

    Args:
        statistics: The scores.
        groups: How many groups they take weights for.
        count, seed: Of the resamples, which are the same for all scores.
        width: How many numbers they hold for a resample, where that is more than one a group.
    """

    def apply(weights: np.ndarray) -> np.ndarray:
        return np.stack([statistic(weights) for statistic in statistics])

    step = max(1, AT_ONCE // max(width, groups))
    drawn = _resamples(np.ones(groups), groups, count, seed, step)
    resampled = np.concatenate([apply(counts) for counts in drawn], axis=1)
    value = apply(np.ones((1, groups)))[:, 0]
    left_out = np.concatenate([apply(weights) for weights in _without_each(groups, step)], axis=1)
    return Draws(value, resampled, value[:, None] - left_out, groups)


def interval(statistic: Statistic, groups: int, count: int = COUNT, seed: int = SEED) -> Interval:
    """The interval of one score."""
    return draws_of([statistic], groups, count, seed).interval(0)


def codes_of(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Labels (n,) as codes from 0, and how many there are."""
    names, codes = np.unique(labels, return_inverse=True)
    return codes, len(names)


def _resamples(chances: np.ndarray, size: int, count: int, seed: int, step: int) -> Iterator[np.ndarray]:
    """How often each kind is drawn where `size` groups are, (b, kinds), until there are `count` resamples."""
    rng = np.random.default_rng(seed)
    kinds = len(chances)
    for start in range(0, count, step):
        rows = min(step, count - start)
        if kinds == size:  # each group is a kind of its own: counting draws is faster than drawing counts
            drawn = rng.integers(kinds, size=(rows, size)) + kinds * np.arange(rows)[:, None]
            yield np.bincount(drawn.ravel(), minlength=rows * kinds).reshape(rows, kinds).astype(float)
        else:
            yield rng.multinomial(size, chances / chances.sum(), rows).astype(float)


def _without_each(groups: int, step: int) -> Iterator[np.ndarray]:
    """Weights without one block of groups each, (b, groups), block after block."""
    block = np.arange(groups) * min(groups, BLOCKS) // groups
    blocks = np.arange(block[-1] + 1)
    for start in range(0, len(blocks), step):
        yield (blocks[start : start + step, None] != block).astype(float)


def _ends(value: float, resampled: np.ndarray, influence: np.ndarray, groups: int) -> tuple[float, float]:
    """The interval's ends; NaN where there is none."""
    known = resampled[np.isfinite(resampled)]
    if groups < 2 or known.size < resampled.size / 2 or not np.isfinite(value):
        return float("nan"), float("nan")
    if np.ptp(known) == 0:
        return float(known[0]), float(known[0])
    below = (np.mean(known < value) + np.mean(known <= value)) / 2
    bias = stats.norm.ppf(np.clip(below, 0.5 / known.size, 1 - 0.5 / known.size))
    wide = np.sqrt(groups / (groups - 1)) * stats.t.ppf((1 + LEVEL) / 2, groups - 1)
    shifted = bias + np.array([-wide, wide])
    pull = influence[np.isfinite(influence)]
    spread = np.sum(pull**2) ** 1.5
    skew = np.sum(pull**3) / (6 * spread) if spread > 0 else 0.0
    low, high = np.quantile(known, stats.norm.cdf(bias + shifted / (1 - skew * shifted)))
    return float(low), float(high)

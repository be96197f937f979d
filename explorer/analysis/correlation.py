"""Rankings: how far two agree, and how clearly one orders two things."""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def spearman(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's rank correlation, -1..1; NaN where one of them is constant.

    Args:
        first, second: (n,), no NaN. An infinite value has a rank as any other.
    """
    ranks = stats.rankdata(first), stats.rankdata(second)
    if any(np.ptp(rank) == 0 for rank in ranks):
        return float("nan")
    return float(stats.spearmanr(*ranks).statistic)


def leads(values: Sequence[float], higher_is_closer: bool) -> np.ndarray:
    """(n, n): by which part of all ranks the row's value is closer than the column's, -1..1; 0: equal.

    Args:
        values: No NaN; two or more. Equal ones share their mean rank.
        higher_is_closer: Whether they are of a similarity.
    """
    closeness = np.array(values) if higher_is_closer else -np.array(values)
    rank = stats.rankdata(closeness)  # the closest has the highest
    return (rank[:, None] - rank[None, :]) / (len(values) - 1)

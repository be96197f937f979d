"""How far two rankings agree."""

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

"""Do metrics agree on which distortions are worse? Spearman's rank correlation over the ladder.

Scores are such that lower is closer (PSNR and SSIM negated), so that 1 always means the same order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from explorer.analysis.correlation import spearman
from explorer.analysis.ladder import RUNGS, Rung


@dataclass(frozen=True)
class Dispute:
    """The distortion about whose place on the ladder two metrics differ most."""

    first: str
    second: str
    rung: Rung
    first_rank: float  # 1 is closest
    second_rank: float

    @property
    def sentence(self) -> str:
        """What is shown when it is opened."""
        return (
            f"Showing {self.rung.label}: rank {self.first_rank:g} of {len(RUNGS)} for {self.first}, "
            f"{self.second_rank:g} for {self.second}, where 1 is closest."
        )


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far metrics agree.

    Attributes:
        names: Of the metrics.
        correlations: float (n, n), -1..1, symmetric; NaN where a metric gives all rungs one score.
        disputes: By (row, column) for row != column.
    """

    names: tuple[str, ...]
    correlations: np.ndarray
    disputes: Mapping[tuple[int, int], Dispute]

    @property
    def sentence(self) -> str:
        """Which two agree most and which least."""
        pairs = sorted(
            (self.correlations[i, j], i, j)
            for i, j in self.disputes
            if i < j and np.isfinite(self.correlations[i, j])
        )
        if not pairs:
            return "There is nothing to compare: at most one metric tells these distortions apart."
        low, i, j = pairs[0]
        least = f"{self.names[i]} and {self.names[j]}"
        if len(pairs) == 1:
            return f"{least} agree with a rank correlation of {low:.2f}."
        high, i, j = pairs[-1]
        return f"{self.names[i]} and {self.names[j]} agree most ({high:.2f}), {least} least ({low:.2f})."


def agreement(scores: Mapping[str, np.ndarray]) -> Agreement:
    """Compare the order in which metrics put the rungs.

    Args:
        scores: Name -> scores of all rungs, lower is closer.

    Raises:
        ValueError: not one score a rung.
    """
    names = tuple(scores)
    values = [np.asarray(scores[name], float) for name in names]
    if any(value.shape != (len(RUNGS),) for value in values):
        raise ValueError(f"scores are one a rung, {len(RUNGS)} together")
    count = len(names)
    correlations = np.array([[spearman(a, b) for b in values] for a in values]).reshape(count, count)
    ranks = [stats.rankdata(value) for value in values]
    disputes = {}
    for i in range(count):
        for j in range(count):
            if i != j:
                most = int(np.argmax(np.abs(ranks[i] - ranks[j])))
                disputes[i, j] = Dispute(
                    names[i], names[j], RUNGS[most], float(ranks[i][most]), float(ranks[j][most])
                )
    return Agreement(names, correlations, disputes)

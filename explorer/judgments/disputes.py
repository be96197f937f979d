"""On which trials does a metric contradict people most, or another metric?

Distances of different metrics have no common unit. So how sure a metric is of a trial is told in ranks: by
how many of all trials its two distances differ less. People are as sure as they are of one mind.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Order = Literal["first", "second", "between"]


@dataclass(frozen=True)
class Contest:
    """Two metrics on the same trials, with what people say; all arrays are float64 (trials,).

    Attributes:
        judge: Share of people who find the second picture closer, 0..1.
        first, second: Each metric's distances of the first and the second picture from the reference.
    """

    judge: np.ndarray
    first: tuple[np.ndarray, np.ndarray]
    second: tuple[np.ndarray, np.ndarray]

    def strengths(self, order: Order) -> np.ndarray:
        """How strongly two sides contradict each other on each trial, -1..1; above 0 they do.

        Args:
            order: "first" or "second" for that metric against people, "between" for both metrics.
        """
        if order == "between":
            return -sureness(*self.first) * sureness(*self.second)
        return -sureness(*(self.first if order == "first" else self.second)) * (2 * self.judge - 1)

    def ordered(self, order: Order) -> np.ndarray:
        """Places of all trials, the strongest contradiction first; equal ones stay in their order."""
        return np.argsort(-self.strengths(order), kind="stable")


def sureness(d0: np.ndarray, d1: np.ndarray) -> np.ndarray:
    """How sure a metric is of each trial, -1..1: above 0 where it finds the second picture closer.

    Its size is the mean rank, among all trials, of how far apart the two distances are; 0 where they are
    equal. Trials whose distances are not finite count as undecided.
    """
    with np.errstate(invalid="ignore"):
        lead = np.asarray(d0, np.float64) - np.asarray(d1, np.float64)
    # One infinite distance, such as of a PSNR, is as far from a finite one as can be.
    lead = np.nan_to_num(lead, nan=0.0, posinf=np.finfo(float).max, neginf=-np.finfo(float).max)
    if not len(lead):
        return lead
    _, inverse, counts = np.unique(np.abs(lead), return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return np.sign(lead) * ranks[inverse] / len(lead)

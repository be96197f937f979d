"""The trials on which a class contradicts a metric most surely, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from explorer.analysis.candidates import PSNR as PSNR_METRIC
from explorer.analysis.candidates import Metric, texts
from explorer.analysis.rulers import PSNR
from explorer.judgments.asking.trial import Plan
from explorer.judgments.class_distances import TrialDistances
from explorer.judgments.class_results import ClassResults
from explorer.judgments.scaling import title_of_condition
from explorer.judgments.scores import agreement
from explorer.names import cut

MOST = 12
SURE = 1.96  # standard errors, of Wilson's interval


@dataclass(frozen=True)
class Dispute:
    """A trial on which the class contradicts a metric.

    Attributes:
        trial: Its number.
        votes: How many were cast.
        against: How many of them contradict the metric.
        share: Of those who chose B, or said "same".
        values: The metric's, of A and of B.
        sureness: 0..1; the surest disputes come first.
        is_farther: Of a JND trial, whether the metric finds the two farther apart than people do.
    """

    trial: int
    votes: int
    against: int
    share: float
    values: tuple[float, float]
    sureness: float
    is_farther: bool = False


def disputes(
    plan: Plan, found: ClassResults, metric: TrialDistances, most: int = MOST
) -> tuple[Dispute, ...]:
    """The trials on which the class contradicts a metric most surely.

    In 2AFC most people chose the version that the metric finds farther: how sure that is says the lower end
    of Wilson's interval of their share, so that nine of ten come before one of one. In JND people took for
    different what the metric finds closer than most pairs, or for the same what it finds farther: the
    difference of the two orders, in ranks as a part of all.
    """
    tally = found.tally
    is_known = metric.is_known[tally.trials]
    if metric.problem or not is_known.any():
        return ()
    trials, votes, shares = (each[is_known] for each in (tally.trials, tally.votes, tally.share))
    d0, d1 = metric.distances[trials].T
    if plan.kind == "2afc":
        against = 1 - agreement(d0, d1, shares)
        sureness, gap = wilson_low(against, votes), np.zeros(len(against))
        is_one = (against > 0.5) & (d0 != d1)
    else:
        gap = _ranks(d1) - _ranks(1 - shares)
        against = np.where(gap > 0, shares, 1 - shares)
        sureness, is_one = np.abs(gap), (against >= 0.5) & (gap != 0)
    order = np.lexsort((trials, -votes, -sureness))
    return tuple(
        Dispute(
            int(trials[i]),
            int(votes[i]),
            round(float(against[i] * votes[i])),
            float(shares[i]),
            tuple(map(float, metric.values[trials[i]])),
            float(sureness[i]),
            bool(gap[i] > 0),
        )
        for i in order
        if is_one[i]
    )[:most]


def wilson_low(share: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The lower end of Wilson's 95% interval of a share of `count` votes (Wilson, 1927)."""
    square = SURE**2 / count
    middle = share + square / 2
    return (middle - SURE * np.sqrt(share * (1 - share) / count + square / 4 / count)) / (1 + square)


def values_of(plan: Plan, disputes: Sequence[Dispute], metric: TrialDistances) -> dict[str, list[str]]:
    """The metric's values of each dispute, by " of A" and " of B"; of JND trials there is one, by ""."""
    places = (0, 1) if plan.kind == "2afc" else (1,)
    shown = texts(_metric(metric), [each.values[place] for each in disputes for place in places])
    names = (" of A", " of B") if plan.kind == "2afc" else ("",)
    return {name: shown[place :: len(places)] for place, name in enumerate(names)}


def dispute_sentence(plan: Plan, shown: Dispute, metric: TrialDistances) -> str:
    """What people say, and what the metric says."""
    trial = plan.trials[shown.trial]
    values = values_of(plan, [shown], metric)
    if plan.kind == "jnd":
        people, side = ("the same", "farther apart") if shown.is_farther else ("different", "closer")
        return (
            f"{shown.against} of {shown.votes} took the two for {people}; {metric.label} finds them {side} "
            f"than it finds other pairs ({values[''][0]})."
        )
    conditions = {"A": trial.condition_a, "B": trial.condition_b}
    people, other = ("B", "A") if shown.share > 0.5 else ("A", "B")
    label = cut(title_of_condition(conditions[people]))
    return (
        f"{shown.against} of {shown.votes} chose {people}, {label}; {metric.label} finds {other} closer "
        f"({values[f' of {other}'][0]} against {values[f' of {people}'][0]})."
    )


def _ranks(values: np.ndarray) -> np.ndarray:
    """Mean ranks as a part of all, 0..1."""
    return (rankdata(values) - 1) / max(1, len(values) - 1)


def _metric(metric: TrialDistances) -> Metric:
    return PSNR_METRIC if metric.label == PSNR else Metric(metric.text, metric.label)

"""What a metric is worth by people's judgments: arrays of distances and of judgments -> one number each.

All scores are fractions, 0..1 (correlations -1..1), larger is better; NaN where one is undefined. A
similarity such as PSNR counts as the distance that is its negative. Zhang et al., CVPR 2018, section 2, say
what is asked of people, and how a metric is scored by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from explorer.judgments.fits import Logistic, fit_logistic
from explorer.judgments.sets import Kind
from explorer.judgments.weighted import PrecisionCurve, area, envelope

# What the score of each kind of judgments is called, in files and where users read it.
KEYS: Mapping[Kind, str] = {"2afc": "2AFC", "jnd": "JND precision", "mos": "spearman"}
LABELS: Mapping[Kind, str] = {
    "2afc": "2AFC score",
    "jnd": "JND precision",
    "mos": "Spearman’s correlation",
}


@dataclass(frozen=True, eq=False)
class Precision:
    """How well a distance finds the pairs that people take for the same picture.

    Attributes:
        score: Area under the curve below, whose precision at a recall is the best at this recall or a larger
            one (PASCAL VOC): the number of the paper's tables.
        plain: The same by the curve as it is, scikit-learn's average precision.
        recall, precision: (k,) of the curve, a point for each distance that there is, from the smallest.
    """

    score: float
    plain: float
    recall: np.ndarray
    precision: np.ndarray


@dataclass(frozen=True)
class Correlations:
    """How a distance goes along with opinion scores: 1 is perfect agreement, -1 the opposite.

    Attributes:
        spearman: Of ranks.
        kendall: Tau-b, which allows for ties.
        pearson: Of the distances as they are.
        fitted: Of the distances laid through `fit`; NaN where it has not converged.
        fit: The curve from distances to opinion scores.
    """

    spearman: float
    kendall: float
    pearson: float
    fitted: float
    fit: Logistic


def agreement(d0: np.ndarray, d1: np.ndarray, judge: np.ndarray) -> np.ndarray:
    """Share of people with whom a metric agrees, (..., n), of each trial; 0.5 where it does not choose.

    Args:
        d0, d1: (..., n) distances of the two versions from the reference.
        judge: (n,) share of people who find the second one closer, 0..1.
    """
    return np.where(d0 < d1, 1 - judge, np.where(d1 < d0, judge, 0.5))


def two_afc(d0: np.ndarray, d1: np.ndarray, judge: np.ndarray) -> float:
    """The 2AFC score: the mean of `agreement`, 0..1; NaN without trials."""
    return _mean(agreement(np.asarray(d0), np.asarray(d1), np.asarray(judge)))


def self_agreement(judge: np.ndarray) -> np.ndarray:
    """Share of people with whom one of them, drawn by chance, agrees, (n,), 0.5..1."""
    return judge**2 + (1 - judge) ** 2


def ceiling(judge: np.ndarray) -> float:
    """How often people agree among themselves: the mean of `self_agreement`, 0.5..1; NaN without trials."""
    return _mean(self_agreement(np.asarray(judge)))


def jnd_precision(distance: np.ndarray, same: np.ndarray) -> Precision:
    """Average precision of "these are the same picture", told from how small a distance is.

    A pair that half of the people took for the same is half a hit and half a miss. Pairs of one distance are
    taken together, so that the order of trials says nothing. A JND score over subsets is the mean of theirs.

    Args:
        distance: (n,), no NaN.
        same: (n,) share of people who took the two for the same, 0..1.
    """
    if not len(distance):
        return Precision(float("nan"), float("nan"), np.empty(0), np.empty(0))
    recall, precision = PrecisionCurve(distance, same).points(np.ones((1, len(distance))))
    score, plain = (float(area(recall, curve)[0]) for curve in (envelope(precision), precision))
    return Precision(score, plain, recall[0], precision[0])


def correlations(distance: np.ndarray, mos: np.ndarray, higher_is_closer: bool = True) -> Correlations:
    """How a distance goes along with opinion scores.

    Args:
        distance: (n,), no NaN. Where one is infinite, as -PSNR of identical pictures, ranks count alone.
        mos: (n,) mean opinion scores, finite, in any unit.
        higher_is_closer: Whether a larger score is for a picture that is closer to its reference.
    """
    distance, mos = np.asarray(distance, float), np.asarray(mos, float)
    farness = -mos if higher_is_closer else mos
    fit = fit_logistic(distance, mos)
    return Correlations(
        spearman=pearson(*(stats.rankdata(values) for values in (distance, farness))),
        kendall=_kendall(distance, farness),
        pearson=pearson(distance, farness),
        fitted=pearson(fit(distance), mos) if fit.has_converged else float("nan"),
        fit=fit,
    )


def pearson(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's correlation, -1..1; NaN where one is constant, infinite anywhere, or shorter than 2."""
    if len(first) < 2 or not (np.isfinite(first).all() and np.isfinite(second).all()):
        return float("nan")
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.clip(np.corrcoef(first, second)[0, 1], -1, 1))


def _kendall(first: np.ndarray, second: np.ndarray) -> float:
    if len(first) < 2:
        return float("nan")
    return float(stats.kendalltau(first, second).statistic)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")

"""Scores by people's judgments agree with the reference implementation, scikit-learn and scipy."""

import numpy as np
import pytest
import torch
from lpips.trainer import score_2afc_dataset, score_jnd_dataset
from scipy import stats
from scipy.optimize import curve_fit
from sklearn.metrics import average_precision_score, precision_recall_curve

from explorer.judgments.fits import fit_logistic
from explorer.judgments.scores import (
    agreement,
    ceiling,
    correlations,
    jnd_precision,
    pearson,
    self_agreement,
    two_afc,
)
from tests.grid import few

SEEDS = range(8)


class Loader:
    """What the reference implementation takes its trials from, with distances in place of pictures."""

    def __init__(self, **columns):
        self._trials = columns

    def load_data(self):
        count = len(next(iter(self._trials.values())))
        for row in range(count):
            yield {name: torch.tensor(values[row : row + 1]) for name, values in self._trials.items()}


def first_less(first, second):
    """A "distance" of the reference implementation's kind that hands through what the loader holds."""
    return second - first


def some_trials(seed, count=60, ties=True):
    rng = np.random.default_rng(seed)
    d0, d1 = rng.random((2, count))
    if ties:
        d1[: count // 5] = d0[: count // 5]
    return d0, d1, rng.integers(0, 6, count) / 5


@pytest.mark.parametrize("seed", SEEDS[:5])
def test_2afc_is_that_of_the_reference_implementation(seed):
    d0, d1, judge = some_trials(seed)
    loader = Loader(ref=np.zeros_like(d0), p0=d0, p1=d1, judge=judge)
    theirs, parts = score_2afc_dataset(loader, first_less)
    assert two_afc(d0, d1, judge) == pytest.approx(theirs, abs=1e-12)
    np.testing.assert_allclose(agreement(d0, d1, judge), parts["scores"], atol=1e-12)


def test_a_metric_that_never_chooses_agrees_with_half_of_the_people():
    d0, _, judge = some_trials(0)
    assert two_afc(d0, d0, judge) == 0.5


def test_an_infinite_psnr_is_closer_than_any_other():
    assert two_afc(np.array([-np.inf]), np.array([-40.0]), np.array([0.2])) == pytest.approx(0.8)
    assert two_afc(np.array([-np.inf]), np.array([-np.inf]), np.array([0.2])) == 0.5


def test_no_metric_that_chooses_as_most_people_do_can_be_better():
    d0, d1, judge = some_trials(3, ties=False)
    most = two_afc(judge, 1 - judge, judge)
    assert most == pytest.approx(np.mean(np.maximum(judge, 1 - judge)))
    assert two_afc(d0, d1, judge) <= most
    assert ceiling(judge) <= most


def test_the_ceiling_is_how_often_two_people_drawn_by_chance_agree():
    rng = np.random.default_rng(0)
    judge = rng.integers(0, 6, 40) / 5
    one, other = rng.random((2, 40_000, 40)) < judge
    assert ceiling(judge) == pytest.approx((one == other).mean(), abs=0.002)
    assert list(self_agreement(np.array([0.0, 0.5, 1.0]))) == [1.0, 0.5, 1.0]


def test_no_trials_have_no_score():
    none = np.empty(0)
    assert np.isnan([two_afc(none, none, none), ceiling(none), jnd_precision(none, none).score]).all()
    assert np.isnan(correlations(none, none).spearman)


@pytest.mark.parametrize("seed", SEEDS[:5])
def test_jnd_precision_is_that_of_the_reference_implementation_for_soft_answers(seed):
    rng = np.random.default_rng(seed)
    distance, same = rng.random(80), rng.integers(0, 4, 80) / 3
    theirs, _ = score_jnd_dataset(Loader(p0=np.zeros(80), p1=distance, same=same), first_less)
    assert jnd_precision(distance, same).score == pytest.approx(float(theirs), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("digits", [16, 1])  # one digit leaves many ties
def test_plain_precision_of_hard_answers_is_that_of_scikit_learn_with_ties(seed, digits):
    rng = np.random.default_rng(seed)
    distance, same = rng.random(50).round(digits), rng.integers(0, 2, 50)
    same[0] = 1
    ours = jnd_precision(distance, same)
    assert ours.plain == pytest.approx(average_precision_score(same, -distance), abs=1e-12)
    precision, recall, _ = precision_recall_curve(same, -distance)  # from the largest recall
    best = np.maximum.accumulate(precision)
    assert ours.score == pytest.approx(-np.sum(np.diff(recall) * best[:-1]), abs=1e-12)
    assert ours.plain <= ours.score + 1e-12


def test_the_order_of_trials_says_nothing():
    rng = np.random.default_rng(0)
    distance, same = rng.random(90).round(1), rng.integers(0, 4, 90) / 3
    order = rng.permutation(90)
    assert jnd_precision(distance, same).score == pytest.approx(
        jnd_precision(distance[order], same[order]).score, abs=1e-12
    )


def test_where_people_say_one_thing_alone_precision_is_1_or_undefined():
    distance = np.array([0.1, 0.2, 0.2])
    assert jnd_precision(distance, np.ones(3)).score == pytest.approx(1)
    assert np.isnan(jnd_precision(distance, np.zeros(3)).score)


@pytest.mark.parametrize("seed", few(SEEDS))
@pytest.mark.parametrize("digits", [16, 1])
def test_correlations_are_those_of_scipy_with_ties(seed, digits):
    rng = np.random.default_rng(seed)
    distance = rng.random(70).round(digits)
    mos = (5 - 4 * distance + rng.normal(size=70)).round(digits)
    ours = correlations(distance, mos)
    assert ours.spearman == pytest.approx(stats.spearmanr(distance, -mos).statistic, abs=1e-12)
    assert ours.kendall == pytest.approx(stats.kendalltau(distance, -mos).statistic, abs=1e-12)
    assert ours.pearson == pytest.approx(stats.pearsonr(distance, -mos).statistic, abs=1e-12)
    dmos = correlations(distance, -mos, higher_is_closer=False)
    assert dmos.spearman == pytest.approx(ours.spearman)


def test_where_a_distance_is_constant_no_correlation_is_defined():
    found = correlations(np.ones(9), np.arange(9.0))
    assert np.isnan([found.spearman, found.kendall, found.pearson, found.fitted]).all()
    assert found.fit.why == "only 1 distance differs, and a fit takes 6"
    constant = correlations(np.arange(9.0), np.ones(9))
    assert np.isnan([constant.spearman, constant.kendall, constant.pearson, constant.fitted]).all()


def test_an_infinite_distance_has_a_rank_and_no_curve():
    distance = np.array([-np.inf, 1, 2, 3, 4, 5, 6])
    found = correlations(distance, -np.arange(7.0))
    assert found.spearman == pytest.approx(1)
    assert found.kendall == pytest.approx(1)
    assert np.isnan([found.pearson, found.fitted]).all()
    assert found.fit.why == "a distance is infinite"


def logistic(x, b1, b2, b3, b4, b5):
    return b1 * (0.5 - 1 / (1 + np.exp(b2 * (x - b3)))) + b4 * x + b5


@pytest.mark.parametrize("seed", SEEDS[:5])
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (1e-3, 0.2), (40, -30)])
def test_the_curve_is_the_one_that_scipy_finds_from_the_truth(seed, scale, offset):
    rng = np.random.default_rng(seed)
    unit = rng.random(300)
    truth = (-4.0, 9.0, 0.4, -0.5, 5.0)
    mos = logistic(unit, *truth) + rng.normal(size=300) * 0.2
    distance = unit * scale + offset
    fit = fit_logistic(distance, mos)
    assert fit.has_converged
    theirs, _ = curve_fit(logistic, unit, mos, truth)
    squares = np.sum((logistic(unit, *theirs) - mos) ** 2)
    assert np.sum((fit(distance) - mos) ** 2) <= squares * (1 + 1e-6)
    np.testing.assert_allclose(logistic(distance, *fit.parameters), fit(distance), rtol=1e-9)
    ours = correlations(distance, mos)
    assert ours.fitted == pytest.approx(pearson(logistic(unit, *theirs), mos), abs=1e-4)
    assert ours.fitted >= ours.pearson - 1e-9  # a line is among the curves


def test_too_few_distances_for_a_curve_are_told():
    found = correlations(np.arange(5.0), np.arange(5.0)[::-1])
    assert found.spearman == pytest.approx(1)
    assert np.isnan(found.fitted)
    assert found.fit.why == "only 5 distances differ, and a fit takes 6"

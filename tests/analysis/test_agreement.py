import numpy as np
import pytest
from scipy import stats

from explorer.analysis.agreement import agreement
from explorer.analysis.correlation import spearman
from explorer.analysis.ladder import RUNGS

COUNT = len(RUNGS)


@pytest.fixture
def scores():
    generator = np.random.default_rng(3)
    first = generator.random(COUNT)
    return {"A": first, "B": first + 0.1 * generator.random(COUNT), "C": -first, "flat": np.ones(COUNT)}


def test_correlations_are_those_of_scipy_and_symmetric(scores):
    found = agreement(scores)
    assert found.correlations[0, 1] == pytest.approx(stats.spearmanr(scores["A"], scores["B"]).statistic)
    assert np.array_equal(found.correlations, found.correlations.T, equal_nan=True)


def test_the_same_order_is_1_and_the_reverse_minus_1(scores):
    assert spearman(scores["A"], np.exp(scores["A"])) == pytest.approx(1)
    assert spearman(scores["A"], scores["C"]) == pytest.approx(-1)


def test_an_infinite_score_has_a_rank_as_any_other():
    values = np.array([3.0, 1.0, np.inf, 2.0])
    assert spearman(values, np.array([3.0, 1.0, 4.0, 2.0])) == pytest.approx(1)


def test_a_metric_that_tells_nothing_apart_has_no_correlation(scores):
    assert np.isnan(agreement(scores).correlations[3]).all()
    assert "nothing to compare" in agreement({"flat": np.ones(COUNT)}).sentence


def test_a_dispute_is_the_rung_of_the_largest_difference_of_ranks(scores):
    first = np.arange(COUNT, dtype=float)
    second = first.copy()
    second[[4, 40]] = second[[40, 4]]  # two change places, all others keep theirs
    dispute = agreement({"A": first, "B": second}).disputes[0, 1]
    assert dispute.rung == RUNGS[4]
    assert (dispute.first_rank, dispute.second_rank) == (5, 41)
    assert "rank 5 of 45 for A, 41 for B" in dispute.sentence


def test_the_sentence_names_who_agrees_most_and_least(scores):
    del scores["flat"]
    text = agreement(scores).sentence
    assert text.startswith("A and B agree most")
    assert "A and C least (-1.00)" in text


def test_scores_that_are_not_one_a_rung_are_refused():
    with pytest.raises(ValueError, match="one a rung"):
        agreement({"A": np.ones(3)})

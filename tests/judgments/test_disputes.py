"""Which trials a metric and people, or two metrics, contradict each other on most."""

import numpy as np
import pytest
from scipy.stats import rankdata

from explorer.judgments.disputes import Contest, sureness


def drawn(count: int = 400, seed: int = 0):
    """Distances of two pictures, many of which are as far apart as others."""
    return np.random.default_rng(seed).integers(0, 16, (2, count)) / 16  # exact, so that ties stay ties


def test_how_sure_a_metric_is_is_the_mean_rank_of_its_lead_with_the_sign_of_its_choice():
    d0, d1 = drawn()
    expected = np.sign(d0 - d1) * rankdata(np.abs(d0 - d1)) / len(d0)
    assert sureness(d0, d1) == pytest.approx(expected)
    assert sureness(d1, d0) == pytest.approx(-expected)
    assert (sureness(d0, d1)[d0 == d1] == 0).all()


def test_it_does_not_depend_on_the_metric_s_unit():
    d0, d1 = drawn()
    assert sureness(40 * d0 - 100, 40 * d1 - 100) == pytest.approx(sureness(d0, d1))


def test_an_infinite_distance_is_as_sure_as_can_be_and_two_of_them_are_no_choice():
    found = sureness(np.array([-np.inf, 0.2, -np.inf, 0.4]), np.array([0.1, 0.1, -np.inf, 0.1]))
    assert np.argmax(np.abs(found)) == 0
    assert found[0] == -1
    assert found[2] == 0
    assert np.isfinite(found).all()


def test_no_trial_has_no_sureness():
    assert sureness(np.zeros(0), np.zeros(0)).shape == (0,)


@pytest.mark.parametrize("order", ["first", "second", "between"])
def test_those_who_contradict_each_other_come_first_and_those_who_agree_last(order):
    first, second = drawn(seed=1), drawn(seed=2)
    judge = np.random.default_rng(3).integers(0, 6, 400) / 5
    contest = Contest(judge, first, second)
    votes = np.sign(2 * judge - 1)
    choices = [np.sign(d0 - d1) for d0, d1 in (first, second)]
    one, other = {
        "first": (choices[0], votes),
        "second": (choices[1], votes),
        "between": (choices[0], choices[1]),
    }[order]
    contradicts = -(one * other)[contest.ordered(order)]
    assert (np.diff(contradicts) <= 0).all()  # all contradictions, then the undecided, then all agreements
    assert set(contradicts) == {-1, 0, 1}


def test_the_same_trials_in_another_order_are_sorted_alike():
    judge = np.array([1.0, 0.0, 0.5])
    distances = np.array([0.1, 0.9, 0.3]), np.array([0.9, 0.2, 0.4])
    contest = Contest(judge, distances, distances)
    turned = Contest(judge[::-1], *[tuple(each[::-1] for each in distances)] * 2)
    assert contest.ordered("first").tolist() == [0, 1, 2]
    assert turned.ordered("first").tolist() == [2, 1, 0]

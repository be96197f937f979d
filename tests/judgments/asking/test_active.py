"""Active choice: what an answer is expected to teach is computed right, and choosing by it saves votes."""

import time
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import integrate, optimize, stats
from scipy.special import expit

from explorer.judgments.asking.active import SPREAD, differences, following, information
from explorer.judgments.asking.order import order
from explorer.judgments.asking.trial import Plan, Trial, Vote


def plan_of(ends, kind="2afc", choosing="active", each=None, seed=0, sentinels=0):
    trials = [
        Trial(number, kind, "", "", "", "", "", f"{a}", f"{b}", "A" if number >= len(ends) else None)
        for number, (a, b) in enumerate([*ends, *((f"s{place}", f"t{place}") for place in range(sentinels))])
    ]
    return Plan("", kind, tuple(trials), each or len(trials), seed, choosing)


def vote(trial, choice, was_swapped=False, participant=1):
    return Vote(participant, trial, choice, was_swapped, 500, 0.0)


def drawn(plan, truth, ends, count, seed=0):
    rng = np.random.default_rng(seed)
    return [
        vote(int(trial), "A" if rng.random() < expit(truth[ends[trial][0]] - truth[ends[trial][1]]) else "B")
        for trial in rng.integers(len(ends), size=count)
    ]


# Two groups of versions, of which one is compared round in a ring, and a pair by itself.
ENDS = [(0, 1), (1, 2), (2, 0), (3, 4), (5, 6), (6, 7)]
TRUTH = np.array([0.0, 2.0, -1.0, 0.5, 0.3, -3.0, 1.0, 4.0])


@pytest.mark.parametrize("count", [0, 7, 400])
def test_differences_are_those_of_the_most_probable_places_and_of_the_curvature_there(count):
    plan = plan_of(ENDS)
    votes = drawn(plan, TRUTH, ENDS, count)

    def unlikely(places):
        told = sum(
            np.log1p(np.exp((places[b] - places[a]) * (1 if each.choice == "A" else -1)))
            for each in votes
            for a, b in [ENDS[each.trial]]
        )
        return told + (places**2).sum() / (2 * SPREAD**2)

    def curved(places):
        found = np.eye(len(TRUTH)) / SPREAD**2
        for each in votes:
            edge = np.zeros(len(TRUTH))
            edge[list(ENDS[each.trial])] = 1, -1
            chance = expit(edge @ places)
            found += chance * (1 - chance) * np.outer(edge, edge)
        return found

    places = optimize.minimize(unlikely, np.zeros(len(TRUTH)), tol=1e-10).x
    covariance = np.linalg.inv(curved(places))
    mean, variance = differences(plan, votes)
    edges = np.eye(len(TRUTH))[[a for a, _ in ENDS]] - np.eye(len(TRUTH))[[b for _, b in ENDS]]
    assert mean == pytest.approx(edges @ places, abs=1e-3)
    assert variance == pytest.approx(np.einsum("ti,ij,tj->t", edges, covariance, edges), rel=1e-3)


def test_unanimous_votes_end_in_finite_places():
    mean, variance = differences(plan_of([(0, 1)]), [vote(0, "A")] * 5000)
    assert 0 < mean[0] < 30
    assert 0 < variance[0] < 2 * SPREAD**2


@pytest.mark.parametrize("count", [0, 5, 60])
def test_information_is_the_mutual_information_of_the_answer_and_the_difference(count):
    plan = plan_of(ENDS)
    votes = drawn(plan, TRUTH, ENDS, count)

    def mean_of(function, centre, spread):
        density = stats.norm(centre, spread).pdf
        ends = centre - 9 * spread, centre + 9 * spread
        return integrate.quad(lambda d: density(d) * function(d), *ends, epsabs=1e-9)[0]

    def entropy(chance):
        return stats.bernoulli(chance).entropy()

    for trial, (centre, variance) in enumerate(zip(*differences(plan, votes), strict=True)):
        spread = np.sqrt(variance)
        unsure = entropy(mean_of(expit, centre, spread))
        known = mean_of(lambda d: float(entropy(expit(d))), centre, spread)
        assert information(plan, votes)[trial] == pytest.approx(unsure - known, abs=2e-3)
        if trial == 1:
            break


def test_what_is_unknown_is_asked_before_what_is_agreed_on():
    plan = plan_of([(0, 1), (2, 3), (4, 5)])
    votes = [vote(0, "A")] * 20 + [vote(1, "A"), vote(1, "B")]
    agreed, undecided, unasked = information(plan, votes)
    assert agreed < undecided < unasked < np.log(2)
    assert following(plan, 1, [], votes).trial == 2
    assert following(plan, 1, [2], votes).trial == 1
    assert following(plan, 1, [2, 1], votes).trial == 0
    assert following(plan, 1, [2, 1, 0], votes) is None


def test_in_jnd_different_speaks_for_the_patch():
    plan = plan_of([(0, 1), (0, 2)], "jnd")
    votes = [vote(0, "different")] * 5 + [vote(1, "same")] * 5
    mean, _ = differences(plan, votes)
    assert mean[0] > 0 > mean[1]


def test_sentinels_come_where_the_order_has_them_and_no_trial_comes_twice():
    plan = plan_of(list(combinations(range(5), 2)), each=9, sentinels=3)
    votes = []
    for participant in range(1, 6):
        shown = []
        while (due := following(plan, participant, shown, votes)) is not None:
            place = order(plan, participant)[len(shown)]
            assert plan.trials[due.trial].is_sentinel == plan.trials[place.trial].is_sentinel
            shown.append(due.trial)
            votes.append(vote(due.trial, "B", due.was_swapped, participant))
        assert len(shown) == len(set(shown)) == 9


def test_a_trial_is_shown_on_the_side_on_which_it_was_less_often():
    plan = plan_of([(0, 1)])
    for was_swapped in (False, True):
        assert following(plan, 1, [], [vote(0, "A", was_swapped)]).was_swapped != was_swapped


def test_the_same_votes_in_any_order_choose_the_same():
    plan = plan_of(ENDS)
    votes = drawn(plan, TRUTH, ENDS, 30)
    assert following(plan, 3, [1], votes) == following(plan, 3, [1], votes[::-1])


def test_participants_who_come_at_once_do_not_all_begin_with_one_trial():
    plan = plan_of([(2 * place, 2 * place + 1) for place in range(20)])
    assert len({following(plan, participant, [], []).trial for participant in range(1, 21)}) > 8


def test_random_choosing_follows_the_order():
    plan = plan_of(ENDS, choosing="random", sentinels=1)
    votes = drawn(plan, TRUTH, ENDS, 30)
    found = []
    for _ in plan.trials:
        found.append(following(plan, 4, [shown.trial for shown in found], votes))
    assert tuple(found) == order(plan, 4)
    assert following(plan, 4, range(7), votes) is None


def error_by_participant(plan, truth, ends, people, seed):
    """Root mean square error of all differences after each participant's votes."""
    rng = np.random.default_rng(seed)
    right = np.array([truth[a] - truth[b] for a, b in ends])
    votes, errors = [], []
    for participant in range(1, people + 1):
        shown = []
        while (due := following(plan, participant, shown, votes)) is not None:
            choice = "A" if rng.random() < expit(right[due.trial]) else "B"
            votes.append(vote(due.trial, choice, due.was_swapped, participant))
            shown.append(due.trial)
        errors.append(np.sqrt(np.mean((differences(plan, votes)[0] - right) ** 2)))
    return np.array(errors)


def test_simulated_observers_need_fewer_votes_than_in_random_order_for_the_same_error():
    ends, people = list(combinations(range(20), 2)), 10
    errors = {"active": np.zeros(people), "random": np.zeros(people)}
    for seed in range(10, 14):
        truth = np.random.default_rng(seed).permutation(np.linspace(0, 5, 20))
        for choosing, found in errors.items():
            found += error_by_participant(
                plan_of(ends, each=20, choosing=choosing), truth, ends, people, seed
            )
    # What ten have brought in random order eight bring who are asked actively.
    assert errors["active"][7] < errors["random"][9]
    assert errors["active"][2:].mean() < 0.95 * errors["random"][2:].mean()


def test_two_hundred_trials_are_weighed_within_twenty_milliseconds():
    ends = [(2 * place, 2 * place + 1) for place in range(200)]
    plan = plan_of(ends)
    votes = drawn(plan, np.random.default_rng(0).normal(0, 2, 400), ends, 3000)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        following(replace(plan, seed=3), 7, [1, 5], votes)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.02

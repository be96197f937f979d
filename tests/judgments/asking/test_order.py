"""Order and sides: fair to trials over participants, and to each participant."""

from collections import Counter
from itertools import product

import pytest

from explorer.judgments.asking.order import order, sentinels_each
from explorer.judgments.asking.trial import Plan, Trial

# (trials, sentinels, each): even and odd, all and parts, with a common divisor and without.
SESSIONS = [(20, 2, 22), (21, 0, 21), (20, 4, 12), (21, 3, 8), (7, 2, 4), (12, 1, 6), (8, 0, 5), (1, 1, 2)]


def plan_of(trials, sentinels, each, seed=0):
    made = tuple(
        Trial(number, "2afc", "", "", "", "", "", "", "", "A" if number >= trials else None)
        for number in range(trials + sentinels)
    )
    return Plan("", "2afc", made, each, seed)


def lead(counts):
    return max(counts) - min(counts)


@pytest.mark.parametrize("session", SESSIONS)
def test_a_participant_sees_as_many_trials_as_were_promised_and_none_twice(session):
    plan = plan_of(*session)
    for participant in range(1, 30):
        seen = [shown.trial for shown in order(plan, participant)]
        assert len(seen) == len(set(seen)) == plan.each
        assert sum(plan.trials[trial].is_sentinel for trial in seen) == sentinels_each(plan)


@pytest.mark.parametrize("session", SESSIONS)
def test_at_any_time_trials_are_seen_equally_often_and_equally_often_on_either_side(session):
    plan = plan_of(*session)
    seen, swapped = Counter(), Counter()
    rooms = [
        [trial.number for trial in plan.trials if trial.is_sentinel == is_sentinel]
        for is_sentinel in (False, True)
    ]
    for participant in range(1, 60):
        for shown in order(plan, participant):
            seen[shown.trial] += 1
            swapped[shown.trial] += shown.was_swapped
        for room in filter(None, rooms):
            assert lead([seen[trial] for trial in room]) <= 1
        for trial, count in seen.items():
            assert abs(2 * swapped[trial] - count) <= 1


@pytest.mark.parametrize("session", SESSIONS)
def test_within_one_participant_sides_are_as_even_as_they_can_be(session):
    plan = plan_of(*session)
    for participant in range(1, 60):
        shown = order(plan, participant)
        for is_sentinel in (False, True):
            sides = [one.was_swapped for one in shown if plan.trials[one.trial].is_sentinel == is_sentinel]
            assert abs(2 * sum(sides) - len(sides)) <= 1


def test_sentinels_are_spread():
    plan = plan_of(20, 4, 24)
    for participant in range(1, 40):
        places = [
            place
            for place, shown in enumerate(order(plan, participant))
            if plan.trials[shown.trial].is_sentinel
        ]
        assert [place // 6 for place in places] == [0, 1, 2, 3]


def test_a_place_and_a_side_tell_nothing_of_the_trial():
    plan = plan_of(10, 0, 10)
    firsts = Counter(order(plan, participant)[0] for participant in range(1, 2001))
    assert len(firsts) == 20
    # 2000 draws of 20: 100 each; five standard deviations are 49.
    assert all(abs(count - 100) < 49 for count in firsts.values())


def test_the_order_is_of_the_seed_and_of_the_participant_alone():
    orders = {
        (seed, participant): order(plan_of(20, 2, 22, seed), participant)
        for seed, participant in product((1, 2), (1, 2))
    }
    assert len(set(orders.values())) == 4
    assert orders == {key: order(plan_of(20, 2, 22, key[0]), key[1]) for key in orders}


@pytest.mark.parametrize(
    ("session", "count"),
    [((20, 4, 24), 4), ((20, 4, 12), 2), ((20, 1, 6), 1), ((20, 0, 6), 0), ((20, 4, 1), 0), ((0, 3, 1), 1)],
)
def test_sentinels_are_the_share_of_each_participants_trials_that_they_are_of_all(session, count):
    plan = plan_of(*session)
    assert sentinels_each(plan) == count
    assert len(order(plan, 1)) == plan.each


def test_participants_are_numbered_from_one():
    with pytest.raises(ValueError, match="from 1"):
        order(plan_of(*SESSIONS[0]), 0)

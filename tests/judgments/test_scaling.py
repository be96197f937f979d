"""The scale in JOD: it finds what simulated people were made of, and says what it cannot."""

import choix
import numpy as np
import pytest
from scipy.optimize import minimize

from explorer.judgments.asking.trial import Trial, Vote
from explorer.judgments.scaling import (
    JOD,
    MOST,
    PRIOR,
    Choices,
    choices_of,
    family_of,
    label_of_condition,
    scaled,
    scaled_group,
    title_of_condition,
)

JPEG, BLUR = "jpeg~quality~9", "gaussian_blur~sigma~2~~jpeg~quality~9"


def simulated(true, people, each, seed, spread=0.0):
    """Choices of people for whom conditions are so many JOD apart; they differ by `spread` JOD."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        own = true + rng.normal(0, spread, len(true))
        for _ in range(each):
            i, j = rng.choice(len(true), 2, replace=False)
            wins = rng.random() < 1 / (1 + 3.0 ** (own[j] - own[i]))
            rows.append((i, j, person) if wins else (j, i, person))
    winner, loser, participant = np.array(rows).T
    return Choices(tuple(map(str, range(len(true)))), winner, loser, participant)


def centred(jod):
    true = np.asarray(jod, float)
    return true - true.mean()


def inside(true, choices, **options):
    """Whether each condition's truth lies in its interval."""
    (group,) = scaled(choices, **options).groups
    return [each.low <= true[int(each.name)] <= each.high for each in group.conditions]


def test_a_class_of_known_jod_is_recovered_within_its_intervals():
    true = centred([2.0, 1.2, 0.5, 0.0, -1.1, -2.4])
    choices = simulated(true, 30, 20, seed=5)
    (group,) = scaled(choices).groups
    assert all(inside(true, choices))
    assert [each.name for each in group.conditions] == ["0", "1", "2", "3", "4", "5"]
    assert max(each.high - each.low for each in group.conditions) < 1.7  # JOD: they say something
    assert (group.participants, sum(each.votes for each in group.conditions)) == (30, 2 * 600)


@pytest.mark.grid
@pytest.mark.parametrize(("people", "each", "spread"), [(30, 20, 0.0), (10, 20, 0.0), (20, 15, 0.5)])
def test_intervals_hold_the_truth_in_about_95_percent_of_classes(people, each, spread):
    true = centred([1.5, 0.8, 0.1, -0.6, -1.4])
    hits = [inside(true, simulated(true, people, each, seed, spread)) for seed in range(150)]
    assert 0.92 <= np.mean(hits) <= 0.98


def test_places_are_the_likeliest_ones_by_another_way():
    choices = simulated(centred([1, 0, -0.5, -0.5]), 8, 15, seed=1)
    wins = np.zeros((4, 4))
    np.add.at(wins, (choices.winner, choices.loser), 1)
    wins += PRIOR / 2 / 3 * (1 - np.eye(4))
    found = minimize(lambda s: np.sum(wins * np.logaddexp(0, s[None] - s[:, None])), np.zeros(4), tol=1e-12)
    places = {each.name: each.jod for each in scaled(choices, samples=5).groups[0].conditions}
    expected = (found.x - found.x.mean()) / np.log(3)
    assert [places[str(i)] for i in range(4)] == pytest.approx(expected, abs=1e-4)


def test_with_many_votes_the_regularisation_is_lost_beside_them():
    choices = simulated(centred([1, 0.2, -1.2]), 40, 60, seed=2)
    data = list(zip(choices.winner.tolist(), choices.loser.tolist(), strict=True))
    exact = choix.opt_pairwise(3, data, alpha=1e-9)
    places = {each.name: each.jod for each in scaled(choices, samples=5).groups[0].conditions}
    expected = (exact - exact.mean()) / np.log(3)
    assert [places[str(i)] for i in range(3)] == pytest.approx(expected, abs=0.01)


def test_one_jod_apart_means_that_three_of_four_choose_the_same():
    winner = np.repeat([0, 1], [7500, 2500])
    (group,) = scaled(Choices(("a", "b"), winner, 1 - winner, np.arange(10_000) % 9), samples=5).groups
    assert group.conditions[0].jod - group.conditions[1].jod == pytest.approx(1, abs=1e-3)
    assert group.conditions[0].won == 7500


def test_what_nobody_ever_chose_has_a_place_too():
    choices = Choices(("good", "bad"), np.zeros(12, int), np.ones(12, int), np.arange(12))
    (group,) = scaled(choices).groups
    assert [each.name for each in group.conditions] == ["good", "bad"]
    assert group.conditions[1].jod == pytest.approx(-np.log(12.5 / 0.5) / np.log(3) / 2)


def test_conditions_that_no_vote_joins_have_scales_of_their_own_and_that_is_said():
    names = ("a", "b", "c", "d", "e", "never")
    winner, loser = np.array([0, 1, 1, 3, 3]), np.array([1, 2, 0, 4, 4])
    found = scaled(Choices(names, winner, loser, np.array([0, 1, 2, 0, 1])), samples=20)
    assert [sorted(each.name for each in group.conditions) for group in found.groups] == [
        ["a", "b", "c"],
        ["d", "e"],
    ]
    for group in found.groups:
        assert sum(each.jod for each in group.conditions) == pytest.approx(0, abs=1e-9)
    assert found.sentence.startswith("The 5 conditions fall into 2 groups that no vote joins, of 3 and 2.")
    assert "all 3 conditions" in scaled(Choices(names, winner[:3], loser[:3], winner[:3])).sentence
    empty = np.zeros(0, int)
    assert (
        scaled(Choices((), empty, empty, empty)).sentence == "There are no votes between two conditions yet."
    )


def test_two_conditions_have_the_places_of_the_fit_and_a_group_alone_those_that_it_has_among_all():
    winner, loser = np.array([0, 0, 0, 1, 3, 3]), np.array([1, 1, 1, 0, 4, 4])
    choices = Choices(tuple("abcde"), winner, loser, np.array([0, 1, 2, 0, 1, 0]))
    found = scaled(choices, samples=30)
    wins = np.array([[0, 3 + PRIOR / 2], [1 + PRIOR / 2, 0]])
    expected = choix.ilsr_pairwise_dense(wins, max_iter=2000, tol=1e-10) / JOD
    assert [each.jod for each in found.groups[0].conditions] == pytest.approx(expected - expected.mean())
    assert [scaled_group(choices, place, 30) for place in (0, 1)] == list(found.groups)
    one = scaled(choices, samples=30, most=1)
    assert one.groups[0] == found.groups[0]
    assert {each.low for each in one.groups[1].conditions} == {None}


def test_one_participant_has_places_and_no_intervals():
    (group,) = scaled(simulated(centred([1, -1]), 1, 20, seed=0)).groups
    assert [each.low for each in group.conditions] == [None, None]


def test_a_group_too_large_to_be_scaled_says_so():
    places = np.arange(MOST + 5)
    (group,) = scaled(Choices(tuple(map(str, range(MOST + 6))), places, places + 1, places % 3)).groups
    assert group.problem == f"A group of 126 conditions is too large to be scaled here; {MOST} is the most."


def trial(number, a, b, kind="2afc", expected=None):
    return Trial(number, kind, "noise", "cat", a, b, "r", f"{a}1", f"{b}2", expected)


def test_sentinels_and_what_is_no_choice_between_two_are_left_out():
    trials = [trial(0, JPEG, BLUR), trial(1, "", BLUR, expected="A"), trial(2, JPEG, JPEG)]
    votes = [
        Vote(1, 0, "B", False, 900, 0.0),
        Vote(1, 1, "A", False, 900, 0.0),
        Vote(2, 2, "A", True, 9, 0.0),
    ]
    found = choices_of(trials, votes)
    assert [(found.names[i], found.names[j]) for i, j in zip(found.winner, found.loser, strict=True)] == [
        (BLUR, JPEG)
    ]
    families = choices_of(trials, votes, family_of)
    assert families.names[families.winner[0]] == "blur, then compression"


def test_a_condition_is_told_in_words_whatever_it_is():
    assert label_of_condition(JPEG) == "JPEG (quality 9)"
    assert title_of_condition(BLUR) == "Gaussian blur, then JPEG"
    for told in (label_of_condition, title_of_condition, family_of):
        assert told("") == "the reference itself"
        assert told("<b>method one</b>.png") == "<b>method one</b>.png"

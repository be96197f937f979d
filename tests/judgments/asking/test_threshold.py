"""QUEST+ beside the package `questplus`, and thresholds of simulated people."""

import numpy as np
import pytest
from questplus import QuestPlusWeibull

from explorer.errors import SettingError
from explorer.judgments.asking.threshold import (
    FEWEST,
    GUESS,
    LAPSES,
    MOST,
    NARROW,
    SEVERITIES,
    SLOPES,
    THRESHOLDS,
    Detection,
    estimate,
    is_enough,
    next_severity,
    next_side,
    posterior,
)


def answer(severity, is_right):
    return Detection(severity, "A", "A" if is_right else "B")


def right_at(severity, threshold, slope=2.5, lapse=0.02):
    return 1 - lapse - (1 - GUESS - lapse) * np.exp(-((severity / threshold) ** slope))


def run(threshold, seed, lapse=0.02):
    """The answers of somebody who has this threshold."""
    rng, answers = np.random.default_rng(seed), []
    while not is_enough(answers):
        severity = next_severity(answers)
        answers.append(answer(severity, rng.random() < right_at(severity, threshold, lapse=lapse)))
    return answers


@pytest.mark.parametrize("seed", [0, 1])
def test_severities_and_posterior_are_those_of_the_package(seed):
    original = QuestPlusWeibull(
        intensities=np.log10(SEVERITIES),
        thresholds=np.log10(THRESHOLDS),
        slopes=SLOPES,
        lower_asymptotes=[GUESS],
        lapse_rates=LAPSES,
        responses=("right", "wrong"),
        stim_scale="log10",
    )
    rng, answers = np.random.default_rng(seed), []
    for _ in range(15):
        theirs = original.next_intensity
        ours = next_severity(answers)
        assert np.log10(ours) == pytest.approx(theirs, abs=1e-9)
        answers.append(answer(ours, rng.random() < right_at(ours, 0.1)))
        original.update(intensity=theirs, response="right" if answers[-1].is_right else "wrong")
        expected = original.posterior.transpose("threshold", "slope", "lapse_rate", "lower_asymptote")
        assert posterior(answers) == pytest.approx(expected.values[..., 0], abs=1e-12)
    found, means = estimate(answers), original.param_estimate
    assert np.log10(found.severity) == pytest.approx(means["threshold"])
    assert (found.slope, found.lapse) == pytest.approx((means["slope"], means["lapse_rate"]))


def test_a_simulated_persons_threshold_lies_in_its_interval_as_often_as_that_says():
    found = [(threshold, estimate(run(threshold, seed))) for threshold in (0.03, 0.2) for seed in range(20)]
    inside = np.mean([each.low <= threshold <= each.high for threshold, each in found])
    assert inside >= 0.85  # of 40: three standard deviations below 95%
    errors = [np.log10(each.severity / threshold) for threshold, each in found]
    assert abs(np.mean(errors)) < 0.06
    assert np.std(errors) < 0.2


def test_a_run_ends_when_the_interval_is_narrow_or_after_so_many_answers():
    lengths = set()
    for seed in range(6):
        answers = run(0.1, seed, lapse=0)
        found = estimate(answers)
        assert FEWEST <= len(answers) <= MOST
        assert len(answers) == MOST or found.high / found.low <= NARROW
        assert not is_enough(answers[:-1])
        lengths.add(len(answers))
    assert not is_enough([])


def test_who_sees_everything_or_nothing_gets_a_threshold_at_either_end():
    all_right, all_wrong = [], []
    for _ in range(MOST):
        all_right.append(answer(next_severity(all_right), True))
        all_wrong.append(answer(next_severity(all_wrong), False))
    assert estimate(all_right).severity < 0.02
    assert estimate(all_right).is_reached
    assert estimate(all_wrong).severity > 1
    assert not estimate(all_wrong).is_reached


def test_the_curve_rises_from_guessing_within_its_band():
    found = estimate(run(0.1, 3))
    assert np.all(np.diff(found.curve) >= -1e-12)
    assert found.curve[0] == pytest.approx(GUESS, abs=0.05)
    assert found.curve[-1] > 0.9
    low, high = found.band
    assert np.all((low <= found.curve) & (found.curve <= high))
    assert low.min() >= GUESS
    assert high.max() <= 1


def test_the_interval_holds_its_share_of_what_nothing_is_known_of():
    found = estimate([])
    ends = np.log10([found.low, found.high])
    assert ends[1] - ends[0] == pytest.approx(0.95 * 53 * 0.05)  # of cells of a twentieth each
    assert ends.mean() == pytest.approx(-1)


def test_sides_are_half_and_half_in_each_block_and_tell_nothing():
    sides = [next_side(5, answered) for answered in range(400)]
    assert all(sides[place : place + 4].count("A") == 2 for place in range(0, 400, 4))
    assert len({tuple(sides[place : place + 4]) for place in range(0, 400, 4)}) == 6
    assert sides == [next_side(5, answered) for answered in range(400)]
    assert sides != [next_side(6, answered) for answered in range(400)]


@pytest.mark.parametrize("severity", [0.0, -1.0, 0.0117, 1.2])
def test_an_answer_to_what_is_never_shown_is_refused(severity):
    with pytest.raises(SettingError, match="never shown"):
        posterior([answer(severity, True)])

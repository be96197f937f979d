"""Learning finds a simulated observer, from a seed, and of votes that are too few it says so."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.backbones import find_backbone, network
from explorer.errors import SettingError
from explorer.judgments.calibration import learn, simulate, training
from explorer.judgments.calibration.observer import Simulation
from explorer.judgments.calibration.training import Split, train
from explorer.judgments.calibration.votes import Votes

WIDTHS = (5, 7)


@pytest.fixture(scope="module")
def simulation(trunk) -> Simulation:
    return simulate(trunk, seed=0)


@pytest.fixture
def quick(monkeypatch):
    """Epochs of few steps: what these tests ask does not need good heads."""
    monkeypatch.setattr(training, "LEAST_STEPS", 10)


def made_votes(trials: int = 240, references: int = 30, seed: int = 0) -> Votes:
    """Votes of an observer who looks at the first channels, on vectors drawn at random."""
    rng = np.random.default_rng(seed)
    vectors = rng.gamma(1.0, 0.1, (trials, 2, sum(WIDTHS))).astype(np.float32)
    d0, d1 = vectors[:, :, :3].sum(axis=2).T
    groups = np.arange(trials) % references
    return Votes("made", "alexnet", vectors, (d1 < d0).astype(float), groups, 64, "made")


def test_learning_recovers_a_simulated_observer(trunk, simulation):
    *_, found = learn(trunk, simulation.votes, seed=0, hidden=simulation.hidden)
    scores = {standing.label: standing.score for standing in found.standings}
    assert scores["New heads"] > scores["LPIPS v0.1"]
    assert scores["New heads"] > scores["The hidden heads"] - 0.01
    assert list(found.weights) == list(trunk.backbone.layer_names)
    assert all((own >= 0).all() and own.any() for own in found.weights.values())
    assert found.provenance.trials == len(simulation.votes) == 1800
    assert found.lead.value == pytest.approx(scores["New heads"] - scores["LPIPS v0.1"])
    assert 0 < found.lead.low < found.lead.value < found.lead.high
    assert found.lead.groups == 60
    assert found.sentence.startswith(f"The new heads agree with {scores['New heads']:.1%}")


def test_the_same_seed_gives_the_same_heads_and_another_one_others(quick):
    first, again, other = (
        [course.weights for course in train(made_votes(), WIDTHS, seed)] for seed in (1, 1, 2)
    )
    assert len(first) == len(again)
    assert all(map(np.array_equal, first, again))
    assert not np.array_equal(first[-1], other[-1])


def test_no_reference_is_in_two_parts_and_every_trial_is_in_one():
    votes = made_votes()
    split = Split.of(votes, 4)
    parts = [split.teaching, split.stopping, split.held_out]
    assert sorted(np.concatenate(parts)) == list(range(len(votes)))
    references = [set(votes.groups[part]) for part in parts]
    assert sum(map(len, references)) == len(set.union(*references)) == 30
    assert len(references[2]) == 6  # a fifth


def test_what_is_held_out_teaches_nothing(quick):
    votes = made_votes()
    held_out = Split.of(votes, 0).held_out
    judge = votes.judge.copy()
    judge[held_out] = 1 - judge[held_out]
    straight, turned = ([*train(each, WIDTHS)][-1] for each in (votes, replace(votes, judge=judge)))
    assert np.array_equal(straight.weights, turned.weights)


def test_the_best_epoch_is_kept_and_without_better_ones_it_ends():
    rng = np.random.default_rng(0)
    votes = replace(made_votes(), judge=rng.integers(0, 2, 240).astype(float))  # nothing to be learned
    courses = list(train(votes, WIDTHS))
    last = courses[-1]
    losses = [epoch.stopping_loss for epoch in last.epochs]
    assert last.best == 1 + int(np.argmin(losses))
    assert np.array_equal(last.weights, courses[last.best - 1].weights)
    assert len(losses) == min(training.FULL + training.FALLING, last.best + training.PATIENCE)


def test_heads_that_stopped_early_are_those_of_the_last_epoch_that_was_told(quick):
    courses = train(made_votes(), WIDTHS)
    first = next(courses)
    courses.close()  # somebody cancels
    assert first.best == 1
    assert len(first.epochs) == 1
    assert first.weights.any()


@pytest.mark.parametrize(("trials", "references"), [(49, 10), (200, 9)])
def test_too_few_votes_are_refused_with_how_many_and_why(trials, references):
    with pytest.raises(
        SettingError, match=f"50 trials about 10 references.*{trials} about {references}.*held"
    ):
        next(train(made_votes(trials, references), WIDTHS))


def test_votes_that_all_say_the_same_teach_nothing_and_are_refused():
    with pytest.raises(SettingError, match="same answer"):
        next(train(replace(made_votes(), judge=np.ones(240)), WIDTHS))


def test_a_resnet_learns_heads_too(quick):
    net = network(find_backbone("resnet18"), "cpu", "random")
    votes = simulate(net, patches=12).votes
    *_, found = learn(net, votes)
    assert {name: len(own) for name, own in found.weights.items()} == {
        name: net.graph.channels(name) for name in net.backbone.layer_names
    }
    assert [standing.label for standing in found.standings] == [
        "New heads",
        "Uniform",
        "People among themselves",
    ]

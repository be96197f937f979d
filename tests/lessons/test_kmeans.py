"""Filters learned by k-means: seeded, white, grouped as a reference groups, and in AlexNet's place."""

import time
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.cluster.vq import vq

from explorer.backbones import find_backbone, graph_of
from explorer.backbones.loading import random_state
from explorer.images import load
from explorer.lessons import kmeans
from explorer.metrics import Lpips
from explorer.metrics.perceptual import layer_maps
from explorer.samples import load_sample
from tests.lessons.learned import FEW, few, photographs


@pytest.fixture(scope="module")
def state():
    return few()[0]


def test_the_same_seed_learns_the_same_filters(state):
    again = kmeans.learned_state(photographs(), patches=FEW)
    assert all(torch.equal(again[key], tensor) for key, tensor in state.items())


def test_another_seed_learns_others():
    first = few()[1][1][1]

    def compare(done, filters):
        if filters is not None:
            assert not np.allclose(filters, first)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        kmeans.learned_state(photographs(), seed=1, patches=FEW, progress=compare)


def test_two_layers_are_learned_and_all_others_stay_random(state):
    before = random_state(find_backbone("alexnet"))
    changed = {key for key, tensor in before.items() if not torch.equal(tensor, state[key])}
    assert changed == {f"{name}.{part}" for name in kmeans.CONVOLUTIONS for part in ("weight", "bias")}
    for name in kmeans.CONVOLUTIONS:
        own = graph_of(find_backbone("alexnet")).module.get_submodule(name)
        assert state[f"{name}.weight"].shape == own.weight.shape
        assert all(state[f"{name}.{part}"].isfinite().all() for part in ("weight", "bias"))


def test_progress_counts_each_step_and_shows_the_first_filters_as_they_are_learned(state):
    told = few()[1]
    assert [done for done, _ in told] == list(range(1, kmeans.STEPS + 1))
    assert told[0][1] is None
    first, last = told[1][1], told[-1][1]
    assert first.shape == (64, 3, 11, 11)
    assert not np.allclose(first, last)
    np.testing.assert_array_equal(last, state["features.0.weight"])


def test_what_progress_raises_ends_the_learning_and_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(kmeans, "_state", {})

    def stop(done, _filters):
        raise InterruptedError(done)

    with pytest.raises(InterruptedError):
        kmeans.network(progress=stop)
    assert kmeans._state == {}


def test_white_patches_have_components_without_correlation_and_of_nearly_one_variance():
    rng = np.random.default_rng(0)
    # A tenth of the variances decides, as of photographs.
    patches = rng.standard_normal((4_000, 60), np.float32) * np.geomspace(10, 0.1, 60, dtype=np.float32)
    white = patches @ kmeans.whitening(patches, 10, rng)
    covariance = np.cov(white.T)
    assert np.abs(covariance - np.diag(np.diag(covariance))).max() < 0.02
    assert np.diag(covariance).min() > 0.5
    assert np.diag(covariance).max() < 1.01


def test_whitening_finds_the_main_components_of_an_exact_decomposition():
    rng = np.random.default_rng(1)
    patches = rng.standard_normal((2_000, 80), np.float32) * np.geomspace(10, 0.1, 80, dtype=np.float32)
    basis = np.linalg.qr(kmeans.whitening(patches, 8, rng))[0]
    covariance = patches.T @ patches / len(patches)
    exact = np.linalg.eigvalsh(covariance)[-8:].sum()
    assert np.trace(basis.T @ covariance @ basis) == pytest.approx(exact, rel=0.02)


def test_kmeans_assigns_as_scipy_does_and_its_middles_are_the_means_of_their_points():
    rng = np.random.default_rng(2)
    points = rng.standard_normal((500, 5)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    before, after = list(kmeans.spherical_kmeans(points, 7, 2, rng))
    nearest, _ = vq(points, before)  # of length 1 the nearest is the one of the smallest angle
    for place in range(7):
        mean = points[nearest == place].mean(axis=0)
        np.testing.assert_allclose(after[place], mean / np.linalg.norm(mean), atol=1e-5)


def test_groups_grow_tighter_with_each_round():
    rng = np.random.default_rng(3)
    points = rng.standard_normal((800, 6)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    tight = [
        (points @ middles.T).max(axis=1).mean() for middles in kmeans.spherical_kmeans(points, 9, 8, rng)
    ]
    assert all(later >= earlier - 1e-6 for earlier, later in pairwise(tight))


def test_its_distance_is_that_of_the_differentiable_metric_with_the_same_tensors(state):
    row = find_backbone("alexnet")
    network = kmeans.Network(row, state, "cpu", "k-means of a test")
    reference, distorted = load_sample("cat"), load_sample("coffee")
    pixels = [torch.from_numpy(each.pixels[:96, :96].copy()) for each in (reference, distorted)]
    pair = [load(each.numpy()) for each in pixels]
    (maps,) = layer_maps(network, pair[0], [pair[1]], ["uniform"], kmeans.LAYERS)
    ours = sum(float(maps["uniform"][name].mean()) for name in kmeans.LAYERS)
    heads = {
        name: torch.ones(graph_of(row).channels(name)) * (name in kmeans.LAYERS) for name in row.layer_names
    }
    metric = Lpips.from_tensors("alexnet", state, heads, "k-means")
    a, b = (each.permute(2, 0, 1)[None].float() / 127.5 - 1 for each in pixels)
    assert ours == pytest.approx(float(metric(a, b)), abs=1e-5)


def test_all_is_learned_within_ten_seconds_of_one_core():
    began = time.process_time()  # of all threads together
    kmeans.learned_state()
    assert time.process_time() - began < 10


def test_who_waits_for_another_who_learns_is_told_how_far_that_is_and_may_leave(monkeypatch):
    monkeypatch.setattr(kmeans, "_state", {})
    monkeypatch.setattr(kmeans, "_told", [(7, None)])
    monkeypatch.setattr(kmeans, "LOOKS", 0.01)
    told = []

    def leave(*step):
        told.append(step)
        if len(told) == 2:
            raise InterruptedError

    with kmeans._learning_now, pytest.raises(InterruptedError):
        kmeans.network(progress=leave)
    assert told == [(7, None)] * 2
    assert not kmeans._learning_now.locked()

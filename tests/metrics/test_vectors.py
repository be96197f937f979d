"""A pair as one vector of channels: times the heads it is the score, and so are its gradients."""

import numpy as np
import pytest
import torch

from explorer.backbones import HEADS, find_backbone, network, scaling_of, stacked_weights
from explorer.distortions import distort
from explorer.errors import ImageError
from explorer.images import derive
from explorer.metrics import Method
from explorer.metrics.lpips import lpips
from explorer.metrics.perceptual import input_batch
from explorer.metrics.scores import scores_on
from explorer.metrics.vectors import channel_vectors, channels_of


@pytest.fixture(scope="module")
def trial(photo):
    reference = photo("cat", (64, 64))
    kinds = [("jpeg", 0.7), ("gaussian_blur", 0.5)]
    return [reference, *(derive(reference, distort(reference.pixels, *kind)) for kind in kinds)]


def weights_of(row, heads):
    return torch.cat([stacked_weights(row, [heads], name)[:, 0] for name in row.layer_names])


@pytest.mark.parametrize("heads", ["lpips-0.1", "uniform"])
def test_a_vector_times_the_heads_is_the_score(trunk, trial, heads):
    (found,) = channel_vectors(trunk, [trial])
    assert found.shape == (2, 1152)
    assert found.dtype == np.float32
    scores = scores_on(trunk, trial[0], trial[1:], heads, trunk.backbone.layer_names)
    assert found @ weights_of(trunk.backbone, heads).numpy() == pytest.approx(scores, rel=1e-5)


def test_gradients_of_the_heads_equal_those_through_the_maps(trunk, trial):
    row = trunk.backbone
    learned = [torch.rand(trunk.graph.channels(name)).requires_grad_() for name in row.layer_names]
    scaling = scaling_of(HEADS["uniform"], row)

    def features(picture):
        return [
            own.clone()
            for _, own in trunk.activations(input_batch([picture], scaling, "cpu"), row.layer_names)
        ]

    through_maps = lpips(features(trial[1]), features(trial[0]), learned).score.sum()
    vector = torch.from_numpy(channel_vectors(trunk, [trial])[0, 0])
    through_vector = vector @ torch.cat(learned)
    assert through_vector.item() == pytest.approx(through_maps.item(), rel=1e-5)
    by_maps = torch.cat(torch.autograd.grad(through_maps, learned))
    by_vector = torch.cat(torch.autograd.grad(through_vector, learned))
    torch.testing.assert_close(by_vector, by_maps, rtol=1e-4, atol=1e-8)


def test_trials_that_pass_together_have_the_numbers_that_each_has_alone(trunk, trial):
    turned = [trial[0], trial[2], trial[1]]
    told = []
    together = channel_vectors(trunk, [trial, turned] * 12, told.append)
    assert np.array_equal(together[0], channel_vectors(trunk, [trial])[0])
    assert np.array_equal(together[0], together[1][::-1])
    assert told[-1] == 24
    assert told == sorted(told)


def test_equal_pictures_have_the_vector_zero(trunk, trial):
    assert not channel_vectors(trunk, [[trial[0], trial[0]]]).any()


def test_a_picture_that_is_too_small_is_refused_in_words(trunk, photo):
    small = photo("cat", (20, 20))
    with pytest.raises(ImageError, match="31"):
        channel_vectors(trunk, [[small, small]])


@pytest.mark.parametrize("name", ["resnet18", pytest.param("vit_b_16", marks=pytest.mark.grid)])
def test_any_backbone_with_maps_gives_vectors(name, trial):
    net = network(find_backbone(name), "cpu", "random")
    (found,) = channel_vectors(net, [trial])
    assert found.shape == (2, channels_of(net))
    method = Method(name, "uniform", weights="random")
    scores = scores_on(net, trial[0], trial[1:], "uniform", method.layers)
    assert found.sum(axis=1) == pytest.approx(scores, rel=1e-4)

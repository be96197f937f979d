"""Random weights, the paper's control: the same at each call, another metric than the trained one."""

import functools

import numpy as np
import pytest
import torch

import explorer
from explorer.backbones import find_backbone
from explorer.distortions import distort

measure = functools.partial(explorer.measure, device="cpu")


@pytest.fixture(scope="module")
def pictures(photo):
    reference = photo("cat", (96, 80))
    return reference, distort(reference.pixels, "gaussian_blur", 0.5)


@pytest.fixture(scope="module")
def control(pictures):
    return measure(*pictures, weights="random")


def test_it_says_that_the_weights_are_random_and_that_this_is_no_published_metric(control, pictures):
    assert (control.weights, control.heads) == ("random", "uniform")
    assert not control.is_published
    said = control.to_dict()
    assert (said["weights"], said["published"]) == ("random", False)
    assert said["metric"] == "AlexNet · uniform heads on random weights"
    assert measure(*pictures).is_published


def test_the_score_is_the_same_at_each_call(control, pictures):
    again = measure(*pictures, weights="random")
    assert again.score == control.score
    for one, other in zip(again.layers, control.layers, strict=True):
        np.testing.assert_array_equal(one.map, other.map)


def test_a_trained_network_is_not_the_random_one_in_any_layer(control, pictures):
    trained = measure(*pictures, heads="uniform")
    for one, other in zip(trained.layers, control.layers, strict=True):
        assert one.distance != pytest.approx(other.distance, rel=1e-3), one.name


@pytest.mark.parametrize("heads", find_backbone("alexnet").head_names)
def test_every_heads_can_be_had_on_random_weights_and_adds_up(heads, pictures):
    measurement = measure(*pictures, heads=heads, weights="random")
    assert measurement.score > 0
    assert sum(layer.distance for layer in measurement.layers) == pytest.approx(measurement.score, rel=1e-6)


def test_a_backbone_whose_weights_are_not_here_has_its_control_all_the_same(pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    assert measure(*pictures, backbone="resnet18", weights="random").score > 0
    with pytest.raises(explorer.WeightsError, match="weights fetch resnet18"):
        measure(*pictures, backbone="resnet18")


def test_the_control_leaves_the_callers_random_numbers_alone(pictures):
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    measure(*pictures, backbone="squeezenet1_1", weights="random")
    assert torch.equal(torch.rand(4), expected)

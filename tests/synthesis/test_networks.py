"""The networks that gradients are taken through: as exact as the others, and shared."""

import pytest
import torch

from explorer.errors import SettingError
from explorer.metrics import Lpips, Method
from explorer.synthesis.levels import levels_of, scaled
from explorer.synthesis.networks import module_of
from explorer.synthesis.objective import Objective

METHODS = (Method(device="cpu"), Method("squeezenet1_1", "uniform", weights="random", device="cpu"))


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.backbone)
def test_value_and_gradient_are_those_of_the_public_module(method, pair):
    x = levels_of(pair.distorted).requires_grad_()
    plain = Lpips(method.backbone, method.heads, method.weights)
    value = plain(scaled(levels_of(pair.reference)), scaled(x))[0]
    (slope,) = torch.autograd.grad(value, x)
    own, own_slope = Objective(method, pair.reference, "cpu").gradient(levels_of(pair.distorted))
    assert own == pytest.approx(float(value.detach()), abs=1e-6)
    assert (own_slope - slope).norm() <= 1e-3 * slope.norm()
    assert own_slope.is_contiguous()


def test_the_same_picture_has_the_same_bits_each_time(pair):
    objective = Objective(METHODS[0], pair.reference, "cpu")
    (first, slope), (second, again) = (objective.gradient(levels_of(pair.distorted)) for _ in range(2))
    assert first == second
    assert torch.equal(slope, again)


def test_all_who_follow_one_metric_share_its_module():
    method = METHODS[1]
    assert module_of(method, "cpu") is module_of(method, "cpu")
    assert module_of(Method("squeezenet1_1", "uniform", ("fire5",), "random"), "cpu") is not module_of(
        method, "cpu"
    )


def test_a_module_that_was_loaded_in_inference_mode_has_gradients(pair):
    method = Method("squeezenet1_1", "uniform", ("fire3",), "random", device="cpu")
    with torch.inference_mode():
        objective = Objective(method, pair.reference, "cpu")
    _, slope = objective.gradient(levels_of(pair.distorted))
    assert slope.abs().sum() > 0


def test_a_metric_without_maps_has_no_module():
    with pytest.raises(SettingError, match="place by place"):
        module_of(Method("dists", device="cpu"), "cpu")

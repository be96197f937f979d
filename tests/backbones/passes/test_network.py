"""The network: what it yields and when, how far it computes, and what it refuses."""

import gc
import weakref
from collections import Counter
from dataclasses import replace

import pytest
import torch
import torchvision
from torch.utils._python_dispatch import TorchDispatchMode
from torchvision.models.feature_extraction import create_feature_extractor

from explorer.backbones import BACKBONES, Network, find_backbone, network
from explorer.backbones.loading import random_state
from explorer.backbones.passes.fused import packed_weights
from explorer.errors import SettingError, WeightsError
from explorer.files.weights import load_state

ALEXNET = find_backbone("alexnet")


def batch(height, width, number=1):
    return torch.randn((number, 3, height, width), generator=torch.Generator().manual_seed(0))


def kept(a_network, image, layers=None):
    """A copy of each activation, taken when it is yielded, as (N, C, rows, columns)."""
    names = a_network.backbone.layer_names if layers is None else layers
    return {name: a.permute(0, 3, 1, 2).clone() for name, a in a_network.activations(image, names)}


@pytest.fixture(scope="module")
def state():
    """AlexNet's trained weights."""
    return load_state(ALEXNET.weights)


@pytest.fixture(scope="module")
def torchvisions(state):
    """The same weights in torchvision's own module."""
    model = torchvision.models.alexnet(weights=None)
    model.features.load_state_dict({key.removeprefix("features."): value for key, value in state.items()})
    return model.eval().requires_grad_(False)


@pytest.fixture(params=[True, False], ids=["fused", "plain"])
def either(request, trunk, state):
    """AlexNet by the private CPU operators and by torch's public ones."""
    if request.param and not trunk.fused:
        pytest.skip("this torch has no fused CPU operators")
    return Network(ALEXNET, state, "cpu", plain=not request.param)


@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_is_found_by_its_own_name_which_is_its_builders(name):
    assert find_backbone(name) is BACKBONES[name]
    assert BACKBONES[name].name == name == BACKBONES[name].builder.__name__


def test_activations_are_those_of_torchvisions_module(either, torchvisions):
    image = batch(97, 128, number=2)
    expected = {}
    features = image
    for index, module in enumerate(torchvisions.features):
        features = module(features)
        expected[f"features.{index}"] = features.clone()
    ours = kept(either, image)
    assert list(ours) == list(ALEXNET.layer_names)
    for layer in ALEXNET.layers:
        largest = expected[layer.node].abs().max().item()
        torch.testing.assert_close(
            ours[layer.name], expected[layer.node], rtol=0, atol=1e-5 * largest, check_stride=False
        )


def test_a_value_that_the_next_operation_overwrites_is_right_when_it_is_yielded(either, torchvisions):
    """torchvision's own extractor returns it overwritten by the in-place ReLU that follows."""
    image = batch(64, 64)
    convolution = torchvisions.features[0](image)
    trap = create_feature_extractor(torchvisions, ["features.0", "features.1"])(image)["features.0"]
    assert trap.min() >= 0 > convolution.min()

    ours = kept(either, image, ("features.0", "conv1"))
    torch.testing.assert_close(ours["features.0"], convolution, rtol=0, atol=1e-5, check_stride=False)
    torch.testing.assert_close(ours["conv1"], convolution.relu(), rtol=0, atol=1e-5, check_stride=False)


def test_places_come_as_rows_and_columns_with_their_channels_last(trunk):
    shapes = {name: tuple(a.shape) for name, a in trunk.activations(batch(97, 128, 2), ALEXNET.layer_names)}
    assert shapes == {
        "conv1": (2, 23, 31, 64),
        "conv2": (2, 11, 15, 192),
        "conv3": (2, 5, 7, 384),
        "conv4": (2, 5, 7, 256),
        "conv5": (2, 5, 7, 256),
    }


class Convolutions(TorchDispatchMode):
    """Counts the convolutions that torch computes."""

    def __init__(self):
        super().__init__()
        self.seen = Counter()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen["convolution" in str(func) and "reorder" not in str(func)] += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("last", ALEXNET.layer_names)
def test_no_layer_deeper_than_asked_for_is_computed(last, either):
    with Convolutions() as convolutions:
        names = [name for name, _ in either.activations(batch(64, 64), (last,))]
    assert names == [last]
    assert convolutions.seen[True] == ALEXNET.layer_names.index(last) + 1


def test_nothing_is_computed_before_it_is_asked_for(either):
    with Convolutions() as convolutions:
        activations = either.activations(batch(64, 64), ALEXNET.layer_names)
        assert convolutions.seen[True] == 0
        next(activations)
        assert convolutions.seen[True] == 1


@pytest.mark.parametrize("name", ["densenet121", "mobilenet_v3_large"])
def test_autograd_goes_back_through_every_node_of_a_plain_network(name):
    """Both overwrite what they computed, by modules and by functions, which autograd would complain about."""
    plain = network(find_backbone(name), "cpu", "random", plain=True)
    assert not plain.fused
    image = batch(32, 32).requires_grad_()
    names = tuple(node for node in plain.graph.nodes if 0 not in plain.grids((32, 32))[node])
    values = [value for _, value in plain.activations(image, names)]
    assert len(values) == len(names)
    sum(value.square().mean() for value in values).backward()
    assert image.grad.isfinite().all()
    assert image.grad.abs().max() > 0


def test_a_network_of_double_precision_input_is_not_rounded_on_the_way(state):
    doubled = Network(ALEXNET, {key: value.double() for key, value in state.items()}, "cpu", plain=True)
    ((_, value),) = doubled.activations(batch(32, 32).double(), ("conv1",))
    assert value.dtype == torch.float64


def test_no_layers_are_no_work(either):
    with Convolutions() as convolutions:
        assert list(either.activations(batch(64, 64), ())) == []
    assert convolutions.seen[True] == 0


def test_the_image_is_left_as_it_was(either):
    image = batch(64, 64)
    before = image.clone()
    list(either.activations(image, (*ALEXNET.layer_names, "features.0")))
    assert torch.equal(image, before)


def test_a_run_that_was_left_half_way_leaves_nothing_behind(either):
    image, other = batch(64, 64), batch(64, 64, number=2)[1:]
    whole = kept(either, image)
    next(iter(either.activations(other, ALEXNET.layer_names)))
    again = kept(either, image)
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_two_runs_in_step_do_not_mix(either):
    one, other = batch(64, 64), batch(64, 64, number=2)[1:]
    expected = kept(either, one), kept(either, other)
    in_step = zip(*(either.activations(image, ALEXNET.layer_names) for image in (one, other)), strict=True)
    for (name, first), (_, second) in in_step:
        assert torch.equal(first.permute(0, 3, 1, 2), expected[0][name])
        assert torch.equal(second.permute(0, 3, 1, 2), expected[1][name])


@pytest.mark.parametrize("size", [(31, 31), (64, 64), (301, 207), (32, 1000)])
def test_grids_are_foretold_as_they_come_out(size, trunk):
    width, height = size
    image = batch(height, width)
    computed = {name: tuple(a.shape[1:3]) for name, a in trunk.activations(image, ALEXNET.layer_names)}
    assert {name: trunk.grids(size)[name] for name in ALEXNET.layer_names} == computed


@pytest.mark.parametrize("name", ["alexnet", "vgg16", "squeezenet1_1"])
def test_the_smallest_side_of_a_published_network_is_the_smallest_that_works(name):
    a_network = network(find_backbone(name), "cpu", "random")
    side = a_network.backbone.smallest_side
    for size, works in (((side, side), True), ((side - 1, side), False), ((side, side - 1), False)):
        grids = [a_network.grids(size).get(layer, (0, 0)) for layer in a_network.backbone.layer_names]
        assert all(min(grid) >= 1 for grid in grids) == works


def test_more_image_sizes_than_packed_weights_are_kept_for_come_out_the_same_when_they_return(either):
    images = [batch(40 + step, 64) for step in range(5)]
    budget = packed_weights.budget
    try:
        packed_weights.clear()
        packed_weights.budget = 15_000_000  # AlexNet takes 10 MB a size
        first, again = ([list(kept(either, image).values()) for image in images] for _ in range(2))
        assert packed_weights.used <= packed_weights.budget
    finally:
        packed_weights.budget = budget
        packed_weights.clear()
    for one, other in zip(first, again, strict=True):
        assert all(map(torch.equal, one, other))


def without(weights):
    del weights["features.10.bias"]


def renamed(weights):
    weights["features.11.bias"] = weights.pop("features.10.bias")


def of_another_shape(weights):
    weights["features.0.weight"] = weights["features.0.weight"][:, :1]


@pytest.mark.parametrize("spoil", [without, renamed, of_another_shape])
def test_weights_that_do_not_fit_are_refused_by_the_files_name(spoil, state):
    weights = dict(state)
    spoil(weights)
    with pytest.raises(WeightsError, match=r"alexnet\.safetensors does not fit AlexNet: .*features\.\d+\."):
        Network(ALEXNET, weights, "cpu")


def test_more_weights_than_are_needed_do_no_harm_and_take_no_memory(state, trunk):
    more = {**state, "classifier.6.weight": torch.zeros(1000, 4096), "stray": torch.zeros(3)}
    assert Network(ALEXNET, more, "cpu").bytes == trunk.bytes == sum(v.nbytes for v in state.values())


@pytest.mark.parametrize("name", ["alexnet", "resnet18"])
@pytest.mark.parametrize("plain", [False, True])
def test_all_that_a_network_holds_after_a_pass_is_in_its_bytes(name, plain):
    row = find_backbone(name)
    own = Network(row, random_state(row), "cpu", "random", plain=plain)
    kept(own, batch(64, 64))
    tensors = [*own.module.parameters(), *own.module.buffers()]
    tensors += [each.weight for each in own._convolutions.values()]
    held = {each.data_ptr(): each.nbytes for each in tensors if not each.is_meta}
    assert sum(held.values()) == pytest.approx(own.bytes, rel=1e-4)


def test_a_network_that_nobody_holds_is_gone_at_once(state):
    own = Network(ALEXNET, state, "cpu")
    kept(own, batch(64, 64))
    gone, collected = weakref.ref(own), gc.isenabled()
    gc.disable()
    try:
        del own
        assert gone() is None
    finally:
        if collected:
            gc.enable()


def test_weights_of_one_backbone_do_not_pass_for_anothers():
    row = replace(ALEXNET, weights=(ALEXNET.heads["lpips-0.1"],))
    with pytest.raises(WeightsError, match=r"alexnet-lpips-0\.1\.safetensors does not fit AlexNet"):
        network(row, "cpu")


def test_an_unknown_layer_is_refused_with_those_that_exist(trunk):
    with pytest.raises(SettingError, match=r"AlexNet has no layer 'conv9'; choose from: conv1, .*conv5"):
        list(trunk.activations(batch(64, 64), ("conv9",)))


@pytest.mark.parametrize("name", ["vgg99", "", None, ["alexnet"]])
def test_an_unknown_backbone_is_refused_with_those_that_exist(name):
    with pytest.raises(SettingError, match=r"no backbone .*; choose one of: alexnet, vgg16"):
        find_backbone(name)

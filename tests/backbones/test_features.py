"""The network: its layers, its grids, how far it computes, and what it refuses."""

from dataclasses import replace

import pytest
import torch
import torchvision

from explorer.backbones import BACKBONES, Network, available_devices, find_backbone, find_device, network
from explorer.backbones.features import PACKED_SIZES
from explorer.backbones.weights import load_weights
from explorer.errors import SettingError, WeightsError

ALEXNET = find_backbone("alexnet")


def batch(height, width, number=1):
    return torch.randn((number, 3, height, width), generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def torchvisions():
    """The same weights in torchvision's own module."""
    features = torchvision.models.alexnet(weights=None).features
    weights = load_weights(ALEXNET.weights)
    features.load_state_dict({key.removeprefix("features."): tensor for key, tensor in weights.items()})
    return features.eval().requires_grad_(False)


@pytest.mark.parametrize("backbone", BACKBONES.values(), ids=list(BACKBONES))
def test_every_backbone_of_the_catalogue_yields_its_layers_in_order_with_their_channels(backbone):
    side = backbone.smallest_side
    activations = dict(network(backbone, "cpu").activations(batch(side, side)))
    assert list(activations) == list(backbone.layer_names)
    assert [a.shape[1] for a in activations.values()] == [layer.channels for layer in backbone.layers]


@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_is_found_by_its_own_name_which_is_torchvisions(name):
    assert find_backbone(name) is BACKBONES[name]
    assert BACKBONES[name].name == name == BACKBONES[name].builder.__name__


@pytest.mark.parametrize("fused", [True, False])
def test_activations_are_those_of_torchvisions_module(fused, torchvisions, trunk):
    if fused and not trunk.fused:
        pytest.skip("this torch has no fused CPU operators")
    image = batch(97, 128, number=2)
    expected = {}
    features = image
    for index, module in enumerate(torchvisions):
        features = module(features)
        expected[index] = features.clone()
    ours = dict(Network(ALEXNET, load_weights(ALEXNET.weights), "cpu", fused).activations(image))
    for layer in ALEXNET.layers:
        largest = expected[layer.node].abs().max().item()
        torch.testing.assert_close(
            ours[layer.name], expected[layer.node], rtol=0, atol=1e-5 * largest, check_stride=False
        )


@pytest.mark.parametrize("fused", [True, False])
def test_a_later_step_leaves_the_activations_that_were_yielded_as_they_were(fused, trunk):
    if fused and not trunk.fused:
        pytest.skip("this torch has no fused CPU operators")
    a_network = Network(ALEXNET, load_weights(ALEXNET.weights), "cpu", fused)
    pairs = [(activation, activation.clone()) for _, activation in a_network.activations(batch(64, 64))]
    assert all(torch.equal(activation, copy) for activation, copy in pairs)


@pytest.mark.parametrize("last", ALEXNET.layer_names)
def test_no_layer_deeper_than_asked_for_is_computed(last, trunk):
    names = [name for name, _ in trunk.activations(batch(64, 64), last)]
    assert names == list(ALEXNET.layer_names[: ALEXNET.layer_names.index(last) + 1])


def test_the_image_is_left_as_it_was(trunk):
    image = batch(64, 64)
    before = image.clone()
    list(trunk.activations(image))
    assert torch.equal(image, before)


@pytest.mark.parametrize("size", [(31, 31), (64, 64), (301, 207), (32, 1000)])
def test_grids_are_foretold_as_they_come_out(size, trunk):
    width, height = size
    computed = {name: tuple(a.shape[2:]) for name, a in trunk.activations(batch(height, width))}
    assert trunk.grids(size) == computed


@pytest.mark.parametrize("backbone", BACKBONES.values(), ids=list(BACKBONES))
def test_the_smallest_side_is_the_smallest_that_works(backbone):
    side = backbone.smallest_side
    a_network = network(backbone, "cpu")
    assert all(min(grid) >= 1 for grid in a_network.grids((side, side)).values())
    with pytest.raises(RuntimeError):
        a_network.grids((side - 1, side))


def test_more_image_sizes_than_packed_weights_are_kept_for_come_out_the_same_when_they_return(trunk):
    images = [batch(40 + step, 64) for step in range(PACKED_SIZES + 3)]
    first = [list(trunk.activations(image))[-1][1] for image in images]
    again = [list(trunk.activations(image))[-1][1] for image in images]
    assert all(torch.equal(one, other) for one, other in zip(first, again, strict=True))


def test_all_users_share_one_network():
    assert network(ALEXNET, "cpu") is network(find_backbone("alexnet"), "cpu")


def without(weights):
    del weights["features.10.bias"]


def renamed(weights):
    weights["features.11.bias"] = weights.pop("features.10.bias")


def of_another_shape(weights):
    weights["features.0.weight"] = weights["features.0.weight"][:, :1]


@pytest.mark.parametrize("spoil", [without, renamed, of_another_shape])
def test_weights_that_do_not_fit_are_refused_by_the_files_name(spoil):
    weights = load_weights(ALEXNET.weights)
    spoil(weights)
    with pytest.raises(WeightsError, match=r"alexnet\.safetensors does not fit AlexNet"):
        Network(ALEXNET, weights, "cpu")


def test_weights_of_one_backbone_do_not_pass_for_anothers():
    row = replace(ALEXNET, weights=ALEXNET.heads["lpips-0.1"])
    with pytest.raises(WeightsError, match=r"alexnet-lpips-0\.1\.safetensors does not fit AlexNet"):
        network(row, "cpu")


def test_the_cpu_is_always_there_and_last():
    assert available_devices()[-1] == "cpu"


def test_auto_is_the_first_device_and_names_stand_for_themselves():
    assert find_device("auto") == available_devices()[0]
    assert all(find_device(name) == name for name in available_devices())


@pytest.mark.parametrize("name", ["tpu", "", "cuda:99", "CPU"])
def test_an_unknown_device_is_refused_with_those_that_exist(name):
    with pytest.raises(SettingError, match=r"choose one of: auto, .*cpu"):
        find_device(name)


def test_an_unknown_backbone_is_refused_with_those_that_exist():
    with pytest.raises(SettingError, match=r"no backbone 'vgg99'; choose one of: alexnet"):
        find_backbone("vgg99")

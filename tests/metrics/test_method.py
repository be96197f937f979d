"""A method is complete and checked once it is made, and says of itself what others key and link by."""

from dataclasses import replace

import pytest

import explorer
from explorer.backbones import BACKBONES, graph_of
from explorer.errors import SettingError
from explorer.images import derive
from explorer.metrics import Method, compare, read_method
from explorer.metrics.method import PARAMETERS

NODE = "features.2"  # of AlexNet, no layer of its own


def test_what_is_not_said_is_filled_in():
    method = Method("vgg16")
    assert (method.heads, method.layers) == ("lpips-0.1", BACKBONES["vgg16"].layer_names)


def test_random_weights_take_uniform_heads_unless_others_are_named_or_there_are_none():
    assert Method(weights="random").heads == "uniform"
    assert Method(weights="random", heads="lpips-0.1").heads == "lpips-0.1"
    assert Method("dists", weights="random").heads == "dists"
    assert Method(heads="lpips-0.0").with_weights("random").heads == "uniform"
    assert Method(weights="random").with_weights("trained") == Method()
    assert Method(weights="random").with_backbone("vgg16").heads == "uniform"
    kept = Method(heads="uniform", layers=(NODE, "conv2")).with_weights("random")
    assert kept.layers == Method(heads="uniform", layers=(NODE, "conv2")).layers
    assert kept.with_weights("trained").layers == ("conv2",)  # learned heads know no other node


def test_layers_stand_in_the_networks_order_whatever_the_callers():
    assert Method(layers=("conv5", "conv1")).layers == ("conv1", "conv5")
    assert Method(layers=("conv5", "conv1")) == Method(layers=["conv1", "conv5"])


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ("backbone", {"backbone": "lenet"}),
        ("heads", {"heads": "st-lpips"}),
        ("layers", {"layers": ("conv9",)}),
        ("layers", {"layers": ()}),
        ("layers", {"layers": (NODE,)}),  # learned heads have no weights for it
        ("weights", {"weights": "light"}),
        ("size", {"size": 0}),
        ("size", {"size": 1.5}),
        ("device", {"device": "abacus"}),
        ("precision", {"precision": "fp8", "device": "cpu"}),
    ],
)
def test_an_error_names_the_setting_that_it_is_about(setting, wrong):
    with pytest.raises(SettingError) as caught:
        Method(**wrong)
    assert caught.value.setting == setting
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "method",
    [
        Method(),
        Method("dists", weights="random"),
        Method("alexnet", "uniform", (NODE, "conv2"), "random", 200, "cpu", "bf16"),
        Method("resnet18", layers=("layer3",)),
    ],
    ids=lambda method: method.label,
)
def test_a_link_brings_every_parameter_back(method):
    link, read = method.to_link(), Method()
    for name in (name for name in PARAMETERS if name in link):
        read = read.with_text(name, link[name])
    assert read == method


@pytest.mark.parametrize("heads", ["uniform", "lpips-0.1"])
def test_a_link_of_random_weights_always_names_the_heads(heads):
    assert Method(weights="random", heads=heads).to_link() == {"weights": "random", "heads": heads}


def test_an_old_link_of_random_weights_without_heads_still_means_the_learned_ones_of_then():
    assert Method().with_text("weights", "random") == Method(weights="random", heads="lpips-0.1")
    old = Method().with_text("backbone", "vgg16").with_text("weights", "random")
    assert old == Method("vgg16", "lpips-0.1", weights="random")


def test_the_first_method_has_an_empty_link():
    assert Method().to_link() == {}


def test_one_word_names_backbone_heads_and_weights():
    assert Method("vgg16", "uniform", weights="random").text == "vgg16:uniform:random"
    assert read_method("alex:uniform") == Method("alexnet", "uniform")


def test_other_heads_let_go_of_the_nodes_that_they_have_no_weights_for():
    method = Method(heads="uniform", layers=(NODE, "conv2"))
    assert method.with_heads("lpips-0.1").layers == ("conv2",)
    assert Method(heads="uniform", layers=(NODE,)).with_heads("lpips-0.1").layers == Method().layers


def test_another_backbone_brings_its_layers_and_keeps_the_heads_that_it_has():
    assert Method(heads="lpips-0.0", layers=("conv2",)).with_backbone("vgg16") == Method("vgg16", "lpips-0.0")
    assert Method().with_backbone("resnet18").heads == "uniform"


def test_methods_that_give_the_same_numbers_have_one_identity():
    assert Method(device="auto").identity == Method(device=Method().network.device).identity
    assert Method(size=100).identity != Method().identity


def test_methods_that_share_a_pass_are_told_from_those_that_do_not():
    shared = Method().pass_identity
    assert Method(heads="uniform", layers=("conv2",)).pass_identity == shared
    assert Method(heads="lpips-0.0").pass_identity != shared  # another input scaling
    for other in ({"weights": "random"}, {"size": 64}, {"precision": "bf16", "device": "cpu"}):
        assert replace(Method(device="cpu"), **other).pass_identity != Method(device="cpu").pass_identity


def test_siblings_are_compared_in_one_pass_and_give_the_same_numbers_as_alone(pair):
    together = compare(pair.reference, pair.distorted, Method(), siblings=True)
    assert (together.heads, together.layers) == (("lpips-0.1", "uniform"), Method().layers)
    for heads in together.heads:
        alone = explorer.measure(pair.reference, pair.distorted, heads=heads, layers=["conv1", "conv4"])
        own = together.measurement(heads, ("conv1", "conv4"))
        assert own.score == pytest.approx(alone.score, rel=1e-6)


def test_with_a_node_in_the_sum_only_uniform_heads_are_siblings():
    method = Method(heads="uniform", layers=(NODE,))
    heads, layers = method.siblings
    assert heads == ("uniform",)
    assert layers == graph_of(method.row).ordered((*method.row.layer_names, NODE))


def test_layers_or_heads_that_were_not_compared_are_refused_and_not_left_out(pair):
    found = compare(pair.reference, pair.distorted, Method(layers=("conv1", "conv2")))
    assert found.measurement("lpips-0.1", ("conv1",)).score > 0
    with pytest.raises(SettingError, match=r"layers conv5 were not compared, only conv1, conv2"):
        found.measurement("lpips-0.1", ("conv1", "conv5"))
    with pytest.raises(SettingError, match=r"heads uniform were not compared, only lpips-0.1"):
        found.measurement("uniform", ("conv1",))


def test_a_size_is_applied_to_both_pictures_as_given(pair):
    method = Method(size=100, device="cpu")
    found = compare(pair.reference, pair.distorted, method).measurement(method.heads)
    assert found.size == (100, 69)
    assert found.score == explorer.measure(pair.reference, pair.distorted, size=100, device="cpu").score


def test_a_reference_under_another_name_keeps_its_own_notes(pair):
    renamed = derive(pair.reference, pair.reference.pixels, name="other")
    method = Method(size=90)
    first = compare(pair.reference, pair.distorted, method)
    second = compare(renamed, pair.distorted, method)
    assert (first.reference.name, second.reference.name) == (pair.reference.name, "other")

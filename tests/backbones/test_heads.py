"""The heads: the published weights, non-negative, each for its layer."""

import hashlib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from explorer.backbones import (
    BACKBONES,
    HEADS,
    find_backbone,
    find_heads,
    graph_of,
    heads_sharing_a_pass,
    scaling_of,
    stacked_weights,
)
from explorer.backbones.heads import head_weights
from explorer.backbones.row import NO_SCALING
from explorer.errors import SettingError, WeightsError
from explorer.files.source import WeightsFile
from explorer.files.weights import BUNDLED

# lpips' own names of the networks whose heads are bundled.
NETWORKS = {"alexnet": "alex", "vgg16": "vgg", "squeezenet1_1": "squeeze"}


@pytest.mark.parametrize("version", ["0.1", "0.0"])
@pytest.mark.parametrize("backbone", NETWORKS)
def test_bundled_heads_are_bit_for_bit_those_of_the_lpips_wheel(backbone, version):
    wheel = Path(find_spec("lpips").origin).parent
    published = torch.load(
        wheel / "weights" / f"v{version}" / f"{NETWORKS[backbone]}.pth", map_location="cpu", weights_only=True
    )
    bundled = load_file(BUNDLED / f"{backbone}-lpips-{version}.safetensors")
    assert len(bundled) == len(published)
    # Sorted by name, layers are in the order of lpips' lin0, lin1 ... for each of these networks.
    for layer, key in zip(sorted(bundled), sorted(published), strict=True):
        assert torch.equal(bundled[layer], published[key].flatten()), layer


# Each backbone with each of its learned heads that weigh channels of maps.
LEARNED = [(row, heads) for row in BACKBONES.values() for heads in row.heads if HEADS[heads].has_maps]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_published_networks_have_both_releases_and_the_baseline_the_current_release_first(name):
    assert find_backbone(name).head_names == ("lpips-0.1", "lpips-0.0", "uniform")
    assert find_heads(None, find_backbone(name)).name == "lpips-0.1"


@pytest.mark.parametrize("row", BACKBONES.values(), ids=list(BACKBONES))
def test_every_backbone_has_heads_that_exist_and_its_first_is_the_default(row):
    assert row.head_names
    assert [find_heads(name, row).name for name in row.head_names] == list(row.head_names)
    assert find_heads(None, row).name == row.head_names[0]


@pytest.mark.parametrize(("row", "heads"), LEARNED, ids=lambda value: getattr(value, "name", value))
def test_learned_heads_have_one_weight_a_channel_and_none_is_negative(row, heads):
    weights = head_weights(row, heads)
    assert {name: tensor.shape for name, tensor in weights.items()} == {
        name: (graph_of(row).channels(name),) for name in row.layer_names
    }
    for name, tensor in weights.items():
        assert tensor.dtype == torch.float32, name
        assert tensor.min() >= 0, name
        assert tensor.max() > 0, name


@pytest.mark.parametrize("backbone", NETWORKS)
def test_no_learned_weight_of_the_current_release_is_negative(backbone):
    for layer, weights in load_file(BUNDLED / f"{backbone}-lpips-0.1.safetensors").items():
        assert weights.min() >= 0, layer
        assert weights.max() > 0, layer


@pytest.mark.parametrize("row", BACKBONES.values(), ids=list(BACKBONES))
def test_uniform_counts_every_channel_of_every_layer_and_of_every_node_once(row):
    graph = graph_of(row)
    for name in (*row.layer_names, *graph.nodes):
        assert torch.equal(stacked_weights(row, ["uniform"], name), torch.ones(graph.channels(name), 1)), name


def test_heads_are_stacked_in_the_order_asked_for():
    row = find_backbone("alexnet")
    learned = head_weights(row, "lpips-0.1")["conv2"]
    stacked = stacked_weights(row, ["uniform", "lpips-0.1"], "conv2")
    assert torch.equal(stacked, torch.stack([torch.ones(192), learned], dim=1))


@pytest.mark.parametrize("name", NETWORKS)
def test_heads_that_scale_the_input_alike_share_a_pass(name):
    row = find_backbone(name)
    sharing = {heads: heads_sharing_a_pass(find_heads(heads, row), row) for heads in row.head_names}
    assert set(sharing["lpips-0.1"]) == set(sharing["uniform"]) == {"lpips-0.1", "uniform"}
    assert sharing["lpips-0.0"] == ("lpips-0.0",)


def test_only_the_first_release_leaves_the_input_unscaled():
    for row in BACKBONES.values():
        for heads in row.head_names:
            unscaled = scaling_of(find_heads(heads, row), row) == NO_SCALING
            assert unscaled == (heads == "lpips-0.0" or row.scaling == NO_SCALING)


def test_shared_heads_cannot_be_changed():
    weights = head_weights(find_backbone("alexnet"), "lpips-0.1")
    with pytest.raises(TypeError):
        weights["conv1"] = torch.zeros(64)


def test_unknown_heads_are_refused_with_those_that_exist():
    with pytest.raises(
        SettingError, match=r"AlexNet has no heads 'lpips-9'; choose one of: lpips-0.1, lpips-0.0, uniform"
    ):
        find_heads("lpips-9", find_backbone("alexnet"))


@pytest.mark.parametrize(
    ("backbone", "heads"),
    [
        ("resnet18", "lpips-0.1"),
        ("alexnet", "dists"),
        ("alexnet", "st-lpips"),
        ("dists", "uniform"),
        ("alexnet", ["uniform"]),
    ],
)
def test_heads_of_another_backbone_are_refused_with_those_that_it_has(backbone, heads):
    row = find_backbone(backbone)
    with pytest.raises(
        SettingError, match=rf"{row.label} has no heads .*; choose one of: .*{row.head_names[-1]}"
    ):
        find_heads(heads, row)


@pytest.mark.parametrize("spoil", ["missing layer", "wrong channels"])
def test_heads_that_do_not_fit_their_backbone_are_refused(spoil, tmp_path, monkeypatch):
    weights = dict(head_weights(find_backbone("alexnet"), "lpips-0.1"))
    if spoil == "missing layer":
        del weights["conv3"]
    else:
        weights["conv3"] = weights["conv3"][:-1].clone()
    save_file(weights, tmp_path / "spoiled.safetensors")
    checksum = hashlib.sha256((tmp_path / "spoiled.safetensors").read_bytes()).hexdigest()
    monkeypatch.setenv("EXPLORER_WEIGHTS", str(tmp_path))
    row = replace(find_backbone("alexnet"), heads={"lpips-0.1": WeightsFile("spoiled.safetensors", checksum)})
    with pytest.raises(WeightsError, match=r"spoiled\.safetensors does not fit AlexNet's layer conv3"):
        head_weights(row, "lpips-0.1")

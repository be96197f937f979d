"""The heads: the published weights, non-negative, each for its layer."""

import hashlib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from explorer.backbones import BACKBONES, HEADS, find_backbone, find_heads, head_weights, heads_sharing_a_pass
from explorer.backbones.catalogue import WeightsFile
from explorer.backbones.weights import BUNDLED
from explorer.errors import SettingError, WeightsError

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


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("backbone", BACKBONES.values(), ids=list(BACKBONES))
def test_every_backbone_has_every_heads_with_one_weight_a_channel(backbone, heads):
    weights = head_weights(backbone, heads)
    assert {name: tensor.shape for name, tensor in weights.items()} == {
        layer.name: (layer.channels,) for layer in backbone.layers
    }
    assert all(tensor.dtype == torch.float32 for tensor in weights.values())


@pytest.mark.parametrize("backbone", NETWORKS)
def test_no_learned_weight_of_the_current_release_is_negative(backbone):
    for layer, weights in load_file(BUNDLED / f"{backbone}-lpips-0.1.safetensors").items():
        assert weights.min() >= 0, layer
        assert weights.max() > 0, layer


@pytest.mark.parametrize("backbone", BACKBONES.values(), ids=list(BACKBONES))
def test_every_heads_of_the_catalogue_are_non_negative(backbone):
    for heads in HEADS:
        assert all((weights >= 0).all() for weights in head_weights(backbone, heads).values()), heads


def test_uniform_counts_every_channel_once():
    for weights in head_weights(find_backbone("alexnet"), "uniform").values():
        assert torch.equal(weights, torch.ones_like(weights))


def test_heads_that_scale_the_input_alike_share_a_pass():
    assert set(heads_sharing_a_pass(find_heads("lpips-0.1"))) == {"lpips-0.1", "uniform"}
    assert set(heads_sharing_a_pass(find_heads("uniform"))) == {"lpips-0.1", "uniform"}
    assert heads_sharing_a_pass(find_heads("lpips-0.0")) == ("lpips-0.0",)


def test_shared_heads_cannot_be_changed():
    weights = head_weights(find_backbone("alexnet"), "lpips-0.1")
    with pytest.raises(TypeError):
        weights["conv1"] = torch.zeros(64)


def test_unknown_heads_are_refused_with_those_that_exist():
    with pytest.raises(
        SettingError, match=r"no heads 'lpips-9'; choose one of: lpips-0.1, lpips-0.0, uniform"
    ):
        find_heads("lpips-9")


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

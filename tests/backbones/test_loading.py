"""Loaded networks: one for all users, the least recently used make room, random ones always the same."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from explorer.backbones import BACKBONES, find_backbone, find_weights, network
from explorer.backbones.graph import graph_of
from explorer.backbones.loading import networks, random_state
from explorer.backbones.passes.network import needed_state
from explorer.errors import MissingWeightsError, SettingError, WeightsError
from explorer.files.source import WeightsFile
from explorer.files.weights import load_state

ALEXNET, SQUEEZENET = find_backbone("alexnet"), find_backbone("squeezenet1_1")


@pytest.fixture
def no_networks():
    """The cache of networks, empty; afterwards with its budget and all that it held."""
    kept, used, budget = dict(networks._entries), networks.used, networks.budget
    networks.clear()
    yield networks
    networks.clear()
    networks.budget = budget
    for key, entry in kept.items():
        networks.put(key, entry.value, entry.size)
    assert networks.used == used


def test_all_users_share_one_network():
    assert network(ALEXNET, "cpu") is network(find_backbone("alexnet"), "cpu")
    assert network(ALEXNET, "cpu", "random") is network(ALEXNET, "cpu", "random")
    assert network(ALEXNET, "cpu", "random") is not network(ALEXNET, "cpu")
    assert network(ALEXNET, "cpu", plain=True) is network(ALEXNET, "cpu", plain=True)
    assert network(ALEXNET, "cpu", plain=True) is not network(ALEXNET, "cpu")


@pytest.mark.usefixtures("no_networks")
def test_a_network_that_was_first_used_for_inference_serves_autograd_as_well():
    with torch.inference_mode():
        plain = network(SQUEEZENET, "cpu", "random", plain=True)
        (expected,) = (value for _, value in plain.activations(torch.ones(1, 3, 32, 32), ("fire9",)))
    image = torch.ones(1, 3, 32, 32, requires_grad=True)
    ((_, value),) = plain.activations(image, ("fire9",))
    assert torch.equal(value, expected)
    value.square().sum().backward()
    assert image.grad.abs().max() > 0
    assert not any(parameter.requires_grad for parameter in plain.module.parameters())


@pytest.mark.usefixtures("no_networks")
def test_users_who_ask_at_the_same_time_get_the_same_object_loaded_once():
    built = []

    def builder(**keywords):
        module = SQUEEZENET.builder(**keywords)
        if next(module.parameters()).device.type == "cpu":
            built.append(module)
        return module

    row = replace(SQUEEZENET, builder=builder)
    graph_of(row)
    together = threading.Barrier(6)

    def ask(_):
        together.wait()
        return network(row, "cpu", "random")

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(ask, range(6)))
    assert all(one is found[0] for one in found)
    assert len(built) == 1


def test_the_least_recently_used_network_makes_room_by_its_bytes(no_networks):
    squeeze, alex = network(SQUEEZENET, "cpu", "random"), network(ALEXNET, "cpu", "random")
    assert no_networks.used == squeeze.bytes + alex.bytes
    no_networks.budget = no_networks.used
    assert network(SQUEEZENET, "cpu", "random") is squeeze  # now AlexNet has waited longer
    trained = network(ALEXNET, "cpu")
    assert no_networks.used == squeeze.bytes + trained.bytes
    assert network(SQUEEZENET, "cpu", "random") is squeeze
    assert network(ALEXNET, "cpu", "random") is not alex


def test_a_network_larger_than_the_whole_budget_works_and_is_not_kept(no_networks):
    no_networks.budget = 1000
    first = network(SQUEEZENET, "cpu", "random")
    assert no_networks.used == 0
    assert network(SQUEEZENET, "cpu", "random") is not first
    assert len(list(first.activations(torch.zeros(1, 3, 32, 32), ("conv1", "fire9")))) == 2


def test_a_network_counts_the_bytes_of_the_weights_that_it_needs():
    features = sum(p.numel() for p in SQUEEZENET.builder(weights=None).features.parameters())
    assert network(SQUEEZENET, "cpu", "random").bytes == 4 * features


@pytest.mark.parametrize("name", ["alexnet", "squeezenet1_1", "resnet18"])
def test_random_weights_are_the_same_at_each_call_and_leave_torchs_generator_as_it_was(name):
    row = find_backbone(name)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = random_state(row)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    second = random_state(row)
    assert first.keys() == second.keys() == needed_state(graph_of(row)).keys()
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_random_weights_leave_the_generators_of_gpus_alone(monkeypatch):
    seeded = []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeded.append)
    random_state(SQUEEZENET)
    assert seeded == []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
    assert seeded == [3]  # where it would have been seen


def test_random_weights_are_torchs_own_initial_ones_and_change_with_the_seed():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        expected = SQUEEZENET.builder(weights=None).state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in random_state(SQUEEZENET).items())
    other = random_state(SQUEEZENET, seed=1)
    assert not torch.equal(other["features.0.weight"], expected["features.0.weight"])


def test_random_weights_do_not_depend_on_who_else_draws_some_at_the_same_time():
    """torch has one generator for the whole process."""
    rows = [SQUEEZENET, find_backbone("mobilenet_v3_large"), SQUEEZENET, SQUEEZENET]
    expected = random_state(SQUEEZENET)
    with ThreadPoolExecutor(len(rows)) as pool:
        for _ in range(3):
            states = list(pool.map(random_state, rows))
            for state, row in zip(states, rows, strict=True):
                if row is SQUEEZENET:
                    assert all(torch.equal(state[key], expected[key]) for key in expected)


@pytest.mark.parametrize("name", ["", "pretrained", None, ["trained"]])
def test_unknown_weights_are_refused_with_those_that_exist(name):
    with pytest.raises(SettingError, match=r"no weights .*; choose one of: trained, random"):
        find_weights(name)


@pytest.mark.parametrize("row", BACKBONES.values(), ids=list(BACKBONES))
def test_the_weights_that_a_row_needs_do_not_hold_an_unused_classifier(row):
    needed = needed_state(graph_of(row))
    assert not [key for key in needed if key.split(".")[0] in ("classifier", "fc", "head", "heads")]
    assert not [key for key in needed if key.endswith("num_batches_tracked")]


def in_a_folder(state, folder, monkeypatch):
    """A row like SqueezeNet's whose weights are this state, in a folder that EXPLORER_WEIGHTS names."""
    path = folder / "own.safetensors"
    save_file({key: tensor.contiguous() for key, tensor in state.items()}, path)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setenv("EXPLORER_WEIGHTS", str(folder))
    return replace(SQUEEZENET, weights=(WeightsFile(path.name, checksum),))


def test_weights_from_a_folder_are_those_that_are_used(tmp_path, monkeypatch):
    state = random_state(SQUEEZENET, seed=3)
    row = in_a_folder(state, tmp_path, monkeypatch)
    own, other = network(row, "cpu"), network(SQUEEZENET, "cpu", "random")
    image = torch.ones(1, 3, 32, 32)
    (ours,), (theirs,) = (list(one.activations(image, ("conv1",))) for one in (own, other))
    assert not torch.equal(ours[1], theirs[1])
    assert all(torch.equal(value, state[key]) for key, value in load_state(row.weights).items())


def without_a_bias(state):
    del state["features.12.expand3x3.bias"]


def of_another_shape(state):
    state["features.0.weight"] = state["features.0.weight"][:, :1]


def with_a_nan(state):
    state["features.0.bias"] = state["features.0.bias"] * float("nan")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            without_a_bias,
            r"own\.safetensors does not fit SqueezeNet 1\.1: it lacks features\.12\.expand3x3\.bias",
        ),
        (
            of_another_shape,
            r"own\.safetensors does not fit SqueezeNet 1\.1: .* is 64×1×3×3, expected is 64×3×3×3",
        ),
        (with_a_nan, r"own\.safetensors holds numbers that are not finite \(in features\.0\.bias\)"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_in_a_sentence_and_nothing_is_kept(
    spoil, words, tmp_path, monkeypatch, no_networks
):
    state = random_state(SQUEEZENET)
    spoil(state)
    row = in_a_folder(state, tmp_path, monkeypatch)
    with pytest.raises(WeightsError, match=words):
        network(row, "cpu")
    assert no_networks.used == 0


def test_weights_that_are_nowhere_are_named_with_the_command_that_fetches_them(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    row = replace(find_backbone("resnet18"))
    with pytest.raises(MissingWeightsError, match="weights fetch resnet18"):
        network(row, "cpu")

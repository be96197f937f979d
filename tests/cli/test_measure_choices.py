"""`measure` with another network, other layers, random weights or less precision."""

import re

import pytest

import explorer
from explorer.backbones import BACKBONES, find_device
from tests.cli.commands import CAT, assert_same_numbers, refusal, run, strict
from tests.grid import few


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (("--weights", "random"), {"weights": "random"}),
        (
            ("--backbone", "resnet18", "--weights", "random", "--layers", "layer2", "--size", "96"),
            {"backbone": "resnet18", "weights": "random", "layers": ["layer2"], "size": 96},
        ),
        (
            ("--heads", "uniform", "--layers", "conv2, features.0"),
            {"heads": "uniform", "layers": ["features.0", "conv2"]},
        ),
        (("--precision", "bf16", "--device", "cpu"), {"precision": "bf16", "device": "cpu"}),
    ],
)
def test_choices_give_the_measurement_from_python(blurred, options, settings):
    printed = strict(run("measure", CAT, blurred, "--json", *options).stdout)
    assert_same_numbers(printed, explorer.measure(CAT, blurred, **settings))


@pytest.mark.parametrize("name", few(sorted(BACKBONES, key=lambda name: name != "dists"), 2))
def test_default_heads_on_random_weights_are_uniform_where_a_backbone_has_them(name):
    printed = strict(
        run("measure", CAT, CAT, "--backbone", name, "--weights", "random", "--size", "64", "--json").stdout
    )
    assert (printed["backbone"], printed["heads"]) == (name, "uniform" if BACKBONES[name].uniform else name)
    assert printed["score"] == pytest.approx(0, abs=1e-6)


def test_table_says_what_is_not_as_usual_and_nothing_else(blurred):
    device = find_device("auto")
    plain = run("measure", CAT, blurred).stdout.splitlines()[0]
    assert plain == f"AlexNet · LPIPS v0.1, on {device}, at 300 × 300 pixels"
    other = run("measure", CAT, blurred, CAT, "--weights", "random", "--precision", "bf16").stdout
    assert other.startswith(f"AlexNet · uniform heads on random weights · bf16, on {device}, conv1, ")


def test_missing_weights_are_one_line_that_says_how_to_get_them(blurred, tmp_path, monkeypatch):
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    line = refusal("measure", CAT, blurred, "--backbone", "swin_t")
    assert re.search(r"weights of swin_t are not on this machine.*weights fetch swin_t", line)


def test_dists_has_structure_and_texture_in_place_of_maps(blurred, tmp_path):
    options = ("--backbone", "dists", "--weights", "random", "--size", "64")
    text = run("measure", CAT, blurred, *options).stdout
    assert re.search(r"^layer +channels +grid +distance +share +structure +texture$", text, re.MULTILINE)
    printed = strict(run("measure", CAT, blurred, *options, "--json").stdout)
    for layer in printed["layers"]:
        assert layer["structure"] + layer["texture"] == pytest.approx(layer["distance"])
    line = refusal("measure", CAT, blurred, *options, "--maps", tmp_path / "maps.npz")
    assert "'--maps'" in line
    assert "no maps" in line
    assert not (tmp_path / "maps.npz").exists()

"""The citable line names everything that another person needs to measure the same."""

import hashlib
from importlib.metadata import version

import pytest

from explorer import __version__
from explorer.backbones import find_backbone
from explorer.files.weights import BUNDLED
from explorer.report import citation


def test_line_has_versions_names_sizes_and_the_checksums_of_the_files_that_were_read(found):
    line = citation(found)
    assert "\n" not in line
    assert line.startswith(
        f"LPIPS (Zhang et al., CVPR 2018); LPIPS Explorer {__version__}; backbone alexnet; "
    )
    for name in ("alexnet.safetensors", "alexnet-lpips-0.1.safetensors"):
        checksum = hashlib.sha256((BUNDLED / name).read_bytes()).hexdigest()
        assert f"{name} (sha256 {checksum})" in line
    for name in ("torch", "torchvision", "numpy", "pillow"):
        assert f"{name} {version(name)}" in line
    assert "given at 150 × 120, measured at 150 × 120 pixels, resize filter none" in line
    assert "layers" not in line


def test_resized_pair_names_the_filter(investigate):
    line = citation(investigate(longest=75, boxes=()))
    assert "given at 150 × 120, measured at 75 × 60 pixels, resize filter Lanczos" in line


@pytest.mark.parametrize(
    ("backbone", "heads", "source", "file"),
    [
        ("dists", "dists", "DISTS (Ding et al., TPAMI 2020)", "dists.safetensors"),
        (
            "alexnet_shift",
            "st-lpips",
            "ST-LPIPS (Ghildyal and Liu, ECCV 2022)",
            "alexnet_shift-st-lpips.safetensors",
        ),
    ],
)
def test_heads_on_random_weights_have_the_source_of_the_heads_and_are_no_such_metric(
    investigate, backbone, heads, source, file
):
    line = citation(investigate(backbone=backbone, heads=heads, weights="random", boxes=()))
    owner = source.partition(" (")[0]
    assert line.startswith(f"Feature distance, {owner}' heads on random weights; heads from {source}; ")
    assert "random weights, seed 0" in line
    (own,) = find_backbone(backbone).heads.values()
    assert own.file == file
    assert f"{file} (sha256 {own.sha256})" in line


def test_heads_on_some_of_the_layers_are_no_such_metric_either(investigate):
    line = citation(investigate(layers=("conv5",), boxes=()))
    assert line.startswith("Feature distance, conv5 alone, with LPIPS' v0.1 heads; heads from LPIPS (")


def test_uniform_heads_have_no_file(investigate):
    line = citation(investigate(heads="uniform", boxes=()))
    assert "heads uniform" in line
    assert line.count("sha256") == 1

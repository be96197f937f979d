"""`backbones` lists the catalogue, and what can be tapped in one network."""

import re

import pytest

from explorer.backbones import BACKBONES, graph_of
from tests.cli.commands import CAT, run, strict


def cells(line):
    return re.split(r"  +", line.strip())


def test_every_backbone_is_listed_with_what_a_choice_needs(monkeypatch, tmp_path):
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    heading, *lines = run("backbones").stdout.splitlines()
    assert cells(heading) == [
        "name",
        "label",
        "heads",
        "least side",
        "parameters",
        "trained on",
        "weights",
        "layers",
    ]
    for line, (name, row) in zip(lines, BACKBONES.items(), strict=True):
        found = dict(zip(cells(heading), cells(line), strict=True))
        assert (found["name"], found["label"]) == (name, row.label)
        assert found["heads"] == ", ".join(row.head_names)
        assert found["layers"] == ", ".join(row.layer_names)
        assert found["least side"] == str(row.smallest_side)
        assert float(found["parameters"].removesuffix(" M")) * 1e6 == pytest.approx(
            graph_of(row).parameters, abs=5e4
        )
        assert found["trained on"] == row.trained_on
        bundled = not row.weights[0].source and len(row.weights) == 1
        assert found["weights"] == "bundled" if bundled else found["weights"].startswith("to be fetched from")


@pytest.mark.parametrize("name", ["alexnet", "swin_t"])
def test_one_backbone_is_shown_with_all_its_layers_and_nodes(name):
    text = run("backbones", name).stdout
    row = BACKBONES[name]
    graph = graph_of(row)
    grids = graph.grids((256, 256))
    for layer in row.layers:
        rows, columns = grids[layer.name]
        place = rf"{columns} × {rows} +{graph.channels(layer.name)} +{re.escape(layer.node)}"
        assert re.search(rf"^{layer.name} +{place}$", text, re.MULTILINE)
    listed = re.findall(r"^(\S+) +\d+ × \d+ +\d+$", text, re.MULTILINE)
    assert listed == list(graph.offered)
    assert len(listed) + len(row.layers) == len(graph.nodes)


def test_listed_node_can_be_measured_and_has_the_grid_that_is_listed():
    text = run("backbones", "resnet18").stdout
    name, columns, rows, channels = re.search(
        r"^(layer3\.\S+) +(\d+) × (\d+) +(\d+)$", text, re.MULTILINE
    ).groups()
    options = ("--backbone", "resnet18", "--weights", "random", "--layers", name, "--size", "256")
    (layer,) = strict(run("measure", CAT, CAT, *options, "--json").stdout)["layers"]
    assert layer["name"] == name
    assert (layer["grid"], layer["channels"]) == ([int(rows), int(columns)], int(channels))

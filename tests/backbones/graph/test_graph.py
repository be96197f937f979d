"""The graph: which nodes are offered, their order and grids, at any size, and while others compute."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch
from torchvision import models

from explorer.backbones import BACKBONES, find_backbone, graph_of
from explorer.backbones.graph.trace import KEPT_SIZES, Graph
from explorer.errors import SettingError

ALEXNET = find_backbone("alexnet")
EVERY_ROW = pytest.mark.parametrize("row", BACKBONES.values(), ids=list(BACKBONES))


@EVERY_ROW
def test_there_are_four_or_more_layers_and_all_are_among_the_nodes(row):
    assert len(row.layers) >= 4
    assert len(set(row.layer_names)) == len(row.layers)
    assert {layer.node for layer in row.layers} <= set(graph_of(row).nodes)


@EVERY_ROW
def test_other_nodes_are_offered_and_no_layer_twice(row):
    graph = graph_of(row)
    assert graph.offered
    assert set(graph.offered) == set(graph.nodes) - {layer.node for layer in row.layers}
    assert not set(graph.offered) & set(row.layer_names)  # no layer's name is another node's


@EVERY_ROW
def test_every_node_has_a_grid_that_grows_with_the_image(row):
    graph = graph_of(row)
    small, large = graph.grids((224, 160)), graph.grids((448, 480))
    for name in graph.nodes:
        assert all(0 < a < b for a, b in zip(small[name], large[name], strict=True)), name
        assert small[name][0] < small[name][1], name
        assert large[name][0] > large[name][1], name


@EVERY_ROW
def test_layers_come_in_the_order_of_computation(row):
    graph = graph_of(row)
    assert graph.ordered(tuple(reversed(row.layer_names))) == row.layer_names
    assert graph.ordered(tuple(reversed(graph.offered))) == graph.offered


@EVERY_ROW
def test_nothing_of_the_classifier_is_offered(row):
    assert not [
        name for name in graph_of(row).nodes if name.split(".")[0] in ("classifier", "fc", "head", "heads")
    ]


def test_alexnets_nodes_are_its_thirteen_features():
    assert graph_of(ALEXNET).nodes == tuple(f"features.{index}" for index in range(13))


def test_a_node_that_is_a_layer_goes_by_the_layers_name_once():
    graph = graph_of(ALEXNET)
    assert graph.ordered(("features.4", "features.2", "conv2", "features.1")) == (
        "conv1",
        "features.2",
        "conv2",
    )


@pytest.mark.parametrize("name", ["conv9", "features.99", "classifier.1", "", None, ["conv1"]])
def test_an_unknown_node_is_refused_with_those_that_exist(name):
    with pytest.raises(
        SettingError, match=r"AlexNet has no layer .*; choose from: conv1, .*nodes, such as features\.0"
    ):
        graph_of(ALEXNET).node(name)


def test_layers_know_what_they_depend_on_and_nothing_deeper():
    graph = graph_of(ALEXNET)
    assert [str(node) for node in graph.ancestors(("conv2",))] == [
        "x",
        *(f"features_{index}" for index in range(5)),
    ]


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


# Of the convolutions and what belongs to them, without the classifier; AlexNet by hand.
ALEXNETS = sum(
    (inputs * side**2 + 1) * outputs
    for inputs, outputs, side in [(3, 64, 11), (64, 192, 5), (192, 384, 3), (384, 256, 3), (256, 256, 3)]
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("alexnet", lambda: ALEXNETS),
        ("vgg16", lambda: count(models.vgg16().features)),
        ("resnet18", lambda: count(models.resnet18()) - 513_000),
        ("densenet121", lambda: count(models.densenet121().features)),
    ],
)
def test_parameters_are_those_that_lead_to_the_deepest_layer(name, expected):
    with torch.device("meta"):
        assert graph_of(find_backbone(name)).parameters == expected()


@EVERY_ROW
def test_no_row_counts_more_parameters_than_its_network_has(row):
    graph = graph_of(row)
    assert 0 < graph.parameters <= sum(p.numel() for p in graph.module.parameters())


def test_nodes_that_a_small_image_does_not_reach_are_left_out():
    graph = graph_of(ALEXNET)
    assert graph.grids((20, 20))["conv1"] == (4, 4)
    assert "conv2" in graph.grids((20, 20))
    assert "conv5" not in graph.grids((20, 20))
    assert not set(graph.grids((1, 1))) & set(ALEXNET.layer_names)


def test_grids_of_a_small_image_do_not_stay_behind_for_a_larger_one():
    graph = Graph(ALEXNET)
    whole = graph.grids((64, 64))
    graph.grids((5, 5))
    assert graph.grids((64, 64)) == whole


def test_sizes_that_return_after_many_others_have_the_same_grids():
    graph = Graph(ALEXNET)
    first = graph.grids((64, 48))
    for step in range(KEPT_SIZES + 1):
        graph.grids((65 + step, 48))
    again = graph.grids((64, 48))
    assert again is not first
    assert again == first


def test_a_row_has_one_graph():
    assert graph_of(ALEXNET) is graph_of(find_backbone("alexnet"))
    assert graph_of(replace(ALEXNET)) is not graph_of(ALEXNET)


def test_a_network_is_traced_while_another_computes(trunk):
    """A tracer replaces how every module of the process is called."""
    image = torch.randn((1, 3, 64, 64), generator=torch.Generator().manual_seed(0))
    names = (*ALEXNET.layer_names, "features.12")

    def values():
        return [activation.clone() for _, activation in trunk.activations(image, names)]

    expected, traced, runs = values(), threading.Event(), []

    def compute():
        while not (traced.is_set() and runs):
            runs.append(all(map(torch.equal, values(), expected)))

    with ThreadPoolExecutor(1) as pool:
        computing = pool.submit(compute)
        try:
            for _ in range(2):
                graph = Graph(find_backbone("mobilenet_v3_large"))
        finally:
            traced.set()
        computing.result()
    assert all(runs)
    assert graph.nodes == graph_of(find_backbone("mobilenet_v3_large")).nodes


def test_several_networks_are_traced_at_the_same_time_and_modules_work_as_before():
    called, looked_up = torch.nn.Module.__call__, torch.nn.Module.__getattr__
    rows = [find_backbone(name) for name in ("resnet18", "squeezenet1_1", "alexnet", "resnet18")]
    with ThreadPoolExecutor(len(rows)) as pool:
        graphs = list(pool.map(Graph, rows))
    assert [graph.nodes for graph in graphs] == [graph_of(row).nodes for row in rows]
    assert (torch.nn.Module.__call__, torch.nn.Module.__getattr__) == (called, looked_up)

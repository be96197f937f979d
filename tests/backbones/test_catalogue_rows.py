"""Every row of the catalogue with random weights: grids, ledger, and each node against a plain run.

Rows are taken from the catalogue, so a new one is tested without a change here; only the grids of its layers
are written down, in `EXPECTED`, where they are known.
"""

import functools
import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import fx, nn
from torchvision import models

import explorer
from explorer.backbones import BACKBONES, HEADS, Backbone, Layer, Network, find_backbone, graph_of
from explorer.backbones.catalogue import by_name, hub_file
from explorer.backbones.loading import network as load
from explorer.backbones.loading import random_state
from explorer.distortions import distort
from explorer.errors import ImageError, SettingError
from explorer.images import derive
from explorer.metrics import choose_layers
from explorer.metrics.footprints import combined_map
from explorer.metrics.measuring import compare_on
from tests.grid import few

# Grids (rows, columns) of the layers at 224 x 160: by the strides of networks that halve evenly ...
WIDTH, HEIGHT = 224, 160


def strides(*steps):
    return [(HEIGHT // step, WIDTH // step) for step in steps]


EXPECTED = {
    "vgg16": strides(1, 2, 4, 8, 16),
    "resnet18": strides(2, 4, 8, 16, 32),
    "resnet50": strides(2, 4, 8, 16, 32),
    "mobilenet_v3_large": strides(2, 4, 8, 16, 32),
    "efficientnet_b0": strides(2, 4, 8, 16, 32),
    "convnext_tiny": strides(4, 8, 16, 32),
    "densenet121": strides(2, 4, 8, 16, 32),
    "swin_t": strides(4, 8, 16, 32),
    "vit_b_16": strides(16, 16, 16, 16),
    "dists": strides(1, 1, 2, 4, 8, 16),
    # ... and of the others by (side + 2 * padding - kernel) // stride + 1, step by step.
    "alexnet": [(39, 55), (19, 27), (9, 13), (9, 13), (9, 13)],
    "squeezenet1_1": [(79, 111), (39, 55), (19, 27), (9, 13), (9, 13), (9, 13), (9, 13)],
    "alexnet_shift": [(78, 110), (39, 55), (20, 28), (20, 28), (20, 28)],
    "vgg16_shift": [(160, 224), (81, 113), (41, 57), (21, 29), (11, 15)],
}
ODD = (99, 75)


@functools.lru_cache(1)
def lively_state(row):
    """Random weights in which no bias is 0 and no batch norm leaves its input as it is, as in fresh ones."""
    generator = torch.Generator().manual_seed(1)
    state = random_state(row)
    for key, value in state.items():
        if value.ndim == 1 and value.is_floating_point():
            noise = torch.rand(value.shape, generator=generator) - 0.5
            state[key] = value + (0.9 if key.endswith("running_var") else 0.2) * noise
    return state


@pytest.fixture(scope="module", params=BACKBONES)
def network(request):
    """One backbone with lively weights."""
    row = find_backbone(request.param)
    return Network(row, lively_state(row), "cpu", "random")


@pytest.fixture(scope="module")
def fused(network):
    """The same, which works by the private CPU operators."""
    if not network.fused:
        pytest.skip("this torch has no fused CPU operators")
    return network


@pytest.fixture(scope="module")
def plain(network):
    """The same by torch's public operators."""
    return Network(network.backbone, lively_state(network.backbone), "cpu", "random", plain=True)


@pytest.fixture(params=few(["fused", "plain"]))
def either(request, network):  # `network` first, which decides the row
    """The same backbone in both ways, one after the other."""
    return request.getfixturevalue(request.param)


def batch(width, height, number=1):
    return torch.randn((number, 3, height, width), generator=torch.Generator().manual_seed(0))


def size_for(row, size=ODD):
    """The size, in the multiple that the row's network takes."""
    return tuple(side // row.multiple * row.multiple for side in size)


def kept(network, image, names):
    return {name: activation.clone() for name, activation in network.activations(image, names)}


@functools.lru_cache(1)
def interpreted(row):
    """The image, and a plain run of the graph that clones each value: node -> (N, rows, columns, C)."""
    graph, names = graph_of(row), {}
    for name in graph.nodes:
        names[str(graph.node(name))] = name
    with torch.device("meta"):  # where no values are drawn: the classifier needs none
        module = row.builder(weights=None).eval().requires_grad_(False)
    module.to_empty(device="cpu").load_state_dict(lively_state(row), strict=False)
    for part in module.modules():
        if isinstance(part, nn.MultiheadAttention):
            part.train()  # not by its "fast path", which rounds in another way
    module.to(memory_format=torch.channels_last)
    image = batch(*size_for(row), number=2)
    grids = graph.grids(size_for(row))
    values = {}

    class Cloning(fx.Interpreter):
        def run_node(self, n):
            value = super().run_node(n)
            if name := names.get(str(n)):
                values[name] = graph.layouts[name].places(value.clone(), grids[name])
            return value

    owner = graph.trace.owning_module
    with torch.inference_mode():
        Cloning(fx.GraphModule(module, graph.trace)).run(image.to(memory_format=torch.channels_last))
    graph.trace.owning_module = owner  # else the trace, which is kept, keeps this module with its weights
    return image, values


def test_the_layers_have_the_grids_that_are_written_down(network):
    if network.backbone.name not in EXPECTED:
        pytest.skip("no grids are written down for this row")
    grids = network.grids((WIDTH, HEIGHT))
    assert [grids[name] for name in network.backbone.layer_names] == EXPECTED[network.backbone.name]


def test_grids_are_written_down_for_rows_that_exist():
    assert set(EXPECTED) <= set(BACKBONES)


@pytest.mark.parametrize("size", few([ODD, (96, 64)]))
def test_layers_come_in_order_with_the_channels_and_grids_that_the_graph_foretells(size, network):
    size = size_for(network.backbone, size)
    shapes = [
        (name, tuple(a.shape))
        for name, a in network.activations(batch(*size, 2), network.backbone.layer_names)
    ]
    grids, channels = network.grids(size), network.graph.channels
    assert shapes == [(name, (2, *grids[name], channels(name))) for name in network.backbone.layer_names]


def test_every_node_equals_a_plain_run_of_the_graph(either):
    """To rounding, and to the bit where nothing is fused: no private operator, no batch norm in weights."""
    row, graph = either.backbone, either.graph
    image, expected = interpreted(row)
    assert set(expected) == set(graph.nodes)
    has_norms = any(isinstance(module, nn.BatchNorm2d) for module in graph.module.modules())
    tolerance = 1e-4 if either.fused or has_norms else 0
    names = graph.ordered(graph.nodes)
    nodes = {layer.name: layer.node for layer in row.layers}
    seen = set()
    for name, value in either.activations(image, names):
        theirs = expected[nodes.get(name, name)]
        assert value.dtype == torch.float32, name
        assert value.shape == theirs.shape, name
        off = (value - theirs).abs().max().item()
        assert off <= tolerance * theirs.abs().max().item(), name
        seen.add(nodes.get(name, name))
    assert seen == set(expected)


def test_no_value_depends_on_what_else_is_tapped(either):
    row, graph = either.backbone, either.graph
    image = batch(*size_for(row, (80, 64)))
    names = graph.ordered(graph.nodes)
    whole = kept(either, image, names)
    draw = random.Random(0)
    some = [graph.ordered(tuple(draw.sample(names, min(9, len(names))))) for _ in range(2)]
    alone = [(name,) for name in draw.sample(names, 2)]
    for choice in (row.layer_names, *some, *alone):
        for name, value in kept(either, image, choice).items():
            assert torch.equal(value, whole[name]), name


@pytest.fixture(scope="module")
def measure(photo):
    """Compare a photograph with its blur, or with whatever is given, by all heads of a row."""

    def make(network, first=None, second=None, size=ODD):
        reference = photo("cat", size) if first is None else first
        if second is None:
            second = derive(reference, distort(reference.pixels, "gaussian_blur", 0.6))
        return [
            compare_on(network, reference, second, [heads]).measurement(heads)
            for heads in network.backbone.head_names
        ]

    return make


@pytest.fixture(scope="module")
def measured(network, measure):
    """By all heads, at an odd size."""
    return measure(network)


def test_the_ledger_adds_up(network, measured):
    for measurement in measured:
        assert measurement.score > 1e-9, measurement.heads
        assert tuple(layer.name for layer in measurement.layers) == network.backbone.layer_names
        distances = [layer.distance for layer in measurement.layers]
        assert min(distances) >= 0
        assert sum(distances) == pytest.approx(measurement.score, rel=1e-6)
        assert sum(layer.share for layer in measurement.layers) == pytest.approx(1, rel=1e-6)


def test_maps_average_to_their_distances_and_the_combined_map_to_the_score(network, measured):
    for measurement in measured:
        if not HEADS[measurement.heads].has_maps:
            assert all(layer.map is None for layer in measurement.layers)
            assert all(
                sum(layer.parts.values()) == pytest.approx(layer.distance) for layer in measurement.layers
            )
            continue
        for layer in measurement.layers:
            assert layer.map.shape == layer.grid == network.grids(measurement.size)[layer.name]
            assert layer.map.dtype == np.float32
            assert layer.map.min() >= 0
            assert layer.map.mean(dtype=np.float64) == pytest.approx(layer.distance, rel=1e-6)
        combined = combined_map([layer.map for layer in measurement.layers], measurement.size)
        assert combined.shape == measurement.size[::-1]
        assert combined.mean(dtype=np.float64) == pytest.approx(measurement.score, rel=1e-6)


def test_what_was_measured_is_said(network, measured):
    for measurement, heads in zip(measured, network.backbone.head_names, strict=True):
        assert (measurement.backbone, measurement.weights) == (network.backbone.name, "random")
        assert (measurement.heads, measurement.device, measurement.precision) == (heads, "cpu", "float32")
        assert not measurement.is_published
        cropped = size_for(network.backbone) != ODD
        assert measurement.size == size_for(network.backbone)
        assert any(note.kind == "cropped" for note in measurement.notes) == cropped


def test_an_image_has_no_distance_to_itself(network, measure, photo):
    picture = photo("astronaut", (80, 64))
    for _cold_then_cached in range(2):
        assert all(abs(measurement.score) < 1e-9 for measurement in measure(network, picture, picture))


def test_swapping_the_images_does_not_change_the_score(network, measure, measured, photo):
    reference = photo("cat", ODD)
    distorted = derive(reference, distort(reference.pixels, "gaussian_blur", 0.6))
    for forth, back in zip(measured, measure(network, distorted, reference), strict=True):
        assert forth.score == pytest.approx(back.score, rel=1e-5)


def test_the_smallest_side_is_measured_and_one_pixel_less_is_refused_by_the_backbones_name(network, measure):
    side = network.backbone.smallest_side
    for size in ((side, side), (side + 40, side)):
        for measurement in measure(network, size=size):
            assert np.isfinite(measurement.score), size
            assert all(min(layer.grid) >= 1 for layer in measurement.layers), size
    for size in ((side - 1, 64), (64, side - 1)):
        with pytest.raises(ImageError, match=rf"{network.backbone.label} needs at least {side}"):
            measure(network, size=size)


def test_a_node_makes_a_ledger_of_its_own_with_uniform_heads(network, photo):
    if "uniform" not in network.backbone.head_names:
        pytest.skip("this metric has its own layers only")
    reference = photo("cat", size_for(network.backbone))
    distorted = derive(reference, distort(reference.pixels, "jpeg", 0.8))
    offered = network.graph.offered
    names = choose_layers(
        network.backbone, [offered[-1], offered[0], network.backbone.layer_names[0]], "uniform"
    )
    measurement = compare_on(network, reference, distorted, ["uniform"], names).measurement("uniform", names)
    assert [layer.name for layer in measurement.layers] == list(names)
    for layer in measurement.layers:
        assert layer.map.shape == layer.grid == network.grids(reference.size)[layer.name]
    assert sum(layer.distance for layer in measurement.layers) == pytest.approx(measurement.score, rel=1e-6)
    assert not measurement.is_published


def test_a_node_is_refused_by_heads_that_have_no_weights_for_it(network):
    row = network.backbone
    node = network.graph.offered[0]
    for heads in row.heads:
        with pytest.raises(SettingError, match=rf"{row.label}'s node .* has no weights in the heads {heads}"):
            choose_layers(row, [node], heads)


NEW_ROW = Backbone(
    name="resnet34",
    label="ResNet-34",
    builder=models.resnet34,
    layers=(Layer("stem", "relu"), Layer("layer1", "layer1.2.relu_1"), Layer("layer3", "layer3.5.relu_1")),
    smallest_side=32,
    weights=(hub_file(models.ResNet34_Weights.IMAGENET1K_V1),),
)


def test_a_row_is_all_that_another_network_of_torchvision_takes(photo):
    reference = photo("coffee", ODD)
    distorted = derive(reference, distort(reference.pixels, "jpeg", 0.8))
    comparison = compare_on(load(NEW_ROW, "cpu", "random"), reference, distorted, ["uniform"])
    measurement = comparison.measurement("uniform")
    assert measurement.backbone == "resnet34"
    assert [(layer.name, layer.channels, layer.grid) for layer in measurement.layers] == [
        ("stem", 64, (38, 50)),
        ("layer1", 64, (19, 25)),
        ("layer3", 256, (5, 7)),
    ]
    assert sum(layer.distance for layer in measurement.layers) == pytest.approx(measurement.score, rel=1e-6)


def test_a_row_in_the_catalogue_is_found_by_its_name_everywhere(photo, monkeypatch):
    monkeypatch.setitem(BACKBONES, NEW_ROW.name, NEW_ROW)
    picture = photo("coffee", (64, 64))
    measurement = explorer.measure(
        picture,
        distort(picture.pixels, "jpeg", 0.8),
        backbone="resnet34",
        weights="random",
        device="cpu",
        layers=["layer3", "layer2.0.add"],
    )
    assert measurement.score > 0
    assert [layer.name for layer in measurement.layers] == ["layer2.0.add", "layer3"]
    with pytest.raises(SettingError, match=r"choose one of: .*resnet34"):
        explorer.measure(picture, picture, backbone="resnet35")


def test_a_hub_files_row_tells_its_name_checksum_and_size():
    file = hub_file(models.ResNet34_Weights.IMAGENET1K_V1)
    assert (file.file, file.sha256) == ("resnet34-b627a593.pth", "b627a593")
    assert file.source.startswith("https://")
    assert file.source.endswith(file.file)
    assert file.size == pytest.approx(87.3e6, rel=0.01)


@pytest.mark.parametrize(
    ("alias", "name"), [("alex", "alexnet"), ("vgg", "vgg16"), ("squeeze", "squeezenet1_1")]
)
def test_the_names_that_lpips_and_torchmetrics_have_for_a_backbone_are_understood(alias, name):
    assert find_backbone(alias) is find_backbone(name)
    assert alias not in BACKBONES


def test_a_backbone_is_reported_by_its_own_name_whatever_it_was_asked_for_by(photo):
    picture = photo("coffee", (64, 64))
    assert explorer.measure(picture, picture, backbone="alex", device="cpu").backbone == "alexnet"


def test_an_alias_that_stands_for_another_row_already_is_refused():
    with pytest.raises(ValueError, match="two rows are named alexnet"):
        by_name([find_backbone("alexnet"), replace(NEW_ROW, aliases=("alexnet",))])


def test_two_rows_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two rows are named resnet34"):
        by_name([NEW_ROW, NEW_ROW])

"""A layer's channels: their parts of a region add up to the layer's, and are those of the `lpips` package."""

import math

import numpy as np
import pytest
import torch

from benchmarks.others import input_tensor, lpips_model
from explorer.analysis.region import Box, Channels, Mask, channels_of, ledger_of
from explorer.analysis.region.channels import Channel
from explorer.backbones import find_backbone, graph_of
from explorer.errors import ImageError
from explorer.figures import channel_curve
from explorer.images import derive
from explorer.metrics.channels import LayerFeatures
from tests.analysis.region.region_cases import (
    exact_coverage,
    measured,
    method_of,
    random_box,
    whole,
    with_noise,
)
from tests.grid import few

SIZE = (123, 97)
HEADS = ("lpips-0.1", "lpips-0.0", "uniform")
LAYERS = find_backbone("alexnet").layer_names
NODE = next(node for node in graph_of(find_backbone("resnet18")).nodes if node.startswith("layer2"))
OTHERS = [("resnet18", "layer2"), ("resnet18", NODE), ("vit_b_16", "block6"), ("densenet121", "dense2")]


@pytest.fixture(scope="module")
def pictures(photo):
    reference = photo("cat", SIZE)
    return reference, with_noise(reference, seed=4)


def opened(pictures, layer, heads="lpips-0.1", backbone="alexnet"):
    """(features, measurement, frame) of one layer."""
    method = method_of(backbone, heads, (layer,))
    return LayerFeatures(method.network, *pictures, heads, layer), *measured(*pictures, method)


@pytest.mark.parametrize(
    ("backbone", "layer", "heads"),
    [("alexnet", layer, heads) for layer in LAYERS for heads in HEADS]
    + few([(backbone, layer, "uniform") for backbone, layer in OTHERS], 3, tuples=True),
)
def test_channels_of_a_region_add_up_to_the_layers_distance_there_and_none_takes_away(
    backbone, layer, heads, pictures
):
    features, measurement, frame = opened(pictures, layer, heads, backbone)
    rng = np.random.default_rng(5)
    areas = [whole(SIZE), Box(40, 30, 2, 1), *(random_box(rng, SIZE) for _ in range(3))]
    for area in (*areas, Mask(rng.random(SIZE[::-1]) < 0.5)):
        channels = channels_of(features, area, frame)
        assert channels.layer == layer
        assert channels.contributions.shape == (graph_of(find_backbone(backbone)).channels(layer),)
        assert (channels.contributions >= 0).all()
        assert channels.distance == pytest.approx(ledger_of(measurement, area, frame).distance, rel=1e-6)


@pytest.fixture(scope="module", params=HEADS)
def packages_parts(request, pictures):
    """(heads, layer -> squared differences of unit features times the weight), from the package's parts."""
    import lpips

    heads = request.param
    model = lpips_model("0.0" if heads == "lpips-0.0" else "0.1", heads=heads.startswith("lpips"))
    parts = {}
    with torch.inference_mode():
        inputs = [input_tensor(picture) for picture in pictures]
        if heads != "lpips-0.0":
            inputs = [model.scaling_layer(values) for values in inputs]
        first, second = (model.net.forward(values) for values in inputs)
        for place, layer in enumerate(LAYERS):
            squares = (lpips.normalize_tensor(first[place]) - lpips.normalize_tensor(second[place])) ** 2
            if model.lpips:
                squares = squares * model.lins[place].model[-1].weight
            parts[layer] = squares[0].double().numpy()
    return heads, parts


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("area", few([Box(13, 20, 71, 40), whole(SIZE), Box(50, 50, 3, 5)]), ids=str)
def test_each_channels_part_is_that_of_the_lpips_package(layer, area, packages_parts, pictures):
    heads, parts = packages_parts
    features, _, frame = opened(pictures, layer, heads)
    covered = exact_coverage(area, frame, features.grid)
    expected = (parts[layer] * covered).mean(axis=(1, 2))
    seen = channels_of(features, area, frame).contributions
    # What holds for places, 1e-5 and for uniform heads 1e-4, is the area's mean here.
    tolerance = (1e-4 if heads == "uniform" else 1e-5) * covered.mean()
    np.testing.assert_allclose(seen, expected, rtol=1e-4, atol=tolerance / len(expected))


@pytest.mark.parametrize("layer", LAYERS)
def test_the_ten_channels_that_contribute_most_come_first(layer, pictures):
    features, _, frame = opened(pictures, layer)
    channels = channels_of(features, Box(20, 20, 60, 50), frame)
    assert len(channels.top) == 10
    parts = [channel.distance for channel in channels.top]
    np.testing.assert_array_equal(parts, np.sort(channels.contributions)[::-1][:10])
    for channel in channels.top:
        assert channel.distance == channels.contributions[channel.index]
        assert channel.weight == features.weights[channel.index]
        assert channel.share == pytest.approx(channel.distance / channels.distance, rel=1e-12)
    assert len(channels_of(features, whole(SIZE), frame, most=3).top) == 3


@pytest.mark.parametrize("layer", LAYERS)
def test_the_planes_make_the_channels_part_by_the_equation(layer, pictures):
    features, _, frame = opened(pictures, layer)
    box = Box(11, 7, 83, 60)
    covered = exact_coverage(box, frame, features.grid)
    for channel in channels_of(features, box, frame).top:
        planes = channel.planes
        assert planes.reference.shape == planes.distorted.shape == features.grid
        np.testing.assert_array_equal(
            planes.squared_difference, (planes.reference - planes.distorted) ** 2, strict=True
        )
        terms = channel.weight * planes.squared_difference.astype(np.float64)
        # The difference of two rounded features, where the sum is taken of the exact one's rounding.
        assert (terms * covered).mean() == pytest.approx(channel.distance, rel=1e-4)


def test_features_are_of_length_1_at_each_place(pictures):
    features, _, _ = opened(pictures, "conv3")
    planes = features.planes(range(len(features.weights)))
    for side in ("reference", "distorted"):
        squares = sum(getattr(plane, side).astype(np.float64) ** 2 for plane in planes)
        np.testing.assert_allclose(squares, 1, rtol=1e-5)


def test_the_curve_rises_to_1_and_says_how_many_channels_make_a_part(pictures):
    features, _, frame = opened(pictures, "conv2")
    channels = channels_of(features, Box(20, 20, 60, 50), frame)
    curve = channels.cumulative
    assert curve.shape == channels.contributions.shape
    assert (np.diff(curve) >= 0).all()
    assert (np.diff(curve, 2) <= 1e-12).all()  # the largest come first
    assert curve[0] == pytest.approx(channels.top[0].share)
    assert curve[-1] == pytest.approx(1)
    assert curve.max() <= 1
    ordered = sorted(channels.contributions, reverse=True)
    for part in (0.1, 0.5, 0.9, 0.99):
        needed = channels.needed(part)
        assert math.fsum(ordered[:needed]) >= part * channels.distance * (1 - 1e-9)
        assert math.fsum(ordered[: needed - 1]) < part * channels.distance


def test_the_sentence_and_the_curves_marks_say_the_part_that_so_many_channels_make():
    top = (Channel(1, weight=1.0, distance=0.82, share=0.82, planes=None),)
    lone = Channels("conv2", np.array([0.03, 0.82, 0.1, 0.05]), top)
    assert lone.marks == ((1, pytest.approx(0.82)), (2, pytest.approx(0.92)), (4, pytest.approx(1)))
    assert lone.sentence == (
        "Of conv2's 4 channels, 1 makes 82%, 2 make 92% and 4 make 100% of its distance in the region."
    )
    drawn = channel_curve(lone, "#000000").data[1]
    assert list(drawn.text) == ["1: 82%", "2: 92%", "4: 100%"]
    np.testing.assert_allclose(drawn.y, [0.82, 0.92, 1])
    same = Channels("conv2", np.array([0.995, 0.005]), top)
    assert same.marks == ((1, pytest.approx(0.995)),)  # all three parts are reached by one channel


def test_all_of_the_distance_needs_at_most_all_channels(pictures):
    features, _, frame = opened(pictures, "conv4", "uniform")
    channels = channels_of(features, whole(SIZE), frame)
    assert 1 <= channels.needed(1.0) <= len(channels.contributions)


def test_identical_images_have_no_channel_to_show(pictures):
    reference, _ = pictures
    features, _, frame = opened((reference, reference), "conv3")
    channels = channels_of(features, Box(5, 5, 50, 50), frame)
    assert channels.distance == 0
    assert channels.top == ()
    assert channels.cumulative.size == 0
    assert channels.needed(0.5) == 0
    assert channels.sentence == "No channel of conv3 differs in this region."


def test_a_region_that_a_change_does_not_reach_has_no_channel_to_show(photo):
    reference = photo("cat", SIZE)
    pixels = np.array(reference.pixels)
    pixels[:20, :20] = 255 - pixels[:20, :20]
    features, _, frame = opened((reference, derive(reference, pixels)), "conv1")
    assert channels_of(features, Box(60, 40, 40, 40), frame).top == ()
    assert channels_of(features, Box(0, 0, 20, 20), frame).top


def test_a_layer_without_cells_at_this_size_is_refused(photo):
    small = photo("cat", (20, 20))
    with pytest.raises(ImageError, match="needs at least 31"):
        LayerFeatures(method_of().network, small, small, "lpips-0.1", "conv5")

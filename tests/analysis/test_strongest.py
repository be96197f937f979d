"""A picture as a network sees it: the very activations of the network, the strongest first."""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torchvision.models import alexnet

from explorer.analysis.strongest import COUNT, strongest
from explorer.backbones import BACKBONES, graph_of
from explorer.errors import ImageError
from explorer.images import as_picture
from explorer.metrics import Method, compare
from explorer.places import assets
from explorer.samples import load_sample

TAPS = dict(zip(("conv1", "conv2", "conv3", "conv4", "conv5"), (1, 4, 7, 9, 11), strict=True))


@pytest.fixture(scope="module")
def cat():
    return load_sample("cat")


@pytest.fixture(scope="module")
def seen(cat):
    return strongest(cat, Method())


def test_values_are_the_activations_of_torchvisions_network(cat, seen):
    with torch.device("meta"):  # its classifier is not needed
        plain = alexnet(weights=None).eval()
    plain.load_state_dict(load_file(assets("weights") / "alexnet.safetensors"), strict=False, assign=True)
    shift, scale = torch.tensor([[-0.030, -0.088, -0.188], [0.458, 0.448, 0.450]])
    x = (torch.from_numpy(cat.pixels.astype(np.float32)) / 127.5 - 1 - shift) / scale
    x = x.permute(2, 0, 1)[None]
    with torch.inference_mode():
        for layer in seen.layers:
            features = plain.features[: TAPS[layer.name] + 1](x)[0]
            assert (layer.channels, *layer.grid) == tuple(features.shape)
            means = features.mean(dim=(1, 2)).numpy()
            assert {each.channel for each in layer.strongest} == set(np.argsort(-means)[:COUNT])
            for each in layer.strongest:
                np.testing.assert_allclose(each.values, features[each.channel].numpy(), atol=2e-4)
                assert each.strength == pytest.approx(means[each.channel], abs=1e-4)


def test_layers_have_the_grids_and_channels_of_a_measurement(cat, seen):
    measured = compare(cat, cat, Method()).measurement("lpips-0.1")
    of_measurement = [(layer.name, layer.channels, layer.grid) for layer in measured.layers]
    assert [(layer.name, layer.channels, layer.grid) for layer in seen.layers] == of_measurement


def test_the_strongest_come_first(seen):
    for layer in seen.layers:
        strengths = [each.strength for each in layer.strongest]
        assert strengths == sorted(strengths, reverse=True)
        assert strengths == pytest.approx([np.abs(each.values).mean() for each in layer.strongest])


def test_a_cell_answers_to_its_window_and_to_nothing_else(cat, seen):
    row, column = 5, 9
    for layer in (seen.layers[0], seen.layers[-1]):
        left, wide = layer.columns_of(cat.width)[column]
        top, high = layer.rows_of(cat.height)[row]
        changed = 255 - cat.pixels
        changed[top : top + high, left : left + wide] = cat.pixels[top : top + high, left : left + wide]
        others = strongest(as_picture(changed, "changed"), Method(), count=layer.channels).layers
        values = next(other for other in others if other.name == layer.name).strongest
        by_channel = {each.channel: each.values[row, column] for each in values}
        for each in layer.strongest:
            assert by_channel[each.channel] == pytest.approx(each.values[row, column], abs=1e-3)


def test_windows_lie_in_the_picture_and_are_the_fields_own_where_nothing_cuts_them(cat, seen):
    last = seen.layers[-1]
    assert last.field.size == (163, 163)
    for windows, side in ((last.columns_of(cat.width), cat.width), (last.rows_of(cat.height), cat.height)):
        assert len(windows) == 17
        assert windows[8][1] == 163
        assert all(start >= 0 and start + length <= side for start, length in windows)
        assert windows[0][1] < 163


@pytest.mark.parametrize("name", ["squeezenet1_1", "vit_b_16", "dists"])
def test_any_network_of_the_catalogue_shows_all_its_layers(name):
    picture = as_picture(np.random.default_rng(0).integers(0, 256, (230, 250, 3), np.uint8), "noise")
    method = Method(name, weights="random")
    found = strongest(picture, method, count=3)
    assert [layer.name for layer in found.layers] == list(BACKBONES[name].layer_names)
    width, height = found.picture.size
    assert width % BACKBONES[name].multiple == height % BACKBONES[name].multiple == 0
    grids = graph_of(BACKBONES[name]).grids(found.picture.size)
    for layer in found.layers:
        assert layer.grid == grids[layer.name]
        assert all(each.values.shape == layer.grid for each in layer.strongest)
        assert len(layer.strongest) == min(3, layer.channels)


def test_what_is_kept_is_no_view_of_what_the_network_overwrites(cat, seen):
    again = strongest(cat, Method())
    for first, second in zip(seen.layers, again.layers, strict=True):
        for one, other in zip(first.strongest, second.strongest, strict=True):
            assert one.channel == other.channel
            np.testing.assert_array_equal(one.values, other.values)
    assert seen.bytes < 4e6


def test_a_picture_that_is_too_small_is_refused_in_words():
    tiny = as_picture(np.zeros((20, 20, 3), np.uint8), "tiny.png")
    with pytest.raises(ImageError, match=r"tiny\.png"):
        strongest(tiny, Method())

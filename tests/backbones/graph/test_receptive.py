"""Receptive fields: the pixels that gradients find, what perturbations change, and honesty about the rest."""

from functools import cache

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torchvision import models
from torchvision.models.feature_extraction import create_feature_extractor

from benchmarks.others import Unfilled
from explorer.backbones import (
    BACKBONES,
    ReceptiveField,
    find_backbone,
    graph_of,
    network,
    receptive_fields,
)
from explorer.backbones.networks.shift_tolerant import BlurPool
from explorer.backbones.row import Backbone
from tests.grid import few

EVERY_ROW = pytest.mark.parametrize("row", BACKBONES.values(), ids=list(BACKBONES))


class OneChannel(nn.Module):
    """A convolution with random positive weights from the mean of all channels to one."""

    def __init__(self, conv):
        super().__init__()
        self.weight = 0.5 + torch.rand((1, 1, *conv.kernel_size), dtype=torch.float64)
        self.weight /= self.weight.sum()
        self.settings = {"stride": conv.stride, "padding": conv.padding, "dilation": conv.dilation}

    def forward(self, x):
        return F.conv2d(x.mean(1, keepdim=True), self.weight, **self.settings)


def skeleton_of(module):
    """A network of the same geometry in which every pixel of a window has a positive derivative.

    All convolutions have one channel and positive weights, which keeps activations open; averages stand in
    for maxima, and nothing for what works on each place by itself.
    """
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            setattr(module, name, OneChannel(child))
        elif isinstance(child, nn.MaxPool2d):
            pool = nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode)
            setattr(module, name, pool)
        elif isinstance(child, (nn.BatchNorm2d, nn.LayerNorm, nn.Linear)):
            setattr(module, name, nn.Identity())
        elif isinstance(child, BlurPool):
            child.channels, child.filt = 1, child.filt[:1].double()
        else:
            skeleton_of(child)
    if hasattr(module, "layer_scale"):
        module.layer_scale = nn.Parameter(torch.ones(1, 1, 1))
    if hasattr(module, "inplace"):
        module.inplace = False
    return module


def cells_of(rows, columns):
    """The middle, two borders, and three corners."""
    middle = rows // 2, columns // 2
    borders = [(middle[0], 0), (rows - 1, middle[1])]
    return [middle, *borders, (0, 0), (0, columns - 1), (rows - 1, columns - 1)]


def found_by_gradient(activation, image, row, column):
    """(x, y, width, height) of the box around all pixels that count for a cell, and whether it is full."""
    (slope,) = torch.autograd.grad(activation[0, :, row, column].sum(), image, retain_graph=True)
    matters = (slope[0] != 0).any(0)
    rows, columns = (matters.any(axis).nonzero().flatten() for axis in (1, 0))
    y, x, bottom, right = rows[0].item(), columns[0].item(), rows[-1].item() + 1, columns[-1].item() + 1
    return (x, y, right - x, bottom - y), matters[y:bottom, x:right].all().item()


def picture(width, height):
    return torch.ones((1, 1, height, width), dtype=torch.float64, requires_grad=True)


@cache
def skeleton(name):
    torch.manual_seed(0)
    row = find_backbone(name)
    with Unfilled():
        built = row.builder(weights=None)
    model = skeleton_of(built.eval())
    return create_feature_extractor(model, {layer.node: layer.name for layer in row.layers})


def compared(name, size):
    """(layer, cell, the window told, the box found, whether it is full) for cells of all default layers."""
    image = picture(*size)
    fields = receptive_fields(find_backbone(name))
    for layer, activation in skeleton(name)(image).items():
        for cell in cells_of(*activation.shape[2:]):
            yield layer, cell, fields[layer].window(*cell, size), *found_by_gradient(activation, image, *cell)


# Of sizes at which no stride leaves a pixel over, some larger than the deepest field.
@pytest.mark.parametrize(
    ("name", "size"),
    few(
        [
            ("alexnet", (335, 271)),
            ("vgg16", (352, 304)),
            ("squeezenet1_1", (417, 385)),
            ("resnet18", (551, 521)),
            ("dists", (331, 305)),
            ("resnet50", (513, 449)),
            ("convnext_tiny", (800, 704)),
            ("densenet121", (705, 641)),
        ],
        3,
        tuples=True,
    ),
)
def test_fields_are_the_pixels_that_gradients_find(name, size):
    for layer, cell, told, found, full in compared(name, size):
        assert told == found, (layer, cell)
        assert full, (layer, cell)


@pytest.mark.parametrize(("name", "size"), [("alexnet", (342, 277)), ("vgg16", (351, 303))])
def test_only_what_strides_leave_over_is_in_a_window_and_does_not_count(name, size):
    fields = receptive_fields(find_backbone(name))
    for layer, cell, told, found, full in compared(name, size):
        assert full
        assert told[:2] == found[:2], (layer, cell)
        for axis in (0, 1):
            over = told[2 + axis] - found[2 + axis]
            at_the_border = told[axis] + told[2 + axis] == size[axis]
            assert 0 <= over < fields[layer].stride[1 - axis] if at_the_border else over == 0, (layer, cell)


@pytest.mark.parametrize(
    ("name", "size"),
    [("alexnet_shift", (181, 152)), ("alexnet_shift", (64, 55)), ("vgg16_shift", (311, 274))],
)
def test_where_borders_are_mirrored_nothing_beyond_the_window_counts(name, size):
    fields = receptive_fields(find_backbone(name))
    inside = 0
    for layer, cell, told, found, _ in compared(name, size):
        for axis in (0, 1):
            start, end = told[axis], told[axis] + told[2 + axis]
            assert start <= found[axis], (layer, cell)
            assert found[axis] + found[2 + axis] <= end, (layer, cell)
        if all(told[axis] > 0 and told[axis] + told[2 + axis] < size[axis] for axis in (0, 1)):
            assert told == found, (layer, cell)
            assert told[2:] == fields[layer].size[::-1]
            inside += 1
    assert inside >= 2


def toy(*steps):
    """A row for a network of these modules and functions, one behind the other."""
    modules = [step if isinstance(step, nn.Module) else Applied(step) for step in steps]
    return Backbone("toy", "Toy", lambda weights: nn.Sequential(*modules), (), 32, ())


class Applied(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def deepest(row):
    return receptive_fields(row)[graph_of(row).nodes[-1]]


def conv(kernel, **settings):
    return nn.Conv2d(3, 3, kernel, **settings)


def one(kernel, **settings):
    """A convolution in double precision with positive weights."""
    module = nn.Conv2d(1, 1, kernel, dtype=torch.float64, **settings)
    nn.init.uniform_(module.weight, 0.5, 1)
    return module


def even(x):
    """With a row and a column of zeros where they are odd in number."""
    return F.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2))


OPERATIONS = {
    "dilated": lambda conv: [conv(3, dilation=2, padding=2), conv(3, dilation=3)],
    "uneven": lambda conv: [conv((3, 5), stride=(2, 1), padding=(1, 0)), conv((1, 4), stride=(1, 3))],
    "same": lambda conv: [conv(4, padding="same"), conv(3, dilation=2, padding="same")],
    "valid": lambda conv: [conv(4, padding="valid"), conv(3, stride=2)],
    "padded unevenly": lambda conv: [lambda x: F.pad(x, (2, 1, 0, 2)), conv(3, stride=2)],
    "cropped": lambda conv: [conv(3), lambda x: F.pad(x, (-1, -2, -3, 0)), conv(2, stride=2)],
    "sliced": lambda conv: [conv(3), lambda x: x[:, :, 1::2, ::3], conv(2)],
    "sliced from the end": lambda conv: [conv(2, stride=2), lambda x: x[..., 1:, 2:], conv(3)],
    "patches merged": lambda conv: [
        *(conv(2), even),
        lambda x: torch.cat([x[..., row::2, column::2] for row in (0, 1) for column in (0, 1)], 1),
    ],
    "branches": lambda conv: [conv(5, padding=2), lambda x: x + F.avg_pool2d(x, (1, 9), 1, (0, 4))],
    "pooled": lambda conv: [lambda x: F.avg_pool2d(x, 3), conv(2), lambda x: F.avg_pool2d(x, (2, 3), 2)],
    "turned and back": lambda conv: [
        conv(3, stride=2),
        lambda x: torch.permute(x, (0, 2, 3, 1)),
        lambda x: x.transpose(-1, 1),
        lambda x: x.permute(0, 1, 3, 2),
        conv(2),
    ],
    "channels shuffled": lambda conv: [
        conv(3),
        lambda x: x.reshape(1, 1, -1, x.size(2), x.size(3)).transpose(1, 2).flatten(1, 2),
        lambda x: torch.cat(x.chunk(1, dim=1), 1),
        conv(3, stride=2),
    ],
    "arithmetic": lambda conv: [conv(3), lambda x: 7 - 3 * x.square() / 4 + x**2, lambda x: -x, conv(2)],
}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("operations", OPERATIONS.values(), ids=list(OPERATIONS))
def test_operations_are_followed_to_the_pixel(operations):
    field = deepest(toy(*operations(conv)))
    model, image = nn.Sequential(*toy(*operations(one)).builder(weights=None)), picture(62, 48)
    activation = model(image)
    assert field.kind == "cell"
    for row, column in cells_of(*activation.shape[2:])[:5]:
        assert field.window(row, column, (62, 48)) == found_by_gradient(activation, image, row, column)[0]


BORDERS = [
    lambda conv, mode: [conv(4, stride=2, padding=5, padding_mode=mode), conv(3, padding=2)],
    lambda conv, mode: [conv(3, padding=2), conv(3, padding=3, padding_mode=mode), conv(3, padding=1)],
    # Strides leave pixels over on the right, so that borders are mirrored further inside.
    lambda conv, mode: [conv(1, stride=5), conv(3, padding=2, padding_mode=mode)],
]


@pytest.mark.parametrize("mode", ["reflect", "replicate"])
@pytest.mark.parametrize("layers", BORDERS)
def test_cells_at_a_border_that_repeats_the_image_see_further_into_it(layers, mode):
    field, image = deepest(toy(*layers(conv, mode))), picture(60, 49)
    activation = nn.Sequential(*layers(one, mode))(image)
    rows, columns = activation.shape[2:]
    for row, column in [(r, r % columns) for r in range(rows)] + [(c % rows, c) for c in range(columns)]:
        x, y, width, height = field.window(row, column, (60, 49))
        left, top, across, down = found_by_gradient(activation, image, row, column)[0]
        assert x <= left
        assert y <= top
        assert left + across <= x + width
        assert top + down <= y + height


@torch.fx.wrap  # one node of the graph, since a trace has no assignments
def written_into(x):
    blank = torch.zeros_like(x)
    blank[:, :, 1:] = x[:, :, :-1]
    return blank + x


# Each keeps three channels on a grid that follows the image.
GLOBAL = {
    "unknown": lambda x: torch.cumsum(x, 2),
    "unknown in a list": lambda x: torch.functional.meshgrid(x.flatten(), indexing="ij")[0].view_as(x),
    "rolled": lambda x: x.roll(3, dims=2),
    "interpolated": lambda x: F.interpolate(x, scale_factor=2),
    "normalised over places": lambda x: F.layer_norm(x, (x.shape[2], x.shape[3])),
    "normalised over groups": lambda x: F.group_norm(x, 1),
    "mixed along a row": lambda x: F.linear(x, x.new_zeros((x.shape[3], x.shape[3]))),
    "scaled by its mean": lambda x: x * x.mean((2, 3), keepdim=True),
    "turned": lambda x: x.transpose(2, 3),
    "turned and pooled": lambda x: F.max_pool2d(x.transpose(2, 3), 3, 2),
    "mirrored whole": lambda x: x + x.flip(3),
    "beside itself": lambda x: torch.cat([x, x], 3),
    "cut at its size": lambda x: x[:, :, : x.shape[2] // 2],
    "cut from the end": lambda x: x[:, :, -(x.shape[2] // 2) :],
    "halved": lambda x: x.chunk(2, 3)[1],
    "moved by a share of its size": lambda x: F.pad(x, (x.shape[3] // 4, 0, 0, 0)),
    "pooled by a share of its size": lambda x: F.avg_pool2d(x, (x.shape[2] // 9, x.shape[3] // 9), 3),
    "strides that do not meet": lambda x: x[:, :, ::2] + F.pad(x, (0, 0, 0, -(x.shape[2] // 2))),
    "laid out anew": lambda x: x.view(x.shape[0], x.shape[1], x.shape[3], x.shape[2]),
    "written into": lambda x: written_into(x),
}


@pytest.mark.parametrize("function", GLOBAL.values(), ids=list(GLOBAL))
def test_what_no_rule_knows_counts_as_the_whole_image_and_so_does_all_behind_it(function):
    row = toy(conv(3), function, nn.ReLU())
    fields = receptive_fields(row)
    assert fields["0"].kind == "cell"
    assert deepest(row) == ReceptiveField("whole")


def test_borders_that_wrap_around_see_the_other_side():
    assert deepest(toy(conv(3, padding=1, padding_mode="circular"))).kind == "whole"


@EVERY_ROW
def test_every_layer_and_node_has_a_field(row):
    graph, fields = graph_of(row), receptive_fields(row)
    assert fields.keys() == graph.layouts.keys()
    assert receptive_fields(row) is fields
    for layer in row.layers:
        assert fields[layer.name] == fields[layer.node]
    for name, field in fields.items():
        numbers = (*field.size, *field.stride)
        assert min(numbers) >= 1 if field.kind == "cell" else not any(numbers), name


@EVERY_ROW
def test_a_stride_is_the_images_share_of_a_cell(row):
    sides = (960, 1280)  # rows and columns; padding, or its lack, makes a few pixels' difference
    for name, field in receptive_fields(row).items():
        if field.kind == "cell":
            cells = graph_of(row).grids(sides[::-1])[name]
            for side, stride, number in zip(sides, field.stride, cells, strict=True):
                assert abs(side - number * stride) <= 4 * stride + 8, name


# The first node of each kind, in the order of computation.
FIRST_OF_A_KIND = {
    "swin_t": {"cell": "features.0.0", "windows": "features.1.0.attn.shifted_window_attention"},
    "vit_b_16": {"cell": "conv_proj", "whole": "encoder.layers.encoder_layer_0.getitem"},
    "mobilenet_v3_large": {"cell": "features.0.0", "whole": "features.4.block.2.mul"},
    "efficientnet_b0": {"cell": "features.0.0", "whole": "features.1.0.block.1.mul"},
}


@EVERY_ROW
def test_fields_are_cells_until_attention_or_squeeze_and_excitation(row):
    fields, first = receptive_fields(row), {}
    for name in graph_of(row).nodes:
        first.setdefault(fields[name].kind, name)
    assert first == FIRST_OF_A_KIND.get(row.name, {"cell": graph_of(row).nodes[0]})


@pytest.mark.parametrize("name", FIRST_OF_A_KIND)
def test_what_is_no_window_stays_so_in_all_deeper_layers(name):
    row = find_backbone(name)
    kinds = [receptive_fields(row)[layer].kind for layer in graph_of(row).nodes]
    deepest_kind = list(FIRST_OF_A_KIND[name])[-1]
    assert kinds[-1] == deepest_kind
    assert {receptive_fields(row)[layer].kind for layer in row.layer_names[2:]} == {deepest_kind}
    if name in ("swin_t", "vit_b_16"):  # the others' branches before a squeeze are cells up to their end
        assert kinds == sorted(kinds, key=["cell", deepest_kind].index)


@pytest.mark.parametrize(
    ("name", "node", "size", "stride"),
    [
        ("vit_b_16", "encoder.layers.encoder_layer_0.ln", 16, 16),
        ("swin_t", "features.1.0.norm1", 4, 4),
        ("dists", "picture", 1, 1),
        ("alexnet", "conv1", 11, 4),
        ("resnet18", "layer4", 435, 32),
        # Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Networks, Distill 2019.
        ("alexnet", "features.12", 195, 32),
        ("vgg16", "conv5_3", 196, 16),
        ("vgg16", "features.30", 212, 32),
    ],
)
def test_fields_are_those_known(name, node, size, stride):
    field = receptive_fields(find_backbone(name))[node]
    assert (field.kind, field.size, field.stride) == ("cell", (size, size), (stride, stride))


@pytest.mark.parametrize(
    ("builder", "node", "size"),
    [
        (models.shufflenet_v2_x1_0, "conv5.2", 527),
        # Published by the same authors, for a network that is traced from the same modules.
        (lambda weights: models.inception_v3(weights=weights, init_weights=False), "Mixed_7c.cat_2", 1311),
        pytest.param(models.mobilenet_v2, "features.18.2", 491, marks=pytest.mark.grid),
    ],
    ids=["shufflenet_v2", "inception_v3", "mobilenet_v2"],
)
def test_a_network_that_the_catalogue_does_not_have_is_followed_as_well(builder, node, size):
    row = Backbone("new", "New", builder, (), 75, ())
    fields = receptive_fields(row)
    assert {fields[name].kind for name in graph_of(row).nodes} == {"cell"}
    assert (fields[node].size, fields[node].stride) == ((size, size), (32, 32))


def noise(seed, width, height):
    return torch.randn((1, 3, height, width), generator=torch.Generator().manual_seed(seed))


def cells_of_layer(name, layer, image):
    """(rows, columns, channels)."""
    trunk = network(find_backbone(name), "cpu", "random")
    return next(activation[0].clone() for _, activation in trunk.activations(image, (layer,)))


@pytest.mark.parametrize(
    ("name", "layer"),
    few(
        [
            ("mobilenet_v3_large", "block3"),
            ("swin_t", "features.0.2"),
            ("alexnet_shift", "conv3"),
            ("squeezenet1_1", "fire5"),
            ("convnext_tiny", "stage1"),
            ("vit_b_16", "encoder.dropout"),
        ],
        3,
        tuples=True,
    ),
)
def test_what_happens_outside_the_window_changes_nothing_in_a_cell_and_inside_it_does(name, layer):
    size = (256, 192)
    rows, columns = graph_of(find_backbone(name)).grids(size)[layer]
    image, other = noise(0, *size), noise(1, *size)
    cells = cells_of_layer(name, layer, image)
    for row, column in [(0, 0), (rows // 2, columns // 2), (rows - 1, 0), (rows - 1, columns - 1)]:
        x, y, width, height = receptive_fields(find_backbone(name))[layer].window(row, column, size)
        box = (..., slice(y, y + height), slice(x, x + width))
        outside, inside = other.clone(), image.clone()
        outside[box], inside[box] = image[box], other[box]
        expected = cells[row, column]
        changed, kept = (cells_of_layer(name, layer, each)[row, column] for each in (inside, outside))
        torch.testing.assert_close(kept, expected)
        assert not torch.allclose(changed, expected, rtol=1e-2)


@pytest.mark.parametrize(("name", "layer"), [("mobilenet_v3_large", "block6"), ("vit_b_16", "block3")])
def test_where_the_whole_image_counts_the_far_corner_changes_the_first_cell(name, layer):
    image = noise(0, 256, 192)
    other = image.clone()
    other[:, :, -32:, -32:] = 4
    first, second = (cells_of_layer(name, layer, x)[0, 0] for x in (image, other))
    assert (first - second).abs().max() > 1e-5 * first.abs().max()


def test_a_window_is_clipped_at_the_images_border():
    field = ReceptiveField("cell", size=(5, 7), stride=(2, 4), start=(-1, -3))
    assert field.window(0, 0, (30, 20)) == (0, 0, 4, 4)
    assert field.window(3, 2, (30, 20)) == (5, 5, 7, 5)
    assert field.window(9, 7, (30, 20)) == (25, 17, 5, 3)
    assert field.window(0, 0, (2, 3)) == (0, 0, 2, 3)


def test_a_mirrored_border_shows_a_cell_more_of_the_image_on_its_side():
    field = ReceptiveField("cell", size=(5, 5), stride=(4, 4), start=(-4, -4), mirrored=(6, 8))
    assert field.window(0, 0, (40, 40)) == (0, 0, 8, 6)
    assert field.window(2, 2, (40, 40)) == (4, 4, 5, 5)
    assert field.window(10, 10, (40, 40)) == (32, 34, 8, 6)


@pytest.mark.parametrize("kind", ["windows", "whole"])
def test_without_a_window_it_is_all_of_the_image(kind):
    assert ReceptiveField(kind).window(3, 4, (30, 20)) == (0, 0, 30, 20)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (ReceptiveField("cell", (195, 211), (16, 16)), "211 × 195 pixels"),
        (ReceptiveField("cell", (1, 1), (1, 1)), "1 pixel"),
        (ReceptiveField("whole"), "the whole image"),
        (ReceptiveField("windows"), "its attention windows, which vary from place to place"),
    ],
)
def test_a_field_says_in_words_how_far_it_reaches(field, words):
    assert field.words == words

"""Windows of change: what an operation makes of them equals what it makes of the whole."""

from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from explorer.backbones import find_backbone, network
from explorer.backbones.passes.chain import Sliding, chain_of
from explorer.backbones.passes.windows import Window, WindowPasses, chain_bytes
from tests.grid import few

KINDS = [  # kernel, stride, padding, dilation, all of (rows, columns)
    ((3, 3), (1, 1), (1, 1), (1, 1)),
    ((11, 11), (4, 4), (2, 2), (1, 1)),
    ((3, 3), (2, 2), (0, 0), (1, 1)),
    ((1, 1), (2, 2), (0, 0), (1, 1)),  # looks at every second place only
    ((2, 5), (3, 1), (1, 0), (1, 1)),
    ((3, 3), (1, 2), (2, 2), (2, 2)),
]


def convolution(kernel, stride, padding, dilation) -> Sliding:
    weight = torch.randn(4, 3, *kernel, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    whole = partial(F.conv2d, weight=weight, stride=stride, padding=padding, dilation=dilation)
    part = partial(F.conv2d, weight=weight, stride=stride, dilation=dilation)
    return Sliding(whole, part, kernel, stride, padding, dilation, channels=4, taps=("only",))


def pooling(kernel, stride, padding, dilation) -> Sliding:
    whole = partial(F.max_pool2d, kernel_size=kernel, stride=stride, padding=padding, dilation=dilation)
    part = partial(F.max_pool2d, kernel_size=kernel, stride=stride, dilation=dilation)
    return Sliding(whole, part, kernel, stride, padding, dilation, fill=-torch.inf, taps=("only",))


def windows(rows: int, columns: int, count: int = 25):
    draw = torch.Generator().manual_seed(1)
    for _ in range(count):
        (top, bottom), (left, right) = (
            sorted(torch.randperm(length + 1, generator=draw)[:2].tolist()) for length in (rows, columns)
        )
        yield Window(top, bottom, left, right)
    yield Window(0, rows, 0, columns)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("make", [convolution, pooling])
def test_a_change_inside_a_window_is_followed_exactly(make, kind):
    kernel, _, padding, _ = kind
    if make is pooling and any(2 * pad > side for pad, side in zip(padding, kernel, strict=True)):
        pytest.skip("torch pools with a padding of at most half the kernel")
    operation = make(*kind)
    base = torch.randn(1, 3, 29, 34, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    base = base.contiguous(memory_format=torch.channels_last)
    passes = WindowPasses([operation], base.clone())
    before = operation.whole(base)
    for number, window in enumerate(windows(29, 34)):
        picture = base.clone()
        inside = picture[(..., *window.slices)]
        inside.copy_(torch.randn(inside.shape, generator=torch.Generator().manual_seed(number)))
        ((name, own, values),) = passes.changed(inside.clone(), window)
        followed = before.clone()
        followed[(..., *own.slices)] = values.permute(2, 0, 1)[None]
        torch.testing.assert_close(followed, operation.whole(picture), rtol=1e-12, atol=1e-12)
        assert name == "only"
    ((_, kept),) = passes.base()
    assert torch.equal(kept, before[0].permute(1, 2, 0))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_windows_of_one_size_reach_windows_of_one_size(kind):
    operation = convolution(*kind)
    for axis, length in ((0, 29), (1, 34)):
        output = operation.length(axis, length)
        sizes = set()
        for start in range(length - 6):
            first, end = operation.reached(axis, start, start + 6, output)
            assert 0 <= first <= end <= output
            sizes.add(end - first)
        assert len(sizes) == 1


def test_a_widened_window_holds_the_window_and_never_shrinks():
    passes = WindowPasses([], torch.zeros(1, 3, 20, 30))
    assert passes.widened(Window(18, 20, 29, 30)) == Window(18, 20, 29, 30)
    assert passes.widened(Window(0, 5, 0, 4)) == Window(0, 5, 0, 4)
    assert passes.widened(Window(19, 20, 28, 30)) == Window(15, 20, 26, 30)


@pytest.mark.parametrize("name", ["alexnet", "vgg16"])
def test_alexnet_and_vgg16_are_chains(name):
    row = find_backbone(name)
    net = network(row, "cpu", "random")
    operations = chain_of(net, row.layer_names)
    assert [tap for operation in operations for tap in operation.taps] == list(row.layer_names)
    values = torch.zeros(1, 3, 64, 80)
    total = values.numel()
    for operation in operations:
        values = operation.whole(values)
        total += values.numel()
    assert chain_bytes(operations, (80, 64)) == 4 * total


@pytest.mark.parametrize(
    "name", few(["squeezenet1_1", "resnet18", "alexnet_shift", "dists", "densenet121", "vit_b_16"], 4)
)
def test_networks_with_branches_and_other_operations_are_none(name):
    row = find_backbone(name)
    assert chain_of(network(row, "cpu", "random"), row.layer_names) is None


def test_a_value_before_its_relu_is_kept_as_it_is():
    net = network(find_backbone("alexnet"), "cpu", "random")
    names = ("features.0", "conv1", "features.2")
    operations = chain_of(net, names)
    batch = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        passes = WindowPasses(operations, batch)
        expected = {name: value[0].clone() for name, value in net.activations(batch, names)}
    assert not any(isinstance(operation.whole, nn.ReLU) for operation in operations)
    for name, value in passes.base():
        assert torch.equal(value, expected[name])
    assert expected["features.0"].min() < 0

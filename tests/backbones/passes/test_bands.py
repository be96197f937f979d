"""Bands of rows: a picture that passes in pieces has the values of the whole."""

import math

import pytest
import torch

from explorer.backbones import BACKBONES, find_backbone, graph_of, network
from explorer.backbones.passes import bands
from explorer.backbones.passes.chain import chain_of, is_chain
from tests.backbones.passes.test_windows import KINDS, convolution, pooling


def joined(operations, picture, size) -> dict[str, torch.Tensor]:
    """Each layer's rows, put together; they come once and in order."""
    found: dict[str, list[torch.Tensor]] = {}
    parts = []
    for name, start, values, finished in bands.in_bands(operations, lambda a, b: picture[:, :, a:b], size):
        known = found.setdefault(name, [])
        assert start == sum(map(len, known))
        known.append(values.clone())
        parts.append(finished)
    assert parts == sorted(parts)
    assert 0 < parts[0] <= parts[-1] <= 1
    return {name: torch.cat(values) for name, values in found.items()}


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("make", [convolution, pooling])
@pytest.mark.parametrize("rows", [1, 4, 100])
def test_an_operation_makes_of_bands_what_it_makes_of_the_whole(make, kind, rows, monkeypatch):
    kernel, _, padding, _ = kind
    if make is pooling and any(2 * pad > side for pad, side in zip(padding, kernel, strict=True)):
        pytest.skip("torch pools with a padding of at most half the kernel")
    monkeypatch.setattr(bands, "band_rows", lambda *_: rows)
    operation = make(*kind)
    picture = torch.randn(1, 3, 29, 34, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    found = joined([operation], picture, (34, 29))["only"]
    expected = operation.whole(picture)[0].permute(1, 2, 0)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("name", "size"), [("alexnet", (301, 487)), ("vgg16", (61, 211))])
def test_a_network_makes_of_bands_what_it_makes_of_the_whole(name, size, monkeypatch):
    monkeypatch.setattr(bands, "BAND_BYTES", 1 << 18)
    net = network(find_backbone(name), "cpu", "random")
    names = net.backbone.layer_names
    operations = chain_of(net, names)
    assert 2 * bands.band_rows(operations, size) < size[1]
    picture = torch.randn(1, 3, *reversed(size), generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        found = joined(operations, picture.contiguous(memory_format=torch.channels_last), size)
        for name, values in net.activations(picture, names):
            torch.testing.assert_close(found[name], values[0], rtol=1e-6, atol=1e-6)


def test_all_bands_between_the_first_and_the_last_make_equally_many_rows(monkeypatch):
    net = network(find_backbone("alexnet"), "cpu", "random")
    operations = chain_of(net, net.backbone.layer_names)
    stride = math.prod(operation.stride[0] for operation in operations)
    assert bands.band_rows(operations, (4000, 3000)) % stride == 0
    monkeypatch.setattr(bands, "band_rows", lambda *_: stride)
    made: dict[str, list[int]] = {}
    size = (64, 30 * stride)
    with torch.inference_mode():
        for name, _, values, _ in bands.in_bands(
            operations, lambda a, b: torch.zeros(1, 3, b - a, size[0]), size
        ):
            made.setdefault(name, []).append(len(values))
    assert all(len(set(rows[10:-5])) == 1 for rows in made.values())


@pytest.mark.parametrize("name", BACKBONES)
def test_a_chain_is_told_from_the_graph_alone(name):
    row = find_backbone(name)
    if row.name.startswith(("alexnet", "vgg", "squeezenet", "resnet", "dists")):
        found = chain_of(network(row, "cpu", "random"), row.layer_names)
    else:
        found = None  # large, and none of them is
    assert is_chain(graph_of(row), row.layer_names) == (found is not None)

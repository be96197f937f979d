"""The network of DISTS: VGG16's own keys, the picture as a layer, and pooling by the root of squares."""

import numpy as np
import pytest
import torch
import torchvision

from explorer.backbones.networks import dists
from explorer.backbones.networks.dists import L2Pool, picture
from explorer.backbones.row import IMAGENET_SCALING


def test_the_keys_and_shapes_are_those_of_vgg16s_convolutions():
    with torch.device("meta"):
        ours = dists(weights=None).state_dict()
        theirs = torchvision.models.vgg16(weights=None).state_dict()
    assert {key: value.shape for key, value in ours.items()} == {
        key: value.shape for key, value in theirs.items() if key.startswith("features.")
    }


def test_the_picture_comes_back_as_it_was_before_the_scaling():
    values = torch.rand((2, 3, 20, 30), generator=torch.Generator().manual_seed(0))
    shift, scale = (torch.tensor(v).view(3, 1, 1) for v in (IMAGENET_SCALING.shift, IMAGENET_SCALING.scale))
    scaled = (2 * values - 1 - shift) / scale
    before = scaled.clone()
    torch.testing.assert_close(picture(scaled), values, rtol=0, atol=5e-7)
    assert torch.equal(scaled, before)


@pytest.mark.parametrize("size", [(1, 1), (2, 5), (9, 12), (13, 4)])
def test_pooling_is_the_root_of_squares_under_a_hanning_window(size):
    batch = torch.randn((2, 3, *size), generator=torch.Generator().manual_seed(0))
    before = batch.clone()
    pooled = L2Pool()(batch)
    assert torch.equal(batch, before)
    assert pooled.shape == (2, 3, (size[0] + 1) // 2, (size[1] + 1) // 2)
    hanning = np.hanning(5)[1:-1]
    window = np.outer(hanning, hanning) / hanning.sum() ** 2
    for image, channel, row, column in np.ndindex(pooled.shape):
        padded = np.pad(batch[image, channel].double().numpy() ** 2, 1)
        patch = padded[2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
        expected = np.sqrt((patch * window).sum() + 1e-12)
        assert pooled[image, channel, row, column].item() == pytest.approx(expected, abs=1e-6)


def test_pooling_does_not_see_the_sign():
    batch = torch.randn((1, 2, 8, 8), generator=torch.Generator().manual_seed(0))
    assert torch.equal(L2Pool()(batch), L2Pool()(-batch))


def test_where_nothing_is_there_is_next_to_nothing_and_no_nan():
    assert torch.equal(L2Pool()(torch.zeros((1, 1, 4, 4))), torch.full((1, 1, 2, 2), 1e-6))

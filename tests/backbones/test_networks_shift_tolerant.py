"""The blurred pooling of shift-tolerant LPIPS, and the layout of its networks."""

import numpy as np
import pytest
import torch

from explorer.backbones.networks import alexnet_shift, vgg16_shift
from explorer.backbones.networks.shift_tolerant import BlurPool


def blurred(plane):
    """By its definition, place by place: float64 (rows, columns) -> the pooled plane."""
    mirrored = np.pad(plane, 2, mode="reflect")
    window = np.outer([1, 2, 1], [1, 2, 1]) / 16
    rows, columns = ((side - 3) // 2 + 1 for side in mirrored.shape)
    pooled = np.empty((rows, columns))
    for row, column in np.ndindex(rows, columns):
        pooled[row, column] = (mirrored[2 * row : 2 * row + 3, 2 * column : 2 * column + 3] * window).sum()
    return pooled


@pytest.mark.parametrize("size", [(3, 3), (4, 7), (9, 12), (13, 5)])
def test_each_channel_is_mirrored_blurred_and_halved_by_itself(size):
    batch = torch.randn((2, 3, *size), generator=torch.Generator().manual_seed(0))
    pooled = BlurPool(3)(batch)
    assert pooled.shape == (2, 3, (size[0] + 1) // 2 + 1, (size[1] + 1) // 2 + 1)
    for image, channel in np.ndindex(2, 3):
        expected = blurred(batch[image, channel].double().numpy())
        np.testing.assert_allclose(pooled[image, channel].numpy(), expected, atol=1e-6)


def test_a_constant_plane_stays_constant_to_its_edges():
    assert torch.equal(BlurPool(2)(torch.full((1, 2, 7, 8), 3.0)), torch.full((1, 2, 5, 5), 3.0))


@pytest.mark.parametrize("size", [(2, 9), (9, 2), (1, 1)])
def test_a_side_too_short_to_mirror_is_refused(size):
    with pytest.raises(RuntimeError, match="Padding size"):
        BlurPool(2)(torch.zeros((1, 2, *size)))


@pytest.mark.parametrize(("builder", "convolutions", "blurs"), [(alexnet_shift, 5, 3), (vgg16_shift, 13, 4)])
def test_the_state_holds_convolutions_and_blurs_and_no_classifier(builder, convolutions, blurs):
    with torch.device("meta"):
        state = builder(weights=None).state_dict()
    kinds = [key.rpartition(".")[2] for key in state]
    assert kinds.count("weight") == kinds.count("bias") == convolutions
    assert kinds.count("filt") == blurs
    assert len(kinds) == 2 * convolutions + blurs
    assert all(key.startswith("net.slice") for key in state)

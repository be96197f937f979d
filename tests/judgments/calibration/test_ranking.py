"""The ranking network and its loss are those of `lpips`."""

import pytest
import torch
from lpips import BCERankingLoss

from explorer.judgments.calibration.ranking import fresh_ranking, ranked, ranking_loss


@pytest.fixture
def both():
    """Ours, and the reference implementation with the same values."""
    ours, theirs = fresh_ranking(torch.Generator().manual_seed(3)), BCERankingLoss()
    convolutions = [layer for layer in theirs.net.model if hasattr(layer, "weight")]
    for (weights, biases), layer in zip(ours, convolutions, strict=True):
        layer.weight.data = weights.detach()[:, :, None, None].clone()
        layer.bias.data = biases.detach().clone()
    return ours, theirs


def test_shares_loss_and_gradients_equal_the_reference_implementation(both):
    ours, theirs = both
    generator = torch.Generator().manual_seed(5)
    distances = torch.rand(40, 2, generator=generator).requires_grad_()
    judge = torch.randint(0, 6, (40,), generator=generator) / 5
    d0, d1 = (distances[:, place, None, None, None] for place in (0, 1))
    expected = theirs(d0, d1, judge[:, None, None, None] * 2 - 1)
    shares = theirs.logit.flatten()  # lpips calls the share so, which has been through the sigmoid
    found = ranking_loss(ours, distances, judge)
    torch.testing.assert_close(ranked(ours, distances).sigmoid(), shares)
    torch.testing.assert_close(found, expected)
    (by_ours,) = torch.autograd.grad(found, distances, retain_graph=True)
    (by_theirs,) = torch.autograd.grad(expected, distances)
    torch.testing.assert_close(by_ours, by_theirs)

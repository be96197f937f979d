"""A bound holds for the rounded picture, whatever the gradient says; and it is read as it was written."""

import math

import pytest
import torch

from explorer.errors import SettingError
from explorer.synthesis.bounds import Decibels, Levels, read_bound
from explorer.synthesis.levels import rounded

BOUNDS = [Levels(1), Levels(5), Decibels(35), Decibels(48.5), Decibels(60)]


def far_of(start, levels):
    """The largest change, and the change's PSNR, once rounded."""
    change = rounded(levels) - start
    squared = float(change.double().square().mean())
    return float(change.abs().max()), 10 * math.log10(255**2 / squared) if squared else math.inf


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.text)
def test_no_number_of_steps_leaves_the_bound_or_the_range_of_pixels_and_many_reach_it(bound):
    generator = torch.Generator().manual_seed(1)
    start = torch.randint(0, 256, (1, 3, 24, 20), generator=generator).float()
    slope = torch.randn(start.shape, generator=generator)
    levels = start
    for _ in range(40):
        levels = bound.step(start, levels, slope)
        far, psnr = far_of(start, levels)
        assert levels.min() >= 0
        assert levels.max() <= 255
        assert far <= bound.most if isinstance(bound, Levels) else psnr >= bound.psnr - 1e-6
    assert far == bound.most if isinstance(bound, Levels) else psnr < bound.psnr + 1


def test_a_step_goes_uphill_by_a_quarter_of_the_bound_and_nowhere_without_a_slope():
    start = torch.full((1, 3, 8, 8), 100.0)
    slope = torch.ones_like(start)
    slope[..., 4:] = -2
    ahead = Levels(4).step(start, start, slope) - start
    assert torch.equal(ahead, slope.sign())
    change = Decibels(40).step(start, start, slope) - start
    assert torch.allclose(change / change.norm(), slope / slope.norm(), atol=1e-6)
    for bound in BOUNDS:
        assert torch.equal(bound.step(start, start, torch.zeros_like(start)), start)


def test_a_bound_is_read_as_it_was_written():
    assert [read_bound(bound.text) for bound in BOUNDS] == BOUNDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "levels",
        "levels:",
        "levels:0",
        "levels:17",
        "levels:2.5",
        "levels:nan",
        "psnr:19",
        "psnr:inf",
        "db:3",
    ],
)
def test_a_text_that_is_no_bound_is_refused_with_the_mend(text):
    with pytest.raises(SettingError, match=r"choose a|write levels:2"):
        read_bound(text)

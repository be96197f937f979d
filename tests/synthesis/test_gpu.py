"""On a GPU a duel follows the gradient that it would follow on the CPU, and holds what it holds there."""

import pytest
import torch

from explorer.analysis.rulers import PSNR, SSIM
from explorer.metrics import Method
from explorer.synthesis.competition import Competition
from explorer.synthesis.journey import travel
from explorer.synthesis.levels import levels_of
from explorer.synthesis.objective import Objective

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")

CPU, CUDA = Method(device="cpu"), Method(device="auto")  # which is CUDA where these run


@pytest.mark.parametrize("ruler", [CPU, SSIM, PSNR], ids=["LPIPS", "SSIM", "PSNR"])
def test_value_and_gradient_on_cuda_are_those_of_the_cpu(ruler, pair):
    cpu, cuda = (
        Objective(ruler, pair.reference, device).gradient(levels_of(pair.distorted, device))
        for device in ("cpu", "cuda")
    )
    assert cuda[1].device.type == "cuda"
    assert cuda[0] == pytest.approx(cpu[0], rel=1e-4)
    assert (cuda[1].cpu() - cpu[1]).norm() <= 1e-2 * cpu[1].norm()


@pytest.mark.parametrize(
    ("hold", "at", "within"), [(PSNR, 24.0, 0.02), (SSIM, 0.7, 0.002), (CUDA, 0.2, 0.002)]
)
def test_what_is_held_is_held_on_cuda(hold, at, within, photo):
    moved = PSNR if hold is CUDA else CUDA
    plan = Competition(photo("cat", (96, 96)), hold, at, moved, "gaussian_noise", CUDA).plan()
    journey = travel(plan, 10)
    for run in journey.runs:
        first, *_, last = journey.frames(run)
        assert last.standing.values[hold] == pytest.approx(at, abs=within)
        assert last.standing.values[moved] != first.standing.values[moved]

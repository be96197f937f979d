"""On a GPU the same is made: from the same start, along the same way at first, and held as well."""

import numpy as np
import pytest
import torch

from explorer import synthesis
from explorer.analysis.rulers import PSNR, SSIM, value
from explorer.metrics import Method
from explorer.synthesis.competition import RUNS

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")

LPIPS = Method(device="cpu")
HELD = [("psnr", PSNR, 24.0, 0.02), ("ssim", SSIM, 0.6, 0.002), ("lpips", LPIPS, 0.3, 0.003)]


@pytest.mark.parametrize(("name", "ruler", "at", "within"), HELD, ids=[each[0] for each in HELD])
def test_what_is_made_on_cuda_is_held_and_begins_as_on_the_cpu(name, ruler, at, within, photo):
    reference = photo("cat", (96, 80))
    moved = "psnr" if name == "lpips" else "lpips"
    cpu, cuda = (
        synthesis.duel(reference, name, at, moved, steps=3, device=device) for device in ("cpu", "cuda")
    )
    for run in RUNS:
        for frame in cuda.frames(run):
            assert value(ruler, reference, frame.picture) == pytest.approx(at, abs=within)
        one, other = (made.frames(run)[0].picture.pixels.astype(int) for made in (cpu, cuda))
        assert np.abs(one - other).max() <= 1
        assert cuda.curves[run] == pytest.approx(cpu.curves[run], rel=0.1)


def test_runs_on_cuda_move_what_is_to_move(photo):
    made = synthesis.duel(photo("cat", (96, 80)), steps=8, device="cuda")
    start, low, high = (made.curves[run][place] for run, place in (("lowered", 0), *((r, -1) for r in RUNS)))
    assert low < start / 5
    assert high > start * 4

"""On a GPU the numbers are those of the CPU."""

import numpy as np
import pytest
import torch

import explorer
from explorer.backbones import HEADS, find_device

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("sample", ["cat", "text"])
def test_scores_layers_and_maps_on_cuda_equal_those_on_the_cpu(heads, sample, pairs):
    for pair in pairs(sample, (301, 207)):
        cpu, cuda = (
            explorer.measure(pair.reference, pair.distorted, heads=heads, device=device)
            for device in ("cpu", "cuda")
        )
        assert cuda.score == pytest.approx(cpu.score, rel=1e-4, abs=1e-9), pair.label
        for ours, theirs in zip(cuda.layers, cpu.layers, strict=True):
            case = f"{pair.label} {ours.name}"
            assert ours.distance == pytest.approx(theirs.distance, rel=1e-4, abs=1e-9), case
            np.testing.assert_allclose(ours.map, theirs.map, rtol=1e-3, atol=1e-4, err_msg=case)


def test_a_cached_reference_gives_the_same_score_on_cuda(pair, empty_cache):
    cold, cached = (explorer.measure(pair.reference, pair.distorted, device="cuda") for _ in range(2))
    assert empty_cache.used > 0
    assert cached.score == pytest.approx(cold.score, rel=1e-5)


def test_auto_picks_cuda(pair):
    assert find_device("auto") == "cuda"
    assert explorer.measure(pair.reference, pair.distorted).device == "cuda"

"""Convolutions in one step with what follows them: their weights are packed once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch
from torch import nn

from explorer.backbones.passes.fused import Convolution, can_fuse, packed_weights

THREADS = 4


class Meeting:
    """A lock that nobody enters before all threads have come to it."""

    def __init__(self):
        self._all = threading.Barrier(THREADS, timeout=180)
        self._lock = threading.Lock()

    def __enter__(self):
        self._all.wait()
        self._lock.acquire()

    def __exit__(self, *_):
        self._lock.release()


@pytest.mark.skipif(not can_fuse("cpu"), reason="this torch has no fused CPU operators")
def test_threads_that_meet_at_a_weight_that_is_not_packed_yet_pack_it_once():
    budget = packed_weights.budget
    packed_weights.budget = max(budget, 1_000_000)  # one over the budget would not be kept
    try:
        convolution = replace(Convolution.of(nn.Conv2d(3, 8, 3), None, fused=True), _packing=Meeting())
        with ThreadPoolExecutor(THREADS) as pool:
            packed = list(pool.map(lambda _: convolution._packed((16, 16)), range(THREADS)))
    finally:
        packed_weights.budget = budget
    assert all(one is packed[0] for one in packed)


def test_a_convolution_that_is_made_inside_inference_mode_can_be_used_by_autograd():
    conv, norm = nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)
    with torch.inference_mode():
        made = [Convolution.of(conv, behind, fused=False) for behind in (None, norm)]
    for convolution in made:
        assert not convolution.weight.is_inference()
        assert not convolution.bias.is_inference()

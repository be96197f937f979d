"""The time of a pass is that of the network alone, and of a pass that follows another."""

import math
import time

from explorer.backbones import Network
from explorer.metrics import Method, compare
from explorer.metrics.timing import Stopwatch


def test_only_the_networks_own_seconds_count():
    def activations():
        for name in ("conv1", "conv2"):
            time.sleep(0.02)
            yield name

    watch, seen = Stopwatch(), []
    assert math.isnan(watch.seconds)
    start = time.perf_counter()
    for name in watch.over(activations(), "cpu"):
        seen.append(name)
        time.sleep(0.1)  # what is done with them
    assert seen == ["conv1", "conv2"]
    assert 0.04 <= watch.seconds <= time.perf_counter() - start - 0.2


def test_every_comparison_knows_the_time_of_a_pass_whether_or_not_its_reference_is_known(pair, empty_cache):
    method = Method(size=64, device="cpu")
    for _ in range(2):
        assert 0 < compare(pair.reference, pair.distorted, method).pass_seconds < math.inf
    dists = Method("dists", weights="random", size=64, device="cpu")
    assert 0 < compare(pair.reference, pair.distorted, dists).pass_seconds < math.inf


def test_the_pass_that_is_timed_follows_the_other_in_each_layer(pair, empty_cache, monkeypatch):
    plain, over = Network.activations, Stopwatch.over
    passes, order, timed = [], [], []

    def activations(network, batch, layers):
        def counted(number):
            for activation in plain(network, batch, layers):
                order.append(number)
                yield activation

        passes.append(counted(len(passes)))
        return passes[-1]

    def noted(watch, own, device):
        timed.append(passes.index(own))
        return over(watch, own, device)

    monkeypatch.setattr(Network, "activations", activations)
    monkeypatch.setattr(Stopwatch, "over", noted)
    method = Method(size=64, device="cpu")
    compare(pair.reference, pair.distorted, method)
    (number,) = timed
    assert len(passes) == 2
    assert order == [1 - number, number] * len(method.layers)

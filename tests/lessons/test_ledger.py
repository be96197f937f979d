"""From cells to one number: every number of the ledger is that of a measurement."""

import math

import numpy as np
import pytest

import explorer
from explorer.distortions import distort
from explorer.errors import SettingError
from explorer.images import as_picture
from explorer.lessons.depth import layer_as_deep
from explorer.lessons.ledger import ledger_of
from explorer.metrics import Method, compare
from explorer.samples import load_sample

LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5")


@pytest.fixture(scope="module")
def pixels():
    cat = load_sample("cat").pixels
    return cat, distort(cat, "gaussian_blur", 0.5)


@pytest.fixture(scope="module")
def comparison(pixels):
    pictures = [as_picture(each, "picture") for each in pixels]
    return compare(*pictures, Method(), siblings=True)


@pytest.mark.parametrize("heads", ["lpips-0.1", "uniform"])
@pytest.mark.parametrize("off", [(), ("conv2",), ("conv1", "conv3", "conv4", "conv5")])
def test_every_number_is_that_of_measure(pixels, comparison, heads, off):
    found = ledger_of(comparison, heads, off)
    kept = [name for name in LAYERS if name not in off]
    measured = explorer.measure(*pixels, heads=heads, layers=kept)
    assert found.score == pytest.approx(measured.score, rel=1e-6)
    assert found.whole == pytest.approx(explorer.measure(*pixels, heads=heads).score, rel=1e-6)
    by_name = {layer.name: layer for layer in measured.layers}
    assert [entry.name for entry in found.entries] == list(LAYERS)
    for entry in found.entries:
        assert entry.is_in_sum == (entry.name in kept)
        assert entry.distance == pytest.approx(entry.map.mean(dtype=np.float64))
        if entry.is_in_sum:
            assert entry.distance == pytest.approx(by_name[entry.name].distance, rel=1e-6)
            assert entry.share == pytest.approx(by_name[entry.name].share, rel=1e-6)
            np.testing.assert_allclose(entry.map, by_name[entry.name].map, atol=1e-6)


def test_the_sum_rises_by_each_layers_distance_to_the_score(comparison):
    found = ledger_of(comparison, "lpips-0.1", ("conv3",))
    assert found.entries[0].before == 0
    for entry, following in zip(found.entries, found.entries[1:], strict=False):
        assert following.before == entry.after
    for entry in found.entries:
        assert entry.after - entry.before == pytest.approx(entry.distance if entry.is_in_sum else 0)
    assert found.entries[-1].after == pytest.approx(found.score, rel=1e-12)
    assert math.isnan(found.entries[2].share)
    assert math.fsum(entry.share for entry in found.entries if entry.is_in_sum) == pytest.approx(1)


def test_the_scale_and_what_it_clips_stay_when_a_layer_is_switched_off(comparison):
    every, less = ledger_of(comparison, "lpips-0.1"), ledger_of(comparison, "lpips-0.1", ("conv2", "conv5"))
    assert (every.maximum, every.clipped) == (less.maximum, less.clipped)
    values = np.concatenate([entry.map.ravel() for entry in every.entries])
    assert every.clipped == pytest.approx(np.mean(values > every.maximum))
    assert every.sentence != less.sentence


def test_a_sum_of_nothing_and_heads_that_were_not_compared_are_refused(comparison):
    with pytest.raises(SettingError, match="at least one layer"):
        ledger_of(comparison, "lpips-0.1", LAYERS)
    with pytest.raises(SettingError, match="not compared"):
        ledger_of(comparison, "lpips-0.0")


def test_identical_pictures_have_a_score_of_0_and_no_shares():
    cat = load_sample("cat")
    found = ledger_of(compare(cat, cat, Method()), "lpips-0.1")
    assert found.score == 0
    assert found.maximum > 0
    assert all(math.isnan(entry.share) for entry in found.entries)


def test_a_layer_of_alexnet_is_found_as_deep_in_any_network():
    assert layer_as_deep("conv3", LAYERS) == "conv3"
    others = ("a", "b", "c", "d", "e", "f", "g")
    assert [layer_as_deep(name, others) for name in LAYERS] == ["a", "c", "d", "e", "g"]
    assert layer_as_deep("conv5", ("only",)) == "only"
    assert layer_as_deep("conv9", others) is None
    assert layer_as_deep("c", others) == "c"

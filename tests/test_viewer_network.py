"""A network on its way to the browser: a fine grid travels small, and says that its values are means."""

import json

import numpy as np
import pytest

from explorer.viewer.network.network import EXACT, FACE, ChannelPicture, NetworkLayer, NetworkScene, described


def scene(side, values):
    layer = NetworkLayer("conv1", 64, (side, side), "5 × 5 pixels", (5, 5), values, "rgb(0, 0, 0)")
    windows = [(0, 5)] * side
    picture = np.zeros((side, side, 3), np.uint8)
    strongest = (ChannelPicture(7, 2.0, values),)
    return NetworkScene(f"{side}", picture, "Cat", (layer,), "conv1", strongest, 3.0, windows, windows)


@pytest.mark.parametrize(("side", "is_exact"), [(EXACT, True), (EXACT + 1, False), (300, False)])
def test_values_travel_exactly_as_long_as_the_grid_is_not_too_fine(side, is_exact):
    values = np.random.default_rng(0).normal(size=(side, side)).astype(np.float32)
    sent = described(scene(side, values))
    assert sent["isExact"] == is_exact
    (channel,), (layer,) = sent["strongest"], sent["layers"]
    assert (channel["channel"], channel["strength"]) == (7, 2.0)
    assert channel["plane"]["rows"] == min(side, EXACT)
    assert (layer["rows"], layer["columns"], layer["face"]["rows"]) == (side, side, FACE)
    assert layer["faceEnd"] > 0
    assert len(json.dumps(sent)) < 400_000


def test_what_no_channel_answers_to_has_a_scale_all_the_same():
    sent = described(scene(4, np.zeros((4, 4), np.float32)))
    assert sent["layers"][0]["faceEnd"] == 1

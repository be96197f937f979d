"""A cell on its way to the browser: exact pictures, map and numbers; only what is there is passed on."""

import base64
import json
import math

import numpy as np
import pytest
import streamlit as st

from explorer.analysis.cell import Rest, Term
from explorer.viewer.cell import cell as module
from explorer.viewer.cell.cell import CellScene, CellSight, described, sight_of

PICTURES = np.random.default_rng(0).integers(0, 256, (2, 8, 9, 3), dtype=np.uint8)
VALUES = np.random.default_rng(1).random((3, 4), dtype=np.float32)
TERMS = tuple(Term(channel, 1 / 3, 0.0, 0.1, 0.0, 0.01, 1.5, 0.015) for channel in (7, 2))
REST = Rest(190, 2.0, 1.0, 0.5, 0.25, 0.0, 0.0, math.nan)


def scene(**changes):
    own = {
        "key": f"{changes}",
        "reference": PICTURES[0],
        "distorted": PICTURES[1],
        "layers": ("conv1", "conv2"),
        "layer": "conv2",
        "values": VALUES,
        "place": (2, 3),
        "window": (0, 0, 4, 5),
        "field": "51 × 51 pixels",
        "lengths": (2.0, 1.0),
        "terms": TERMS,
        "rest": REST,
        "value": 0.03,
    }
    return CellScene(**own | changes)


def test_numbers_and_map_arrive_to_the_last_digit():
    sent = json.loads(json.dumps(described(scene()), allow_nan=False))
    assert sent["terms"][0]["y"] == 1 / 3
    assert (sent["rest"]["channels"], sent["rest"]["weight"]) == (190, None)
    plane = sent["plane"]
    values = np.frombuffer(base64.b64decode(plane["data"]), "<f4").reshape(plane["rows"], plane["columns"])
    np.testing.assert_array_equal(values, VALUES)
    assert (sent["width"], sent["height"], sent["place"]) == (9, 8, [2, 3])


def test_another_layer_of_the_same_pair_has_another_map():
    first = described(scene(key="pair"))["plane"]
    other = described(scene(key="pair", layer="conv1", values=2 * VALUES))["plane"]
    assert first != other
    assert described(scene(key="pair"))["plane"] == first


@pytest.mark.parametrize("changes", [{"shown": 0}, {"shown": 6}, {"place": (3, 0)}, {"place": (0, -1)}])
def test_what_is_no_cell_is_refused(changes):
    with pytest.raises(ValueError, match=r"5 steps|no cell"):
        scene(**changes)


CHOSEN = {"number": 4, "layer": "conv1", "x": 0.25, "y": 1, "channel": 2, "shown": 3}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, CellSight("conv1", 0.25, 1, 2, 3)),
        ({"layer": "conv7"}, CellSight("conv2", 0.25, 1, 2, 3)),
        ({"x": None, "y": None, "channel": None}, CellSight("conv1", None, None, 7, 3)),
        ({"x": 1.5}, CellSight("conv1", None, None, 2, 3)),
        ({"y": "0.5"}, CellSight("conv1", None, None, 2, 3)),
        ({"channel": -1}, CellSight("conv1", 0.25, 1, 7, 3)),
        ({"shown": 9}, CellSight("conv1", 0.25, 1, 2, 5)),
        ({"shown": True}, CellSight("conv1", 0.25, 1, 2, 5)),
    ],
)
def test_what_the_user_chose_is_passed_on_and_what_there_is_not_gives_way(changes, expected):
    assert sight_of(scene(followed=7), CHOSEN | changes) == expected


def test_an_answer_names_the_message_that_it_answers(monkeypatch):
    sights, mounted = [], {}
    monkeypatch.setattr(module, "_component", lambda **given: mounted.update(given))
    monkeypatch.setattr(st, "session_state", {"here": {"see": CHOSEN}})
    module.cell(scene(), key="here", on_see=sights.append)
    assert mounted["data"]["heard"] == 0
    mounted["on_see_change"]()
    assert sights == [CellSight("conv1", 0.25, 1, 2, 3)]
    module.cell(scene(), key="here", on_see=sights.append)
    assert mounted["data"]["heard"] == 4

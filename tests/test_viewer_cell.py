"""A cell on its way to the browser: exact pictures, map and numbers; only what is there is passed on."""

import base64
import json
import math

import numpy as np
import pytest
import streamlit as st

from explorer.analysis.cell import Rest, Term
from explorer.viewer.cell import cell as module
from explorer.viewer.cell.cell import CellScene, described

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


@pytest.mark.parametrize(
    ("trigger", "sent", "expected"),
    [
        ("move", {"layer": "conv2", "row": 1, "column": 2}, ("move", 1, 2)),
        ("move", {"layer": "conv2", "row": 99, "column": -5}, ("move", 2, 0)),
        ("move", {"layer": "conv1", "row": 1, "column": 2}, None),  # on its way as another layer was chosen
        ("layer", "conv1", ("layer", "conv1")),
        ("layer", "conv7", None),
        ("follow", {"channel": 2}, ("follow", 2)),
        ("follow", {"channel": 3}, None),
        ("show", 3, ("show", 3)),
        ("show", 9, None),
    ],
)
def test_only_what_the_scene_has_is_passed_on(trigger, sent, expected, monkeypatch):
    calls, mounted = [], {}
    monkeypatch.setattr(module, "_component", lambda **given: mounted.update(given))
    monkeypatch.setattr(st, "session_state", {"here": {trigger: sent}})
    module.cell(
        scene(),
        key="here",
        **{
            f"on_{name}": lambda *told, name=name: calls.append((name, *told))
            for name in ("move", "layer", "follow", "show")
        },
    )
    mounted[f"on_{trigger}_change"]()
    assert calls == ([] if expected is None else [expected])

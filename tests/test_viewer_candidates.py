import json
import math

import numpy as np
import pytest

from explorer import render
from explorer.errors import SettingError
from explorer.viewer.candidates.candidates import CandidatesDisplay, describe
from explorer.viewer.candidates.scene import CandidateLayer, CandidatePanel, CandidateScene
from explorer.viewer.ranking.ranking import TableSort

PICTURE = np.zeros((16, 24, 3), np.uint8)


def panel(key="a", **changes):
    arguments = {
        "name": f"{key}.png",
        "picture": PICTURE,
        "dissimilarity": np.full((16, 24), np.nan, np.float32),
        "layers": (CandidateLayer("conv1", np.ones((3, 5), np.float32)),),
        "score": "1.0000",
    }
    return CandidatePanel(key, **arguments | changes)


def scene(*panels, **changes):
    return CandidateScene("key", PICTURE, panels, **changes)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (scene, "a key of its own"),
        (lambda: scene(panel(), panel()), "a key of its own"),
        (lambda: scene(panel(), spots=((math.nan, 0.5),)), "finite"),
        (lambda: panel(dissimilarity=np.zeros((4, 4))), "one value a pixel"),
        (lambda: panel(picture=None), "one value a pixel"),
    ],
)
def test_candidates_that_cannot_be_drawn_are_refused(make, reason):
    with pytest.raises(ValueError, match=reason):
        make()


def test_candidates_become_strict_json_also_where_little_of_them_is_known():
    known = panel(spots=("12%",))
    unknown = CandidatePanel("b", "b.png", message="measuring …")
    sent = describe(scene(known, unknown, spots=((0.5, 0.25),)), {})
    data = json.loads(json.dumps(sent, allow_nan=False))
    first, second = data["candidates"]
    assert first["layers"] == [{"name": "conv1", "plane": render.plane(np.ones((3, 5), np.float32))}]
    assert (second["picture"], second["dissimilarity"], second["layers"]) == (None, None, [])
    assert data["spots"] == [[0.5, 0.25]]


def test_what_was_encoded_of_a_candidate_is_kept_when_others_come(monkeypatch):
    first = panel(pixels_key="pixels of a", layers_key="layers of a")
    encoded = []
    plane = render.plane

    def counted(values):
        encoded.append(values.shape)
        return plane(values)

    monkeypatch.setattr(render, "plane", counted)
    before = describe(scene(first), {})["candidates"][0]
    count = len(encoded)
    after = describe(scene(first, panel("b", pixels_key="pixels of b", layers_key="layers of b")), {})
    assert after["candidates"][0] == before
    assert len(encoded) == 2 * count == 4


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "swipe"},
        {"map": "gradient"},
        {"overlay": 2},
        {"spots": "yes"},
        {"first": 3},
        {"first": "a", "second": "a"},
        {"zoom": 0},
        {"middle_x": 1.5},
    ],
)
def test_settings_that_are_none_are_refused(settings):
    with pytest.raises(SettingError):
        CandidatesDisplay.from_json(settings)


@pytest.mark.parametrize("settings", [{"by": 1}, {"reversed": "yes"}, {"column": 0}])
def test_an_order_of_the_table_that_is_none_is_refused(settings):
    with pytest.raises(SettingError):
        TableSort.from_json(settings)


@pytest.mark.parametrize(
    "settings",
    [
        CandidatesDisplay("place", "layer", "conv2", 0.333, False, "a", "b", zoom=2.5, middle_x=0.3),
        TableSort("psnr", True),
    ],
)
def test_settings_travel_as_json(settings):
    assert type(settings).from_json(json.loads(json.dumps(settings.to_json()))) == settings

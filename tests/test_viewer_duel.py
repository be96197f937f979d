import json
import math
from dataclasses import replace

import numpy as np
import pytest

from explorer import render
from explorer.errors import SettingError
from explorer.viewer.duel import duel as component
from explorer.viewer.duel.duel import DuelDisplay, describe, sent_of
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelMetric, DuelScene, DuelTile

PICTURE = np.zeros((16, 24, 3), np.uint8)
MAP = np.full((2, 3), 0.5, np.float32)


def frame(key, step=0):
    return DuelFrame(key, step, PICTURE, ("0.5000", ""), (0.5,), (MAP,), "0.5000")


def tile(key, *frames, **changes):
    return DuelTile(key, key.title(), frames or (frame(key),), **changes)


def scene(*tiles, **changes):
    arguments = {
        "key": "key",
        "reference": PICTURE,
        "reference_name": "Cat",
        "reference_note": "24 × 16",
        "bracket": "Equal",
        "metrics": (DuelMetric("lpips", "LPIPS · AlexNet", "lower is closer", is_logarithmic=True),),
        "tiles": tiles,
        "curves": (),
        "course": ("step by step", ""),
        "layers": ("conv1",),
        "layer_colours": ("rgb(1, 2, 3)",),
        "metric": "LPIPS",
        "steps": 200,
        "is_running": False,
        "colours": "magma",
        "shows": "Shows this.",
        "does_not_show": "Does not show that.",
    }
    return DuelScene(**arguments | changes)


def test_a_scene_becomes_strict_json_also_where_numbers_are_not_finite():
    curve = DuelCurve("psnr", "raised", (0, 1, 2), (math.inf, 24.0, math.nan), ("∞ dB", "24.00 dB", ""))
    infinite = replace(frame("b"), distances=(math.nan,))
    made = scene(tile("lowered"), tile("raised", infinite), curves=(curve,))
    data = json.loads(json.dumps(describe(made), allow_nan=False))
    assert data["curves"][0]["values"] == [None, 24.0, None]
    assert data["tiles"][1]["frames"][0]["distances"] == [None]
    assert data["arrays"]["lowered"]["planes"] == [render.plane(MAP)]


def test_a_start_that_several_tiles_have_in_common_travels_once():
    start = frame("start")
    made = describe(scene(tile("lowered", start, frame("l1", 1)), tile("raised", start, frame("r1", 1))))
    assert sorted(made["arrays"]) == ["l1", "r1", "start"]


@pytest.mark.parametrize(
    ("tones", "looked_at"),
    [(("first", "second", "plain"), "1"), (("first", "plain"), "1"), (("plain",), "0")],
)
def test_page_and_browser_look_at_one_tile_before_any_was_chosen(tones, looked_at):
    made = scene(*(tile(str(place), tone=tone) for place, tone in enumerate(tones)))
    assert made.looked_at == describe(made)["lookedAt"] == looked_at


def test_what_was_encoded_of_a_frame_is_kept_when_others_come(monkeypatch):
    encoded = []
    plane = render.plane

    def counted(values):
        encoded.append(values.shape)
        return plane(values)

    monkeypatch.setattr(render, "plane", counted)
    first = tile("raised", frame("kept 0"))
    before = describe(scene(first))["arrays"]["kept 0"]
    more = describe(scene(tile("raised", frame("kept 0"), frame("kept 1", 1))))["arrays"]
    assert more["kept 0"] == before
    assert len(encoded) == 2


def test_a_picture_that_is_the_same_against_another_reference_has_its_own_maps():
    grey = replace(frame("grey"), maps=(2 * MAP,))
    describe(scene(tile("raised", frame("grey"))))
    made = describe(scene(tile("raised", grey), reference=PICTURE + 9))
    assert made["arrays"]["grey"]["planes"] == [render.plane(2 * MAP)]


def test_large_pictures_travel_as_some_of_those_that_were_kept_the_first_and_the_last_among_them(monkeypatch):
    frames = tuple(frame(f"large {step}", step) for step in range(40))
    made = scene(tile("lowered", *frames), tile("start", frame("large start")))
    assert sent_of(made, made.tiles[0]) == frames
    size = len(render.text(render.png(PICTURE)))
    one = component._bytes(frames[0])
    assert one >= size
    monkeypatch.setattr(component, "SENT", 10 * one)
    sent = sent_of(made, made.tiles[0])
    assert 5 <= len(sent) <= 10
    assert (sent[0], sent[-1]) == (frames[0], frames[-1])
    assert sent_of(made, made.tiles[1]) == made.tiles[1].frames
    assert describe(made)["tiles"][0]["kept"] == 40


def test_a_change_travels_with_its_tile_and_what_has_none_has_no_picture():
    made = describe(scene(tile("a"), tile("b", change=PICTURE, change_note="changed by, × 16")))
    assert [each["change"] for each in made["tiles"]] == ["", render.text(render.png(PICTURE))]


@pytest.mark.parametrize(
    "settings", [{"at": -1}, {"at": 1.5}, {"at": True}, {"at": 10**9}, {"tile": 3}, {"layer": None}]
)
def test_settings_that_are_none_are_refused(settings):
    with pytest.raises(SettingError):
        DuelDisplay.from_json(settings)


def test_settings_travel_as_json():
    display = DuelDisplay(25, "raised", "psnr", "conv2")
    assert DuelDisplay.from_json(json.loads(json.dumps(display.to_json()))) == display


@pytest.mark.parametrize(
    "sent",
    [
        {"tile": "nobody", "step": 0},
        {"tile": "raised", "step": 7},
        {"tile": "raised"},
        {"tile": [1], "step": 0},
        "raised",
        None,
    ],
)
def test_a_picture_that_is_none_of_the_scene_is_not_opened(sent):
    opened = []
    component._open(scene(tile("raised")), sent, lambda *picture: opened.append(picture))
    assert opened == []
    good = {"tile": "raised", "step": 0}
    component._open(scene(tile("raised")), good, lambda *picture: opened.append(picture))
    assert opened == [("raised", 0)]

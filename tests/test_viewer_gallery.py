import json
import math

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.errors import SettingError
from explorer.viewer import Display, Gallery, GalleryDisplay, GalleryMap
from explorer.viewer.common.link import Link
from explorer.viewer.gallery.gallery import describe, encode_arrays

PICTURE = np.zeros((8, 12, 3), np.uint8)


def make_map(name="alexnet", values=1.0, message=""):
    return GalleryMap(
        name, name, "0.5", None if values is None else np.full((8, 12), values, np.float32), message
    )


def make_gallery(**changes):
    arguments = {
        "key": "a",
        "reference": PICTURE,
        "distorted": PICTURE,
        "maps": (make_map(),),
        "maximum": 2.0,
    }
    return Gallery(**arguments | changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"distorted": np.zeros((8, 11, 3), np.uint8)}, "match"),
        ({"maps": (GalleryMap("a", "a", "", np.zeros((4, 4))),)}, "one value a pixel"),
        ({"maps": (make_map("a"), make_map("a"))}, "name of its own"),
        ({"maps": (make_map("a"),), "difference": make_map("a")}, "name of its own"),
        ({"maps": (make_map("dists", None),)}, "neither a map nor a message"),
        ({"maximum": math.nan}, "finite"),
        ({"maximum": -1.0}, "finite"),
        ({"difference_maximum": math.inf}, "finite"),
    ],
)
def test_galleries_that_cannot_be_drawn_are_refused(changes, reason):
    with pytest.raises(ValueError, match=reason):
        make_gallery(**changes)


def test_a_gallery_becomes_strict_json():
    maps = (make_map(values=math.nan), make_map("dists", None, "DISTS has no map."))
    scene = make_gallery(maps=maps, difference=make_map("difference", -1.0), difference_maximum=1.5)
    data = json.loads(json.dumps(describe(scene, encode_arrays(scene)), allow_nan=False))
    assert [entry["scale"] for entry in data["maps"]] == ["amount", "amount", "difference"]
    assert [entry["plane"] is None for entry in data["maps"]] == [False, True, False]
    assert (data["scales"]["difference"]["start"], data["scales"]["difference"]["end"]) == (-1.5, 1.5)


def test_scales_of_maps_that_are_zero_everywhere_do_not_end_at_zero():
    scene = make_gallery(maps=(make_map(values=0.0),), maximum=0.0)
    scales = describe(scene, encode_arrays(scene))["scales"]
    assert scales["amount"]["end"] > scales["amount"]["start"] == 0
    assert scales["difference"]["end"] > 0 > scales["difference"]["start"]


def test_the_difference_has_the_unit_of_the_maps_unless_it_has_its_own():
    for unit, expected in [("", "× average"), ("points", "points")]:
        scene = make_gallery(unit="× average", difference_unit=unit)
        assert describe(scene, encode_arrays(scene))["scales"]["difference"]["unit"] == expected


def test_gallery_settings_survive_json():
    display = GalleryDisplay(0.35)
    assert GalleryDisplay.from_json(json.loads(json.dumps(display.to_json()))) == display


@pytest.mark.parametrize("overlay", [-0.1, 1.1, math.nan, "1", True, None])
def test_an_overlay_out_of_range_is_named(overlay):
    with pytest.raises(SettingError, match="“overlay”"):
        GalleryDisplay(overlay)


def test_settings_of_another_viewer_change_nothing():
    link = Link(GalleryDisplay)
    link.update(GalleryDisplay(0.3), None, mounted=False)
    link.update(None, {"display": Display().to_json() | {"ticket": link.ticket}}, mounted=True)
    assert link.shown == GalleryDisplay(0.3)


ENCODED = []  # keys of scenes


def encode(scene):
    ENCODED.append(scene.key)
    return encode_arrays(scene)


def test_arrays_are_encoded_once_a_scene_for_all_users():
    def script():
        from dataclasses import replace

        import numpy as np
        import streamlit as st

        from explorer.viewer import Gallery, GalleryMap, gallery
        from tests.test_viewer_gallery import encode

        picture = np.zeros((8, 8, 3), np.uint8)
        entry = GalleryMap("a", "A", "", np.zeros((8, 8), np.float32))
        scene = Gallery(st.text_input("Key", "first"), picture, picture, (entry,), 1.0)
        replace(gallery, encode=encode)(scene, key="gallery")

    ENCODED.clear()
    for _user in range(2):
        page = AppTest.from_function(script, default_timeout=180).run()
        page.run()
        page.text_input[0].set_value("second").run()
        page.text_input[0].set_value("first").run()
        assert not page.exception
    assert ENCODED == ["first", "second"]

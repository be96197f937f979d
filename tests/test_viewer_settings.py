import json
import math

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.errors import SettingError
from explorer.limits import MOST_BOXES
from explorer.viewer import Display, Field, LayerMap, PixelMap, RegionDisplay, Scene, Spot
from explorer.viewer.common.link import Link
from explorer.viewer.pair.payload import describe, encode_arrays


def make_scene(**changes):
    picture = np.zeros((8, 12, 3), np.uint8)
    layer = LayerMap("conv1", 64, 0.5, 1.0, np.full((2, 3), 0.5, np.float32))
    error = PixelMap("squared_error", "Squared error", np.zeros((8, 12)), "∞ dB", 0.0)
    arguments = {
        "key": "a",
        "reference": picture,
        "distorted": picture,
        "layers": (layer,),
        "pixel_maps": (error,),
        "score": 0.5,
        "shared_maximum": 1.0,
        "combined_maximum": 1.0,
    }
    return Scene(**arguments | changes)


def reported(link, display):
    """The component's state after the browser reported these settings."""
    return {"display": display.to_json() | {"ticket": link.ticket}}


def test_display_survives_json():
    display = Display("flip", "layer", "conv3", 0.35, "smooth", "fixed", 0.7)
    assert Display.from_json(json.loads(json.dumps(display.to_json()))) == display


@pytest.mark.parametrize(
    "setting",
    [
        {"mode": "upside down"},
        {"map": "jet"},
        {"cells": ""},
        {"scale": None},
        {"layer": 3},
        {"overlay": -0.1},
        {"overlay": math.nan},
        {"overlay": "1"},
        {"overlay": True},
        {"fixed": 0},
        {"fixed": math.inf},
        {"zoom": 0},
        {"zoom": 1e9},
        {"zoom": "2"},
        {"zoom": True},
        {"middle_x": -0.1},
        {"middle_y": math.nan},
        {"middle_y": None},
    ],
)
def test_display_names_the_setting_that_is_wrong(setting):
    (name,) = setting
    with pytest.raises(SettingError, match=f"“{name}”"):
        Display(**setting)


def test_boxes_survive_json_as_tuples():
    display = RegionDisplay("flip", boxes=((0, 3, 64, 48), (5, 6, 1, 1)), chosen=1, tool="pan")
    read = RegionDisplay.from_json(json.loads(json.dumps(display.to_json())))
    assert read == display
    assert hash(read) == hash(display)


def test_where_all_is_in_sight_its_middle_is_the_middle():
    assert Display(zoom=1, middle_x=0.3, middle_y=0.9) == Display()
    assert Display(zoom=2, middle_x=0.3).whole == Display()


def test_a_view_is_kept_as_exactly_as_links_carry_it():
    display = Display(zoom=2.00049, middle_x=0.123456, middle_y=0.5)
    assert (display.zoom, display.middle_x) == (2.0, 0.12346)


@pytest.mark.parametrize(("chosen", "kept"), [(-3, 0), (1, 1), (7, 1)])
def test_the_chosen_box_is_one_of_the_boxes(chosen, kept):
    assert RegionDisplay(boxes=((0, 0, 4, 4), (5, 5, 4, 4)), chosen=chosen).chosen == kept
    assert RegionDisplay(chosen=chosen).chosen == 0


@pytest.mark.parametrize(
    "setting",
    [
        {"tool": "erase"},
        {"chosen": "A"},
        {"chosen": 0.5},
        {"boxes": None},
        {"boxes": "10,20,64,48"},
        {"boxes": 3},
        {"boxes": ((0, 0, 4),)},
        {"boxes": ((0, 0, 4, 4.5),)},
        {"boxes": ((0, 0, 4, True),)},
        {"boxes": ((0, 0, 0, 4),)},
        {"boxes": ((-1, 0, 4, 4),)},
        {"boxes": ((0, 0, 4, 4),) * (MOST_BOXES + 1)},
        {"mode": "upside down"},
    ],
)
def test_display_with_boxes_names_the_setting_that_is_wrong(setting):
    (name,) = setting
    with pytest.raises(SettingError, match=f"“{name}”"):
        RegionDisplay(**setting)


@pytest.mark.parametrize("nonsense", [None, 3, [], "flip", {"colour": "red"}])
def test_display_from_nonsense_is_an_error_a_user_can_read(nonsense):
    with pytest.raises(SettingError, match="reload"):
        Display.from_json(nonsense)


@pytest.mark.parametrize(
    "changes",
    [
        {"distorted": np.zeros((8, 11, 3), np.uint8)},
        {"pixel_maps": (PixelMap("squared_error", "", np.zeros((4, 4)), "", 1.0),)},
        {"layers": (), "pixel_maps": ()},
        {"score": math.nan},
        {"shared_maximum": math.inf},
        {"combined_maximum": math.nan},
        {"given": (0, 8)},
        {"spots": (Spot(math.nan, 1, (0, 0, 2, 2), ""),)},
    ],
)
def test_scenes_that_cannot_be_drawn_are_refused(changes):
    with pytest.raises(ValueError, match=r"match|pixel|at least one map|finite"):
        make_scene(**changes)


def test_a_scene_becomes_strict_json():
    scene = make_scene()
    text = json.dumps(describe(scene, encode_arrays(scene)), allow_nan=False)
    assert json.loads(text)["layers"][0]["plane"]["columns"] == 3


def test_a_scene_may_do_without_layers():
    scene = make_scene(layers=())
    data = describe(scene, encode_arrays(scene))
    assert data["layers"] == []
    assert [entry["name"] for entry in data["pixelMaps"]] == ["squared_error"]


def test_spots_and_fields_travel_beside_the_arrays():
    scene = make_scene()
    arrays = encode_arrays(scene)
    assert describe(scene, arrays)["given"] == (12, 8)
    spot = Spot(3.5, 2.0, (2, 1, 4, 3), "12% of the score")
    fields = {"conv1": Field("11 × 11 pixels", (11, 11), (4, 4), (-2, -2)), "conv5": Field("the whole image")}
    scene = make_scene(given=(24, 16), spots=(spot,), fields=fields)
    data = json.loads(json.dumps(describe(scene, arrays), allow_nan=False))
    assert data["given"] == [24, 16]
    assert data["spots"] == [{"x": 3.5, "y": 2.0, "box": [2, 1, 4, 3], "label": "12% of the score"}]
    assert data["fields"]["conv1"]["stride"] == [4, 4]
    assert data["fields"]["conv5"]["size"] is None


def test_an_outline_is_known_whole_or_not_at_all():
    with pytest.raises(ValueError, match="outline"):
        Field("11 × 11 pixels", size=(11, 11))


def test_a_new_viewer_is_sent_what_the_page_asks_for():
    link = Link(Display)
    link.update(Display("flip"), None, mounted=False)
    assert (link.sent, link.shown) == (Display("flip"), Display("flip"))


def test_settings_that_the_user_changed_are_not_sent_back():
    link = Link(Display)
    link.update(Display(), None, mounted=False)
    ticket = link.ticket
    state = reported(link, Display("swipe"))
    link.update(Display("swipe"), state, mounted=True)
    assert (link.ticket, link.sent, link.shown) == (ticket, Display(), Display("swipe"))


def test_a_page_that_always_asks_for_the_same_does_not_undo_the_user():
    link = Link(Display)
    link.update(Display(), None, mounted=False)
    ticket = link.ticket
    for _ in range(2):
        link.update(Display(), reported(link, Display("swipe")), mounted=True)
    assert (link.ticket, link.shown) == (ticket, Display("swipe"))


def test_a_new_wish_of_the_page_is_sent_once():
    link = Link(Display)
    link.update(Display(), None, mounted=False)
    state = reported(link, Display("swipe"))
    link.update(Display("swipe"), state, mounted=True)
    first = link.ticket
    link.update(Display("flip"), state, mounted=True)
    second = link.ticket
    link.update(Display("flip"), state, mounted=True)
    assert first != second == link.ticket
    assert link.shown == link.sent == Display("flip")


def test_a_report_that_crossed_a_newer_wish_is_dropped():
    link = Link(Display)
    link.update(Display(), None, mounted=False)
    late = reported(link, Display("swipe"))
    link.update(Display("flip"), None, mounted=True)
    link.update(Display("flip"), late, mounted=True)
    assert link.shown == Display("flip")


def test_a_viewer_left_and_found_again_shows_what_was_left():
    link = Link(Display)
    link.update(None, None, mounted=False)
    link.update(None, reported(link, Display("swipe")), mounted=True)
    link.update(None, None, mounted=False)
    assert link.sent == Display("swipe")


def test_what_the_user_does_while_the_first_run_is_superseded_stays():
    link = Link(Display)
    link.update(Display(), None, mounted=False)
    done = reported(link, Display("swipe"))
    link.update(Display(), None, mounted=False)  # Streamlit forgets widgets of a run that did not end
    link.update(Display(), done, mounted=True)
    assert link.shown == Display("swipe")


@pytest.mark.parametrize("nonsense", ["x", {"mode": "jet"}, {"overlay": "much"}, 7])
def test_nonsense_from_a_browser_changes_nothing(nonsense):
    link = Link(Display)
    link.update(Display("flip"), None, mounted=False)
    if isinstance(nonsense, dict):
        nonsense = nonsense | {"ticket": link.ticket}
    link.update(None, {"display": nonsense}, mounted=True)
    assert link.shown == Display("flip")


def test_the_ticket_is_that_of_the_last_wish_however_often_the_viewer_was_away():
    def script():
        import numpy as np
        import streamlit as st

        from explorer.viewer import Display, LayerMap, Scene, viewer

        picture = np.zeros((8, 8, 3), np.uint8)
        layer = LayerMap("conv1", 64, 0.0, None, np.zeros((2, 2), np.float32))
        mode = st.radio("Mode", ("side", "swipe"))
        if st.checkbox("Show", True):
            scene = Scene("a", picture, picture, (layer,), (), 0.0, 1.0, 1.0)
            viewer(scene, key="viewer", display=Display(mode))
        st.text(st.session_state["_viewer_links"]["viewer"].ticket)

    page = AppTest.from_function(script, default_timeout=180).run()
    tickets = [page.text[0].value]
    tickets.append(page.run().text[0].value)
    tickets.append(page.checkbox[0].uncheck().run().text[0].value)
    tickets.append(page.checkbox[0].check().run().text[0].value)
    tickets.append(page.radio[0].set_value("swipe").run().text[0].value)
    assert tickets[0] == tickets[1] == tickets[2] == tickets[3] != tickets[4]
    assert not page.exception


def test_a_viewer_may_get_boxes_and_lose_them_again():
    def script():
        import numpy as np
        import streamlit as st

        from explorer.viewer import Display, LayerMap, RegionDisplay, Scene, viewer

        picture = np.zeros((8, 8, 3), np.uint8)
        layer = LayerMap("conv1", 64, 0.0, None, np.zeros((2, 2), np.float32))
        kinds = {"boxes": RegionDisplay(boxes=((0, 0, 4, 4),)), "none": Display(), "either": None}
        asked = kinds[st.radio("Asked", list(kinds))]
        st.text(
            viewer(Scene("a", picture, picture, (layer,), (), 0.0, 1.0, 1.0), key="viewer", display=asked)
        )
        st.text(st.session_state["_viewer_links"]["viewer"].ticket)

    page = AppTest.from_function(script, default_timeout=180).run()
    shown, tickets = zip(
        *(
            [text.value for text in page.radio[0].set_value(asked).run().text]
            for asked in ("boxes", "either", "none", "either")
        ),
        strict=True,
    )
    boxes = str(RegionDisplay(boxes=((0, 0, 4, 4),)))
    assert shown == (boxes, boxes, str(Display()), str(Display()))
    assert tickets[0] == tickets[1] != tickets[2] == tickets[3]
    assert not page.exception

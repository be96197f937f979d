"""Zooming and panning the viewer by wheel, mouse, keys and fingers."""

import pytest

from tests.browser.viewer_page import make_scene


def test_magnified_pixels_are_those_of_the_pictures_on_all_panels(viewer):
    scene = make_scene()
    viewer.open()
    x, y = 152, 90
    viewer.hover("reference", scene, x, y)
    viewer.page.keyboard.down("Control")
    for _ in range(40):
        viewer.page.mouse.wheel(0, -200)
    viewer.page.keyboard.up("Control")
    viewer.frame()
    zoom, middle_x, middle_y = viewer.view()
    assert zoom > 20
    assert abs(middle_x - x) < 10
    at = (int(middle_y), int(middle_x))
    assert viewer.pixel("reference") == list(scene.reference[at])
    assert viewer.pixel("distorted") == list(scene.distorted[at])


def test_the_wheel_scrolls_the_page_until_the_viewer_is_used(viewer):
    scene = make_scene()
    viewer.open()
    viewer.hover("map", scene, 60, 60)
    viewer.page.mouse.wheel(0, -300)
    viewer.frame()
    assert viewer.view() == [1, 128, 128]
    viewer.page.mouse.down()
    viewer.page.mouse.up()
    viewer.page.mouse.wheel(0, -300)
    viewer.frame()
    assert viewer.view()[0] > 1.3


def test_the_point_under_the_pointer_stays_there_while_zooming(viewer):
    scene = make_scene()
    viewer.open()
    viewer.hover("distorted", scene, 70, 150)
    viewer.page.keyboard.down("Control")
    viewer.page.mouse.wheel(0, -400)
    viewer.page.keyboard.up("Control")
    viewer.frame()
    assert viewer.view()[0] > 1.5
    assert viewer.readings()["x, y"] == "70, 150"


def test_zoom_and_pan_survive_reruns_and_new_pictures_of_the_size(viewer):
    viewer.open()
    viewer.press("+", "+", "+", "ArrowRight", "ArrowDown")
    view = viewer.view()
    assert view[0] > 1.9
    assert view[1] > 128
    viewer.page.get_by_role("button", name="Rerun").click()
    viewer.reported("run 2")
    assert viewer.view() == view
    viewer.page.get_by_role("slider", name="Severity").press("ArrowRight")
    viewer.wait_until(painted=make_scene(severity=0.55).key)
    assert viewer.view() == view


def test_pictures_of_another_size_start_whole(viewer):
    viewer.open()
    viewer.press("+", "+")
    viewer.page.locator("[data-testid=stSelectbox] input").fill("landscape")
    viewer.page.keyboard.press("Enter")
    viewer.wait_until(painted=make_scene("landscape").key)
    assert viewer.view() == [1, 180, 120]


@pytest.mark.parametrize("reset", ["key", "double click"])
def test_zoom_is_reset(viewer, reset):
    viewer.open()
    viewer.press("+", "ArrowLeft")
    assert viewer.view()[0] > 1
    if reset == "key":
        viewer.press("0")
    else:
        viewer.canvas("map").dblclick()
        viewer.frame()
    assert viewer.view() == [1, 128, 128]


def test_two_fingers_zoom_and_one_only_reads(phone):
    phone.open()
    box = phone.canvas("map").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.page.touchscreen.tap(*middle)
    phone.frame()
    assert phone.view() == [1, 128, 128]
    assert phone.readings()["x, y"] == "128, 128"

    fingers = phone.page.context.new_cdp_session(phone.page)
    for kind, apart in [("touchStart", 20), ("touchMove", 40), ("touchMove", 60), ("touchEnd", None)]:
        points = (
            []
            if apart is None
            else [{"x": middle[0] + s * apart, "y": middle[1], "id": s + 1} for s in (-1, 1)]
        )
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.frame()
    zoom, x, y = phone.view()
    assert zoom == pytest.approx(3, rel=0.02)
    assert (x, y) == pytest.approx((128, 128), abs=2)


def test_dragging_pans_a_zoomed_picture(viewer):
    viewer.open()
    viewer.press("+", "+", "+", "+")
    _, x, y = viewer.view()
    box = viewer.canvas("distorted").bounding_box()
    viewer.page.mouse.move(box["x"] + 200, box["y"] + 200)
    viewer.page.mouse.down()
    viewer.page.mouse.move(box["x"] + 150, box["y"] + 180, steps=3)
    viewer.page.mouse.up()
    viewer.frame()
    scale = viewer.view()[0] * box["width"] / 256
    assert viewer.view()[1:] == pytest.approx([x + 50 / scale, y + 20 / scale], abs=0.5)

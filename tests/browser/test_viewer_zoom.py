"""Zooming and panning the viewer by wheel, mouse, keys and fingers."""

import pytest
from playwright.sync_api import expect

from tests.browser.viewer_page import SIZES, make_scene


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
    viewer.reported("run 2")  # all five keys, after a pause
    viewer.page.get_by_role("button", name="Rerun").click()
    viewer.reported("run 3")
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


def scale_of(viewer, shape: str, panel: str = "reference") -> float:
    """Pixels of the screen for one of the image."""
    box, (height, width) = viewer.canvas(panel).bounding_box(), SIZES[shape]
    return viewer.view()[0] * min(box["width"] / width, box["height"] / height)


@pytest.mark.parametrize("shape", ["large", "tiny"])  # larger and smaller than a panel
def test_the_factor_is_that_of_the_screen_and_buttons_and_keys_go_to_1_to_1_and_the_whole(viewer, shape):
    viewer.open(f"?shape={shape}")
    factor = viewer.page.locator(".zoom output")
    fit, actual = (viewer.page.get_by_role("button", name=name, exact=True) for name in ("Fit", "1:1"))
    whole = scale_of(viewer, shape)
    assert float(factor.inner_text().strip("×")) == pytest.approx(whole, rel=0.05)
    actual.click()
    expect(actual).to_have_attribute("aria-pressed", "true")
    assert factor.inner_text() == "1.0×"
    assert scale_of(viewer, shape) == pytest.approx(1, abs=3e-3)
    fit.click()
    expect(fit).to_have_attribute("aria-pressed", "true")
    viewer.press("p")
    expect(factor).to_have_text("1.0×")
    viewer.press("0")
    assert viewer.view()[0] == 1


def test_a_view_is_reported_once_it_rests_and_not_with_each_tick_of_the_wheel(viewer):
    scene = make_scene()
    viewer.open()
    viewer.hover("map", scene, 64, 192)
    viewer.page.keyboard.down("Control")
    for _ in range(12):
        viewer.page.mouse.wheel(0, -100)
    viewer.page.keyboard.up("Control")
    viewer.page.wait_for_function("v => v[0] > 1", arg=viewer.view())
    viewer.reported("run 2")
    zoom, x, y = viewer.view()
    viewer.reported(f"zoom={round(zoom, 3)}, middle_x={round(x / 256, 5)}, middle_y={round(y / 256, 5)}")


def test_a_page_that_asks_for_another_map_leaves_the_view_alone_also_one_that_it_has_not_heard_of(viewer):
    viewer.open()
    viewer.press("+", "+", "ArrowLeft")
    view = viewer.view()
    viewer.page.get_by_role("button", name="Ask for conv2").click()
    viewer.wait_until(layer="conv2")
    assert viewer.view() == view
    viewer.reported("zoom=1.56")


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

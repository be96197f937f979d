"""Boxes in the viewer: drawn, moved, resized and removed on any panel, in pixels of the image as given."""

import json

import numpy as np
import pytest
from PIL import Image

from explorer.limits import MOST_BOXES
from tests.browser.viewer_page import make_scene, make_spots
from tests.grid import few

SIDE = 256  # of the page's pictures


def place(viewer, panel: str, point: tuple[float, float], given: int = SIDE) -> tuple[float, float]:
    """Where a point of the image as given lies on the screen, at any zoom."""
    box = viewer.canvas(panel).bounding_box()
    zoom, middle_x, middle_y = viewer.view()
    scale = zoom * min(box["width"], box["height"]) / SIDE
    x, y = (coordinate * SIDE / given for coordinate in point)
    return (
        box["x"] + box["width"] / 2 + (x - middle_x) * scale,
        box["y"] + box["height"] / 2 + (y - middle_y) * scale,
    )


def aim(viewer, panel: str, point, given: int = SIDE) -> None:
    """Move the pointer to a point of the image as given, also where the page still finds its layout."""
    at = None
    while at != (now := place(viewer, panel, point, given)):
        viewer.page.mouse.move(*now)
        viewer.frame()
        at = now


def drag(viewer, panel: str, start, end, given: int = SIDE) -> None:
    """From one point of the image as given to another."""
    mouse = viewer.page.mouse
    aim(viewer, panel, start, given)
    mouse.down()
    mouse.move(*place(viewer, panel, end, given), steps=4)
    mouse.up()
    viewer.frame()


def click(viewer, panel: str, point, given: int = SIDE) -> None:
    aim(viewer, panel, point, given)
    viewer.page.mouse.down()
    viewer.page.mouse.up()
    viewer.frame()


def boxes(viewer) -> list[list[int]]:
    return json.loads(viewer.root.get_attribute("data-boxes"))


def chosen(viewer) -> str:
    """The chosen box's letter."""
    return "ABCDEFGH"[int(viewer.root.get_attribute("data-chosen"))]


def cursor(viewer, panel: str, point) -> str:
    """The pointer's shape over a point."""
    aim(viewer, panel, point)
    return viewer.canvas(panel).evaluate("c => getComputedStyle(c).cursor")


def colours(viewer, panel: str, *points) -> list[list[int]]:
    """What is drawn at points of the pictures, with the whole image in view."""
    viewer.frame()
    return viewer.canvas(panel).evaluate(
        """(c, points) => points.map(([x, y]) =>
            [...c.getContext("2d").getImageData(x * c.width, y * c.height, 1, 1).data.slice(0, 3)])""",
        [[coordinate / SIDE for coordinate in point] for point in points],
    )


def test_a_viewer_without_boxes_has_nothing_of_them(viewer):
    viewer.open()
    assert viewer.page.get_by_role("button", name="Draw box").count() == 0
    assert viewer.root.get_attribute("data-tool") is None
    viewer.press("b", "Delete", "?")
    viewer.page.locator("dialog").get_by_text("remove the chosen box").wait_for(state="hidden")
    viewer.page.keyboard.press("Escape")
    drag(viewer, "reference", (60, 60), (120, 120))
    assert viewer.root.get_attribute("data-boxes") is None
    assert "Box A" not in viewer.canvas("reference").get_attribute("aria-label")


@pytest.mark.parametrize("panel", few(["distorted", "map", "reference"], 2))
def test_a_drag_on_any_panel_draws_a_box_and_tells_python_once(viewer, panel):
    viewer.open("?boxes=")
    drag(viewer, panel, (40, 50), (104, 98))
    viewer.reported("boxes=((40, 50, 64, 48),)")
    assert viewer.page.get_by_test_id("stText").inner_text().startswith("run 2;")
    assert (boxes(viewer), chosen(viewer)) == ([[40, 50, 64, 48]], "A")
    assert "Box A: x 40, y 50, 64 × 48" in viewer.canvas(panel).get_attribute("aria-label")


def test_a_second_box_goes_to_the_end_and_is_chosen_whatever_the_direction_of_its_drag(viewer):
    viewer.open("?boxes=10,40,30,30")
    drag(viewer, "map", (200, 220), (150, 120))
    viewer.reported("boxes=((10, 40, 30, 30), (150, 120, 50, 100)), chosen=1")
    assert chosen(viewer) == "B"


def test_boxes_are_in_pixels_of_the_image_as_given(viewer):
    viewer.open("?boxes=&given=512,512")
    drag(viewer, "distorted", (81, 100), (210, 197), given=512)
    viewer.reported("boxes=((81, 100, 129, 97),)")
    aim(viewer, "distorted", (401, 301), given=512)
    assert viewer.readings()["x, y"] == "401, 301"


def test_boxes_are_drawn_exactly_in_zoomed_pictures(viewer):
    viewer.open("?boxes=")
    viewer.press(*["+"] * 10)
    assert viewer.view()[0] > 9
    drag(viewer, "reference", (121.2, 122.4), (131.6, 129.7))
    viewer.reported("boxes=((121, 122, 11, 8),)")
    assert viewer.view()[1:] == [128, 128]
    drag(viewer, "reference", (132, 130), (133.9, 133.2))  # a corner
    viewer.reported("boxes=((121, 122, 13, 11),)")


@pytest.mark.parametrize("mode", ["swipe", "flip"])
def test_boxes_are_drawn_in_the_other_layouts(viewer, mode):
    viewer.open(f"?boxes=&mode={mode}&severity=1")
    aim(viewer, "reference", (40, 50))
    viewer.page.mouse.down()
    assert viewer.chip("reference") == ("reference" if mode == "swipe" else "reference · hold f to flip")
    viewer.page.mouse.move(*place(viewer, "reference", (100, 90)), steps=3)
    viewer.page.mouse.up()
    viewer.reported("boxes=((40, 50, 60, 40),)")
    viewer.page.keyboard.down("f")
    viewer.frame()
    assert viewer.chip("reference") == "distorted"
    viewer.page.keyboard.up("f")


def test_a_click_chooses_the_smallest_box_and_does_nothing_elsewhere(viewer):
    viewer.open("?boxes=20,40,160,160;60,80,40,40")
    click(viewer, "map", (150, 150))
    assert chosen(viewer) == "A"
    click(viewer, "map", (80, 100))
    viewer.reported("chosen=1")
    click(viewer, "distorted", (230, 230))
    assert (len(boxes(viewer)), chosen(viewer)) == (2, "B")
    click(viewer, "reference", (30, 190))
    viewer.reported("chosen=0")


def test_a_drag_inside_moves_a_box_and_chooses_it_and_the_border_holds_it(viewer):
    viewer.open("?boxes=20,40,40,40;120,100,60,50")
    assert cursor(viewer, "reference", (150, 120)) == "move"
    drag(viewer, "reference", (150, 120), (140, 135))
    viewer.reported("boxes=((20, 40, 40, 40), (110, 115, 60, 50)), chosen=1")
    drag(viewer, "reference", (140, 135), (250, 20))
    viewer.reported("boxes=((20, 40, 40, 40), (196, 0, 60, 50)), chosen=1")


def test_edges_and_corners_of_the_chosen_box_resize_it(viewer):
    viewer.open("?boxes=100,100,60,50")
    for start, end, shape, box in (
        ((160, 100), (150, 110), "nesw-resize", [100, 110, 50, 40]),
        ((130, 150), (20, 140), "ns-resize", [100, 110, 50, 30]),
        ((100, 110), (90, 80), "nwse-resize", [90, 80, 60, 60]),
        ((90, 110), (100, 200), "ew-resize", [100, 80, 50, 60]),
        ((150, 140), (170, 160), "nwse-resize", [100, 80, 70, 80]),
        ((172, 125), (92, 125), "ew-resize", [90, 80, 10, 80]),  # past the other edge
        ((100, 160), (300, 251), "nwse-resize", [90, 80, 166, 171]),  # past the border
    ):
        assert cursor(viewer, "reference", start) == shape
        drag(viewer, "reference", start, end)
        assert boxes(viewer) == [box]


def test_a_drawn_box_ends_at_the_images_border_and_has_a_pixel_at_least(viewer):
    viewer.open("?boxes=")
    drag(viewer, "reference", (200, 220), (290, 240))
    drag(viewer, "reference", (10, 60), (90, 60))
    viewer.reported("boxes=((200, 220, 56, 20), (10, 60, 80, 1))")


def test_shift_draws_inside_a_box(viewer):
    viewer.open("?boxes=20,40,160,160")
    viewer.page.keyboard.down("Shift")
    drag(viewer, "map", (60, 60), (100, 110))
    viewer.page.keyboard.up("Shift")
    viewer.reported("boxes=((20, 40, 160, 160), (60, 60, 40, 50)), chosen=1")


@pytest.mark.parametrize("key", few(["Delete", "Backspace"]))
def test_keys_remove_the_chosen_box(viewer, key):
    viewer.open("?boxes=20,40,40,40;120,100,60,50;20,120,50,50")
    click(viewer, "map", (150, 120))
    viewer.press(key)
    viewer.reported("boxes=((20, 40, 40, 40), (20, 120, 50, 50)), chosen=1")
    viewer.press(key)
    viewer.reported("boxes=((20, 40, 40, 40),), chosen=0")
    viewer.press(key, key)
    viewer.reported("boxes=(), chosen=0")


def test_the_tool_is_chosen_by_key_and_button_and_panning_is_as_without_boxes(viewer):
    viewer.open("?boxes=100,100,60,60")
    viewer.press("b")
    viewer.wait_until(tool="pan")
    viewer.page.locator("button[data-value=pan][aria-pressed=true]").wait_for()
    viewer.reported("tool='pan'")
    viewer.press("+", "+", "+", "+")
    zoom, x, y = viewer.view()
    drag(viewer, "distorted", (130, 130), (110, 120))
    assert viewer.view() == pytest.approx([zoom, x + 20, y + 10], abs=1)
    assert boxes(viewer) == [[100, 100, 60, 60]]
    viewer.page.get_by_role("button", name="Draw box").click()
    viewer.reported("tool='draw'")
    assert cursor(viewer, "distorted", (200, 150)) == "crosshair"
    viewer.press("?")
    viewer.page.locator("dialog").get_by_text("remove the chosen box").wait_for()


def test_escape_gives_up_a_drag(viewer):
    viewer.open("?boxes=100,100,60,60")
    aim(viewer, "map", (20, 40))
    viewer.page.mouse.down()
    viewer.page.mouse.move(*place(viewer, "map", (80, 80)), steps=3)
    viewer.frame()
    assert "Box B: x 20, y 40, 60 × 40" in viewer.canvas("map").get_attribute("aria-label")
    viewer.page.keyboard.press("Escape")
    viewer.page.mouse.move(*place(viewer, "map", (90, 90)), steps=3)
    viewer.page.mouse.up()
    viewer.frame()
    assert boxes(viewer) == [[100, 100, 60, 60]]
    assert "Box B" not in viewer.canvas("map").get_attribute("aria-label")


def test_the_ninth_box_is_refused_in_words_until_there_is_room(viewer):
    eight = ";".join(f"{30 * i},200,20,20" for i in range(MOST_BOXES))
    viewer.open(f"?boxes={eight}")
    warning = viewer.page.locator(".warning")
    drag(viewer, "map", (40, 60), (100, 100))
    assert warning.inner_text() == "8 boxes at most: remove one (Del) to draw another"
    assert len(boxes(viewer)) == MOST_BOXES
    viewer.press("Delete")
    warning.wait_for(state="hidden")
    drag(viewer, "map", (40, 60), (100, 100))
    assert boxes(viewer)[-1] == [40, 60, 60, 40]
    assert len(boxes(viewer)) == MOST_BOXES


@pytest.mark.parametrize("given", few([512, 256]))
def test_a_click_on_a_hot_spot_makes_its_region_the_chosen_box(viewer, given):
    first, second = make_spots(given, given)
    viewer.open(f"?boxes=&spots=1&given={given},{given}")
    click(viewer, "map", (first.x, first.y), given)
    viewer.reported(f"boxes=({first.box},), chosen=0")
    click(viewer, "reference", (second.x, second.y), given)
    viewer.reported(f"boxes=({second.box},), chosen=0")


def test_a_hot_spot_replaces_no_other_box_and_is_said_of_under_the_pointer(viewer):
    first, second = make_spots(SIDE, SIDE)
    viewer.open("?boxes=10,40,30,30;200,200,40,40&spots=1")
    assert cursor(viewer, "distorted", (first.x, first.y)) == "pointer"
    viewer.frame()
    assert viewer.readings()["hot spot 1"] == "31% of the score"
    assert "Hot spot 2: 12% of the score" in viewer.canvas("map").get_attribute("aria-label")
    click(viewer, "distorted", (220, 220))
    click(viewer, "distorted", (first.x, first.y))
    viewer.reported(f"boxes=((10, 40, 30, 30), {first.box}), chosen=1")
    click(viewer, "distorted", (20, 50))
    click(viewer, "distorted", (first.x, first.y))  # a box of its own is chosen, not made again
    viewer.reported(f"boxes=((10, 40, 30, 30), {first.box}), chosen=1")
    click(viewer, "map", (second.x, second.y))
    viewer.reported(f"boxes=((10, 40, 30, 30), {second.box}), chosen=1")


def test_python_sends_boxes_and_a_rerun_resets_none(viewer):
    viewer.open("?boxes=10,40,30,30")
    viewer.page.get_by_role("button", name="Ask for boxes").click()
    viewer.wait_until(chosen="1", boxes="[[8,8,40,40],[120,60,100,50]]")
    drag(viewer, "map", (150, 80), (130, 90))
    viewer.reported("boxes=((8, 8, 40, 40), (100, 70, 100, 50)), chosen=1")
    viewer.page.get_by_role("button", name="Rerun").click()
    viewer.reported("run 4")
    assert boxes(viewer) == [[8, 8, 40, 40], [100, 70, 100, 50]]


def test_news_from_python_does_not_break_a_drag(viewer):
    viewer.open("?boxes=10,40,30,30")
    aim(viewer, "map", (100, 100))
    viewer.page.mouse.down()
    viewer.page.mouse.move(*place(viewer, "map", (140, 150)), steps=3)
    viewer.page.get_by_role("button", name="Ask for conv2").evaluate("button => button.click()")
    viewer.wait_until(map="layer", layer="conv2")
    viewer.settle()
    assert "Box B: x 100, y 100, 40 × 50" in viewer.canvas("map").get_attribute("aria-label")
    viewer.page.mouse.move(*place(viewer, "map", (160, 170)), steps=3)
    viewer.page.mouse.up()
    viewer.reported("layer='conv2'")
    viewer.reported("boxes=((10, 40, 30, 30), (100, 100, 60, 70)), chosen=1")


def test_all_panels_draw_the_boxes(viewer):
    def ink(panel):
        return colours(viewer, panel, (190, 180.5))  # the right edge of the box

    viewer.open("?boxes=")
    before = {panel: ink(panel) for panel in ("reference", "distorted", "map")}
    drag(viewer, "reference", (130, 150), (190, 210))
    viewer.page.mouse.move(5, 5)
    for panel, bare in before.items():
        assert ink(panel) != bare


def test_the_field_of_the_layers_cell_is_outlined_on_the_photographs_and_named(viewer):
    scene = make_scene()
    viewer.open("?boxes=&fields=1&map=layer")
    viewer.page.locator(".thumb[data-map=conv3]").click()
    viewer.wait_until(layer="conv3")
    # Cell 7 of 15 sees the pixels from -38 + 7 * 16 = 74 on; the line is drawn just inside.
    edge = [(74.6, y) for y in range(100, 150, 2)]
    viewer.page.mouse.move(5, 5)
    bare = {panel: colours(viewer, panel, *edge) for panel in ("reference", "map")}
    readings = viewer.hover("map", scene, 128, 128)
    assert readings["conv3 sees"] == "99 × 99 pixels"
    drawn = colours(viewer, "reference", *edge)
    assert sum(now != then for now, then in zip(drawn, bare["reference"], strict=True)) > 20
    assert max(sum(pixel) for pixel in drawn) > 3 * 240
    assert colours(viewer, "map", *edge) == bare["map"]


def test_a_field_without_an_outline_is_named_all_the_same(viewer):
    scene = make_scene()
    viewer.open("?fields=1&map=layer")
    viewer.page.locator(".thumb[data-map=conv5]").click()
    viewer.wait_until(layer="conv5")
    assert viewer.hover("reference", scene, 128, 128)["conv5 sees"] == "the whole image"


def test_the_saved_view_holds_the_boxes(viewer, tmp_path):
    viewer.open("?boxes=100,100,60,60&spots=1")
    box = viewer.canvas("reference").bounding_box()
    with viewer.page.expect_download() as download:
        viewer.page.get_by_role("button", name="Save view").click()
    download.value.save_as(tmp_path / "view.png")
    with Image.open(tmp_path / "view.png") as file:
        pixels = np.asarray(file.convert("RGB"), int)
    column, row = (round(2 * (16 + box["width"] * part / SIDE)) for part in (100, 130))
    theme = viewer.root.evaluate("r => getComputedStyle(r).getPropertyValue('--st-primary-color')")
    primary = [int(theme[i : i + 2], 16) for i in (1, 3, 5)]
    assert np.abs(pixels[row + 14, column - 1 : column + 1].mean(0) - primary).max() < 12


@pytest.mark.parametrize("width", few([1280, 1440]))
def test_the_toolbar_with_its_tools_is_one_line(viewer, width):
    viewer.page.set_viewport_size({"width": width, "height": 800})
    viewer.open("?boxes=")
    tops = viewer.page.locator(".toolbar > *").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect().top)"
    )
    assert max(tops) - min(tops) < 12


def test_two_fingers_zoom_and_draw_nothing(phone):
    phone.open("?boxes=100,100,60,60")
    x, y = place(phone, "map", (128, 128))
    touch = phone.page.context.new_cdp_session(phone.page)
    for kind, fingers in [
        ("touchStart", [(-20, 0)]),
        ("touchMove", [(-30, 0)]),
        ("touchStart", [(-30, 0), (20, 1)]),
        ("touchMove", [(-60, 0), (60, 1)]),
        ("touchEnd", []),
    ]:
        points = [{"x": x + apart, "y": y, "id": number} for apart, number in fingers]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.frame()
    assert phone.view()[0] > 2
    assert boxes(phone) == [[100, 100, 60, 60]]


def test_a_finger_draws_sideways_moves_the_chosen_box_and_else_scrolls(phone):
    phone.open("?boxes=100,100,60,60")
    touch = phone.page.context.new_cdp_session(phone.page)

    def stroke(start, end):
        (x0, y0), (x1, y1) = (place(phone, "map", point) for point in (start, end))
        for part in range(9):
            kind = "touchMove" if part else "touchStart"
            point = {"x": x0 + (x1 - x0) * part / 8, "y": y0 + (y1 - y0) * part / 8}
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        phone.frame()

    stroke((30, 190), (90, 220))
    assert boxes(phone) == [[100, 100, 60, 60], [30, 190, 60, 30]]
    stroke((60, 205), (62, 165))  # the chosen box moves up, and the page stays
    moved = boxes(phone)
    assert moved == [[100, 100, 60, 60], [32, 150, 60, 30]]
    stroke((200, 200), (200, 40))
    assert boxes(phone) == moved


def test_a_cropped_picture_that_shows_a_part_of_a_pixel_still_gives_whole_boxes(viewer):
    viewer.open("?boxes=40,400,60,80&given=512,503.89")
    drag(viewer, "map", (70, 440), (70, 511), 512)
    viewer.reported("424")
    assert boxes(viewer) == [[40, 424, 60, 80]]  # its last row is partly seen
    drag(viewer, "map", (300, 300), (340, 511), 512)
    assert all(number == int(number) for box in boxes(viewer) for number in box)
    assert len(boxes(viewer)) == 2

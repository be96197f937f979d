"""The viewer's modes, keys, divider and strip, and what of them Python is told."""

import re

import pytest
from playwright.sync_api import expect

from explorer.words import OF_VIEWERS, WORDS
from tests.browser.viewer_page import make_scene


@pytest.mark.parametrize(("key", "mode", "button"), [("1", "side", "Side by side"), ("2", "swipe", "Swipe")])
def test_keys_and_buttons_choose_the_mode(viewer, key, mode, button):
    viewer.open("?mode=flip")
    viewer.press(key)
    viewer.wait_until(mode=mode)
    viewer.page.get_by_role("button", name="Flip", exact=True).click()
    viewer.wait_until(mode="flip")
    viewer.page.get_by_role("button", name=button, exact=True).click()
    viewer.wait_until(mode=mode)
    viewer.page.locator(f"button[data-value={mode}][aria-pressed=true]").wait_for()
    viewer.reported(f"mode='{mode}'")
    assert viewer.root.get_attribute("data-mode") == mode


def test_flip_shows_the_distorted_picture_while_held_and_always_says_which(viewer):
    viewer.open("?mode=flip&severity=1")
    before = viewer.pixel("reference")
    assert viewer.chip("reference").startswith("reference")
    box = viewer.canvas("reference").bounding_box()
    mouse, keyboard = viewer.page.mouse, viewer.page.keyboard
    for hold, release in [
        (mouse.down, mouse.up),
        (lambda: keyboard.down("f"), lambda: keyboard.up("f")),
    ]:
        mouse.move(box["x"] + 50, box["y"] + 50)
        hold()
        assert viewer.pixel("reference") != before
        assert viewer.chip("reference") == "distorted"
        release()
        assert viewer.pixel("reference") == before
        assert viewer.chip("reference").startswith("reference")


def test_the_swipe_divider_moves_by_mouse_and_keyboard(viewer):
    viewer.open("?mode=swipe")
    divider = viewer.page.get_by_role("slider", name="Divider")
    box = viewer.canvas("reference").bounding_box()
    viewer.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    viewer.page.mouse.down()
    viewer.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 40)
    viewer.page.mouse.up()
    viewer.frame()
    assert divider.get_attribute("aria-valuenow") == "75"
    for key, value in [("ArrowLeft", "73"), ("Home", "0"), ("End", "100")]:
        divider.focus()
        viewer.page.keyboard.press(key)
        viewer.frame()
        assert divider.get_attribute("aria-valuenow") == value


def test_the_crosshair_walks_cell_by_cell_and_is_spoken(viewer):
    scene = make_scene()
    viewer.open()
    viewer.page.locator(".thumb[data-map=conv5]").click()
    viewer.wait_until(map="layer", layer="conv5")
    viewer.press("ArrowRight")  # the first press puts it in the middle
    before = viewer.readings()
    viewer.press("ArrowRight", "ArrowUp")
    after = viewer.readings()
    cell = 256 / scene.layers[-1].values.shape[1]
    moved = [
        int(now) - int(then)
        for now, then in zip(after["x, y"].split(","), before["x, y"].split(","), strict=True)
    ]
    assert moved == pytest.approx([cell, -cell], abs=1)
    assert "conv5" in viewer.page.locator(".spoken").inner_text()


def test_a_click_in_the_strip_shows_the_layer_and_tells_python(viewer):
    viewer.open()
    viewer.page.locator(".thumb[data-map=conv3]").click()
    viewer.wait_until(map="layer", layer="conv3")
    viewer.reported("layer='conv3'")
    assert viewer.chip("map") == "lpips, conv3"
    viewer.page.locator(".thumb[data-map=squared_error]").focus()
    viewer.page.keyboard.press("Enter")
    viewer.wait_until(map="squared_error", layer="conv3")
    viewer.reported("map='squared_error'")
    assert viewer.chip("map") == "squared error"


def test_python_can_ask_and_ask_again_without_undoing_the_user(viewer):
    viewer.open()
    ask = viewer.page.get_by_role("button", name="Ask for conv2")
    ask.click()
    viewer.wait_until(map="layer", layer="conv2")
    viewer.page.get_by_role("button", name="Combined", exact=True).click()
    viewer.reported("map='combined'")
    viewer.page.get_by_role("button", name="Rerun").click()
    viewer.reported("run 4")
    viewer.wait_until(map="combined")
    ask.click()
    viewer.wait_until(map="layer", layer="conv2")
    assert viewer.chip("map") == "lpips, conv2"


def test_handled_keys_and_streamlits_own_stay_inside(viewer):
    viewer.open()
    viewer.page.evaluate("""() => {
        window.heard = [];
        document.addEventListener("keydown", (event) => window.heard.push(event.key));
    }""")
    viewer.press("r", "c", "f", "+", "-", "0", "ArrowLeft", "x")
    viewer.settle()
    viewer.press("2")
    viewer.reported("mode='swipe'")
    assert viewer.page.get_by_test_id("stText").inner_text().startswith("run 2;")  # for "2", none for "r"
    viewer.press("1", "3")
    viewer.reported("mode='flip'")
    assert viewer.page.evaluate("window.heard") == ["x"]
    assert viewer.page.get_by_role("dialog").count() == 0


def test_the_words_on_the_viewer_are_explained_from_the_glossary(viewer):
    viewer.open()
    cells, clipped = WORDS["native-cells"].short, WORDS["clipped"].short
    expect(viewer.page.locator(".field", has_text="Native cells")).to_have_attribute(
        "title", re.compile(cells)
    )
    expect(viewer.page.locator(".facts")).to_have_attribute("title", re.compile(clipped))
    viewer.press("?")
    listed = viewer.page.get_by_role("dialog").locator(".words dd")
    expect(listed).to_have_text([WORDS[key].short for key in OF_VIEWERS])


def test_the_keys_are_listed_on_request(viewer):
    viewer.open()
    keys = viewer.page.get_by_role("dialog", name="Keys")
    viewer.press("?")
    keys.wait_for()
    viewer.page.keyboard.press("2")
    viewer.page.keyboard.press("Escape")
    keys.wait_for(state="hidden")
    viewer.wait_until(mode="side")  # the key went to the list, not through it
    viewer.page.get_by_role("button", name="Keys").click()
    keys.wait_for()

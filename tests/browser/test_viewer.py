"""The viewer in a real browser, fed by `viewer_page.py` with arrays that the tests know."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from viewer_page import LAYERS, SIZES, make_scene

FOLDER = Path(__file__).parent
START_SECONDS = 60
IDLE = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"


@pytest.fixture(scope="module")
def viewer_url(tmp_path_factory):
    """The page on a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    log = tmp_path_factory.mktemp("viewer") / "log.txt"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(FOLDER / "viewer_page.py"), *options],
            cwd=FOLDER.parents[1],
            env=os.environ | {"PYTHONPATH": str(FOLDER.parents[1])},
            stdout=stream,
            stderr=stream,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for_health(url, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for_health(url, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the page did not start:\n{log.read_text()}")


class ViewerPage:
    """One browser page with the viewer on it."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.root = page.locator(".viewer")
        self.stage = page.locator(".stage")
        self.readout = page.locator(".readout")

    def open(self, query=""):
        self.page.goto(f"{self.url}/?{query}")
        self.page.locator(".viewer[data-painted]").wait_for(timeout=60_000)
        self.idle()
        return self

    def idle(self):
        self.page.locator(IDLE).wait_for(timeout=30_000)

    def canvas(self, panel):
        return self.page.locator(f"[data-panel={panel}] canvas")

    def chip(self, panel):
        return self.page.locator(f"[data-panel={panel}] figcaption").inner_text().lower()

    def is_(self, **attributes):
        """Wait until the viewer's attributes are these."""
        wanted = "".join(f'[data-{name}="{value}"]' for name, value in attributes.items())
        self.page.locator(f".viewer{wanted}").wait_for(timeout=15_000)

    def view(self):
        return [float(number) for number in self.root.get_attribute("data-view").split()]

    def frame(self):
        """Let the browser paint what is pending."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def hover(self, panel, scene, x, y):
        """Point at the middle of an image pixel, with the whole image in view; returns the readout."""
        height, width = scene.reference.shape[:2]
        box = self.canvas(panel).bounding_box()
        scale = min(box["width"] / width, box["height"] / height)
        left = box["x"] + (box["width"] - width * scale) / 2
        top = box["y"] + (box["height"] - height * scale) / 2
        self.page.mouse.move(left + (x + 0.5) * scale, top + (y + 0.5) * scale)
        self.frame()
        return self.readings()

    def readings(self):
        names, texts = (self.readout.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
        return dict(zip(names, texts, strict=True))

    def pixel(self, panel):
        """The colour in the middle of a panel, as it is drawn."""
        self.frame()
        return self.canvas(panel).evaluate(
            "c => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data.slice(0, 3)]"
        )

    def press(self, *keys):
        self.stage.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.frame()

    def reported(self, text):
        """Wait until Python prints a text about the settings."""
        self.page.get_by_test_id("stText").filter(has_text=text).wait_for(timeout=15_000)


@pytest.fixture
def viewer(browser, viewer_url):
    """A page of 1440 x 900; an error in the JavaScript fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield ViewerPage(page, viewer_url)
    context.close()
    assert not faults


def area_exact(values, height, width):
    """A map on the image's pixels by another way: differences of its integral."""
    integral = np.pad(np.cumsum(np.cumsum(values.astype(float), axis=0), axis=1), ((1, 0), (1, 0)))
    rows, columns = np.array(values.shape) / (height, width)
    integral = np.array([np.interp(np.arange(width + 1) * columns, np.arange(len(r)), r) for r in integral])
    integral = np.array([np.interp(np.arange(height + 1) * rows, np.arange(len(c)), c) for c in integral.T]).T
    return np.diff(np.diff(integral, axis=0), axis=1) / (rows * columns)


def first_number(text):
    return float(text.split()[0].replace("−", "-"))


@pytest.mark.parametrize(("shape", "panel"), [("square", "map"), ("landscape", "reference")])
def test_the_readout_says_what_the_arrays_hold(viewer, shape, panel):
    scene = make_scene(shape)
    height, width = SIZES[shape]
    combined = sum(area_exact(layer.values, height, width) for layer in scene.layers)
    largest = max(scene.layers, key=lambda layer: layer.distance)
    error, dissimilar = (pixel_map.values for pixel_map in scene.pixel_maps)
    viewer.open(f"shape={shape}")
    for x, y in [(20, 30), (width // 2, height // 3), (width - 7, height - 9)]:
        readings = viewer.hover(panel, scene, x, y)
        assert readings["x, y"] == f"{x}, {y}"
        assert readings["reference"] == " ".join(map(str, scene.reference[y, x]))
        assert readings["distorted"] == " ".join(map(str, scene.distorted[y, x]))
        assert first_number(readings["LPIPS"]) == pytest.approx(combined[y, x], rel=6e-3)
        rows, columns = largest.values.shape
        cell = largest.values[int((y + 0.5) * rows / height), int((x + 0.5) * columns / width)]
        assert first_number(readings[largest.name]) == pytest.approx(cell, rel=6e-3)
        assert first_number(readings["Squared error"]) == pytest.approx(error[y, x], rel=6e-3, abs=0.51)
        assert first_number(readings["1 − SSIM"]) == pytest.approx(dissimilar[y, x], rel=6e-3, abs=1e-3)


def test_a_place_without_data_is_named_so(viewer):
    scene = make_scene()
    assert viewer.open().hover("map", scene, 60, 2)["1 − SSIM"] == "no data"


@pytest.mark.parametrize("query", ["", "shape=landscape", "shape=portrait&layers=conv2,conv5", "shape=large"])
def test_the_combined_map_has_the_score_as_its_mean(viewer, query):
    viewer.open(query)
    shape = re.search(r"shape=(\w+)", query)
    layers = re.search(r"layers=([\w,]+)", query)
    scene = make_scene(
        shape[1] if shape else "square", included=tuple(layers[1].split(",")) if layers else tuple(LAYERS)
    )
    assert float(viewer.root.get_attribute("data-mean")) == pytest.approx(scene.score, rel=1e-5)


def test_a_layers_map_has_its_distance_as_its_mean(viewer):
    scene = make_scene()
    viewer.open()
    for layer in scene.layers:
        viewer.page.locator(f".thumb[data-map={layer.name}]").click()
        viewer.is_(map="layer", layer=layer.name)
        assert float(viewer.root.get_attribute("data-mean")) == pytest.approx(layer.distance, rel=1e-6)


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


@pytest.mark.parametrize(("key", "mode", "button"), [("1", "side", "Side by side"), ("2", "swipe", "Swipe")])
def test_keys_and_buttons_choose_the_mode(viewer, key, mode, button):
    viewer.open("mode=flip")
    viewer.press(key)
    viewer.is_(mode=mode)
    viewer.page.get_by_role("button", name="Flip", exact=True).click()
    viewer.is_(mode="flip")
    viewer.page.get_by_role("button", name=button, exact=True).click()
    viewer.is_(mode=mode)
    viewer.page.locator(f"button[data-value={mode}][aria-pressed=true]").wait_for()
    viewer.reported(f"mode='{mode}'")


def test_flip_shows_the_distorted_picture_while_held_and_always_says_which(viewer):
    viewer.open("mode=flip&severity=1")
    before = viewer.pixel("reference")
    assert viewer.chip("reference").startswith("reference")
    box = viewer.canvas("reference").bounding_box()
    holds = [
        (lambda: viewer.page.mouse.move(box["x"] + 50, box["y"] + 50), lambda: None),
        (viewer.page.mouse.down, viewer.page.mouse.up),
        (lambda: viewer.page.keyboard.down("f"), lambda: viewer.page.keyboard.up("f")),
    ]
    for hold, release in holds[1:]:
        holds[0][0]()
        hold()
        assert viewer.pixel("reference") != before
        assert viewer.chip("reference") == "distorted"
        release()
        assert viewer.pixel("reference") == before
        assert viewer.chip("reference").startswith("reference")


def test_the_swipe_divider_moves_by_mouse_and_keyboard(viewer):
    viewer.open("mode=swipe")
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
    viewer.is_(painted=make_scene(severity=0.55).key)
    assert viewer.view() == view


def test_pictures_of_another_size_start_whole(viewer):
    viewer.open()
    viewer.press("+", "+")
    viewer.page.locator("[data-testid=stSelectbox] input").fill("landscape")
    viewer.page.keyboard.press("Enter")
    viewer.is_(painted=make_scene("landscape").key)
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


def test_two_fingers_zoom_and_one_only_reads(viewer, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    phone = ViewerPage(context.new_page(), viewer.url).open()
    box = phone.canvas("map").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    phone.page.touchscreen.tap(*middle)
    phone.frame()
    assert phone.view() == [1, 128, 128]
    assert phone.readings()["x, y"] == "128, 128"

    fingers = context.new_cdp_session(phone.page)
    for kind, apart in [("touchStart", 20), ("touchMove", 40), ("touchMove", 60), ("touchEnd", None)]:
        points = (
            []
            if apart is None
            else [{"x": middle[0] + s * apart, "y": middle[1], "id": s + 1} for s in (-1, 1)]
        )
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.frame()
    zoom, x, y = phone.view()
    context.close()
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


def test_the_crosshair_walks_cell_by_cell_and_is_spoken(viewer):
    scene = make_scene()
    viewer.open()
    viewer.page.locator(".thumb[data-map=conv5]").click()
    viewer.is_(map="layer", layer="conv5")
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
    viewer.is_(map="layer", layer="conv3")
    viewer.reported("layer='conv3'")
    assert viewer.chip("map") == "lpips, conv3"
    viewer.page.locator(".thumb[data-map=squared_error]").focus()
    viewer.page.keyboard.press("Enter")
    viewer.is_(map="squared_error", layer="conv3")
    viewer.reported("map='squared_error'")


def test_python_can_ask_and_ask_again_without_undoing_the_user(viewer):
    viewer.open()
    ask = viewer.page.get_by_role("button", name="Ask for conv2")
    ask.click()
    viewer.is_(map="layer", layer="conv2")
    viewer.page.get_by_role("button", name="Combined", exact=True).click()
    viewer.reported("map='combined'")
    viewer.page.get_by_role("button", name="Rerun").click()
    viewer.reported("run 4")
    viewer.is_(map="combined")
    ask.click()
    viewer.is_(map="layer", layer="conv2")


def test_overlay_is_reported_when_it_rests(viewer):
    viewer.open()
    overlay = viewer.page.get_by_label("Overlay")
    overlay.focus()
    for _ in range(4):
        viewer.page.keyboard.press("ArrowRight")
    viewer.reported("overlay=0.8")
    viewer.reported("run 2")  # four steps, one report


def test_at_full_overlay_the_map_has_the_scales_own_colours(viewer):
    from explorer.render import colours

    scene = make_scene()
    viewer.open()
    viewer.page.locator(".thumb[data-map=conv5]").click()
    viewer.page.get_by_label("Overlay").fill("100")
    viewer.reported("overlay=1.0")
    values = scene.layers[-1].values
    middle = values[values.shape[0] // 2, values.shape[1] // 2]
    index = int(np.floor(np.clip(middle / scene.shared_maximum, 0, 1) * 255 + 0.5))
    assert viewer.pixel("map") == list(colours("magma")[index])


def test_a_scale_per_layer_warns_and_a_shared_one_does_not(viewer):
    viewer.open()
    warning = viewer.page.locator(".warning")
    assert warning.inner_text() == ""
    viewer.page.get_by_label("Scale", exact=True).select_option("layer")
    viewer.reported("scale='layer'")
    assert "not comparable between layers" in warning.inner_text()
    viewer.page.locator(".thumb[data-map=squared_error]").click()  # has a scale of its own in any case
    viewer.is_(map="squared_error")
    assert warning.inner_text() == ""


def test_the_part_above_the_scale_is_said(viewer):
    scene = make_scene()
    height, width = SIZES["square"]
    combined = sum(area_exact(layer.values, height, width) for layer in scene.layers)
    percent = 100 * (combined > scene.shared_maximum).mean()
    assert f"{percent:.1f}% clipped" in viewer.open().page.locator(".facts").inner_text()


def test_a_fixed_scale_ends_where_it_is_told_and_nowhere_else(viewer):
    viewer.open()
    viewer.page.get_by_label("Scale", exact=True).select_option("fixed")
    end = viewer.page.get_by_label("End of the fixed scale")
    end.fill("0.25")
    viewer.reported("fixed=0.25")
    ticks = viewer.page.locator(".ticks span")
    assert float(ticks.first.inner_text()) == 0.25
    end.fill("-3")
    viewer.frame()
    assert float(ticks.first.inner_text()) == 0.25
    assert "fixed=0.25" in viewer.page.get_by_test_id("stText").inner_text()


def test_smoothing_is_marked_and_changes_no_number(viewer):
    scene = make_scene()
    viewer.open()
    native = viewer.hover("map", scene, 200, 100)
    viewer.page.get_by_label("Native cells").uncheck()
    viewer.reported("cells='smooth'")
    assert "for looking only" in viewer.chip("map")
    assert viewer.hover("map", scene, 200, 100) == native


def test_a_layer_outside_of_the_sum_is_marked(viewer):
    viewer.open("layers=conv1,conv2")
    excluded = viewer.page.locator(".thumb.excluded")
    assert excluded.count() == 3
    assert "not in the sum" in excluded.first.inner_text()
    assert "2 of 5 layers" in viewer.chip("map")


def test_the_saved_view_is_a_picture_of_what_is_seen(viewer, tmp_path):
    scene = make_scene()
    viewer.open()
    viewer.press("+", "+")
    with viewer.page.expect_download() as download:
        viewer.page.get_by_role("button", name="Save view").click()
    assert download.value.suggested_filename == "lpips-view.png"
    download.value.save_as(tmp_path / "view.png")
    with Image.open(tmp_path / "view.png") as file:
        assert file.format == "PNG"
        pixels = np.asarray(file.convert("RGB"), float)
    box = viewer.canvas("reference").bounding_box()
    assert pixels.shape[1] > 2 * 3 * box["width"]
    _, x, y = viewer.view()
    middle = pixels[
        2 * 16 + int(box["height"]), 2 * 16 + int(box["width"])
    ]  # two pixels for one of the screen
    near = scene.reference[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].astype(float)
    assert (near.min((0, 1)) - 2 <= middle).all()
    assert (middle <= near.max((0, 1)) + 2).all()


def test_handled_keys_and_streamlits_own_stay_inside(viewer):
    viewer.open()
    viewer.page.evaluate("""() => {
        window.heard = [];
        document.addEventListener("keydown", (event) => window.heard.push(event.key));
    }""")
    viewer.press("r", "c", "f", "1", "2", "3", "+", "-", "0", "ArrowLeft", "x")
    assert viewer.page.evaluate("window.heard") == ["x"]
    viewer.idle()
    assert viewer.page.get_by_role("dialog").count() == 0
    viewer.reported("run 2")  # one for the three modes, none for "r"


def test_the_keys_are_listed_on_request(viewer):
    viewer.open()
    keys = viewer.page.get_by_role("dialog", name="Keys")
    viewer.press("?")
    assert keys.is_visible()
    viewer.page.keyboard.press("2")
    viewer.page.keyboard.press("Escape")
    assert not keys.is_visible()
    viewer.is_(mode="side")  # the key went to the list, not through it
    viewer.page.get_by_role("button", name="Keys").click()
    assert keys.is_visible()


def test_pictures_are_described_by_their_numbers(viewer):
    scene = make_scene()
    viewer.open()
    assert viewer.canvas("reference").get_attribute("aria-label") == "Reference, chelsea, 256 × 256 pixels"
    text = viewer.canvas("map").get_attribute("aria-label")
    assert f"mean {scene.score:.3f}" in text
    height, width = SIZES["square"]
    combined = sum(area_exact(layer.values, height, width) for layer in scene.layers)
    place = re.search(r"largest [\d.]+ at x (\d+), y (\d+)", text)
    assert combined[int(place[2]), int(place[1])] == pytest.approx(combined.max(), rel=1e-6)


def test_identical_pictures_show_no_nan(viewer):
    viewer.open("severity=0")
    for query in ("combined", "layer", "squared_error"):
        viewer.page.locator(f"[data-setting=map] [data-value={query}]").click()
        viewer.is_(map=query)
        viewer.hover("map", make_scene(severity=0), 100, 100)
        assert "NaN" not in viewer.root.inner_text()
        assert "undefined" not in viewer.root.inner_text()


def test_after_quick_changes_the_last_picture_stays(viewer):
    viewer.open("shape=large")
    slider = viewer.page.get_by_role("slider", name="Severity")
    slider.focus()
    for _ in range(5):
        viewer.page.keyboard.press("ArrowRight")
    viewer.is_(painted=make_scene("large", 0.75).key)
    viewer.idle()
    viewer.is_(painted=make_scene("large", 0.75).key)


@pytest.mark.parametrize("mode", ["side", "swipe"])
def test_a_phone_scrolls_the_strip_and_not_the_page(viewer, mode):
    viewer.page.set_viewport_size({"width": 390, "height": 844})
    viewer.open(f"shape=landscape&mode={mode}")
    assert viewer.page.evaluate("document.documentElement.scrollWidth") <= 390
    strip = viewer.page.locator(".strip")
    assert strip.evaluate("s => s.scrollWidth > s.clientWidth")
    assert strip.evaluate("s => s.getBoundingClientRect().right") <= 390


def test_all_maps_stand_above_the_fold(viewer):
    viewer.open()
    bottoms = viewer.page.locator(".thumb").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) == 7
    tops = viewer.page.locator(".toolbar > *").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect().top)"
    )
    assert max(tops) - min(tops) < 12  # one line
    assert max(bottoms) - min(tops) < 640  # what the tiles and the share bar leave of 900

"""The viewer as a whole: its strip, its place on the page, its saved view, and the last picture sent."""

import numpy as np
import pytest
from PIL import Image

from tests.browser.viewer_page import make_scene


def test_a_layer_outside_of_the_sum_is_marked(viewer):
    viewer.open("?layers=conv1,conv2")
    excluded = viewer.page.locator(".thumb.excluded")
    assert excluded.count() == 3
    assert "not in the sum" in excluded.first.inner_text()
    assert "2 of 5 layers" in viewer.chip("map")


@pytest.mark.parametrize("mode", ["side", "swipe"])
def test_a_phone_scrolls_the_strip_and_not_the_page(viewer, mode):
    viewer.page.set_viewport_size({"width": 390, "height": 844})
    viewer.open(f"?shape=landscape&mode={mode}")
    assert viewer.page.evaluate("document.documentElement.scrollWidth") <= 390
    strip = viewer.page.locator(".strip")
    assert strip.evaluate("s => s.scrollWidth > s.clientWidth")
    assert strip.evaluate("s => s.scrollLeft") == 0  # it opens at its start, whichever layer is chosen
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


def test_the_saved_view_is_a_picture_of_what_is_seen(viewer, tmp_path):
    scene = make_scene()
    viewer.open()
    viewer.press("+", "+")
    with viewer.page.expect_download() as download:
        viewer.page.get_by_role("button", name="Save view").click()
    assert download.value.suggested_filename == "chelsea_alexnet-v0.1_256x256_view.png"
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


WRITTEN = """() => {
  const { prototype } = CanvasRenderingContext2D, write = prototype.fillText;
  window.written = [];
  prototype.fillText = function (text, ...place) {
    window.written.push(text);
    write.call(this, text, ...place);
  };
}"""


def test_the_saved_view_has_names_and_scale_but_no_words_about_the_app(viewer):
    viewer.open()
    viewer.press("3")
    viewer.wait_until(mode="flip")
    assert "flip" in viewer.chip("reference")
    assert "Region asks" in viewer.page.locator("[data-part=note]").inner_text()
    viewer.page.evaluate(WRITTEN)
    with viewer.page.expect_download():
        viewer.page.get_by_role("button", name="Save view").click()
    written = " ".join(viewer.page.evaluate("window.written"))
    for words in ("REFERENCE", "chelsea", "own scale 0", "A map is not a cause"):
        assert words in written
    assert "flip" not in written.lower()
    assert "Region asks" not in written


def test_after_quick_changes_the_last_picture_stays(viewer):
    viewer.open("?shape=photograph")
    slider = viewer.page.get_by_role("slider", name="Severity")
    slider.focus()
    for _ in range(5):
        viewer.page.keyboard.press("ArrowRight")
    last = make_scene("photograph", 0.75).key
    viewer.wait_until(painted=last)
    viewer.settle()
    assert viewer.painted() == last

"""The gallery's panels: one view, exact values, the scales' colours, and what stands for no map."""

import re

import numpy as np
import pytest
from PIL import Image

from explorer.render import colourise
from tests.browser.gallery_page import NO_MAP, SIZES, make_gallery


def first_number(text):
    return float(text.split()[0].replace("−", "-"))


def settle_overlay(gallery, percent):
    gallery.page.get_by_label("Overlay").fill(str(percent))
    gallery.reported(f"overlay={percent / 100}")


def colour_at(gallery, panel, scene, x, y):
    """The colour that a panel shows at an image pixel, with the whole image in view."""
    height, width = scene.reference.shape[:2]
    gallery.frame()
    return gallery.canvas(panel).evaluate(
        """(c, [x, y, width, height]) => {
            const scale = Math.min(c.width / width, c.height / height);
            const left = (c.width - width * scale) / 2;
            const top = (c.height - height * scale) / 2;
            const at = [left + (x + 0.5) * scale, top + (y + 0.5) * scale].map(Math.floor);
            return [...c.getContext("2d").getImageData(...at, 1, 1).data.slice(0, 3)];
        }""",
        [x, y, width, height],
    )


@pytest.mark.parametrize(
    ("shape", "panel"), [("square", "map1"), ("landscape", "reference"), ("wide", "difference")]
)
def test_every_panel_says_its_own_exact_value_under_one_pointer(gallery, shape, panel):
    scene = make_gallery(shape)
    height, width = SIZES[shape]
    gallery.open(f"?shape={shape}&difference")
    for x, y in [(20, 30), (width // 3, height // 3), (width - 7, height - 9)]:
        said = gallery.hover(panel, scene, x, y)
        assert said["place"] == f"{x}, {y}"
        assert said["reference"] == " ".join(map(str, scene.reference[y, x]))
        assert said["distorted"] == " ".join(map(str, scene.distorted[y, x]))
        for name, entry in [
            ("map0", scene.maps[0]),
            ("map1", scene.maps[1]),
            ("difference", scene.difference),
        ]:
            assert first_number(said[name]) == pytest.approx(entry.values[y, x], rel=6e-3, abs=1e-4)
            assert said[name].endswith(" × average")
    values = gallery.page.locator(".value")
    values.first.wait_for()
    gallery.page.mouse.move(5, 5)
    gallery.frame()
    values.first.wait_for(state="hidden")


def test_a_difference_is_signed_and_a_place_without_data_is_named_so(gallery):
    scene = make_gallery()
    gallery.open("?difference")
    assert gallery.hover("map0", scene, 60, 2)["map1"] == "no data"
    values = scene.difference.values
    for place, sign in [(np.nanargmax(values), "+"), (np.nanargmin(values), "−")]:
        y, x = np.unravel_index(place, values.shape)
        assert gallery.hover("difference", scene, int(x), int(y))["difference"].startswith(sign)
    assert gallery.hover("difference", scene, 10, 200)["difference"] == "0 × average"


def test_zoom_and_crosshair_are_one_for_all_panels(gallery):
    scene = make_gallery()
    gallery.open("?difference")
    settle_overlay(gallery, 100)
    x, y = 90, 90  # in the blurred box, where the maps differ
    gallery.hover("map1", scene, x, y)
    gallery.page.keyboard.down("Control")
    for _ in range(40):
        gallery.page.mouse.wheel(0, -200)
    gallery.page.keyboard.up("Control")
    gallery.page.mouse.move(5, 5)
    gallery.frame()
    zoom, middle_x, middle_y = gallery.view()
    assert zoom > 20
    at = (int(middle_y), int(middle_x))
    assert at == pytest.approx((y, x), abs=10)
    assert gallery.pixel("reference") == list(scene.reference[at])
    assert gallery.pixel("distorted") == list(scene.distorted[at])
    for panel, entry, scale, end in [
        ("map0", scene.maps[0], "magma", scene.maximum),
        ("map1", scene.maps[1], "magma", scene.maximum),
        ("difference", scene.difference, "PuOr", scene.difference_maximum),
    ]:
        expected = colourise(entry.values[at[0] : at[0] + 1, at[1] : at[1] + 1], scale, end)[0, 0]
        assert gallery.pixel(panel) == pytest.approx(expected.tolist(), abs=2)


def test_a_difference_is_neutral_at_zero_and_coloured_by_its_sign(gallery):
    scene = make_gallery()
    gallery.open("?difference")
    settle_overlay(gallery, 100)
    grey = colour_at(gallery, "difference", scene, 20, 200)
    assert max(grey) - min(grey) <= 2
    assert min(grey) > 240
    values = scene.difference.values
    for place, warm in [(np.nanargmax(values), False), (np.nanargmin(values), True)]:
        y, x = np.unravel_index(place, values.shape)
        red, _, blue = colour_at(gallery, "difference", scene, int(x), int(y))
        assert (red > blue) == warm


def test_the_legend_says_the_scales_ends_and_what_they_mean(gallery):
    gallery.open("?difference")
    legend = gallery.page.locator(".legend")
    assert legend.locator("[data-scale=amount] span").all_inner_texts() == ["0", "", "4.2 × average"]
    ends = legend.locator("[data-scale=difference] span").all_inner_texts()
    assert ends == ["−1.2 more in VGG16", "0", "more in AlexNet +1.2"]
    beyond = max((entry.values > 4.2).mean() for entry in make_gallery().maps)
    assert beyond > 0.001
    said = float(re.search(r"Up to ([\d.]+)% of a map", legend.inner_text())[1])
    values = make_gallery().difference.values
    assert said / 100 == pytest.approx(max(beyond, (abs(values) > 1.2).mean()), abs=6e-4)
    gallery.open()
    gallery.page.locator("[data-scale=difference]").wait_for(state="hidden")


def test_a_measurement_without_a_map_says_so_in_its_place(gallery):
    scene = make_gallery(dists=True)
    gallery.open("?dists")
    message = gallery.page.locator(".message")
    assert message.inner_text() == NO_MAP
    assert gallery.headings()[-1] == "DISTS 0.1302"
    box, beside = message.bounding_box(), gallery.canvas("map1").bounding_box()
    assert (box["width"], box["height"]) == pytest.approx((beside["width"], beside["height"]), abs=2)
    said = gallery.hover("map1", scene, 100, 100)
    assert list(said) == ["reference", "distorted", "map0", "map1", "place"]


def test_zoom_and_overlay_survive_reruns_and_other_networks(gallery):
    gallery.open("?networks=2")
    settle_overlay(gallery, 75)
    gallery.press("+", "+", "+", "ArrowRight", "ArrowDown")
    view = gallery.view()
    assert view[0] > 1.9
    gallery.page.get_by_role("button", name="Rerun").click()
    gallery.reported("run 3")
    assert gallery.view() == view
    gallery.page.get_by_role("slider", name="Networks").press("ArrowRight")
    gallery.wait_until(painted=make_gallery(networks=3, difference=False).key)
    assert gallery.view() == view
    assert gallery.page.get_by_label("Overlay").input_value() == "75"
    assert len(gallery.headings()) == 5
    box = gallery.canvas("map2").bounding_box()  # a new panel listens, too
    gallery.page.mouse.move(box["x"] + 50, box["y"] + 50)
    gallery.page.mouse.down()
    gallery.page.mouse.move(box["x"] + 90, box["y"] + 50)
    gallery.page.mouse.up()
    gallery.frame()
    assert gallery.view()[1] < view[1]


def test_a_crosshair_on_a_panel_that_goes_moves_to_the_reference(gallery):
    gallery.open("?networks=3")
    gallery.hover("map2", make_gallery(networks=3), 100, 100)
    gallery.page.get_by_role("slider", name="Networks").evaluate("s => s.focus()")
    gallery.page.keyboard.press("ArrowLeft")
    gallery.wait_until(painted=make_gallery(networks=2, difference=False).key)
    gallery.frame()
    assert gallery.readings()["place"] == "100, 100"
    assert gallery.page.locator("[data-panel=reference] .place").count() == 1


def test_the_crosshair_walks_by_keys_and_is_spoken(gallery):
    scene = make_gallery()
    gallery.open("?difference")
    gallery.press("ArrowRight", "ArrowRight", "ArrowUp")
    assert gallery.readings()["place"] == "129, 127"
    spoken = gallery.page.locator(".spoken").inner_text()
    assert spoken.startswith("x 129, y 127: Reference ")
    assert all(entry.title in spoken for entry in scene.panels)
    gallery.press("Escape")
    gallery.page.locator(".value").first.wait_for(state="hidden")


def test_the_distorted_picture_is_held_in_the_references_place(gallery):
    gallery.open()
    before = gallery.pixel("reference")
    gallery.page.locator(".stage").focus()
    gallery.page.keyboard.down("f")
    assert gallery.pixel("reference") == gallery.pixel("distorted") != before
    assert gallery.headings()[0].startswith("Distorted")
    gallery.page.keyboard.up("f")
    assert gallery.pixel("reference") == before
    assert gallery.headings()[0].startswith("Reference")


def test_panels_are_described_by_their_numbers(gallery):
    scene = make_gallery()
    gallery.open("?difference")
    assert gallery.canvas("reference").get_attribute("aria-label") == "Reference, cat, 256 × 256 pixels"
    text = gallery.canvas("map0").get_attribute("aria-label")
    assert text.startswith("Map of AlexNet · LPIPS v0.1, 0.4554: mean ")
    assert float(re.search(r"mean ([\d.]+),", text)[1]) == pytest.approx(1, abs=1e-3)
    place = re.search(r"largest ([\d.]+) at x (\d+), y (\d+)", text)
    values = scene.maps[0].values
    assert float(place[1]) == pytest.approx(values.max(), rel=6e-3)
    assert values[int(place[3]), int(place[2])] == pytest.approx(values.max(), rel=1e-3)


def test_the_saved_view_holds_every_panel(gallery, tmp_path):
    scene = make_gallery()
    gallery.open("?difference&warning")
    with gallery.page.expect_download() as download:
        gallery.page.get_by_role("button", name="Save view").click()
    assert download.value.suggested_filename == scene.file
    download.value.save_as(tmp_path / "view.png")
    with Image.open(tmp_path / "view.png") as file:
        pixels = np.asarray(file.convert("RGB"), float)
    sheet = gallery.page.locator("[data-part=sheet]").bounding_box()
    for panel, picture in [("reference", scene.reference), ("distorted", scene.distorted)]:
        box = gallery.canvas(panel).bounding_box()
        at = [2 * (16 + box[s] + box[d] / 2 - sheet[s]) for s, d in [("y", "height"), ("x", "width")]]
        near = picture[127:130, 127:130].astype(float)
        middle = pixels[int(at[0]), int(at[1])]
        assert (near.min((0, 1)) - 2 <= middle).all()
        assert (middle <= near.max((0, 1)) + 2).all()
    box = gallery.page.locator(".heading b").nth(2).bounding_box()
    left, top = (int(2 * (16 + box[side] - sheet[side])) for side in "xy")
    heading = pixels[top : top + int(2 * box["height"]), left : left + int(2 * box["width"])]
    assert heading.min() < 100  # written

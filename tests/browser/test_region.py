"""The Region page: boxes drawn, typed and taken from hot spots; both answers; channels, mask, links."""

import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.analysis.region import Findings, investigate
from explorer.images import derive
from explorer.metrics import Method
from tests.browser.regions import PAIR, TWO, answers, opened, pictures
from tests.browser.support import Viewer


def query(screen: Viewer) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(screen.page.url).query).items()}


def wait_for_boxes(screen: Viewer, text: str) -> None:
    screen.page.wait_for_function("text => new URL(location).searchParams.get('boxes') === text", arg=text)
    screen.settle()


def boxes_of(screen: Viewer) -> list[list[int]]:
    return json.loads(screen.root.first.get_attribute("data-boxes"))


def drag(screen: Viewer, panel: str, start: tuple[float, float], end: tuple[float, float], size=300) -> None:
    """Drag on a panel, in pixels of a square image that is seen whole."""
    box = screen.canvas(panel).first.bounding_box()
    scale = min(box["width"], box["height"]) / size
    left = box["x"] + (box["width"] - size * scale) / 2
    top = box["y"] + (box["height"] - size * scale) / 2
    mouse = screen.page.mouse
    mouse.move(left + start[0] * scale, top + start[1] * scale)
    mouse.down()
    mouse.move(left + (start[0] + end[0]) / 2 * scale, top + (start[1] + end[1]) / 2 * scale)
    mouse.move(left + end[0] * scale, top + end[1] * scale)
    mouse.up()


def mask_png(inside: np.ndarray) -> dict:
    buffer = io.BytesIO()
    Image.fromarray(np.uint8(255 * inside)).save(buffer, "PNG")
    return {"name": "mask.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def check_answers(region: Viewer, found: Findings) -> None:
    """The boxes of the link, with both answers about each, and the ledger of the chosen one."""
    assert boxes_of(region) == [[150, 90, 60, 70], [10, 180, 80, 60]]
    rows = answers(region)
    for row, expected in zip(rows, found.regions, strict=True):
        assert row[0] == f"{expected.name} · {expected.box.words}"
        assert row[2] == f"{expected.held.share:.1%}"
        assert row[3] == f"{expected.check.restore:.4f}"
        assert row[5] == f"{expected.check.insert:.4f}"
    ledger = region.page.locator(".st-key-ledger tbody tr")
    second = found.regions[1].held
    assert ledger.count() == len(second.layers) + 1
    for row, layer in zip(ledger.all(), second.layers, strict=False):
        assert row.locator("td").all_inner_texts()[:3] == [
            layer.name,
            f"{layer.distance:.6f}",
            f"{layer.share:.1%}",
        ]
    assert query(region)["box"] == "B"


def check_channels(region: Viewer) -> None:
    """Those of the map's layer, in the chosen box; another layer can be chosen."""
    table = region.page.locator("table.channels")
    rows = table.locator("tbody tr")
    assert rows.count() == 10
    shares = [float(text.removesuffix("%")) for text in rows.locator("td:nth-child(3)").all_inner_texts()]
    assert shares == sorted(shares, reverse=True)
    together = rows.locator("td:nth-child(4)").all_inner_texts()
    assert float(together[-1].removesuffix("%")) == pytest.approx(sum(shares), abs=0.6)
    images = table.locator("img")
    assert images.count() == 30
    assert images.evaluate_all("all => all.every(image => image.naturalWidth > 1)")
    region.page.locator(".st-key-channel_curve .main-svg").first.wait_for()

    choice = region.page.get_by_role("combobox", name=re.compile("Layer, in box B"))
    choice.scroll_into_view_if_needed()
    region.page.wait_for_timeout(500)  # a page that still scrolls closes the list
    choice.click()
    region.page.get_by_role("option", name="conv4").click()
    region.page.get_by_text("Of conv4's 256 channels").wait_for()


def take_a_spot_and_remove_all(region: Viewer) -> None:
    """A hot spot becomes the chosen box, and boxes are removed until there is none."""
    region.settle()  # a click while the page is redrawn may be lost
    region.page.get_by_role("button", name="2", exact=True).click()
    reference, distorted = pictures()
    spot = investigate(reference, distorted, [], Method(device="cpu")).spots[1]
    wait_for_boxes(region, f"150,90,60,70;{spot.box}")
    assert query(region)["box"] == "B"
    region.page.get_by_role("radio", name="Box A").click()
    region.wait_until(chosen="0")
    region.settle()
    region.page.get_by_role("button", name="Remove A").click()
    wait_for_boxes(region, str(spot.box))
    region.page.get_by_role("button", name="Remove A").click()
    wait_for_boxes(region, "")
    region.page.get_by_text("There is no box").wait_for()
    assert boxes_of(region) == []


def test_a_links_boxes_have_both_answers_and_channels_a_hot_spot_becomes_one_and_all_can_be_removed(
    region, found
):
    opened(region, f"{TWO}&map=layer&layer=conv2")
    check_answers(region, found)
    check_channels(region)
    take_a_spot_and_remove_all(region)


def test_a_box_is_drawn_or_typed_measured_and_written_into_the_link(region):
    opened(region, f"{PAIR}&boxes=150,90,60,70")
    drag(region, "distorted", (20, 200), (80, 260))
    region.page.wait_for_function(
        "() => (new URL(location).searchParams.get('boxes') ?? '').split(';').length === 2"
    )
    region.settle()
    first, second = boxes_of(region)
    assert first == [150, 90, 60, 70]
    np.testing.assert_allclose(second, [20, 200, 60, 60], atol=2)
    assert query(region)["boxes"] == "150,90,60,70;" + ",".join(map(str, second))
    reference, distorted = pictures()
    x, y, width, height = second
    pixels = distorted.pixels.copy()
    pixels[y : y + height, x : x + width] = reference.pixels[y : y + height, x : x + width]
    assert answers(region)[1][3] == f"{explorer.measure(reference, derive(reference, pixels)).score:.4f}"

    # Its numbers can be typed, too; what reaches beyond the image is cut, and that is said.
    field = region.page.get_by_role("spinbutton", name="x", exact=True)
    field.fill("270")
    field.press("Enter")
    wait_for_boxes(region, f"150,90,60,70;270,{y},30,{height}")
    assert any("cut to x 270" in sentence for sentence in region.errors())
    assert region.page.get_by_role("spinbutton", name="width", exact=True).input_value() == "30"

    field = region.page.get_by_role("spinbutton", name="height", exact=True)
    field.fill("0")
    field.press("Enter")
    region.page.get_by_text("make both sides at least 1").wait_for()
    assert boxes_of(region) == [[150, 90, 60, 70], [270, y, 30, height]]


def test_numbers_typed_one_after_the_other_are_all_taken(region):
    opened(region, f"{PAIR}&boxes=150,90,60,70&backbone=resnet18&heads=uniform&weights=random")
    for name, number in (("x", "100"), ("y", "50"), ("width", "80")):  # faster than a box is checked
        region.page.get_by_role("spinbutton", name=name, exact=True).fill(number)
        region.page.keyboard.press("Tab")
    wait_for_boxes(region, "100,50,80,70")


def test_a_mask_of_another_size_is_refused_and_a_good_one_measured_on_both_sides(region):
    opened(region)
    region.page.get_by_role("radio", name="A mask image").click()
    upload = region.page.locator(".st-key-region_mask_file input[type=file]")
    upload.set_input_files(mask_png(np.ones((200, 300))))
    region.page.get_by_text("make the mask of the images' size").wait_for()

    inside = np.zeros((300, 300))
    inside[:, :150] = 1
    upload.set_input_files(mask_png(inside))
    region.page.get_by_text("In use: mask.png, 300 × 300").wait_for()
    region.settle()
    reference, distorted = pictures()
    pixels = reference.pixels.copy()
    pixels[:, :150] = distorted.pixels[:, :150]
    exact = explorer.measure(reference, derive(reference, pixels)).score
    row = region.page.locator(".st-key-masked tbody tr", has_text="Inside")
    assert row.locator("td").all_inner_texts()[4] == f"{exact:.4f}"

    upload.set_input_files(mask_png(np.zeros((300, 300))))
    region.page.get_by_text("black everywhere").wait_for()
    upload.set_input_files({"name": "words.png", "mimeType": "image/png", "buffer": b"no picture"})
    region.page.get_by_test_id("stAlert").filter(has_text="words.png").wait_for()
    region.page.get_by_text("Still in use, until you upload another: mask.png").wait_for()

"""The page Sweep in Chromium: curves stand, and picture and numbers follow the playhead in the browser."""

import re
import time

import pytest
from playwright.sync_api import expect

LINK = "sweep?sample=cat&size=128&swept=gaussian_noise&points=11&beside=jpeg"
MOST = 100  # milliseconds from the playhead to its picture
# The bytes of the picture that is seen, summed: another picture is another number.
SUM = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .reduce((sum, byte, i) => (sum + byte * (i % 97)) % 1e9, 0)"""


def told_and_drawn(page) -> tuple[float, float]:
    """The distance of conv2 at the playhead: in the legend, and as the mean of the map that is seen."""
    told = page.locator("[data-part=layersLegend] li", has_text="conv2").inner_text()
    drawn = page.locator("[data-part=map]").get_attribute("aria-label")
    return float(told.split()[-1]), float(drawn.split()[-1])


def test_the_playhead_moves_by_keys_and_clicks_and_its_picture_follows_at_once(screen, app):
    page = screen.page
    screen.open(LINK)
    root = page.locator(".sweep")
    head = page.get_by_role("slider", name="Playhead")
    expect(page.locator("[data-part=curves] circle")).to_have_count(2 * 3 * 11)
    screen.settle()
    expect(root).to_have_attribute("data-seen", "0:5:")
    said = app.log_from_now()
    before = page.locator("[data-part=picture]").evaluate(SUM)
    latencies = []
    head.focus()
    for place in range(6, 11):
        head.press("ArrowRight")
        expect(root).to_have_attribute("data-seen", f"0:{place}:")
        latencies.append(int(root.get_attribute("data-latency")))
        assert f"severity {place / 10:g}" in head.get_attribute("aria-valuetext")
    assert page.locator("[data-part=picture]").evaluate(SUM) != before
    # What a machine under load takes once says nothing of the viewer.
    assert sorted(latencies)[len(latencies) // 2] < MOST, latencies
    expect(page).to_have_url(re.compile("at=10"))

    page.get_by_role("button", name="JPEG", exact=True).click()
    expect(root).to_have_attribute("data-seen", "1:10:")
    page.get_by_role("button", name="Map of conv2").click()
    expect(root).to_have_attribute("data-seen", "1:10:conv2")
    box = page.locator("[data-part=curves]").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(root).to_have_attribute("data-seen", "1:5:conv2")
    expect(page.locator(".readout dt")).to_have_count(6)
    expect(page).to_have_url(re.compile("at=5.*overlaid=1.*mapped=conv2"))

    assert "Measuring the sweep" not in said()
    # The reference is as the picture at severity 0, which has a map all the same.
    chip = page.locator("[data-part=pictureChip]")
    for key in ("f", "0"):
        head.focus()
        page.keyboard.down(key)
        expect(chip).to_have_text("Reference")
        page.keyboard.up(key)
        expect(chip).to_have_text("JPEG")
    head.press("Home")
    expect(root).to_have_attribute("data-seen", "1:0:conv2")
    # Another method has the same pictures, and maps of its own; what it has measured before comes at once.
    head.press("End")
    expect(root).to_have_attribute("data-seen", "1:10:conv2")
    for weights in ("Random", "Trained"):
        before, old = root.get_attribute("data-painted"), told_and_drawn(page)[0]
        page.locator(".st-key-setting_weights").get_by_text(weights, exact=True).click()
        expect(root).not_to_have_attribute("data-painted", before)
        expect(page.locator("[data-part=curves] circle")).to_have_count(2 * 3 * 11)
        until, told, drawn = time.monotonic() + 10, old, old
        while told == old or drawn != pytest.approx(told, rel=0.01):
            assert time.monotonic() < until, (weights, old, told, drawn)
            page.wait_for_timeout(100)
            told, drawn = told_and_drawn(page)

    page.get_by_role("button", name="Open in Inspect").click()
    page.wait_for_url(re.compile("distortion=jpeg"))
    page.get_by_text("Severity · quality").wait_for()

"""The page Sweep in Chromium: curves stand, and picture and numbers follow the playhead in the browser."""

import re

from playwright.sync_api import expect

LINK = "sweep?sample=cat&size=128&swept=gaussian_noise&points=11&beside=jpeg"
MOST = 100  # milliseconds from the playhead to its picture
# The bytes of the picture that is seen, summed: another picture is another number.
SUM = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .reduce((sum, byte, i) => (sum + byte * (i % 97)) % 1e9, 0)"""


def test_the_playhead_moves_by_keys_and_clicks_and_its_picture_follows_at_once(screen, app):
    page = screen.page
    screen.open(LINK)
    root = page.locator(".sweep")
    head = page.get_by_role("slider", name="Playhead")
    expect(page.locator("[data-part=curves] circle")).to_have_count(2 * 3 * 11, timeout=60_000)
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
    expect(page).to_have_url(re.compile("at=10"), timeout=60_000)

    page.get_by_role("button", name="JPEG", exact=True).click()
    expect(root).to_have_attribute("data-seen", "1:10:")
    page.get_by_role("button", name="Map of conv2").click()
    expect(root).to_have_attribute("data-seen", "1:10:conv2")
    box = page.locator("[data-part=curves]").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(root).to_have_attribute("data-seen", "1:5:conv2")
    expect(page.locator(".readout dt")).to_have_count(6)
    expect(page).to_have_url(re.compile("at=5.*overlaid=1.*mapped=conv2"), timeout=60_000)

    assert "Measuring the sweep" not in said()
    page.get_by_role("button", name="Open in Inspect").click()
    page.wait_for_url(re.compile("distortion=jpeg"), timeout=60_000)
    page.get_by_text("Severity · quality").wait_for(timeout=60_000)

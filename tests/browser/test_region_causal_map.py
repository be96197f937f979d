"""The causal map on its page: measured while other controls answer, cancelled, left by a closed page.

What is seen of a finished one is held beside its files (`test_region_files.py`).
"""

import re
import time

from playwright.sync_api import expect

from tests.browser.regions import PAIR, opened, start_map
from tests.browser.support import Viewer, fresh_page

# A network that takes its time: the map would go on for about a minute.
SLOW = f"{PAIR}&boxes=150,90,60,70;10,180,80,60&backbone=resnet50&heads=uniform&weights=random"


def finished(words) -> int:
    """The number of tiles in a sentence about them."""
    return int(re.search(r"\d+", words.inner_text()).group())


def test_other_controls_answer_meanwhile_a_cancelled_map_keeps_its_tiles_and_a_closed_page_stops_one(
    app, tab
):
    with fresh_page(tab) as page:
        region = opened(Viewer(page, app.url), SLOW)
        start_map(region, 16)
        progress = page.get_by_text(re.compile(r"[1-9]\d* of 256 tiles"))
        progress.wait_for()
        page.get_by_role("radio", name="Box B").click()
        region.wait_until(chosen="1")
        page.wait_for_function("() => new URL(location).searchParams.get('box') === 'B'")
        page.get_by_text("Restoring B removes").wait_for()
        before = finished(progress)
        page.wait_for_function(
            "count => Number(/(\\d+) of 256 tiles/.exec(document.body.innerText)?.[1] ?? 0) > count",
            arg=before,
        )  # neither stopped nor waited for
        assert finished(progress) < 256

        page.get_by_role("button", name="Cancel").click()
        said = page.get_by_text(re.compile(r"Cancelled: \d+ of 256 tiles were finished"))
        said.wait_for()
        assert before < finished(said) < 256
        page.locator(".st-key-causal_gallery [data-painted]").wait_for()
        page.get_by_text(re.compile(r"\d+ of 256 tiles were measured")).wait_for()

        start_map(region, 16)  # anew
        page.get_by_role("button", name="Cancel").wait_for()
        expect(said).to_have_count(0)
        progress.wait_for()
        log = app.log_from_now()
    deadline = time.monotonic() + 60
    while not (over := re.search(r"the causal map: (\w+) after \d+ of", log())):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert over.group(1) == "cancelled"

"""The causal map on its page: measured while other controls answer, cancelled, left by a closed page."""

import json
import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.analysis.region import causal_map, investigate, restore_each, tiles
from explorer.metrics import Method
from tests.browser.regions import opened, pictures
from tests.browser.support import Viewer, fresh_page

PAIR = "sample=cat&distortion=jpeg_local_blur&severity=0.72&seed=0&boxes=150,90,60,70;10,180,80,60"

# A network that takes its time: the map would go on for about a minute.
SLOW = f"{PAIR}&backbone=resnet50&heads=uniform&weights=random"


def start(screen: Viewer, side: int) -> None:
    screen.page.locator(".st-key-region_tiles").get_by_role("radio", name=str(side), exact=True).click()
    button = screen.page.get_by_role("button", name=f"Measure {side} × {side} tiles")
    button.wait_for(timeout=60_000)
    screen.settle()
    button.click()


def finished(words) -> int:
    """The number of tiles in a sentence about them."""
    return int(re.search(r"\d+", words.inner_text()).group())


def test_the_estimate_stands_before_the_start_and_the_map_beside_the_learned_one(region):
    opened(region, PAIR)
    region.page.get_by_text(re.compile(r"At most about .+ on CPU")).wait_for()
    start(region, 4)
    gallery = region.page.locator(".st-key-causal_gallery")
    gallery.locator("[data-painted]").wait_for(timeout=90_000)
    titles = " ".join(gallery.locator(".heading").all_inner_texts())
    assert "Learned map holds" in titles
    assert "Causal: restoring removes" in titles
    sentence = region.page.get_by_text(re.compile("rank correlation is")).inner_text()

    reference, distorted = pictures()
    method = Method(device="cpu")
    scores = [s for part in restore_each(reference, distorted, tiles((300, 300), 4), method) for s in part]
    row, column = divmod(int(np.argmin(scores)), 4)
    assert f"row {row + 1}, column {column + 1} removes the most" in sentence
    found = investigate(reference, distorted, (), method)
    causal = causal_map(scores, found.measurement.score, 4, found.frame, found.measurement)
    end = gallery.locator("[data-scale=amount] .ends span").last.inner_text()
    assert float(end.removesuffix("% of the score")) == pytest.approx(100 * causal.end, rel=6e-3)

    region.page.get_by_role("button", name="Box from the causal map").click()
    boxes = [list(causal.strongest.numbers), [10, 180, 80, 60]]
    region.wait_until(boxes=json.dumps(boxes, separators=(",", ":")))
    link = ";".join(",".join(map(str, box)) for box in boxes)
    region.page.wait_for_function(
        "link => new URL(location).searchParams.get('boxes') === link", arg=link, timeout=60_000
    )


def test_other_controls_answer_meanwhile_a_cancelled_map_keeps_its_tiles_and_a_closed_page_stops_one(
    app, tab
):
    with fresh_page(tab) as page:
        region = opened(Viewer(page, app.url), SLOW)
        start(region, 16)
        progress = page.get_by_text(re.compile(r"[1-9]\d* of 256 tiles"))
        progress.wait_for(timeout=60_000)
        page.get_by_role("radio", name="Box B").click()
        region.wait_until(chosen="1")
        page.wait_for_function("() => new URL(location).searchParams.get('box') === 'B'", timeout=60_000)
        page.get_by_text("Restoring B removes").wait_for()
        before = finished(progress)
        page.wait_for_function(
            "count => Number(/(\\d+) of 256 tiles/.exec(document.body.innerText)?.[1] ?? 0) > count",
            arg=before,
            timeout=60_000,
        )  # neither stopped nor waited for
        assert finished(progress) < 256

        page.get_by_role("button", name="Cancel").click()
        said = page.get_by_text(re.compile(r"Cancelled: \d+ of 256 tiles were finished"))
        said.wait_for(timeout=60_000)
        assert before < finished(said) < 256
        page.locator(".st-key-causal_gallery [data-painted]").wait_for(timeout=60_000)
        page.get_by_text(re.compile(r"\d+ of 256 tiles were measured")).wait_for()

        start(region, 16)  # anew
        page.get_by_role("button", name="Cancel").wait_for(timeout=60_000)
        expect(said).to_have_count(0, timeout=60_000)
        progress.wait_for(timeout=60_000)
        log = app.log_from_now()
    deadline = time.monotonic() + 60
    while not (over := re.search(r"the causal map: (\w+) after \d+ of", log())):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert over.group(1) == "cancelled"

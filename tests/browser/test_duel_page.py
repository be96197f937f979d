"""The page Duel in Chromium: pictures grow on it, are paused, looked back at, opened and made again."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import explorer
from explorer import synthesis
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page

LINK = "sample=cat&distortion=jpeg&severity=0.5&seed=0&size=64&steps=12&made=1"
HAS_STEP = "() => new URL(location).searchParams.has('duel_step')"


@pytest.fixture
def duel(app, tab):
    with fresh_page(tab) as page:
        yield Screen(page, app.url)


def numbers(page) -> list[str]:
    """The large numbers, of the first metric."""
    return page.locator(".numbers tbody tr").first.locator("td").all_inner_texts()


def made(duel, url: str) -> list[str]:
    """Open a link that makes its pictures by itself; the numbers once they are made."""
    duel.page.goto(f"{url}/duel?{LINK}")
    duel.page.get_by_role("button", name=re.compile("^200 more")).wait_for()
    duel.settle()
    expect(duel.page.get_by_role("slider", name="Step", exact=True)).to_have_value("12")
    return numbers(duel.page)


def test_the_bare_page_tells_its_story_without_a_click(app, duel):
    page = duel.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{app.url}/duel")
    said = page.get_by_role("heading", level=2, name=re.compile("^All three have 24.0 dB"))
    said.wait_for()
    expect(page.locator("[data-tile]")).to_have_count(3)
    shown = [float(text) for text in numbers(page)]
    assert shown[0] < 0.03 * shown[1] < 4 * shown[1] < shown[2]
    # Its files are there, whatever other metrics are still asked, and its controls stand in one row.
    expect(page.get_by_role("button", name=re.compile("Raised, step 200, PNG$"))).to_be_enabled()
    heights = [
        page.locator(f".st-key-duel_{part}").bounding_box()["height"] for part in ("controls", "buttons")
    ]
    assert heights[0] == pytest.approx(heights[1], abs=2)
    expect(page.get_by_role("button", name=re.compile("^Run again"))).to_be_visible()


def test_pictures_grow_are_paused_looked_back_at_opened_in_inspect_and_made_again_by_their_link(
    app, duel, tmp_path
):
    page = duel.page
    first = made(duel, app.url)
    assert len(first) == 3
    assert len({*first}) == 3
    duel.wait_for_entry()

    # What is saved is the picture that Python makes, and its number is that of the file.
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Raised, step 12, PNG$")).click()
    download.value.save_as(tmp_path / "raised.png")
    found = synthesis.duel(load_sample("cat").pixels, steps=12, size=64)
    with Image.open(tmp_path / "raised.png") as image:
        saved = np.asarray(image.convert("RGB"))
    np.testing.assert_array_equal(saved, found.frames("raised")[-1].picture.pixels)
    measured = explorer.measure(found.plan.reference.pixels, tmp_path / "raised.png")
    assert f"{measured.score:.4f}" == first[-1]

    # The playhead moves the pictures at once, and the link follows where it rests.
    head = page.get_by_role("slider", name="Step", exact=True)
    head.focus()
    page.keyboard.press("Home")
    assert numbers(page) == [first[1]] * 3
    page.wait_for_function(HAS_STEP)
    page.keyboard.press("End")
    page.wait_for_function(f"() => !({HAS_STEP})()")
    assert numbers(page) == first

    # More steps: frames come by themselves until the work is paused.
    steps = page.get_by_role("spinbutton", name="Steps")
    steps.fill("2000")
    steps.press("Enter")
    page.get_by_role("button", name=re.compile("^1988 more")).click()
    pause = page.get_by_role("button", name="Pause")
    pause.wait_for()
    coming = page.get_by_text(re.compile(r"^Step \d+ of 2000"))
    coming.wait_for()
    before = numbers(page)
    for _ in range(2):
        expect(page.locator(".numbers tbody tr").first.locator("td").last).not_to_have_text(before[-1])
        before = numbers(page)
    pause.click()
    page.get_by_role("button", name=re.compile("^Go on")).wait_for()
    paused = page.get_by_text(re.compile(r"^Paused at step \d+ of 2000"))
    made_steps = int(re.search(r"\d+", paused.inner_text())[0])
    expect(head).to_have_value(str(made_steps))
    assert 12 < made_steps < 2000
    duel.settle()
    last = numbers(page)

    # A picture opens in Inspect with its own number, and Back leads to what was made.
    page.locator("[data-tile=raised]").get_by_role("button", name=re.compile("Inspect")).click()
    expect(page.locator(".tile", has_text="LPIPS").locator("strong")).to_have_text(last[-1])
    page.wait_for_url("**distorted=**")  # Back before the link is written would lead to none
    duel.settle()
    duel.wait_for_entry()
    page.go_back()
    page.get_by_role("button", name=re.compile("^Go on")).wait_for()
    expect(page.locator(".numbers tbody tr").first.locator("td")).to_have_text(last)

    # The link alone makes the same again, in a session that has nothing.
    assert "made=1" in page.url
    assert made(duel, app.url) == first

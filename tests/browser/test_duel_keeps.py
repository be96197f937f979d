"""What a layer keeps in Chromium: from a link to a saved picture, with layers that are typed."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

import explorer
from tests.browser.support import Screen, fresh_page

LINK = "duel=keeps&sample=cat&seed=0&size=64&steps=12&made=1&duel_layers=conv2&duel_by=smooth"


@pytest.fixture
def duel(app, tab):
    with fresh_page(tab) as page:
        yield Screen(page, app.url)


def test_a_picture_is_grown_for_layers_that_are_typed_and_what_is_saved_has_the_number_that_is_shown(
    app, duel
):
    page = duel.page
    page.goto(f"{app.url}/duel?{LINK}")
    answer = page.get_by_role("heading", level=2, name=re.compile("The distance in conv2 is down to"))
    answer.wait_for()
    page.get_by_role("button", name=re.compile("^200 more")).wait_for()
    duel.settle()
    rows = page.locator(".numbers tbody tr")
    assert rows.first.locator("td").count() == 1

    # Two layers together, typed; a run of its own beside the first one.
    box = page.get_by_role("combobox", name=re.compile("^Layers"))
    box.click()
    box.press_sequentially("conv3,conv1")
    box.press("Enter")
    box.press("Escape")
    page.wait_for_function("() => new URL(location).searchParams.get('duel_layers') === 'conv2;conv1,conv3'")
    page.get_by_role("button", name=re.compile("^Run")).click()
    tile = page.locator("[data-tile='conv1,conv3']")
    tile.wait_for()
    page.get_by_role("button", name=re.compile("^200 more")).wait_for()
    duel.settle()
    own, whole = (row.locator("td").all_inner_texts() for row in rows.all()[:2])

    # Grown from the same start, whose whole score both have.
    head = page.get_by_role("slider", name="Step", exact=True)
    head.focus()
    page.keyboard.press("Home")
    start = rows.nth(1).locator("td").all_inner_texts()
    assert start[0] == start[1]
    page.keyboard.press("End")
    expect(rows.first.locator("td")).to_have_text(own)

    # What is saved is what was measured.
    with page.expect_download() as coming:
        page.get_by_role("button", name=re.compile(r"step 12, PNG$")).click()
    with Image.open(io.BytesIO(coming.value.path().read_bytes())) as image:
        saved = image.convert("RGB").copy()
    reference = explorer.samples.load_sample("cat")
    measured = explorer.measure(explorer.images.resize(reference, 64), saved)
    shown = whole.index(f"{measured.score:.4f}")
    layers = (("conv2",), ("conv1", "conv3"))[shown]
    distance = sum(layer.distance for layer in measured.layers if layer.name in layers)
    assert own[shown] == f"{distance:.4f}"

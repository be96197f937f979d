"""Directions in Chromium: from a link to what each layer sees most and least, saved, and asked anew."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer import synthesis
from explorer.samples import load_sample
from explorer.synthesis.eigendistortions import distance_text
from tests.browser.support import Screen, fresh_page

LINK = "duel=directions&sample=cat&seed=0&size=64&steps=4&made=1&duel_of=conv1;conv5"


@pytest.fixture
def duel(app, tab):
    with fresh_page(tab) as page:
        yield Screen(page, app.url)


def test_layers_see_most_and_least_a_picture_is_saved_and_another_layer_is_asked_in_the_link(
    app, duel, tmp_path
):
    page = duel.page
    page.goto(f"{app.url}/duel?{LINK}")
    page.get_by_role("button", name=re.compile("^60 more")).wait_for()
    duel.settle()

    # The large numbers are those that Python finds, of each layer's own distance.
    found = synthesis.directions(load_sample("cat").pixels, by=("conv1", "conv5"), steps=4, size=64)
    seen = [each for by in found.by for each in reversed(found.pair(by))]
    row = page.locator(".numbers tbody tr").first.locator("td")
    expect(row).to_have_text([distance_text(each.distance) for each in seen])
    badges = page.locator("[data-tile]").all_inner_texts()
    assert [re.split(r"\n| · step", text.lower())[0] for text in badges if "·" in text] == [
        f"{name} · {word}" for name in ("conv1", "conv5") for word in ("least", "most")
    ]
    page.get_by_role("heading", level=2, name=found.sentence).wait_for()

    # The chart begins with what the steps drive.
    expect(page.get_by_role("heading", name=re.compile("^Eigenvalue, step by step"))).to_be_visible()

    # What is saved is the chosen picture, to the bit.
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("conv5 · most.*PNG$")).click()
    download.value.save_as(tmp_path / "most.png")
    with Image.open(tmp_path / "most.png") as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), found.pair("conv5")[0].picture.pixels)

    # Without the first layer it is another question, which the link asks.
    page.get_by_role("button", name="Remove conv1").or_(
        page.locator("[data-baseweb=tag]", has_text="conv1").locator("[role=presentation]")
    ).first.click()
    page.wait_for_function("() => new URL(location).searchParams.get('duel_of') === 'conv5'")
    expect(page.get_by_text("Which small change does conv5 see most, and which least?")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Run")).wait_for()

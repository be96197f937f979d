"""Turn the verdict in Chromium: from a link to the turned picture, its change, its marks, another bound."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer import synthesis
from explorer.distortions import distort
from explorer.images import resize
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page

LINK = "duel=verdict&sample=cat&seed=0&size=64&steps=30&made=1&duel_bound=levels:8&duel_b=gaussian_blur:0.6"


@pytest.fixture
def duel(app, tab):
    with fresh_page(tab) as page:
        yield Screen(page, app.url)


def test_a_verdict_is_turned_its_change_is_seen_and_a_version_chosen_anew_is_asked_for_in_the_link(
    app, duel, tmp_path
):
    page = duel.page
    page.goto(f"{app.url}/duel?{LINK}")
    answer = page.get_by_role("heading", level=2, name=re.compile("A, now .*, is farther than B"))
    answer.wait_for()
    duel.settle()

    # What is said is in the table: the closer one has become the farther one, and each metric has its mark.
    row = page.locator(".numbers tbody tr").first.locator("td")
    expect(row).to_have_count(3)  # the sentence stands before the viewer does
    before, other, now = (float(re.match(r"[\d.]+", text)[0]) for text in row.all_inner_texts())
    assert before < other < now
    assert f"{now:.4f}" in answer.inner_text()
    expect(row.last.locator("em")).to_have_text("fooled")
    unmarked = page.locator(".numbers tbody tr td:last-child:not(:has(em))")
    expect(unmarked).to_have_count(0)  # the other metrics are asked after the answer

    # The change is one click away, with its scale; only the changed version has one.
    change = page.get_by_role("button", name="Change: A changed")
    assert page.get_by_role("button", name=re.compile("^Change: ")).count() == 1
    change.click()
    expect(page.locator("[data-tile=a]")).to_contain_text(re.compile("changed by, ×\\s\\d+", re.IGNORECASE))

    # At the start it is the version as it was, which has no change; that comes back at the end.
    page.get_by_role("slider", name="Step", exact=True).focus()
    page.keyboard.press("Home")
    texts = row.all_inner_texts()
    assert texts[0] == texts[2]
    expect(change).to_be_hidden()
    expect(page.locator("[data-tile=a]")).not_to_contain_text(re.compile("changed by", re.IGNORECASE))
    page.keyboard.press("End")
    expect(change).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-tile=a]")).to_contain_text(re.compile("changed by", re.IGNORECASE))

    # What is saved is the turned picture that Python finds, to the bit, as far as it was said.
    reference = resize(load_sample("cat"), 64)
    versions = [distort(reference, *each) for each in (("gaussian_noise", 0.3), ("gaussian_blur", 0.6))]
    found = synthesis.turn_verdict(reference, *versions, levels=8, steps=30, witnesses=())
    assert answer.inner_text() == found.sentence
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^A changed.*PNG$")).click()
    download.value.save_as(tmp_path / "turned.png")
    with Image.open(tmp_path / "turned.png") as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), found.now.picture.pixels)

    # Another bound asks for other work, and the link says so.
    page.get_by_role("spinbutton", name="At most, of 255").fill("9")
    page.keyboard.press("Enter")
    page.wait_for_function("() => new URL(location).searchParams.get('duel_bound') === 'levels:9'")
    page.get_by_role("button", name=re.compile("^Run")).wait_for()

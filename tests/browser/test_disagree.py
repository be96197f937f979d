"""Disagreement cards in a browser: verdicts hidden, answered by key and finger, opened and kept."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from explorer.distortions import Recipe
from tests.browser.support import Screen, fresh_page

LINK = "disagree?sample=cat&size=64&grid=contrast,gaussian_blur,jpeg,shift&between=psnr,ssim"
PHONE = {"width": 390, "height": 844}

# The reference above the two, which lie beside each other: once the card has followed the screen.
IN_TWO_ROWS = """row => {
  const [a, reference, b] = [...row.querySelectorAll(".frame")].map((frame) => frame.getBoundingClientRect());
  return reference.bottom <= a.top && a.right <= b.left && Math.abs(a.top - b.top) < 1;
}"""


@pytest.fixture
def asked(app, tab):
    """The page with all its versions measured."""
    with fresh_page(tab) as page:
        screen = Screen(page, app.url).open(LINK)
        expect(page.get_by_text("contradict each other")).to_be_visible()
        expect(page.locator(".card[data-card]")).to_be_visible()
        yield screen


def test_a_card_is_answered_by_a_key_then_tells_the_verdicts_and_can_be_kept_as_a_file(asked, tmp_path):
    page = asked.page
    card, choices = page.locator(".card"), page.locator(".choose")
    sizes = page.locator(".frame img").evaluate_all(
        "all => Promise.all(all.map(image => image.decode().then(() => "
        "[image.naturalWidth, image.naturalHeight, image.width / image.naturalWidth])))"
    )
    assert len({tuple(size) for size in sizes}) == 1
    assert sizes[0][:2] == [64, 64]
    assert sizes[0][2] == int(sizes[0][2]) > 1  # a pixel of the picture is a whole number of the screen's
    expect(page.locator(".answer")).to_be_empty()
    expect(page.locator("figcaption span")).to_have_text(["", ""])
    card.press("2")
    expect(page.locator(".said")).to_have_text(re.compile("You agree with (PSNR|SSIM)"))
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(choices.last).to_have_attribute("aria-pressed", "true")
    expect(choices.first).to_be_disabled()
    expect(page.locator(".tally")).to_contain_text("once")
    asked.settle()
    with page.expect_download() as download:
        page.get_by_role("button", name="Judgments, CSV").click()
    path = Path(tmp_path, "judgments.csv")
    download.value.save_as(path)
    with path.open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["is_A_selected"] == "0"
    labels = [
        f"{step.entry.label} ({step.label})"
        for column in ("condition_A", "condition_B")
        for step in Recipe.from_link(row[column])
    ]
    assert page.locator("figcaption span").all_inner_texts() == labels

    first = card.get_attribute("data-card")
    card.press("n")
    expect(card).not_to_have_attribute("data-card", first)
    expect(page.locator(".answer")).to_be_empty()
    # Who is quick loses no answer.
    for key in ("1", "n"):
        card.press(key)
    expect(page.locator(".tally")).to_contain_text(re.compile("twice|once.*once"))


def test_a_version_opens_in_inspect_and_back_leads_to_the_card(asked):
    page = asked.page
    asked.wait_for_entry()
    page.locator(".card").press("ArrowLeft")
    expect(page.locator(".said")).to_be_visible()
    label = page.locator("[data-panel=A] figcaption span").inner_text()
    asked.settle()
    page.locator("[data-open=A]").click()
    page.wait_for_url(re.compile(r"/\?.*recipe="))
    expect(page.get_by_text(label.partition(" (")[0]).first).to_be_visible()
    asked.settle()
    page.go_back()
    page.wait_for_url(re.compile(r"/disagree"))
    expect(page.locator(".said")).to_be_visible()


def test_on_a_phone_the_reference_lies_above_the_two_and_a_tap_answers(asked):
    page = asked.page
    page.set_viewport_size(PHONE)
    row = page.locator(".row").element_handle()
    page.wait_for_function(IN_TWO_ROWS, arg=row)
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".choose").first.click()
    expect(page.locator(".said")).to_be_visible()

"""The page Threshold in a browser: an answer by key or finger brings the next question, and counts once."""

import re

from playwright.sync_api import expect

from tests.browser.support import Screen, fresh_page

LINK = "threshold?sample=cat&size=64&noticed=gaussian_noise"


def question(number):
    return re.compile(f"Question {number} of at most 30")


def test_answers_by_key_finger_and_in_haste_each_bring_the_next_question(app, tab):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url).open(LINK)
        card = page.locator(".card")
        progress = page.get_by_test_id("stProgress")
        expect(progress).to_contain_text(question(1))
        choices = page.locator(".choose")
        expect(choices).to_have_text(["A is distorted 1", "B is distorted 2"])
        for name in ("Another pair", "Take my answer back", "Open A in Inspect"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)

        card.press("2")
        expect(progress).to_contain_text(question(2))
        expect(choices.first).to_be_enabled()
        expect(choices.first).not_to_have_attribute("aria-pressed", "true")

        page.set_viewport_size({"width": 390, "height": 844})
        choices.first.dblclick()
        expect(progress).to_contain_text(question(3))
        expect(page.locator(".card img").last).to_be_in_viewport()
        expect(choices.last).to_be_in_viewport()

        screen.settle()
        expect(progress).to_contain_text(question(3))
        page.get_by_role("button", name="Start over").click()
        expect(progress).to_contain_text(question(1))

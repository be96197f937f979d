"""The menu on a phone, and the glossary in a browser."""

import re

import pytest
from playwright.sync_api import expect

from explorer.views.common.menu import GROUPS
from explorer.words import WHAT_IS_LPIPS, WORDS
from tests.browser.support import Screen, fresh_page

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(app, tab):
    """The explorer on a screen as small as a phone's."""
    with fresh_page(tab) as page:
        page.set_viewport_size(PHONE)
        yield Screen(page, app.url)


def test_on_a_phone_every_page_is_in_sight_by_its_name_and_one_tap_away(phone):
    phone.open("?sample=cat&distortion=jpeg&severity=0.5&seed=0&size=64")
    page = phone.page
    for title in (title for group in GROUPS.values() for title in group.values()):
        expect(page.locator(".st-key-head").get_by_role("link", name=title, exact=True)).to_be_in_viewport()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="What is LPIPS?").click()
    expect(page.get_by_text(WHAT_IS_LPIPS)).to_be_in_viewport()
    page.get_by_role("link", name="All words, from A to Z").click()
    page.wait_for_url(re.compile(r"/words"))
    expect(page.get_by_role("heading", name="Heads", exact=True)).to_be_attached()
    phone.settle()
    page.locator(".st-key-head").get_by_role("link", name="Backbones", exact=True).click()
    page.wait_for_url(re.compile(r"/backbones"))
    phone.settle()
    page.get_by_test_id("stExpandSidebarButton").click()
    # The row of pages lies below the settings, and not over them.
    page.locator(".st-key-setting_source").get_by_role("radio", name="Upload").click(trial=True)


def test_a_word_has_an_address_is_found_by_typing_and_leads_to_others_and_back(screen):
    page = screen.page
    screen.open("words?term=heads")
    heads, uniform = (page.locator(f"[data-key={key}]") for key in ("heads", "uniform"))
    expect(heads).to_be_in_viewport()
    expect(heads).to_have_attribute("aria-current", "true")
    expect(heads).to_contain_text(WORDS["heads"].long)
    screen.wait_for_entry()

    heads.get_by_role("link", name="uniform", exact=True).click()
    page.wait_for_url(re.compile(r"term=uniform"))
    expect(uniform).to_be_in_viewport()
    screen.settle()
    page.go_back()
    page.wait_for_url(re.compile(r"term=heads"))
    expect(heads).to_have_attribute("aria-current", "true")
    expect(heads).to_be_in_viewport()

    page.get_by_label("Find a word").fill("signal-to-noise")
    expect(page.locator(".entry:visible h3")).to_have_text(["PSNR"])
    page.get_by_label("Find a word").fill("qqq")
    expect(page.locator(".entry:visible")).to_have_count(0)
    expect(page.get_by_text("No word here has “qqq” in it")).to_be_visible()

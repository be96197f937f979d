"""The page Match in Chromium: equal versions stand in order, are ordered anew at once, open in Inspect."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import Screen, fresh_page

PAIR = "sample=cat&distortion=jpeg&severity=0.5&seed=0&size=given"
NAMES = "contrast,gaussian_noise,gaussian_blur,shift,salt_and_pepper,saturation"
CLICKED = """button => {
  button.click();
  const texts = button.getRootNode().querySelectorAll(".version:not(.unequal) .number");
  return [...texts].map((element) => element.textContent);
}"""
VISIBLE = "e => getComputedStyle(e).visibility"


def numbers(page) -> list[float]:
    """The large numbers of the versions that have a rank, in the order in which they stand."""
    return [
        float(text.split()[0]) for text in page.locator(".version:not(.unequal) .number").all_inner_texts()
    ]


@pytest.fixture
def match(app, tab):
    """The page with six versions that are made, of which one does not reach the target."""
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/match?{PAIR}&versions={NAMES}")
        expect(page.locator(".version")).to_have_count(6)
        expect(page.locator(".coming")).to_have_count(0)
        page.get_by_role("heading", name="of these 6 have 26.0 dB").wait_for()
        screen.settle()
        screen.wait_for_entry()
        yield screen


def test_equal_versions_are_ordered_anew_without_the_server_and_open_in_inspect_with_their_numbers(match):
    page = match.page
    assert numbers(page) == sorted(numbers(page))
    assert page.locator(".version.unequal").count() == 1  # whole pixels
    order = page.get_by_role("group", name="Order by")
    # Read in the click's own turn, in which nothing can have come from the server.
    found = [float(text) for text in order.get_by_role("button", name="SSIM").evaluate(CLICKED)]
    assert found == sorted(found, reverse=True)
    page.wait_for_url("**ordered=ssim**")
    order.get_by_role("button", name="LPIPS").click()
    page.wait_for_function("() => !new URL(location).searchParams.has('ordered')")

    blur = page.locator('.version[data-key="gaussian_blur"]')
    picture = blur.locator(".picture")
    picture.focus()
    page.keyboard.down("0")
    assert blur.locator(".other").evaluate(VISIBLE) == "visible"
    page.keyboard.up("0")
    assert blur.locator(".other").evaluate(VISIBLE) == "hidden"
    page.locator(".reference .picture").hover()
    page.mouse.down()
    assert blur.locator(".other").evaluate(VISIBLE) == "visible"
    page.mouse.up()
    assert blur.locator(".other").evaluate(VISIBLE) == "hidden"
    picture.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**picked=gaussian_blur**")
    expect(picture).to_have_attribute("aria-pressed", "true")
    score = blur.locator(".number").inner_text()
    blur.get_by_role("button", name="Open Gaussian blur in Inspect").click()
    match.painted()
    expect(page.locator(".tile", has_text="LPIPS").locator("strong")).to_have_text(score)
    page.go_back()
    expect(blur.locator(".number")).to_have_text(score)
    assert "picked=gaussian_blur" in page.url
    # In a wide window the order is lifted beside the page's own controls, and lies on none of them.
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="As this pair").click()
    page.wait_for_url("**target=**")


def test_on_a_phone_the_versions_stand_in_two_columns_within_the_screen(match):
    page = match.page
    page.set_viewport_size({"width": 390, "height": 844})
    columns = "e => getComputedStyle(e).gridTemplateColumns.split(' ').length"
    assert page.locator(".grid").evaluate(columns) == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

"""The page Distort: a recipe that is built by clicks, and its link in another browser."""

import re
import time

from playwright.sync_api import expect

from tests.browser.support import Screen, fresh_page, new_page, open_by_menu

START = "?sample=cat&distortion=jpeg&severity=0.6&seed=0&size=128"
STEPS = '[class*="st-key-distort_step_"]'
BLANK = 2_000  # characters of a picture's data address; a canvas on which nothing is drawn takes fewer


def names_are(page, *names: str) -> None:
    """Wait until the list has these steps, in this order."""
    expect(page.locator(STEPS)).to_have_count(len(names))
    for place, name in enumerate(names):
        expect(page.locator(STEPS).nth(place)).to_contain_text(f"{place + 1} · {name}")


def add(page, name: str) -> None:
    field = page.locator('[class*="st-key-distort_new"] input')
    expect(field).to_have_count(1)
    expect(field).to_have_value("")
    field.click()
    field.fill(name)
    page.get_by_role("option", name=name).first.click()


def pictures(screen: Screen, *names: str) -> list[str]:
    """The pictures after the steps, once all are measured and painted."""
    page = screen.page
    expect(page.get_by_text("What each step adds")).to_be_visible()
    headings = page.locator(".viewer.candidates [data-candidate] .heading b")
    expect(headings).to_have_text(list(names))
    # A panel says its score once it is measured, and what its picture is once it is drawn.
    numbers = page.locator(".viewer.candidates [data-candidate] .heading span")
    expect(numbers).to_have_text([re.compile(r"^\d\.\d{4} \([+−]?\d\.\d{4}\)$")] * len(names))
    screen.settle()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    canvases = page.locator('[data-panel^="picture:"] canvas')
    deadline, seen = time.monotonic() + 60, []
    while True:  # the same twice, so that nothing is still being drawn
        before, seen = seen, canvases.evaluate_all("all => all.map((each) => each.toDataURL())")
        if seen == before and len(seen) == len(names) and all(len(each) > BLANK for each in seen):
            return seen
        assert time.monotonic() < deadline
        page.wait_for_timeout(300)


def test_a_recipe_of_three_steps_is_built_by_clicks_and_its_link_gives_the_same_pixels_elsewhere(
    app, tab, browser
):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/distort{START}")
        names_are(page, "JPEG")
        add(page, "Gaussian blur")
        names_are(page, "JPEG", "Gaussian blur")
        add(page, "Contrast")
        names_are(page, "JPEG", "Gaussian blur", "Contrast")
        page.get_by_role("button", name="Move Contrast up").click()
        names_are(page, "JPEG", "Contrast", "Gaussian blur")
        page.locator(STEPS).nth(1).get_by_text("2 · Contrast").click()
        expect(page.locator(STEPS).nth(1)).to_contain_text("Off ·")
        page.wait_for_url(re.compile("on~0"))
        made = pictures(screen, "JPEG", "Gaussian blur, step 3")
        link, said = page.url, page.locator("h2").first.inner_text()
        assert made[0] != made[1]

        open_by_menu(page, "Inspect")
        listed = page.locator(".recipe li")
        expect(listed).to_have_count(3)
        expect(page.locator(".recipe .off")).to_contain_text("Contrast")

    other = new_page(browser)
    try:
        other.goto(link)
        again = Screen(other, app.url)
        assert pictures(again, "JPEG", "Gaussian blur, step 3") == made
        assert other.locator("h2").first.inner_text() == said
        assert other.url == link
        assert again.errors() == []
    finally:
        other.context.close()

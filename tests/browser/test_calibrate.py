"""Heads that are learned in a browser: from a simulated observer to a map that they have made."""

from pathlib import Path

from playwright.sync_api import expect

from explorer.files import own_heads
from tests.browser.support import Screen, fresh_page


def test_heads_are_learned_kept_and_seen_on_inspect(app, tab):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/calibrate?sample=cat&size=64")
        answer = page.get_by_role("heading", name="The new heads agree with")
        expect(answer).to_be_visible()
        expect(page.locator(".js-plotly-plot")).to_have_count(3)
        expect(page.locator(".js-plotly-plot").nth(1)).to_contain_text("The hidden heads")
        name = page.get_by_role("textbox", name="Name, after yours-")
        name.fill("browser")
        name.press("Enter")
        screen.settle()
        page.get_by_role("button", name="Keep and use these heads").click()
        page.get_by_role("button", name="Open in Inspect").click()
        try:
            expect(page.locator("[data-painted]").first).to_be_visible()
            expect(page.get_by_role("combobox", name="Heads")).to_have_value("yours-browser")
            expect(page.locator(".tiles")).to_contain_text("yours-browser heads")
            assert "heads=yours-browser." in page.url
        finally:
            Path(own_heads.folder(), own_heads.file_name("browser", "alexnet")).unlink()

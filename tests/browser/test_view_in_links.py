"""The part of the pictures that is seen is part of a page's link, and no step of the history."""

import pytest

from tests.browser.regions import PAIR
from tests.browser.support import Viewer, fresh_page

# A view as the link has it: in the address once the page has run.
LINKED = """zoom => {
  const link = new URL(location).searchParams;
  return zoom === null ? !link.has("zoom") : Math.abs(Number(link.get("zoom")) - zoom) < 2e-3;
}"""


def linked(screen: Viewer, zoom: float | None) -> str:
    """Wait until the address has a zoom, or none; returns the address."""
    screen.page.wait_for_function(LINKED, arg=zoom, timeout=60_000)
    screen.settle()
    return screen.page.url


@pytest.mark.parametrize("path", ["", "region", "compare"])
def test_a_link_reopens_at_the_place_that_was_looked_at_and_back_leads_before_the_page(app, tab, path):
    with fresh_page(tab) as page:
        screen = Viewer(page, app.url)
        page.goto(f"{app.url}/{path}?{PAIR}")
        screen.painted()
        screen.settle()
        screen.wait_for_entry()
        entries = page.evaluate("history.length")
        screen.press("+", "+", "+", "+", "ArrowRight", "ArrowDown")
        view = screen.view()
        assert view[0] == pytest.approx(1.25**4)
        link = linked(screen, view[0])
        assert screen.view() == view
        assert page.evaluate("history.length") == entries

        page.goto("about:blank")
        page.goto(link)
        screen.painted()
        screen.settle()
        assert screen.view() == pytest.approx(view, abs=0.01)

        other = "region" if not path else ""
        page.goto(f"{app.url}/{other}?{link.partition('?')[2]}")
        screen.painted()
        screen.settle()
        assert screen.view() == pytest.approx(view, abs=0.01)
        page.get_by_role("button", name="Fit", exact=True).click()
        linked(screen, None)
        assert screen.view()[0] == 1

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
    screen.page.wait_for_function(LINKED, arg=zoom)
    screen.settle()
    return screen.page.url


def looked_at(page, screen: Viewer, *keys: str) -> tuple[list[float], str]:
    """Zoom and pan by keys, which makes no entry of the history; returns the view, and its link."""
    entries, before = page.evaluate("history.length"), screen.view()[0]
    screen.press(*keys)
    view = screen.view()
    assert view[0] == pytest.approx(before * 1.25 ** keys.count("+"))
    link = linked(screen, view[0])
    assert screen.view() == view
    assert page.evaluate("history.length") == entries
    return view, link


def reopened(page, screen: Viewer, link: str, view: list[float]) -> None:
    """A link that is opened shows the view."""
    page.goto("about:blank")
    page.goto(link)
    screen.painted()
    screen.settle()
    assert screen.view() == pytest.approx(view, abs=0.01)
    screen.wait_for_entry()


def test_a_link_reopens_at_the_place_that_was_looked_at_on_any_page_and_the_whole_has_none(app, tab):
    with fresh_page(tab) as page:
        screen = Viewer(page, app.url)
        screen.open(f"?{PAIR}")
        screen.wait_for_entry()
        view, link = looked_at(page, screen, *"++++", "ArrowRight", "ArrowDown")
        reopened(page, screen, f"{app.url}/region?{link.partition('?')[2]}", view)
        for path in ("compare", ""):
            view, link = looked_at(page, screen, "+", "ArrowRight")
            reopened(page, screen, f"{app.url}/{path}?{link.partition('?')[2]}", view)
        page.get_by_role("button", name="Fit", exact=True).click()
        linked(screen, None)
        assert screen.view()[0] == 1

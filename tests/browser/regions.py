"""What the tests of the Region page share: its pair, a link with two boxes, and how the page is opened."""

from explorer.distortions import distort
from explorer.images import derive
from explorer.samples import load_sample
from tests.browser.support import Viewer

PAIR = "sample=cat&distortion=jpeg_local_blur&severity=0.72&seed=0"
TWO = f"{PAIR}&boxes=150,90,60,70;10,180,80,60&box=B"


def pictures():
    reference = load_sample("cat")
    return reference, derive(reference, distort(reference.pixels, "jpeg_local_blur", 0.72, 0))


def opened(screen: Viewer, query: str = PAIR) -> Viewer:
    screen.page.goto(f"{screen._url}/region?{query}")
    screen.painted()
    screen.page.get_by_role("button", name="Figure and report").wait_for()
    screen.settle()
    return screen


def answers(screen: Viewer) -> list[list[str]]:
    """The table of both answers, a row a box."""
    rows = screen.page.locator(".st-key-answers tbody tr")
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def start_map(screen: Viewer, side: int) -> None:
    """Start the causal map of so many tiles a side."""
    screen.page.locator(".st-key-region_tiles").get_by_role("radio", name=str(side), exact=True).click()
    button = screen.page.get_by_role("button", name=f"Measure {side} × {side} tiles")
    button.wait_for()
    screen.settle()
    button.click()

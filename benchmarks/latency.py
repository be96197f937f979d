"""From a change of the severity to the new map on screen, in Chromium: median of 20 changes at 256 x 256.

    python -m benchmarks.latency

Starts the app, opens a sample measured at 256 pixels in headless Chromium, moves the severity with the arrow
key, and takes both times by the page's own clock: the key press, and the first frame after the viewer has
painted.
"""

import statistics

from playwright.sync_api import Page

from benchmarks.browser import browsing
from benchmarks.streamlit_client import serving

CHANGES = 20
WARM_UP = 3
LINK = "?sample=astronaut&distortion=gaussian_blur&severity=0.3&seed=0&size=256"

# Leaves in `waited` a promise of the milliseconds from the next key press to the frame with a new scene.
MEASURE = """viewer => { window.waited = new Promise(resolve => {
  const before = viewer.dataset.painted;
  let start;
  addEventListener('keydown', () => { start = performance.now(); }, {capture: true, once: true});
  new MutationObserver((_, observer) => {
    if (viewer.dataset.painted === before) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  }).observe(viewer, {attributes: true, attributeFilter: ['data-painted']});
}); }"""


def main() -> None:
    """Measure and print one line."""
    with browsing() as chromium, serving() as server:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{server.url}/{LINK}")
        times = [change(page) for _ in range(WARM_UP + CHANGES)][WARM_UP:]
    print(
        f"severity change to new map on screen, 256 x 256, {CHANGES} changes: "
        f"median {statistics.median(times):.0f} ms, fastest {min(times):.0f}, slowest {max(times):.0f} "
        "(target: at most 300)"
    )


def change(page: Page) -> float:
    """Move the severity by one step; returns milliseconds until the new map is on screen."""
    viewer = page.locator("[data-painted]")
    viewer.wait_for(timeout=60_000)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    slider = page.get_by_role("slider", name="Severity")
    slider.focus()
    viewer.evaluate(MEASURE)
    slider.press("ArrowRight")
    return page.evaluate("window.waited")


if __name__ == "__main__":
    main()

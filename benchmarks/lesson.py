"""The lesson of ten minutes in Chromium: its first screen, chapter to chapter, and a control of each chapter.

    python -m benchmarks.lesson

Starts the app, opens the page once so that the server is warm, and takes all times by the page's own clock:
from the key or the click to the first frame in which the numbers of the scene are others. What a chapter
computes only once, such as the first pass of a network, is in its first time.
"""

import statistics
import time
from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.browser import browsing
from benchmarks.compare import machine
from benchmarks.streamlit_client import serving
from explorer.lessons.reading import bundled

SIZE = {"width": 1280, "height": 720}
TIMES = 8  # that a control is moved
NEEDS_NUMBERS = "() => window.numbersOf() !== ''"

# All numbers of the scene with all their digits, also those in components, but what a slider itself says.
READ = """window.numbersOf = () => {
  const found = [];
  const look = node => {
    if (node.dataset?.value && node.tagName !== 'OUTPUT') found.push(node.dataset.value);
    if (node.shadowRoot) look(node.shadowRoot);
    for (const child of node.children ?? []) look(child);
  };
  const scene = document.querySelector('.st-key-learn_scene');
  if (scene) look(scene);
  return found.join(' ');
}"""

# Leaves in `waited` a promise of the milliseconds from the next key or click to other numbers.
MEASURE = """() => { window.waited = new Promise(resolve => {
  const LONGEST = 30000;
  const before = window.numbersOf();
  let start;
  for (const kind of ['keydown', 'pointerdown'])
    addEventListener(kind, () => { start ??= performance.now(); }, {capture: true});
  const look = () => {
    const now = window.numbersOf();
    if (start !== undefined && now !== '' && now !== before) resolve(performance.now() - start);
    else if (start !== undefined && performance.now() - start > LONGEST) resolve(NaN);
    else requestAnimationFrame(look);
  };
  look();
}); }"""

Act = Callable[[Page, int], None]


SCENE = ".st-key-learn_scene "


def pressed(key: str, back: str, where: str) -> Act:
    """A key on an element of the scene, and every other time the one that undoes it."""
    return lambda page, time: page.locator(SCENE + where).first.press(back if time % 2 else key)


def clicked(*where: str) -> Act:
    """Clicks on these elements of the scene in turn."""
    return lambda page, time: page.locator(SCENE + where[time % len(where)]).first.click()


def dot(place: int) -> Act:
    """A click on a chapter's dot."""
    return lambda page, _time: page.locator(".dots button").nth(place).click()


# Chapter -> a step that shows numbers, what is done there, and to what.
CONTROLS: dict[int, tuple[int, str, Act]] = {
    1: (2, "two versions", clicked("button:has-text('Noise or blur')", "button:has-text('Shift or blur')")),
    2: (1, "another layer", clicked("button:has-text('conv2')", "button:has-text('conv3')")),
    3: (5, "another cell", pressed("ArrowRight", "ArrowLeft", ".cell .map .frame")),
    4: (3, "a layer off or on", clicked("input[type=checkbox] >> nth=1")),
    5: (4, "the blur", pressed("ArrowRight", "ArrowLeft", "input[type=range] >> nth=1")),
    7: (4, "another texture", clicked("button:has-text('Leaves')", "button:has-text('Wood')")),
}


def main() -> None:
    """Measure and print."""
    print(machine())
    with browsing() as chromium, serving() as server:
        opened(chromium.new_page(viewport=SIZE), f"{server.url}/learn?classroom=1&chapter=3&step=5")
        seconds = opened(page := chromium.new_page(viewport=SIZE), f"{server.url}/learn?classroom=1&step=2")
        print(f"\nfirst chapter, opened on a warm server: {seconds:.2f} s (target: at most 2)")
        told("chapter to chapter", walk(page), 1000)
        for chapter, (step, what, act) in CONTROLS.items():
            opened(page, f"{server.url}/learn?classroom=1&chapter={chapter}&step={step}")
            told(f"chapter {chapter}, {what}", [waited(page, act, number) for number in range(TIMES)], 300)


def opened(page: Page, url: str) -> float:
    """Open a step; returns the seconds until its numbers are there."""
    start = time.perf_counter()
    page.goto(url)
    page.evaluate(READ)
    page.wait_for_function(NEEDS_NUMBERS, timeout=120_000)
    seconds = time.perf_counter() - start
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    return seconds


def walk(page: Page) -> list[float]:
    """To each next chapter that shows numbers at once, by its dot; milliseconds each."""
    count = len(bundled().chapters)
    return [waited(page, dot(place), 0) for place in range(1, count - 2)]


def waited(page: Page, act: Act, number: int) -> float:
    """Do something; returns the milliseconds until the numbers are others."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.evaluate(MEASURE)
    act(page, number)
    return page.evaluate("window.waited")


def told(what: str, times: list[float], target: float) -> None:
    """Print one line."""
    print(
        f"{what}: median {statistics.median(times):.0f} ms, slowest {max(times):.0f}, first {times[0]:.0f} "
        f"(target: at most {target:.0f})"
    )


if __name__ == "__main__":
    main()

"""The page Learn: by keys alone from first to last, in class mode without scrolling, and on a phone."""

import re
import time

from playwright.sync_api import expect

from explorer.lessons.reading import bundled
from tests.browser.support import Screen

LESSON = bundled()
CHAPTERS = len(LESSON.chapters)
STEPS = sum(len(chapter.steps) for chapter in LESSON.chapters)
LAST = len(LESSON.chapters[-1].steps)
SIZES = ((1280, 720), (1920, 1080))
# Whether the page is no larger than the window, and the scene no larger than its place.
FITS = """() => {
  const over = (each) => Math.max(each.scrollHeight - each.clientHeight, each.scrollWidth - each.clientWidth);
  const main = document.querySelector('[data-testid=stMain]');
  const scene = document.querySelector('.st-key-learn_scene');
  return over(document.documentElement) <= 0 && over(main) <= 0 && over(scene) <= 0;
}"""


def at(page, chapter, step=1):
    """Wait until this step is on screen, and its address written."""
    expect(page.locator(".head .at").first).to_have_text(str(chapter))
    page.wait_for_function(
        """([chapter, step]) => {
          const link = new URLSearchParams(location.search);
          return (link.get('chapter') ?? '1') === chapter && (link.get('step') ?? '1') === step;
        }""",
        arg=[str(chapter), str(step)],
    )


def wipe(page, where, across, down):
    """Wipe with a finger from the middle of what is there, by so many pixels, within a tenth of a second."""
    box = page.locator(where).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch, now = page.context.new_cdp_session(page), time.time()
    for number, (kind, by) in enumerate((("Start", 0), ("Move", 0.5), ("Move", 1), ("End", None))):
        points = [] if by is None else [{"x": x + by * across, "y": y + by * down}]
        said = {"type": f"touch{kind}", "touchPoints": points, "timestamp": now + 0.03 * number}
        touch.send("Input.dispatchTouchEvent", said)


def test_a_lesson_is_walked_by_keys_alone_and_fits_a_projector(app, screen: Screen):
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app.url}/learn?classroom=1")
    at(page, 1)
    screen.settle()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.locator(".stAppHeader")).to_be_hidden()
    expect(page.locator(".clock")).to_have_text(re.compile(r"^\d+:\d\d left$"))
    screen.wait_for_entry()
    # One key a step; they are not lost where Python is behind.
    for key in ["ArrowRight", "PageDown"] * (STEPS // 2) + ["ArrowRight"]:
        page.keyboard.press(key)
    at(page, CHAPTERS, LAST)
    expect(page.locator(".foot [role=status]")).to_contain_text(f"Chapter {CHAPTERS} of {CHAPTERS}")
    page.keyboard.press("Home")
    at(page, 1)
    for chapter in range(1, CHAPTERS + 1):
        page.locator(f".dots [data-chapter='{chapter}']").click()
        at(page, chapter)
        screen.settle()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(FITS)

    # A slider keeps its arrows; a clicker leads on all the same.
    page.locator(".dots [data-chapter='5']").click()
    at(page, 5)
    expect(page.locator(".gauge").first).to_be_visible()
    assert page.locator(".gauge .spoken", has_text="closest").count() == 0  # of one needle alone
    slider = page.locator("input[type=range]").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator(".head .at").first).to_have_text("5")
    slider.press("PageDown")
    at(page, *((5, 2) if len(LESSON.chapters[4].steps) > 1 else (6, 1)))


def test_class_mode_is_left_chapters_are_chosen_and_a_phone_has_one_column(app, screen: Screen):
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app.url}/learn?chapter=4&classroom=1")
    at(page, 4)
    screen.settle()
    screen.wait_for_entry()
    page.locator(".clock").click()
    stopped = page.locator(".clock").inner_text()
    page.get_by_role("button", name="Leave class mode").click()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.wait_for_function("() => !location.search.includes('classroom')")
    screen.settle()
    screen.wait_for_entry()
    page.get_by_role("button", name="All chapters").click()
    page.keyboard.press("ArrowRight")  # the overview has the keys
    page.get_by_role("dialog").get_by_role("button", name="Which is closer?").click()
    at(page, 1)
    screen.settle()
    screen.wait_for_entry()
    page.go_back()
    at(page, 4)
    page.go_back()
    expect(page.locator(".clock")).to_have_text(stopped)

    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollWidth <= 390")
    onward = page.locator(".foot .next")
    box = onward.bounding_box()
    assert box["height"] >= 40
    assert box["y"] + box["height"] <= 844
    pill, ticks = (page.locator(f".foot [aria-current]{each}").bounding_box() for each in ("", " .ticks"))
    assert pill["y"] + pill["height"] <= ticks["y"]
    assert ticks["y"] + ticks["height"] <= box["y"]
    onward.click()
    at(page, 4, 2)

    # A finger that wipes turns the pages; one that scrolls, or that moves a slider, does not.
    wipe(page, ".said", -160, 10)
    at(page, 4, 3)
    wipe(page, ".said", 30, 160)
    wipe(page, ".said", 160, -10)
    at(page, 4, 2)

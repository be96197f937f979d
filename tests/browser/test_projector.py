"""Projector mode on a screen of 1280 × 720."""

from playwright.sync_api import expect

from tests.browser.support import Screen

PAIR = "?sample=cat&distortion=jpeg_local_blur&severity=0.72&seed=0&size=128"
CORNER = "c => [...c.getContext('2d').getImageData(0, 0, 1, 1).data]"


def test_a_projector_shows_the_whole_answer_and_large_pictures_and_is_left_by_button_or_back(
    screen: Screen,
):
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 720})
    screen.open(PAIR)
    screen.painted()
    screen.wait_for_entry()
    page.get_by_text("Projector mode").click()
    leave = page.get_by_role("button", name="Leave projector mode")
    leave.wait_for()
    page.wait_for_function("() => location.search.includes('projector=1')")
    screen.settle()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "17.5px"
    expect(page.locator(".strip-scale")).to_contain_text("not comparable between layers")
    # The strip's last line ends on the screen.
    page.wait_for_function(
        """strip => strip.getBoundingClientRect().bottom <= innerHeight && scrollY === 0""",
        arg=page.locator(".strip-scale").element_handle(),
    )
    # The pictures have what is left of it.
    assert page.locator("[data-panel=reference]").bounding_box()["height"] >= 0.44 * 720
    page.get_by_role("button", name="What is LPIPS?").click()
    page.get_by_text("All words, from A to Z").wait_for()
    page.keyboard.press("Escape")
    dark = page.locator(".thumb canvas").first.evaluate(CORNER)
    page.get_by_role("radio", name="Cividis").click()
    page.wait_for_function("() => location.search.includes('colours=cividis')")
    page.wait_for_function(
        f"([canvas, before]) => JSON.stringify(({CORNER})(canvas)) !== JSON.stringify(before)",
        arg=[page.locator(".thumb canvas").first.element_handle(), dark],
    )
    screen.settle()
    screen.wait_for_entry()
    leave.click()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.wait_for_function("() => !location.search.includes('projector')")
    screen.settle()
    screen.wait_for_entry()
    page.go_back()
    leave.wait_for()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()

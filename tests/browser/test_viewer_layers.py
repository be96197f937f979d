"""The viewer where a network has no maps at all, and where it has many, with long names."""

from tests.browser.viewer_page import NO_MAP, NODES, make_scene


def test_a_scene_without_layers_shows_its_pixel_maps_and_says_why(viewer):
    scene = make_scene(network="none")
    viewer.open("?network=none")
    viewer.wait_until(map="squared_error", layer="")
    assert viewer.chip("map") == "squared error"
    assert viewer.page.locator("[data-setting=map] button").all_inner_texts() == ["Squared error", "1 − SSIM"]
    assert viewer.page.locator(".thumb b").all_inner_texts() == ["Squared error", "1 − SSIM"]
    assert NO_MAP in viewer.page.locator(".caption").inner_text()
    viewer.page.get_by_label("Native cells").wait_for(state="hidden")
    viewer.page.get_by_label("Scale", exact=True).wait_for(state="hidden")
    readings = viewer.hover("map", scene, 100, 60)
    assert list(readings) == ["x, y", "reference", "distorted", "Squared error", "1 − SSIM"]
    viewer.page.locator(".thumb[data-map=one_minus_ssim]").click()
    viewer.wait_until(map="one_minus_ssim")
    viewer.press("ArrowRight", "ArrowRight", "2", "+", "0", "1")
    viewer.reported("map='one_minus_ssim'")


def test_a_map_that_the_scene_lacks_is_kept_for_the_next_scene(viewer):
    viewer.open("?network=none&map=combined")
    viewer.wait_until(map="squared_error")
    viewer.page.get_by_test_id("stRadio").get_by_text("small").click()
    viewer.wait_until(map="combined", painted=make_scene().key)
    viewer.page.get_by_label("Native cells").wait_for()


def test_long_names_are_whole_in_the_strip_and_for_readers_and_short_in_the_toolbar(viewer):
    viewer.open("?network=deep&map=layer")
    names = [" ".join(text.split()) for text in viewer.page.locator(".thumb b").all_inner_texts()]
    assert names == [*NODES, "Squared error", "1 − SSIM"]
    overflow = viewer.page.locator(".thumb").evaluate_all(
        "all => all.map(t => t.scrollWidth - t.clientWidth)"
    )
    assert max(overflow) <= 0
    chosen = viewer.root.get_attribute("data-layer")
    assert viewer.page.get_by_role("button", name=chosen, exact=True).get_attribute("title") == chosen
    tops = viewer.page.locator(".toolbar > *").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect().top)"
    )
    assert max(tops) - min(tops) < 12  # one line


def test_what_is_not_lpips_is_not_called_so(viewer):
    scene = make_scene(network="deep")
    viewer.open("?network=deep")
    assert viewer.chip("map") == "distance, all layers"
    assert "Distance" in viewer.hover("map", scene, 100, 100)
    assert "LPIPS" not in viewer.root.inner_text()


def test_a_long_strip_scrolls_to_the_map_that_is_chosen(viewer):
    viewer.open("?network=deep")
    strip = viewer.page.locator(".strip")
    assert strip.evaluate("s => s.scrollWidth - s.clientWidth") > 200
    assert viewer.page.evaluate("document.documentElement.scrollWidth") <= 1440
    viewer.page.locator("[data-setting=map] [data-value=one_minus_ssim]").click()
    viewer.wait_until(map="one_minus_ssim")
    gap = strip.evaluate(
        "s => s.getBoundingClientRect().right - s.lastElementChild.getBoundingClientRect().right"
    )
    assert gap >= 0

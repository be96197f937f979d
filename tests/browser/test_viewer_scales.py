"""The viewer's overlay and colour scales."""

import numpy as np

from explorer.render import colours
from tests.browser.viewer_page import make_scene


def test_overlay_is_reported_when_it_rests(viewer):
    viewer.open()
    overlay = viewer.page.get_by_label("Overlay")
    overlay.focus()
    for _ in range(4):
        viewer.page.keyboard.press("ArrowRight")
    viewer.reported("overlay=0.8")
    assert "run 2;" in viewer.page.get_by_test_id("stText").inner_text()  # four steps, one report


def test_at_full_overlay_the_map_has_the_scales_own_colours(viewer):
    scene = make_scene()
    viewer.open()
    viewer.page.locator(".thumb[data-map=conv5]").click()
    viewer.page.get_by_label("Overlay").fill("100")
    viewer.reported("overlay=1.0")
    values = scene.layers[-1].values
    middle = values[values.shape[0] // 2, values.shape[1] // 2]
    index = int(np.floor(np.clip(middle / scene.shared_maximum, 0, 1) * 255 + 0.5))
    assert viewer.pixel("map") == list(colours("magma")[index])


def test_a_scale_per_layer_warns_and_a_shared_one_does_not(viewer):
    viewer.open()
    warning = viewer.page.locator(".warning")
    assert warning.inner_text() == ""
    viewer.page.get_by_label("Scale", exact=True).select_option("layer")
    viewer.reported("scale='layer'")
    assert "not comparable between layers" in warning.inner_text()
    viewer.page.locator(".thumb[data-map=squared_error]").click()  # has a scale of its own in any case
    viewer.wait_until(map="squared_error")
    assert warning.inner_text() == ""


def test_a_fixed_scale_ends_where_it_is_told_and_nowhere_else(viewer):
    viewer.open()
    viewer.page.get_by_label("Scale", exact=True).select_option("fixed")
    end = viewer.page.get_by_label("End of the fixed scale")
    end.fill("0.25")
    viewer.reported("fixed=0.25")
    ticks = viewer.page.locator(".ticks span")
    assert float(ticks.first.inner_text()) == 0.25
    end.fill("-3")
    viewer.frame()
    assert float(ticks.first.inner_text()) == 0.25
    assert "fixed=0.25" in viewer.page.get_by_test_id("stText").inner_text()

"""The viewer's overlay and colour scales."""

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.render import colours
from tests.browser.viewer_page import make_scene


def test_overlay_is_reported_when_it_rests(viewer):
    viewer.open()
    overlay = viewer.page.get_by_label("Overlay")
    overlay.focus()
    for _ in range(4):
        viewer.page.keyboard.press("ArrowRight")
    viewer.reported("overlay=0.7")
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
    # It starts from the scale of the map that is shown, so that choosing it changes nothing there.
    expect(end).to_have_value(f"{make_scene().combined_maximum:.3g}")
    end.fill("0.25")
    viewer.reported("fixed=0.25")
    ticks = viewer.page.locator(".ticks span")
    assert float(ticks.first.inner_text()) == 0.25
    end.fill("-3")
    viewer.frame()
    assert float(ticks.first.inner_text()) == 0.25
    assert "fixed=0.25" in viewer.page.get_by_test_id("stText").inner_text()
    assert "Layers and combined map on one fixed scale" in viewer.page.locator(".strip-scale").inner_text()


def test_layers_share_a_scale_of_their_own_which_the_strip_says(viewer):
    scene = make_scene()
    viewer.open()
    ticks, strip = viewer.page.locator(".ticks span"), viewer.page.locator(".strip-scale")
    assert float(ticks.first.inner_text()) == pytest.approx(scene.combined_maximum, rel=6e-3)
    name, *ends = strip.locator("span").all_inner_texts()
    assert "one scale" in name
    assert [float(end) for end in ends] == pytest.approx([0, scene.shared_maximum], rel=6e-3)
    viewer.page.locator(".thumb[data-map=conv5]").click()
    viewer.wait_until(map="layer", layer="conv5")
    assert float(ticks.first.inner_text()) == pytest.approx(scene.shared_maximum, rel=6e-3)
    drawn = viewer.page.locator(".thumb[data-map=conv5] canvas").evaluate(
        "c => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data]"
    )
    values = scene.layers[-1].values
    middle = values[values.shape[0] // 2, values.shape[1] // 2]
    index = int(np.floor(np.clip(middle / scene.shared_maximum, 0, 1) * 255 + 0.5))
    assert drawn == [*colours("magma")[index], 255]

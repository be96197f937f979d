"""An overlay's colours are those of its colour bar, in the browser as in files."""

import numpy as np
import pytest

from explorer.render import OVERLAY, OVERLAY_GREY, colours, overlaid, overlay_bar
from explorer.viewer.common.component import FOLDER
from tests.browser.viewer_page import make_scene

DRAWN = """([rgb, overlay, isDiverging]) => {
    const table = colourTable(rgb);
    const words = overlaidTable(table, overlay, isDiverging);
    const bar = Object.assign(document.createElement("canvas"), { width: 256, height: 1 });
    paintScale(bar, table, overlay, isDiverging);
    return [
        [...new Uint8Array(words.buffer)],
        [...bar.getContext("2d").getImageData(0, 0, 256, 1).data],
    ];
}"""


@pytest.mark.parametrize("name", ["magma", "cividis", "PuOr"])
def test_the_browser_and_files_draw_one_overlay_and_one_bar(browser, name):
    page = browser.new_page()
    try:
        page.add_script_tag(content=(FOLDER / "common/js/colour.js").read_text(encoding="utf-8"))
        for overlay in (0, 0.35, OVERLAY, 1):
            rgb = colours(name).ravel().tolist()
            words, bar = page.evaluate(DRAWN, [rgb, overlay, name == "PuOr"])
            np.testing.assert_allclose(np.reshape(words, (256, 4)), overlaid(name, overlay), atol=1)
            np.testing.assert_allclose(np.reshape(bar, (256, 4))[:, :3], overlay_bar(name, overlay), atol=2)
    finally:
        page.close()


def test_a_place_of_the_map_has_its_bars_colour_but_for_the_photograph_that_shows_through(viewer):
    scene = make_scene()
    viewer.open()
    viewer.page.locator(".thumb[data-map=conv5]").click()
    viewer.wait_until(map="layer", layer="conv5")
    values = scene.layers[-1].values
    part = min(1, float(values[values.shape[0] // 2, values.shape[1] // 2]) / scene.shared_maximum)
    index = int(np.floor(part * 255 + 0.5))
    drawn = np.array(viewer.pixel("map"))
    bar = viewer.page.locator("[data-part=scale]").evaluate(
        "(c, at) => [...c.getContext('2d').getImageData(0, at, 1, 1).data.slice(0, 3)]", 255 - index
    )
    assert bar == pytest.approx(overlay_bar("magma", OVERLAY)[index].tolist(), abs=2)
    through = (drawn - bar) / (1 - overlaid("magma", OVERLAY)[index, 3] / 255)
    assert np.ptp(through) * (1 - OVERLAY) <= 6  # it is grey,
    assert np.abs(through).max() <= OVERLAY_GREY + 6  # and no lighter than a photograph is
    assert part > 0.2

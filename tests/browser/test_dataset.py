"""The page Data set in Chromium: a click on a point opens the pair, and Back brings the data set again."""

import numpy as np
import pytest
from PIL import Image

from explorer.distortions import distort
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page
from tests.cli.commands import run


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Five pairs, and their table."""
    root = tmp_path_factory.mktemp("root")
    pixels = load_sample("cat").pixels[:96, :128]
    for side in ("ref", "out"):
        (root / side).mkdir()
    for number in range(5):
        shown = distort(pixels, "gaussian_blur", number / 5)
        Image.fromarray(pixels).save(root / f"ref/{number}.png")
        Image.fromarray(np.ascontiguousarray(shown)).save(root / f"out/{number}.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        run("measure", "ref", "out", "--csv", "t.csv")
    return root


def test_a_click_on_a_point_opens_its_pair_and_back_brings_the_data_set_again(serve, tab, root):
    app = serve(EXPLORER_ROOT=str(root))
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/dataset?data=table&table=t.csv&against=ssim")
        points = page.locator(".scatterlayer .point")
        points.nth(4).wait_for()
        # Small pictures come last, and the page runs anew for them: what is clicked must stay where it is.
        page.locator(".st-key-dataset_rows canvas").first.wait_for()
        screen.settle()
        screen.wait_for_entry()
        points.nth(0).hover(force=True)  # the farthest pair is drawn first
        page.locator(".hoverlayer .hovertext", has_text="out/4.png").wait_for()
        page.mouse.down()
        page.mouse.up()
        page.get_by_text("Distorted: 4.png").wait_for()
        page.go_back()
        page.get_by_text("5 pairs: AlexNet").wait_for()
        assert "table=t.csv" in page.url

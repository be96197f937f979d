"""Learn's chapters 2 and 4 in a browser: every number that is read there is measured."""

import numpy as np
import pytest
from playwright.sync_api import expect

import explorer
from explorer.analysis.strongest import strongest
from explorer.distortions import distort
from explorer.metrics import Method
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page


def numbers(locator):
    """The full values of the numbers that are read."""
    return [float(text) for text in locator.evaluate_all("all => all.map((each) => each.dataset.value)")]


def point_at(page, across, down):
    """Point at a place of the photograph, by its parts."""
    box = page.locator(".photograph").bounding_box()
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def test_what_a_cell_sees_and_its_values_follow_the_pointer_and_the_keys_and_a_phone_has_room(app, tab):
    seen = {layer.name: layer for layer in strongest(load_sample("cat"), Method()).layers}
    with fresh_page(tab) as page:
        Screen(page, app.url).open("learn?chapter=2")
        page.locator(".network[data-painted]").wait_for()
        assert page.locator(".block").evaluate_all(
            "all => all.map(({ dataset: { rows, columns, channels } }) => [+rows, +columns, +channels])"
        ) == [[*layer.grid, layer.channels] for layer in seen.values()]

        page.locator(".block[data-layer=conv5]").click()
        page.locator(".network[data-painted$=conv5]").wait_for()
        assert "seen_layer=conv5" in page.url
        point_at(page, 5.5 / 17, 6.5 / 17)
        expect(page.locator(".sees")).to_contain_text("Row 7, column 6")
        assert numbers(page.locator(".sees b[data-value]")) == [163, 163]

        def check(row, column):
            cell = [each.values[row, column] for each in seen["conv5"].strongest]
            assert np.float32(numbers(page.locator(".tile .words span:last-child"))).tolist() == cell
            window = page.locator("rect.window").last
            left, wide = seen["conv5"].columns_of(300)[column]
            assert [window.get_attribute(name) for name in ("x", "width")] == [str(left), str(wide)]

        check(6, 5)
        page.locator(".photograph").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".sees")).to_contain_text("Row 8, column 7")
        check(7, 6)
        assert "chapter=2" in page.url  # the arrows have turned no page

        # Channels that answer in the cell are underlined, and others grey.
        cells = page.locator(".tile .words span:last-child")
        looks = cells.evaluate_all(
            "all => all.map((each) => [+each.dataset.value > 0, each.closest('.tile').matches('.answers'),"
            " !each.matches('.none')])"
        )
        assert {tuple(look) for look in looks} == {(True, True, True), (False, False, False)}

        tile = page.locator(".tile").nth(2)
        tile.click()
        expect(tile).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".photograph.is-covered .over")).to_be_visible()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(tile).to_have_attribute("aria-pressed", "false")
        expect(page.locator(".tile").nth(3)).to_have_attribute("aria-pressed", "true")

        # On a phone the photograph stays in sight of the channels that are laid on it.
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator(".tile:visible")).to_have_count(6)
        page.get_by_role("button", name="More channels").click()
        expect(page.locator(".tile:visible")).to_have_count(18)
        page.locator(".tile").last.click()
        photograph = page.locator(".photograph").bounding_box()
        header = page.get_by_test_id("stHeader").bounding_box()
        assert photograph["y"] >= header["y"] + header["height"] - 1
        assert photograph["y"] + photograph["height"] < page.locator(".tile").last.bounding_box()["y"]


def test_the_ledger_on_screen_adds_up_to_what_measure_says_as_it_is_changed(app, tab):
    cat = load_sample("cat").pixels
    pair = cat, distort(cat, "gaussian_blur", 0.5)

    def check(page, heads, layers):
        measured = explorer.measure(*pair, heads=heads, layers=layers)
        expect(page.locator(".score b")).to_have_text(f"{measured.score:.4f}")
        (score,) = numbers(page.locator(".score b"))
        distances = numbers(page.locator(".column:not(.is-off) .mean b[data-value]"))
        assert score == pytest.approx(measured.score, rel=1e-6)
        assert distances == pytest.approx([layer.distance for layer in measured.layers], rel=1e-6)
        assert sum(distances) == pytest.approx(score, rel=1e-12)
        shares = numbers(page.locator(".column:not(.is-off) .share span[data-value]"))
        assert shares == pytest.approx([layer.share for layer in measured.layers], rel=1e-6)

    with fresh_page(tab) as page:
        Screen(page, app.url).open("learn?chapter=4&classroom=1")
        page.locator(".ledger[data-shown='1'][data-painted]").wait_for()
        expect(page.locator(".score b")).not_to_be_visible()
        page.locator("body").press("ArrowRight")
        page.locator(".ledger[data-shown='2']").wait_for()
        expect(page.locator(".mean b").first).to_be_visible()
        page.locator("body").press("ArrowRight")
        page.locator(".ledger[data-shown='3']").wait_for()
        every = ["conv1", "conv2", "conv3", "conv4", "conv5"]
        check(page, "lpips-0.1", every)
        page.get_by_role("checkbox", name="conv2").press(" ")
        check(page, "lpips-0.1", [name for name in every if name != "conv2"])
        page.get_by_role("button", name="Uniform").click()
        check(page, "uniform", [name for name in every if name != "conv2"])
        assert "ledger_off=conv2" in page.url
        for name in ("conv1", "conv3", "conv4"):
            page.get_by_role("checkbox", name=name).uncheck()
        check(page, "uniform", ["conv5"])
        expect(page.get_by_role("checkbox", name="conv5")).to_be_disabled()  # the sum needs one

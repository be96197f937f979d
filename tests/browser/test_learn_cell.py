"""Chapter 3 of the page Learn in Chromium: what is read adds up to the map's cell, wherever one clicks."""

import math
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

import explorer
from explorer.analysis.cell import STRONGEST
from explorer.distortions import distort
from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.reading import bundled
from explorer.samples import load_sample
from explorer.viewer.cell.cell import FEWER
from explorer.views.learn.scenes.cell import FIXED

LINK = "learn?chapter=3&step=5&sample=cat&distortion=gaussian_blur&severity=0.5"
WORD = re.compile(r"[A-Za-z]{2,}")
# Pixels between the numbers of row 4 that stand beside each other, where they are nearest.
GAP = """root => Math.min(...["weight", "product"].map((term) => {
    const boxes = [...root.querySelectorAll(`.row [data-term$=${term}]`)].map((each) => {
        const range = document.createRange();
        range.selectNodeContents(each);
        return range.getBoundingClientRect();
    });
    return Math.min(...boxes.slice(1).map((box, i) => box.left - boxes[i].right));
}))"""
READ = """root => [...root.querySelectorAll("[data-value]")].map(
    (each) => [each.dataset.term, Number(each.dataset.value), each.textContent])"""


def terms(cell) -> dict[str, list[tuple[float, str]]]:
    """What can be read, by what it is: each number in full, and its text."""
    found: dict[str, list[tuple[float, str]]] = {}
    for term, value, text in cell.evaluate(READ):
        found.setdefault(term, []).append((value, text))
    return found


def values(found, term) -> list[float]:
    return [value for value, _ in found[term]]


def check(cell, measured):
    """All that can be read follows from the row above it, and the sum is the map's cell."""
    layer, place = cell.get_attribute("data-ready").split()
    row, column = map(int, place.split(","))
    found = terms(cell)
    (total,) = values(found, "value")
    products = values(found, "product")
    assert math.fsum(products + values(found, "rest-product")) == pytest.approx(total, abs=1e-9)
    assert total == pytest.approx(float(measured[layer].map[row, column]), abs=1e-6)
    for squared, unit, unit0 in zip(
        *(values(found, name) for name in ("squared", "unit", "unit0")), strict=True
    ):
        assert squared == pytest.approx((unit - unit0) ** 2, abs=1e-12)
    for product, squared, weight in zip(
        products, values(found, "squared"), values(found, "weight"), strict=True
    ):
        assert product == pytest.approx(squared * weight, abs=1e-12)
    for name in ("", "0"):
        (length,), units = values(found, f"length{name}"), values(found, f"unit{name}")
        for feature, unit in zip(values(found, f"y{name}"), units, strict=True):
            assert unit == pytest.approx(feature / length, abs=1e-9)
    # The text is the number, rounded.
    for each in found.values():
        for value, text in each:
            digits = len(text.partition(".")[2])
            assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.51 * 10**-digits)
    assert cell.locator(".here b").inner_text() == cell.locator(".sum strong").inner_text()


def moved(cell, act) -> None:
    """Do something that moves the point, and wait for its numbers."""
    before = cell.get_attribute("data-ready")
    act()
    expect(cell).not_to_have_attribute("data-ready", before)


def own(page) -> dict[str, str]:
    """The scene's own parameters of the address."""
    link = parse_qs(urlsplit(page.url).query)
    return {name: texts[0] for name, texts in link.items() if name.startswith("cell_")}


def test_the_numbers_that_are_read_add_up_to_the_maps_cell_wherever_the_point_goes(screen):
    pixels = load_sample("cat").pixels
    own_of = explorer.measure(pixels, distort(pixels, "gaussian_blur", 0.5))
    measured = {layer.name: layer for layer in own_of.layers}
    page = screen.page
    screen.open(LINK)
    cell = page.locator(".cell")
    expect(cell).to_have_attribute("data-ready", re.compile("conv2"))
    check(cell, measured)

    # By a click on the photograph, and by keys on the map, which lead no further in the lesson meanwhile.
    photo, field = page.locator(".photo .frame"), page.locator(".map .frame")
    box = photo.bounding_box()
    moved(cell, lambda: page.mouse.click(box["x"] + 0.61 * box["width"], box["y"] + 0.4 * box["height"]))
    row, column = (int(number) for number in cell.get_attribute("data-ready").split()[1].split(","))
    assert (row, column) == (int(0.4 * 36), int(0.61 * 36))
    check(cell, measured)
    field.focus()
    for key, place in (
        ("ArrowRight", (row, column + 1)),
        ("ArrowDown", (row + 1, column + 1)),
        ("Shift+ArrowLeft", (row + 1, column - 4)),
    ):
        moved(cell, lambda key=key: field.press(key))
        expect(cell).to_have_attribute("data-ready", "conv2 {},{}".format(*place))
        check(cell, measured)
    expect(page).to_have_url(re.compile("chapter=3&step=5.*cell_x=.*cell_y="))

    # A channel is followed and steps are taken back in the browser; the link knows of both.
    heads = cell.locator(".head button")
    channel = heads.nth(2).inner_text()
    heads.nth(2).click()
    expect(heads.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(f"cell_channel={channel}"))
    heads.nth(2).press("ArrowLeft")
    expect(heads.nth(1)).to_be_focused()
    cell.get_by_role("button", name="2", exact=True).click()
    expect(cell.locator(".sum strong")).to_be_hidden()
    expect(cell.locator(".stack b").first).to_be_hidden()
    expect(cell.locator('[data-term="length"]')).to_be_visible()
    expect(page).to_have_url(re.compile("cell_shown=2"))
    cell.get_by_role("button", name="5", exact=True).click()
    expect(cell.locator(".sum strong")).to_be_visible()
    expect(cell.locator(".stack b").first).to_be_visible()

    # Another layer has another grid: the place on the photograph stays, and so does the step just taken.
    moved(cell, lambda: cell.get_by_label("Layer").select_option("conv5"))
    check(cell, measured)
    layer, place = cell.get_attribute("data-ready").split()
    x, y = (float(own(page)[name]) for name in ("cell_x", "cell_y"))
    rows, columns = measured["conv5"].grid
    assert (layer, place) == ("conv5", f"{int(y * rows)},{int(x * columns)}")

    # Where columns are narrow there are fewer of them: numbers stand apart and add up as well.
    counts = []
    for size in ((1280, 720), (1920, 1080)):
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        expect(cell.locator(".head button")).to_have_count(FEWER if size[0] < 1920 else STRONGEST)
        counts.append(len(values(terms(cell), "product")))
        assert cell.evaluate(GAP) > 2
        check(cell, measured)
    assert counts == [FEWER, STRONGEST]

    # All that the chapter says fits into its words; the scene has no others than those that are counted.
    (chapter,) = (each for each in bundled().chapters if each.title == "One cell, by hand")
    own_words = WORD.findall(" ".join(FIXED))
    assert words_of(chapter) + len(own_words) <= MOST_WORDS
    cell.evaluate("root => root.querySelectorAll('select, .math, .said').forEach((each) => each.remove())")
    assert set(WORD.findall(cell.inner_text())) <= set(own_words)

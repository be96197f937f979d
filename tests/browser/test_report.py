"""The report in a real browser: from disk, with no network, on a screen, a phone and on A4."""

import re
from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis import region
from explorer.distortions import distort
from explorer.images import derive
from explorer.metrics import Method
from explorer.report import report_html
from tests.grid import few

HOSTILE = "<img src=x onerror=alert(1)>.png"
POINTS = 72 / 25.4  # a millimetre in a PDF's unit


def findings(photo, size, boxes, restored=True):
    reference = photo("cat", size)
    pixels = distort(reference.pixels, "jpeg_local_blur", 0.7)
    distorted = derive(reference, np.array(pixels), name=HOSTILE)
    method = Method(device="cpu")
    found = region.investigate(reference, distorted, boxes, method)
    if not restored:
        return found
    scores = [part * found.measurement.score for part in np.linspace(0.9, 1.05, 16)]
    causal = region.causal_map(scores, found.measurement.score, 4, found.frame, found.measurement)
    return replace(found, causal=causal)


@pytest.fixture(scope="module")
def ordinary(photo, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    found = findings(photo, (180, 150), [region.Box(10, 20, 60, 40), region.Box(100, 0, 40, 150)])
    path.write_text(report_html(found), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def wide(photo, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(
        report_html(findings(photo, (900, 60), [region.Box(0, 0, 90, 60)], False)), encoding="utf-8"
    )
    return path


@pytest.fixture
def opened(browser):
    """Open a file without a network; whatever asks for more, fails or complains fails the test."""
    contexts, faults = [], []

    def start(path, width=1440, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        context.set_offline(True)

        def check(route):
            if route.request.url.startswith(("file:", "data:")):
                route.continue_()
            else:
                faults.append(route.request.url)
                route.abort()

        context.route("**/*", check)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.goto(path.as_uri())
        return page

    yield start
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize("scheme", few(["dark", "light"]))
@pytest.mark.parametrize(
    ("name", "width"),
    few([("wide", 1440), ("ordinary", 390), ("ordinary", 1440), ("wide", 390)], 2, tuples=True),
)
def test_all_pictures_load_and_nothing_is_wider_than_the_screen(request, opened, name, width, scheme):
    page = opened(request.getfixturevalue(name), width, scheme)
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    shapes = page.evaluate(
        "[...document.querySelectorAll('.held img')]"
        ".map(i => (i.clientWidth / i.clientHeight) * (i.naturalHeight / i.naturalWidth))"
    )
    assert shapes == pytest.approx([1] * len(shapes), rel=0.06)


def test_marks_lie_on_their_pictures(ordinary, opened):
    page = opened(ordinary)
    picture = page.locator(".held", has=page.locator(".box")).locator("img").bounding_box()
    box = page.locator(".box").first.bounding_box()
    scale = picture["width"] / 180
    assert box["x"] - picture["x"] == pytest.approx(10 * scale, abs=1)
    assert box["y"] - picture["y"] == pytest.approx(20 * scale, abs=1)
    assert (box["width"], box["height"]) == pytest.approx((60 * scale, 40 * scale), abs=1)


def test_hostile_name_is_shown_as_text(ordinary, opened):
    page = opened(ordinary)
    assert HOSTILE in page.locator(".names").inner_text()
    assert page.locator("img[onerror]").count() == 0


def test_dark_screen_is_dark_and_paper_is_always_light(ordinary, opened):
    page = opened(ordinary, scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(14, 17, 23)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(background) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", ["ordinary", "wide"])
def test_report_prints_on_a4_pages(request, opened, name):
    page = opened(request.getfixturevalue(name))
    printed = page.pdf(format="A4")
    sheets = re.findall(rb"/MediaBox ?\[([\d. ]+)\]", printed)
    assert 2 <= len(sheets) <= 6
    for sheet in sheets:
        left, bottom, right, top = map(float, sheet.split())
        assert (right - left, top - bottom) == pytest.approx((210 * POINTS, 297 * POINTS), abs=1.5)


@pytest.mark.parametrize("name", ["ordinary", "wide"])
def test_nothing_is_wider_than_the_paper(request, opened, name):
    page = opened(request.getfixturevalue(name), width=680)  # 180 mm between the margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    overflowing = (
        "[...document.querySelectorAll('table')].filter(t => t.scrollWidth > t.parentElement.clientWidth + 1)"
    )
    assert page.evaluate(f"{overflowing}.length") == 0

"""The chapter of needles in a browser: what is read there is what `explorer.measure` says of what is seen."""

import base64
import io
import math
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import explorer
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page

CHAPTER = 5  # whose last step leaves all three free
PAINTED = ".needles[data-painted]"
PHOTOGRAPH = "canvas => canvas.toDataURL('image/png').split(',')[1]"


def photographs(page):
    """The pixels of the three pictures, as they are drawn."""
    files = [each.evaluate(PHOTOGRAPH) for each in page.locator(".photo canvas").all()]
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(file))).convert("RGB")) for file in files]


def numbers(page):
    """All that the needles say, by metric."""
    return [
        [float(each.get_attribute("data-value")) for each in gauge.locator("strong").all()]
        for gauge in page.locator(".gauge").all()
    ]


def held_to_measure(page):
    """Every number on the screen belongs to the picture that is seen above it."""
    psnr, ssim, score = numbers(page)
    for place, pixels in enumerate(photographs(page)):
        measured = explorer.measure(load_sample("cat"), pixels.copy())
        assert psnr[place] == pytest.approx(measured.psnr, rel=1e-9)
        assert ssim[place] == pytest.approx(measured.ssim, abs=1e-9)
        assert score[place] == pytest.approx(measured.score, abs=1e-6)
    texts = page.locator(".gauge strong").all_inner_texts()
    for text, value in zip(texts, [*psnr, *ssim, *score], strict=True):
        assert math.isclose(float(text.removesuffix(" dB")), value, abs_tol=0.0051)
    return psnr, ssim, score


def painted_after(page, act):
    """Do something, and wait until what it asks for is on the screen."""
    before = page.locator(PAINTED).get_attribute("data-painted")
    act()
    expect(page.locator(PAINTED)).not_to_have_attribute("data-painted", before)


def test_what_is_read_is_measured_and_what_is_moved_is_answered(app, tab):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/learn?chapter={CHAPTER}&step=4&classroom=1")
        page.locator(PAINTED).wait_for()
        screen.settle()
        first = held_to_measure(page)

        # By keys alone: the slider has them, and the page's arrows do not turn the chapter.
        blur = page.get_by_role("slider", name="Blur")
        blur.focus()
        painted_after(page, lambda: page.keyboard.press("ArrowRight"))
        expect(blur).to_have_attribute("aria-valuetext", re.compile("^σ 3.05 px$"))
        moved = held_to_measure(page)
        assert moved[0][1] < first[0][1]
        assert (moved[0][0], moved[0][2]) == (first[0][0], first[0][2])

        # While 0 is held the reference is seen in all three places.
        page.keyboard.down("0")
        expect(page.locator(".photo.is-reference")).to_have_count(3)
        assert all(np.array_equal(seen, load_sample("cat").pixels) for seen in photographs(page))
        page.keyboard.up("0")
        expect(page.locator(".photo.is-reference")).to_have_count(0)

        painted_after(page, page.get_by_role("button", name="Same PSNR").click)
        psnr, _, score = held_to_measure(page)
        assert max(psnr) - min(psnr) < 0.003
        expect(page.get_by_text(f"All three have {psnr[0]:.2f} dB.")).to_be_visible()
        assert score[0] == min(score)
        expect(page.locator(".gauge").nth(2).locator(".is-closest")).to_contain_text("Shift")

        # The button shows the reference in all three places as well, and lens and thread are drawn.
        page.get_by_role("button", name="Hold: reference").hover()
        page.mouse.down()
        expect(page.locator(".photo.is-reference")).to_have_count(3)
        page.mouse.up()
        expect(page.locator(".photo.is-reference")).to_have_count(0)
        expect(page.locator(".lens canvas:visible")).to_have_count(3)
        # From card to card, so that no word is crossed.
        assert page.locator(".gauges > svg path").get_attribute("d").count("L") == 2

        painted_after(page, page.get_by_role("button", name="1 − SSIM").click)
        page.locator(".map canvas").nth(1).hover()
        expect(page.locator(".note")).to_contain_text(
            re.compile(r"^x 1\d\d, y 1\d\d · Shift .* · Blur .* · Noise ")
        )

        # Once nothing moves the link holds it all.
        page.wait_for_url(re.compile("needle_mode=equal.*needle_map=ssim"))
        page.reload()
        page.locator(PAINTED).wait_for()
        assert held_to_measure(page)[0] == psnr
        expect(page.get_by_role("button", name="1 − SSIM")).to_have_attribute("aria-pressed", "true")

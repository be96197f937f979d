"""Chapters 1 and 7 in Chromium: a choice by key, experiments by click, and the numbers read there."""

import math

from playwright.sync_api import expect

import explorer
from explorer.lessons.closer import closer
from explorer.metrics import Method
from explorer.samples import load_sample


def read(tab, component):
    """Every number that the scene shows: what it is of -> its value."""
    found = tab.locator(f".{component} [data-of]").evaluate_all(
        "all => all.map((each) => [each.dataset.of, Number(each.dataset.value), each.textContent])"
    )
    for _, value, shown in found:
        assert math.isclose(float(shown.split()[0]), value, abs_tol=0.0051)
    return {name: value for name, value, _ in found}


def test_a_choice_by_key_and_four_experiments_show_the_numbers_of_measure(app, screen):
    tab = screen.page
    reference = load_sample("cat")
    tab.goto(f"{app.url}/learn?classroom=1")
    tab.locator(".closer .choose").first.wait_for()
    expect(tab.locator(".closer .number").first).to_have_text("?")

    tab.keyboard.press("1")
    expect(tab.locator(".closer .said")).to_have_text(closer(reference, Method()).said("A"))
    found = closer(reference, Method())
    numbers = read(tab, "closer")
    for side, picture in zip("AB", found.pictures, strict=True):
        measured = explorer.measure(reference, picture)
        expected = {"PSNR": measured.psnr, "SSIM": measured.ssim, "LPIPS": measured.score}
        for metric, value in expected.items():
            assert math.isclose(numbers[f"{metric} {side}"], value, rel_tol=1e-5)

    tab.goto(f"{app.url}/learn?classroom=1&chapter=7")
    for size in (256, 128, 64):
        expect(tab.locator(".failing .bar", has_text=f"{size} px")).to_contain_text("?")
        tab.locator(".failing .control button", has_text=str(size)).click()
        expect(tab.locator(".failing figcaption").first).to_contain_text(f"{size} × {size}")
    jpeg = explorer.distort(reference.pixels, "jpeg", 0.5)
    numbers = read(tab, "failing")
    for size in (300, 256, 128, 64):
        measured = explorer.measure(reference, jpeg, size=size).score
        assert math.isclose(numbers[f"{size} px"], measured, rel_tol=1e-5)

    # An experiment is a step of the lesson, and is gone to with its words.
    tab.locator(".failing .topics button", has_text="Grey levels").click()
    tab.locator(".failing .start").click()
    expect(tab.locator(".failing .said")).to_contain_text("farther than the blur")
    assert "step=3" in tab.url
    numbers = read(tab, "failing")
    assert numbers["Noise"] < numbers["Blur"] < numbers["Changed by ± 2"]
    assert tab.evaluate("document.documentElement.scrollHeight <= innerHeight")

    tab.locator(".failing .way").click()
    expect(tab.get_by_text(f"{numbers['Changed by ± 2']:.4f}").first).to_be_visible()

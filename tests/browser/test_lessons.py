"""A teacher's way in Chromium: a lesson's step on the page that it is a view of, and back; one's own file."""

import re

import pytest
from playwright.sync_api import expect

import explorer
from explorer.distortions import Recipe, distorted
from explorer.lessons.reading import bundled
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page

OWN = b"lesson: My own\nsteps:\n  - chapter: One\n    question: Why?\n    view: words?term=heads\n"


def values(page) -> list[float]:
    """The numbers of a step's pair, with all their digits."""
    tiles = page.locator(".st-key-learn_pair_numbers [data-value]")
    return [float(each) for each in tiles.evaluate_all("all => all.map((each) => each.dataset.value)")]


def test_a_step_is_measured_opened_on_its_page_and_come_back_to(app, tab):
    step = bundled("restored-eye").chapters[1].steps[0]
    cat = load_sample("cat")
    made = distorted(cat, Recipe.from_text(step.sight.parameters["recipe"]))
    box = tuple(map(int, step.sight.parameters["boxes"].split(",")))
    (region,) = explorer.region(cat.pixels, made.pixels, boxes=[box]).regions
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/learn?lesson=restored-eye&chapter=2")
        page.locator(".st-key-learn_pair_numbers .tile").nth(2).wait_for()
        screen.settle()
        score, held, removed = values(page)
        assert score == pytest.approx(explorer.measure(cat.pixels, made.pixels).score, abs=1e-6)
        assert held == pytest.approx(region.held.share, abs=1e-6)
        assert removed == pytest.approx(region.check.removed, abs=1e-6)

        page.get_by_role("button", name="Open Region").click()
        expect(page.get_by_text("A restored eye · 2 of 4")).to_be_visible()
        expect(page.locator(".tile", has_text="In box A").locator("strong")).to_have_text(
            f"{region.held.share:.1%}"
        )
        page.wait_for_url(re.compile("/region.*boxes="))
        screen.settle()
        page.get_by_role("button", name="Back to the lesson").click()
        page.wait_for_url(re.compile("/learn.*lesson=restored-eye&chapter=2"))
        expect(page.get_by_role("button", name="Open Region")).to_be_visible()
        assert values(page) == [score, held, removed]


def test_ones_own_file_is_refused_in_a_sentence_or_taught_also_after_a_reload(app, tab):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/lessons")
        page.locator(".st-key-upload_lesson button").first.click()
        place = page.get_by_test_id("stFileUploader").last.locator("input[type=file]")
        place.wait_for(state="attached")
        screen.settle()
        place.set_input_files({"name": "own.yaml", "mimeType": "text/yaml", "buffer": OWN + b"    txt: x\n"})
        fault = page.get_by_text("Line 6: there is no “txt”; did you mean text?")
        expect(fault).to_be_visible()
        place.set_input_files({"name": "own.yaml", "mimeType": "text/yaml", "buffer": OWN})
        expect(page.get_by_role("heading", name="My own", exact=True)).to_be_visible()
        page.wait_for_url(re.compile("of_lesson=own~"))
        screen.settle()
        page.goto(f"{app.url}/lessons")  # another session, which lists what this browser has uploaded
        page.get_by_text("My own · 10 min").click()
        expect(page.get_by_role("heading", name="My own", exact=True)).to_be_visible()
        screen.settle()
        page.get_by_role("button", name="Start", exact=True).click()
        page.wait_for_url(re.compile("/learn.*lesson=own~"))
        expect(page.get_by_role("button", name="Open Words")).to_be_visible()
        assert not screen.errors()

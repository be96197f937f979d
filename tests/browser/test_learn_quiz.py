"""Learn's quiz and the class's vote: keys answer, numbers are the measured ones, a click asks the class."""

import re
from functools import partial

import pytest
from playwright.sync_api import expect

from explorer.lessons.quiz import questions
from explorer.lessons.reading import bundled
from explorer.metrics import Method
from explorer.samples import load_sample
from tests.browser.support import Screen
from tests.views.test_learn_quiz import QUIZ, VOTE

READ = "all => all.map((each) => Number(each.dataset.value))"


def test_a_quiz_is_answered_by_keys_and_the_class_is_asked_by_a_click(app, screen: Screen):
    page = screen.page
    wait = partial(expect, page.locator(".quiz .question"))
    first, second = _two_questions()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app.url}/learn?chapter={QUIZ}&classroom=1")
    wait().to_have_text(first.text)
    expect(page.locator(".quiz [data-value]")).to_have_count(0)  # nobody reads the answer before
    screen.settle()
    # A phone has the pictures in one row, so that the question is in sight.
    page.set_viewport_size({"width": 390, "height": 844})
    row = re.compile(rf"^(\d+px ?){{{len(first.pictures)}}}$")
    expect(page.locator(".quiz .pictures")).to_have_css("grid-template-columns", row)
    page.set_viewport_size({"width": 1280, "height": 720})

    wrong = next(place for place in range(len(first.options)) if place != first.right)
    page.keyboard.press(str(wrong + 1))
    expect(page.locator(".option.is-right .label")).to_have_text(first.options[first.right].label)
    expect(page.locator(".option.is-chosen .mark")).to_have_text("your answer")
    page.keyboard.press(str(first.right + 1))  # the first answer counts
    expect(page.locator(".option.is-chosen .mark")).to_have_text("your answer")
    shown = page.locator(".quiz [data-value]").evaluate_all(READ)
    assert shown == pytest.approx([option.value for option in first.options], abs=1e-6)
    expect(page.locator(".quiz .said")).to_have_text(first.said)
    page.wait_for_function("new URLSearchParams(location.search).get('quiz_said')?.length === 1")

    page.keyboard.press("PageDown")  # a presenter's clicker
    wait().to_have_text(second.text)
    page.locator(".option").nth(second.right).click()
    expect(page.locator(".option.is-right .mark")).to_have_text("right")
    page.wait_for_function("new URLSearchParams(location.search).get('quiz_said')?.length === 2")
    screen.settle()

    page.goto(f"{app.url}/learn?chapter={VOTE}&classroom=1")
    asks = page.locator(".st-key-learn_ask button")
    expect(asks).to_be_visible()
    screen.settle()
    asks.click()
    expect(page.locator(".invite .qr")).to_be_visible()
    expect(page.locator(".tile strong").first).to_have_text("0")
    over = "each => each.scrollHeight - each.clientHeight"
    assert page.locator(".st-key-learn_scene").evaluate(over) <= 2


def _two_questions():
    """The first two questions on the lesson's picture."""
    sight = bundled().chapters[int(QUIZ) - 1].steps[0].sight
    found = questions(load_sample(sight.parameters["sample"]), Method())
    return next(found), next(found)

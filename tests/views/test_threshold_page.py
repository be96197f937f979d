"""The page Threshold in Python: one question after the other, what the answers say, and its links."""

import base64
import csv
import io
import json
import sys

import numpy as np
from PIL import Image

from explorer.distortions import Recipe
from explorer.judgments.asking.threshold import FEWEST, MOST
from explorer.views.common import parts
from explorer.views.threshold.result import _json
from explorer.views.threshold.state import ThresholdState
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, picture, sentences
from tests.views.test_typed_values import link_of

LINK = {"sample": "cat", "size": "64", "noticed": "jpeg"}


def open_threshold(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, LINK | link, "threshold")
    return at


def state_of(at):
    return at.session_state["session"].state(ThresholdState)


def card_of(at):
    """What the viewer was sent; None where it is not on the page."""
    found = [
        json.loads(element.proto.json)
        for element in at.get("bidi_component")
        if element.proto.component_name.endswith("cards")
    ]
    return found[-1] if found else None


def pixels(card, panel):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(card["pictures"][panel]))))


def distorted_side(card):
    return next(side for side in "AB" if not np.array_equal(pixels(card, side), pixels(card, "reference")))


def choose(at, side):
    state_of(at).choose(card_of(at)["card"], side)
    at.run()
    assert not at.exception


def answer_all(at, is_found=lambda _card: True):
    """Answer to the end; returns how many answers that took."""
    for count in range(MOST + 1):
        card = card_of(at)
        if card is None:
            job = state_of(at).measuring.latest
            assert job.wait(SECONDS)
            at.run()
            assert not at.exception
            return count
        sides = [side for side in "AB" if not np.array_equal(pixels(card, side), pixels(card, "reference"))]
        side = sides[0] if sides and is_found(card) else "B"
        choose(at, side)
    raise AssertionError("the questions have no end")


def headings(at):
    return [element.value for element in at.markdown if element.value.startswith("## ")]


def test_one_of_the_two_is_the_reference_and_nothing_tells_which():
    at = open_threshold()
    card = card_of(at)
    assert card["question"] == "A or B is the reference itself. Which one is distorted?"
    assert (card["verb"], card["goesOn"], card["hasNext"]) == ("is distorted", True, False)
    assert (card["labels"], card["verdicts"]) == ({"A": "", "B": ""}, [])
    side = distorted_side(card)
    other = "B" if side == "A" else "A"
    assert np.array_equal(pixels(card, other), pixels(card, "reference"))
    run = state_of(at).runs.latest
    base = state_of(at).base.latest
    assert base.size == (64, 64)
    made = Recipe.at("jpeg", run.severity).apply(base.pixels)
    assert np.array_equal(pixels(card, side), made)


def test_an_answer_brings_the_next_question_and_counts_once():
    at = open_threshold()
    first = card_of(at)["card"]
    choose(at, "A")
    second = card_of(at)["card"]
    assert second != first
    state_of(at).choose(first, "B")  # a second tap, on a card that has gone
    at.run()
    assert card_of(at)["card"] == second
    (answer,) = state_of(at).runs.latest.answers
    assert answer.chosen == "A"


def test_who_comes_back_goes_on_and_another_distortion_has_questions_of_its_own():
    at = open_threshold()
    choose(at, "A")
    choose(at, "B")
    card = card_of(at)["card"]
    at.selectbox(key="threshold_distortion").set_value("contrast").run()
    assert card_of(at)["card"] != card
    assert not state_of(at).runs.latest.answers
    go_to(at, {"sample": "cat", "size": "64"}, "inspect")
    go_to(at, LINK, "threshold")
    assert card_of(at)["card"] == card


def test_a_reload_loses_no_answer_and_another_browser_sees_none():
    at = open_threshold()
    choose(at, "A")
    choose(at, "B")
    card = card_of(at)["card"]
    reloaded = open_app(sample="cat", size="64")
    reloaded.session_state["session"].key = at.session_state["session"].key  # as the cookie brings it
    go_to(reloaded, LINK, "threshold")
    assert card_of(reloaded)["card"] == card
    assert card_of(open_threshold())["card"] != card


def test_start_over_forgets_the_answers_and_lays_the_pictures_out_anew():
    at = open_threshold()
    assert not [button for button in at.button if button.key == "start_over"]
    for _ in range(4):
        choose(at, "A")
    at.button(key="start_over").click().run()
    run = state_of(at).runs.latest
    assert (run.answers, run.attempt) == ((), 1)
    assert card_of(at)["card"].endswith("|1|0")


def test_at_the_end_stand_the_threshold_the_curve_the_metrics_and_the_files(monkeypatch):
    files = {}
    monkeypatch.setattr(parts, "draw_download", lambda label, make, *_, **__: files.update({label: make}))
    at = open_threshold()
    taken = answer_all(at, lambda card: np.ptp(pixels(card, "A").astype(int) - pixels(card, "B")) > 40)
    assert FEWEST <= taken <= MOST
    found = state_of(at).noticed.latest
    assert f"## {found.sentence}" in headings(at)
    (chart,) = at.get("plotly_chart")
    assert chart.proto.alt.startswith("Right answers by severity")
    table = next(element.value for element in at.markdown if "| Metric |" in element.value)
    assert [line.split(",")[0] for line in table.splitlines()[2:]] == [
        "| PSNR",
        "| SSIM",
        "| AlexNet · LPIPS v0.1",
    ]
    rows = list(csv.DictReader(io.StringIO(files["Answers, CSV"]())))
    assert len(rows) == taken
    told = json.loads(files["Threshold, JSON"]())
    assert [each["metric"] for each in told["metrics"]] == ["psnr", "ssim", "alexnet:lpips-0.1"]
    assert told["threshold"] == (found.estimate.severity if found.place == "within" else None)
    at.button(key="open_threshold").click().run()
    assert not at.exception
    assert at.session_state["session"].settings.recipe == Recipe((found.step,))


def test_a_link_brings_distortion_and_seed_and_what_is_no_good_is_named():
    at = open_threshold(noticed="gaussian_noise", seed="5")
    assert link_of(at) == LINK | {"noticed": "gaussian_noise", "seed": "5"} | {
        name: text for name, text in link_of(at).items() if name in ("distortion", "severity")
    }
    assert state_of(at).runs.latest.seed == 5
    at = open_threshold(noticed="blurr")
    assert any("there is no such distortion" in sentence for sentence in sentences(at))
    assert at.selectbox(key="threshold_distortion").value == "gaussian_blur"
    assert card_of(at) is not None


def test_who_finds_all_of_a_distortion_that_is_weak_at_first_is_never_shown_two_equal_pictures():
    at = open_threshold(noticed="block_loss")
    for _ in range(MOST):
        if card_of(at) is None:
            break
        choose(at, distorted_side(card_of(at)))
    found = state_of(at).noticed.latest
    assert found.place == "below"
    assert state_of(at).measuring.latest.wait(SECONDS)
    at.run()
    told = json.loads(_json(state_of(at)))
    assert told["weakest"] == found.weakest > 0.1
    assert all(each["value"] is not None for each in told["metrics"])


def test_a_distortion_that_cannot_be_made_is_said_and_another_one_can_be_chosen(monkeypatch):
    at = open_threshold(sample="brick")  # of which no other test has made this, which would then be at hand
    for name in ("pillow_jxl", "pillow_jxl.JpegXLImagePlugin"):  # which another test may have imported
        monkeypatch.setitem(sys.modules, name, None)
    at.selectbox(key="threshold_distortion").set_value("jpeg_xl").run()
    assert not at.exception
    assert card_of(at) is None
    assert any("needs the package pillow-jxl-plugin" in sentence for sentence in sentences(at))
    at.selectbox(key="threshold_distortion").set_value("jpeg").run()
    assert card_of(at) is not None


def test_a_picture_too_small_for_the_network_still_has_a_threshold_and_a_psnr():
    at = open_threshold(size="given")
    at.segmented_control(key="setting_source").set_value("upload").run()
    assert card_of(at) is not None  # of the picture before, dimmed
    at.file_uploader(key="file_reference").set_value(("tiny.png", picture(10, 9), "image/png")).run()
    assert not at.exception
    assert card_of(at)["width"] == 10
    answer_all(at)
    assert "tiny.png" in headings(at)[0]
    table = next(element.value for element in at.markdown if "| Metric |" in element.value)
    assert [line.split(",")[0] for line in table.splitlines()[2:]] == ["| PSNR"]
    assert any("AlexNet" in sentence for sentence in sentences(at))


def test_what_is_kept_of_a_closed_tab_is_the_answers_alone():
    at = open_threshold()
    choose(at, "A")
    at.session_state["session"].let_go()
    assert state_of(at).runs.latest.answers
    assert state_of(at).base.latest is None

"""The handout's button: it is made when asked for, of the lesson, the picture and the method."""

import pytest

from explorer.report import handout as paper
from explorer.views.common.handout_controls import HandoutState
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app

LESSON = """\
lesson: Own
steps:
  - chapter: The sum
    view: learn?scene=ledger&sample=cat
    answer: A sum.
"""
KEY = "lesson_handout"


@pytest.fixture
def lessons(monkeypatch, tmp_path):
    (tmp_path / "own.yaml").write_text(LESSON, encoding="utf-8")
    monkeypatch.setenv("EXPLORER_LESSONS", str(tmp_path))


def opened(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, {"of_lesson": "own"} | link, "lessons")
    assert not at.exception
    return at


def made(at):
    at.button(key=f"{KEY}_make").click()
    at.run()
    making = at.session_state["session"].state(HandoutState).making
    assert making.latest.wait(SECONDS)
    at.run()
    assert not at.exception
    return making.latest


def test_another_sample_is_the_handouts_picture_and_the_lessons_own_is_not(lessons):
    at = open_app(sample="coffee", size="64")
    go_to(at, {"of_lesson": "own", "sample": "coffee"}, "lessons")
    page = paper.handout_html(made(at).results[0])
    assert "Coffee" in page
    assert "**Coffee**" in " ".join(each.value for each in at.caption)
    at = opened()
    assert "On the lesson’s pictures." in [each.value for each in at.caption]
    assert made(at).results[0].picture == ""


def labels(at):
    return [each.proto.label for each in at.get("download_button")]


def test_a_handout_is_made_when_asked_for_and_anew_for_another_method(lessons):
    at = opened()
    assert "Handout, HTML" not in labels(at)
    job = made(at)
    assert job.state == "done"
    assert "Handout, HTML" in labels(at)
    page = paper.handout_html(job.results[0], has_answers=True)
    assert "AlexNet · LPIPS v0.1" in page
    assert "A sum." in page
    heads = next(each for each in at.segmented_control if "heads" in each.key)
    heads.set_value("uniform")
    at.run()
    assert "Handout, HTML" not in labels(at)  # what was made is of other heads
    assert "uniform heads" in paper.handout_html(made(at).results[0])

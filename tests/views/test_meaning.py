"""What a score means, on the pages: asked for, found in the background, and the same as in Python."""

from dataclasses import replace

import pytest
import streamlit as st

import explorer
from explorer.analysis.stability import CHANGES
from explorer.distortions import Recipe, distorted
from explorer.samples import load_sample
from explorer.views.candidates.sureness import Sureness
from explorer.views.common import parts
from explorer.views.common.meaning import Meanings
from explorer.views.inspect import standing
from tests.views.test_candidates_view import measured as all_measured
from tests.views.test_candidates_view import open_candidates
from tests.views.test_inspect_page import SECONDS, open_app

PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}


class Opened:
    """A popover that somebody has opened, which a test in Python cannot do."""

    open = True

    def __init__(self, *_, **__):
        self._inside = st.container()

    def __enter__(self):
        return self._inside.__enter__()

    def __exit__(self, *error):
        return self._inside.__exit__(*error)


@pytest.fixture
def opened(monkeypatch):
    """All popovers are open."""
    monkeypatch.setattr(st, "popover", Opened)


@pytest.fixture(scope="module")
def pair():
    reference = load_sample("cat")
    return reference, distorted(reference, Recipe.at("jpeg", 0.5))


def settled(at):
    """The page once no work goes on for it, which stands aside while a page runs."""
    session = at.session_state["session"]
    meanings, sureness = session.state(Meanings), session.state(Sureness)
    works = (meanings.reading, meanings.changing, sureness.work)
    for _ in range(10):  # one question after the other is asked as the page runs
        jobs = [kept.latest for kept in works if kept.latest is not None]
        if not jobs:
            break
        assert all(job.wait(SECONDS) for job in jobs)
        at.run()
        assert not at.exception
    return at


def told(at, words):
    """The text with these words, once the page has settled."""
    (found, *_) = (element.value for element in settled(at).markdown if words in element.value)
    return found


def asked(at, question):
    at.segmented_control(key="meaning").set_value(question).run()
    return at


def test_inspect_tells_as_far_as_what_the_pair_is(opened, pair):
    at = asked(open_app(**PAIR), standing.READINGS)
    assert told(at, "As far as Gaussian") == parts.plain(explorer.readings(*pair, size=64).sentence)
    table = told(at, "Of the reference")
    assert all(label in table for label in ("Gaussian blur", "JPEG", "Gaussian noise", "Shift", "Contrast"))


def test_inspect_tells_how_sure_the_score_is_and_keeps_the_answer(opened, pair):
    at = asked(open_app(**PAIR), standing.STABILITY)
    assert told(at, "nobody sees, the") == parts.plain(explorer.stability(*pair, size=64).sentence)
    assert told(at, "Where both are").count("\n") == len(CHANGES) + 1
    kept = at.session_state["session"].state(Meanings)
    assert kept.changing.latest is None
    answer = kept.stabilities.latest
    at.run()
    assert kept.stabilities.latest is answer
    asked(at, standing.LADDER)
    assert not any("nobody sees, the" in element.value for element in at.markdown)


def test_a_large_pair_is_asked_about_at_the_ladders_size_which_is_said(opened, monkeypatch):
    monkeypatch.setattr("explorer.views.common.meaning.WHOLE", 200)
    at = asked(open_app(**PAIR | {"size": "300"}), standing.STABILITY)
    told(at, "nobody sees, the")
    assert any("At 256 × 256 pixels, where the pair’s own score is" in each.value for each in at.caption)


def test_a_pair_is_resized_once(opened, monkeypatch):
    at = asked(open_app(**PAIR), standing.STABILITY)
    told(at, "nobody sees, the")
    monkeypatch.setattr("explorer.views.common.meaning.resize", None)  # to resize again would fail
    asked(at, standing.READINGS)
    told(at, "As far as Gaussian")


def test_a_report_tells_what_is_chosen_in_its_dialog(pair, monkeypatch):
    files = {}

    def draw(label, make, *_, refusal="", **__):
        files[label] = refusal or make

    monkeypatch.setattr(parts, "draw_download", draw)
    at = open_app(**PAIR)
    at.button(key="figure_and_report").click().run()
    assert "As far as what?" not in files["Report, HTML"]()
    (choice,) = (group for group in at.button_group if group.label == "The report also tells")
    choice.set_value(["As far as what", "How sure it is"]).run()
    settled(at)
    page = files["Report, HTML"]()
    assert explorer.readings(*pair, size=64).sentence in page
    assert explorer.stability(*pair, size=64).sentence in page


def test_candidates_tell_whether_the_verdict_between_the_two_closest_survives(opened):
    at = open_candidates()
    all_measured(at)
    sentence = told(at, "changes that nobody sees")
    reference = load_sample("cat")
    made = {
        "Gaussian noise": Recipe.at("gaussian_noise", 0.4),
        "Contrast": Recipe.at("contrast", 0.5),
        "Shift": Recipe.at("shift", 0.35),
        "JPEG": Recipe.at("jpeg", 0.6),
        "Gaussian blur": Recipe.at("gaussian_blur", 0.3),
    }
    pictures = [replace(distorted(reference, recipe), name=name) for name, recipe in made.items()]
    closest = sorted(pictures, key=lambda each: explorer.measure(reference, each, size=64).score)[:2]
    assert sentence == parts.plain(explorer.verdict(reference, *closest, size=64).sentence)


def test_large_candidates_are_asked_about_at_the_ladders_size_which_is_said(opened, monkeypatch):
    monkeypatch.setattr("explorer.views.common.meaning.WHOLE", 60)
    monkeypatch.setattr("explorer.views.common.meaning.LONGEST_SIDE", 48)
    at = open_candidates()
    all_measured(at)
    told(at, "changes that nobody sees")
    assert any("At 48 × 48 pixels, where the scores are" in each.value for each in at.caption)

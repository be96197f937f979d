"""The page Learn heads in Python: from a folder of votes to heads that all pages measure with."""

import pytest

from explorer.files import own_heads
from explorer.judgments.calibration import job as learning
from explorer.places import ROOT
from explorer.sharing import SHARED
from explorer.views.calibrate.state import CalibrateState
from explorer.views.calibrate.view import CalibrateView
from tests.judgments.calibration.folder import votes_folder
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import SECONDS, open_app, sentences


@pytest.fixture(autouse=True)
def heads(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_HEADS", str(tmp_path / "heads"))
    return tmp_path / "heads"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return votes_folder(tmp_path_factory.mktemp("root")).parent


def open_calibrate(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, {"sample": "cat", "size": "64"} | link, "calibrate")
    return at


def learn(at):
    """Click, and wait for the end."""
    at.button(key="learn").click().run()
    return learned(at)


def learned(at):
    """Wait for the end of what has begun."""
    session = at.session_state["session"]
    job = session.state(CalibrateState).learning.latest
    assert job is not None, sentences(at)
    assert job.wait(SECONDS)
    at.run()
    assert not at.exception
    return job


def headings(at):
    return [element.value for element in at.markdown if element.value.startswith("## ")]


def test_a_folder_is_learned_kept_and_measured_with_on_all_pages(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    at = open_calibrate(votes="folder", set="2afc")
    assert at.button(key="learn").label == "Learn heads"
    job = learn(at)
    (found,) = headings(at)
    assert found.removeprefix("## ") == job.results[-1].sentence
    assert len(at.get("plotly_chart")) == 3
    at.text_input(key="calibrate_name").set_value("class").run()
    at.button(key="keep").click().run()
    assert not at.exception
    ((own,), _) = own_heads.found()
    assert own.short == "yours-class"
    assert at.session_state["session"].settings.method.heads == own.name
    assert any("yours-class are kept" in each.value for each in at.success)
    visit(at, "inspect")
    assert at.query_params["heads"] == own.name
    assert any("Learned from 60 trials" in each.value for each in at.caption)


def test_a_name_that_is_taken_or_none_is_said_and_the_heads_stay(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    at = open_calibrate(votes="folder", set="2afc")
    learn(at)
    for name, words in (("a b", "letters from A to Z"), ("mine", ""), ("mine", "choose another name")):
        at.text_input(key="calibrate_name").set_value(name).run()
        at.button(key="keep").click().run()
        assert not at.exception
        assert (not sentences(at)) if not words else words in sentences(at)[0]
    assert len(own_heads.found()[0]) == 1
    assert headings(at)


def test_guests_take_a_file_away_and_change_nothing_for_all(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    monkeypatch.setenv(SHARED, "1")
    at = open_calibrate(votes="folder", set="2afc")
    learn(at)
    assert "keep" not in {button.key for button in at.button}
    assert any("keeps no heads for them" in caption.value for caption in at.caption)


def test_a_folder_that_holds_no_votes_is_one_sentence(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    at = open_calibrate(votes="folder", set="2afc/train/made/ref")
    assert learn(at).state == "failed"
    assert len(sentences(at)) == 1
    assert headings(at) == []


def test_a_link_to_a_folder_where_none_is_opened_says_how_to_open_it(monkeypatch):
    monkeypatch.delenv(ROOT, raising=False)
    at = open_calibrate(votes="folder", set="2afc")
    (sentence,) = sentences(at)
    assert "lpips-explorer --root FOLDER" in sentence


def test_a_link_says_all_that_was_chosen_and_what_is_none_is_named():
    view = CalibrateView("folder", "2afc/train", 7)
    assert CalibrateView.from_link(view.to_link()) == (view, ())
    assert CalibrateView().to_link() == {}
    found, problems = CalibrateView.from_link({"votes": "mine", "learn_seed": "-1"})
    assert found == CalibrateView()
    assert len(problems) == 2


def test_the_first_screen_learns_from_a_simulated_observer_by_itself(monkeypatch):
    monkeypatch.setattr(learning, "PATCHES", 12)
    at = open_calibrate(learn_seed="5")
    found = learned(at).results[-1]
    assert found.provenance.votes == "a simulated observer, seed 5"
    assert headings(at) == [f"## {found.sentence}"]
    assert any("simulated observer" in caption.value for caption in at.caption)

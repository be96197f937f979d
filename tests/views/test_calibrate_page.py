"""The page Learn heads in Python: from a folder of votes to heads that all pages measure with."""

import io
import zipfile

import pytest

from explorer.files import own_heads
from explorer.judgments.calibration import sources, training
from explorer.judgments.store import opened_store
from explorer.metrics import Method
from explorer.places import ROOT
from explorer.sharing import SHARED
from explorer.views.calibrate.state import CalibrateState
from explorer.views.calibrate.view import CalibrateView
from tests.judgments.calibration.folder import votes_folder
from tests.judgments.classes import People, session, vote
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import SECONDS, open_app, sentences
from tests.views.test_typed_values import link_of


@pytest.fixture(autouse=True)
def heads(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "LEAST_STEPS", 10)  # what is asked here does not need good heads
    monkeypatch.setenv("EXPLORER_HEADS", str(tmp_path / "heads"))
    return tmp_path / "heads"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Votes below a root, and two judges without pictures, which are left out."""
    folder = votes_folder(tmp_path_factory.mktemp("root"))
    for name in ("lonely", "alone"):
        (folder / "train" / "made" / "judge" / f"{name}.npy").write_bytes(b"")
    return folder.parent


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


def test_a_folder_is_learned_and_heads_that_are_kept_are_measured_with_and_compared(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    # Also for who measures with random weights they are learned on the trained ones, and used with these.
    at = open_calibrate(votes="folder", votes_set="2afc", weights="random", heads="uniform")
    assert at.session_state["session"].settings.method.weights == "random"
    assert any("learned on trained weights" in caption.value for caption in at.caption)
    assert at.button(key="learn").label == "Learn heads"
    job = learn(at)
    assert job.task.key[1] == Method().network.identity
    (found,) = headings(at)
    assert found.removeprefix("## ") == job.results[-1].sentence
    assert len(at.get("plotly_chart")) == 3
    (listed,) = (each for each in at.expander if each.label == "All that is left out")
    assert [name in listed.markdown[0].value for name in ("lonely", "alone")] == [True, True]
    at.text_input(key="calibrate_name").set_value("class").run()
    at.button(key="keep").click().run()
    assert not at.exception
    ((own,), _) = own_heads.found()
    assert own.short == "yours-class"
    method = at.session_state["session"].settings.method
    assert (method.weights, method.heads) == ("trained", own.name)
    assert any("yours-class are kept" in each.value for each in at.success)
    visit(at, "inspect")
    assert at.query_params["heads"] == own.name
    assert any("Learned from 60 trials" in each.value for each in at.caption)
    (listed,) = (each for each in at.selectbox if each.label == "Heads")  # a row has room for few
    assert "yours-class" in listed.options
    visit(at, "compare")
    columns = link_of(at)["columns"].split(",")
    assert columns[-1] == f"alexnet:{own.name}"
    assert len(columns) > 1
    at.session_state["session"].leave_pages()


def test_a_name_that_is_taken_or_none_is_said_and_the_heads_stay(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    at = open_calibrate(votes="folder", votes_set="2afc")
    learn(at)
    for name, words in (("a b", "letters from A to Z"), ("mine", ""), ("mine", "choose another name")):
        at.text_input(key="calibrate_name").set_value(name).run()
        at.button(key="keep").click().run()
        assert not at.exception
        assert (not sentences(at)) if not words else words in sentences(at)[0]
    at.text_input(key="calibrate_name").set_value("another").run()
    assert not sentences(at)  # what was said was said of the name before
    assert len(own_heads.found()[0]) == 1
    assert headings(at)


def test_guests_take_a_file_away_and_change_nothing_for_all(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    monkeypatch.setenv(SHARED, "1")
    at = open_calibrate(votes="folder", votes_set="2afc")
    learn(at)
    assert "keep" not in {button.key for button in at.button}
    assert any("keeps no heads for them" in caption.value for caption in at.caption)


def test_a_folder_that_holds_no_votes_is_one_sentence(root, monkeypatch):
    monkeypatch.setenv(ROOT, str(root))
    at = open_calibrate(votes="folder", votes_set="2afc/train/made/ref")
    assert learn(at).state == "failed"
    assert len(sentences(at)) == 1
    assert headings(at) == []


def test_a_link_to_a_folder_where_none_is_opened_says_how_to_open_it(monkeypatch):
    monkeypatch.delenv(ROOT, raising=False)
    at = open_calibrate(votes="folder", votes_set="2afc")
    (sentence,) = sentences(at)
    assert "lpips-explorer --root FOLDER" in sentence


def test_a_link_says_all_that_was_chosen_and_what_is_none_is_named():
    view = CalibrateView("folder", "2afc/train", "C4P7XM", leave_out=2, seed=7)
    assert CalibrateView.from_link(view.to_link()) == (view, ())
    assert CalibrateView().to_link() == {}
    found, problems = CalibrateView.from_link({"votes": "mine", "votes_without": "many", "learn_seed": "-1"})
    assert found == CalibrateView()
    assert len(problems) == 3


def test_the_first_screen_learns_from_a_simulated_observer_by_itself(monkeypatch):
    monkeypatch.setattr(sources, "PATCHES", 12)
    at = open_calibrate(learn_seed="5")
    found = learned(at).results[-1]
    assert found.provenance.votes == "a simulated observer, seed 5"
    assert headings(at) == [f"## {found.sentence}"]
    assert any("Hidden heads vote" in caption.value for caption in at.caption)


def captions(at):
    return [element.value for element in at.caption]


def test_a_class_is_opened_by_the_link_to_its_results_and_learned_from(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_VOTES", str(tmp_path / "votes"))
    store = opened_store()
    keys, plan = session(store, count=52)
    vote(store, keys.code, plan, People(store, plan), 2)
    at = open_calibrate(votes="class")
    at.text_input(key="calibrate_key").set_value("no-key").run()
    assert len(sentences(at)) == 1
    link = f"http://x/results?teacher={keys.teacher}&leave_out=2"
    at.text_input(key="calibrate_key").set_value(link).run()
    assert not sentences(at)
    assert at.query_params["votes_of"] == keys.code
    assert keys.teacher not in str(at.query_params)  # a projector shows the address
    (told,) = (each for each in captions(at) if keys.code in each)
    assert "108 answers of 2 people. Who failed 2 sentinels or more is left out" in told
    assert "<b>" not in told.replace("\\<b", "")  # a title is data
    found = learn(at).results[-1]
    assert found.provenance.votes == f"class {keys.code}"
    assert found.provenance.trials == 52
    at.button(key="calibrate_other").click().run()
    assert "votes_of" not in at.query_params
    few, _ = session(store)
    at.text_input(key="calibrate_key").set_value(few.teacher).run()
    assert learn(at).state == "failed"
    (sentence,) = sentences(at)
    assert "50 trials" in sentence
    assert "these are 0 about 0" in sentence
    store.release()


def test_an_uploaded_zip_is_learned_from_and_a_bad_one_leaves_what_was(root):
    at = open_calibrate(votes="upload")
    at.file_uploader(key="file_calibrate").upload("mine.zip", packed(root), "application/zip").run()
    assert not sentences(at)
    assert learn(at).results[-1].provenance.votes == "mine.zip"
    at.file_uploader(key="file_calibrate").upload("bad.zip", b"PK nothing", "application/zip").run()
    assert not at.exception
    assert "bad.zip is no ZIP file" in sentences(at)[0]
    at.file_uploader(key="file_calibrate").set_value(None).run()
    assert headings(at)
    assert any("Still in use" in each for each in captions(at))


def packed(root):
    """A folder of votes as a ZIP file, within a folder of its own."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            archive.write(path, f"mine/{path.relative_to(root)}")
    return stream.getvalue()


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_file_of_heads_that_is_none_is_said_to_who_can_mend_it(is_shared, heads, monkeypatch):
    if is_shared:
        monkeypatch.setenv(SHARED, "1")
    heads.mkdir()
    (heads / "alexnet-yours-mine.safetensors").write_bytes(b"nothing")
    at = open_calibrate(votes="class")
    told = any("yours-mine.safetensors is no safetensors file" in each.value for each in at.warning)
    assert told == (not is_shared)

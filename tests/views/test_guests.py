"""A server with guests, and names that strangers have given to their files."""

import pytest
from streamlit.testing.v1 import AppTest

from explorer.files.weights import cache_folder
from explorer.jobs import always, pool
from explorer.shares import Shares
from explorer.sharing import SHARED
from explorer.views.common import uploads
from explorer.views.common.guests import has_guests
from tests.test_jobs import Guest, Steps
from tests.views.test_going_back import visit
from tests.views.test_inspect_page import open_app, picture, sentences, tiles

SMALL = {"size": "64"}
TURNED = "evil\u202egnp.exe"  # reads "evilexe.png"
LONG = "start" + "x" * 230 + "end.png"


@pytest.fixture
def guests(monkeypatch, tmp_path):
    """A server with guests on a machine without fetched weights."""
    monkeypatch.setenv(SHARED, "1")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))


def words(at: AppTest) -> list[str]:
    """All that a page says in lines of its own."""
    found = [*at.markdown, *at.caption, *at.error, *at.warning, *at.info]
    return [element.value.replace("\\", "") for element in found]


def test_a_script_that_nobody_serves_has_no_guests():
    assert not has_guests()


def test_guests_fetch_no_weights_and_are_told_who_can(guests):
    at = open_app(**SMALL)
    before = tiles(at)
    at.selectbox(key="setting_backbone").set_value("densenet121").run()
    assert sentences(at) == ["The weights of densenet121 are not on the serving machine."]
    assert any("`python -m explorer weights fetch densenet121`" in line for line in words(at))
    assert tiles(at) == before
    visit(at, "backbones")
    assert any("`python -m explorer weights fetch NAME`" in line for line in words(at))
    assert sum("Not on the serving machine" in line for line in words(at)) > 3
    assert not any("fetch" in button.label.lower() for button in at.button)
    assert not any(str(cache_folder()) in line for line in words(at))


def test_without_guests_the_buttons_are_there(guests, monkeypatch):
    monkeypatch.setenv(SHARED, "0")
    at = open_app(**SMALL)
    visit(at, "backbones")
    assert any(button.label.startswith("Fetch DenseNet-121") for button in at.button)
    assert any(str(cache_folder()) in line for line in words(at))


def test_what_others_wait_for_is_not_cancelled_by_a_guest(monkeypatch):
    steps = Steps(key="theirs")
    job = pool.start(steps.task, Guest())
    try:
        for owner, said, is_disabled in ((always, "0", False), (Guest(), "1", True)):
            monkeypatch.setenv(SHARED, said)
            assert pool.start(steps.task, owner) is job
            at = AppTest.from_function(_draw_theirs).run()
            assert at.button[0].disabled is is_disabled
    finally:
        job.cancel()
        steps.let_all()


def _draw_theirs():
    from explorer.jobs import pool
    from explorer.views.common.progress import draw_job

    draw_job(pool.find("theirs"), "theirs")


def test_a_guests_pictures_leave_room_for_those_of_others(guests, monkeypatch):
    monkeypatch.setattr(uploads, "_uploads", Shares(100_000))
    at = open_app(**SMALL)
    at.segmented_control(key="setting_source").set_value("upload").run()
    before = tiles(at)
    at.file_uploader(key="file_reference").set_value(("large.png", picture(120, 120), "image/png")).run()
    (sentence,) = sentences(at)
    assert sentence.replace("\\", "").startswith("large.png was not taken: this server has guests")
    assert tiles(at) == before
    at.file_uploader(key="file_reference").set_value(("small.png", picture(70, 70), "image/png")).run()
    assert sentences(at) == []


def test_a_name_on_a_page_turns_nothing_round_and_fills_no_lines():
    at = open_app(**SMALL)
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.file_uploader(key="file_reference").set_value((TURNED, picture(70, 70), "image/png")).run()
    assert any("In use: evil�gnp.exe, 70 × 70" in line for line in words(at))
    at.file_uploader(key="file_reference").set_value((LONG, picture(70, 71), "image/png")).run()
    (caption,) = (caption for caption in at.caption if "In use" in caption.value)
    assert len(caption.value) < 80
    assert caption.proto.help == LONG
    assert not any("x" * 41 in line for line in words(at))
    at.file_uploader(key="file_reference").set_value((LONG, b"no picture", "image/png")).run()
    (sentence,) = sentences(at)
    assert sentence.startswith("startxxx")
    assert "x" * 41 not in sentence


def test_candidates_names_are_tame_short_and_apart_and_their_table_has_them_whole():
    at = open_app(sample="cat", size="64")
    visit(at, "candidates")
    files = [
        (TURNED, picture(300, 300, 1), "image/png"),
        (LONG, picture(300, 300, 2), "image/png"),
        (LONG.replace("xx", "xy", 50), picture(300, 300, 3), "image/png"),
        (TURNED, b"no picture", "image/png"),
    ]
    at.file_uploader(key="file_candidates_0").set_value(files).run()
    assert not at.exception
    (sentence,) = sentences(at)
    assert sentence.startswith("evil�gnp.exe")
    chosen = at.session_state["session"]._states
    (found,) = (state for kind, state in chosen.items() if kind.__name__ == "CandidateList")
    candidates = found.candidates(at.session_state["session"])
    assert len({each.name for each in candidates}) == 3
    assert all(len(each.name) <= 44 for each in candidates)
    assert [each.full_name for each in candidates] == ["evil�gnp.exe", LONG, LONG.replace("xx", "xy", 50)]

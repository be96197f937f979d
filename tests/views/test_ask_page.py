"""The page Ask in Python: what is chosen makes trials, "Start" a session, and its teacher can close it."""

import io
import zipfile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.judgments.store import opened_store
from explorer.places import page
from explorer.views.ask.state import AskState
from explorer.views.ask.view import AskView
from explorer.views.common.asking import MOST_STARTED, Started, starts
from explorer.views.common.found_pairs import FoundPairs
from explorer.views.common.markdown import JOINER, plain
from tests.browser.support import png
from tests.views.test_disagree_page import open_disagree
from tests.views.test_going_back import go_to

PAGE = str(page("ask"))
SECONDS = 180  # a cold start loads torch
TITLE = "<b>7b</b> *today*"


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=SECONDS)
    at.context["url"] = "http://192.168.1.20:8501/ask"
    for name, value in query.items():
        at.query_params[name] = value
    return ran(at)


def ran(at: AppTest) -> AppTest:
    at.run()
    state = at.session_state["session"].state(AskState)
    if state.drawing.latest is not None and not state.drawing.latest.results:
        assert state.drawing.latest.wait(SECONDS)
        at.run()
    assert not at.exception
    return at


def state_of(at: AppTest) -> AskState:
    return at.session_state["session"].state(AskState)


def heading(at: AppTest) -> str:
    return next(each.value for each in at.markdown if each.value.startswith("## "))


def html(at: AppTest, word: str) -> str:
    return next(each.proto.body for each in at.get("html") if word in each.proto.body)


def sentences(at: AppTest) -> str:
    return " ".join(each.value for each in at.error)


def test_what_is_chosen_is_told_previewed_and_in_the_link():
    at = opened()
    assert (
        heading(at) == "## Which of two is closer? 14 trials, 2 of them obvious; each participant sees all."
    )
    assert html(at, "asked").count("<figure>") == 4
    at.segmented_control(key="ask_kind").set_value("jnd")
    at.number_input(key="ask_count").set_value(3)
    at.number_input(key="ask_sentinels").set_value(1)
    at.number_input(key="ask_each").set_value(2)
    ran(at)
    assert (
        heading(at) == "## Are two the same? 4 trials, one of them obvious; each participant sees 2 of them."
    )
    link = {name: at.query_params[name] for name in at.query_params}
    assert link == {
        "asks": "jnd", "trials": "3", "sentinels": "1", "each": "2"
    }  # fmt: skip
    again = opened(**link)
    assert heading(again) == heading(at)


def test_a_link_that_asks_for_nonsense_is_named_and_more_than_there_is_is_refused_in_words():
    at = opened(asks="3afc", trials="0", cut_from="dog", title=TITLE)
    assert all(word in sentences(at) for word in ("3afc", "dog", "from 1 to 500"))
    assert AskView.from_link({"title": TITLE})[0].title == at.text_input(key="ask_title").value
    at.number_input(key="ask_each").set_value(99)
    assert "Nobody can see 99 trials" in sentences(ran(at))


@pytest.mark.parametrize(
    ("field", "value", "limits"),
    [
        ("count", 99_999, "1 to 500"),
        ("versions", 1, "2 to 20"),
        ("sentinels", 51, "0 to 50"),
        ("each", -1, "1 to 550"),
    ],
)
def test_a_number_out_of_its_range_is_said_with_the_range_and_nothing_can_be_started(field, value, limits):
    at = opened(trials="1", sentinels="0")
    at.number_input(key=f"ask_{field}").set_value(value)
    assert limits in sentences(ran(at))
    assert at.number_input(key=f"ask_{field}").value == value
    assert "start_session" not in [button.key for button in at.button]


def test_a_title_that_is_too_long_is_cut_in_words():
    at = opened(trials="1", sentinels="0")
    at.text_input(key="ask_title").input("x" * 110 + "0123456789" + "y" * 4880)
    ran(at)
    assert "at most 120 letters, and this one has 5,000" in at.warning[0].value
    assert "x0123456789”" in at.warning[0].value
    at.button(key="start_session").click()
    ran(at)
    assert opened_store().by_teacher(state_of(at).teacher).plan.title == "x" * 110 + "0123456789"


def test_an_address_in_a_title_is_no_link_to_markdown():
    shown = plain("[l](http://e.com) www.e.com me@e.com")
    assert not any(word in shown for word in ("://", "www.", "@e"))
    assert shown.replace("\\", "").replace(JOINER, "") == "[l](http://e.com) www.e.com me@e.com"


def test_patches_are_cut_out_of_the_reference_where_that_is_chosen():
    at = opened(trials_of="reference", sample="coffee", trials="2", sentinels="0")
    plan, _pictures = state_of(at).drawing.latest.results[0]
    assert all(trial.scene.startswith("Coffee") for trial in plan.trials)
    at.segmented_control(key="setting_source").set_value("upload")
    assert "Choose a reference in the sidebar" in sentences(ran(at))


def test_start_makes_a_session_that_its_teacher_can_close_and_reopen_and_leave():
    at = opened(trials="2", sentinels="0")
    at.text_input(key="ask_title").input(TITLE)
    at.button(key="start_session").click()  # in the run that first sees the title
    ran(at)
    teacher = state_of(at).teacher
    info = opened_store().by_teacher(teacher)
    assert (info.plan.title, len(info.plan.trials), info.is_open) == (TITLE, 2, True)
    invite = html(at, "invite")
    assert info.code in invite
    assert "192.168.1.20:8501/vote" in invite
    assert "<b>" not in heading(at).replace("\\<b>", "")  # the title is data
    assert teacher not in str(at.query_params)
    assert teacher not in invite
    codes = [each.value for each in at.code]
    assert f"http://192.168.1.20:8501/results?teacher={teacher}" in codes
    assert f"http://192.168.1.20:8501/vote?code={info.code}" in codes

    opened_store().join(info.code)
    assert "<strong>1</strong>" in html(ran(at), "Have joined")
    at.button(key="close_session").click()
    assert "closed" in html(ran(at), "Have joined")
    assert not opened_store().by_teacher(teacher).is_open
    at.button(key="reopen_session").click()
    ran(at)
    assert opened_store().by_teacher(teacher).is_open

    at.button(key="another_session").click()
    ran(at)
    at.button(key=f"again_{info.code}").click()  # this browser knows it
    assert info.code in html(ran(at), "invite")
    at.button(key="another_session").click()
    ran(at)
    at.text_input(key="asked_link").input("http://192.168.1.20:8501/results?teacher=wrong")
    assert "No session belongs to this link" in sentences(ran(at))
    at.text_input(key="asked_link").input(f"http://192.168.1.20:8501/results?teacher={teacher}")
    assert info.code in html(ran(at), "invite")
    opened_store().remove(teacher)
    assert "No session belongs" in sentences(ran(at))
    assert at.button(key="start_session")


def test_a_session_of_a_machine_that_phones_cannot_reach_says_how_they_can():
    at = opened(trials="1", sentinels="0")
    at.context["url"] = "http://localhost:8501/ask"
    at.button(key="start_session").click()
    assert "--share" in ran(at).warning[0].value


def test_a_browser_starts_only_so_many_sessions_a_day_also_in_another_tab():
    at = opened(trials="1", sentinels="0")
    for _ in range(MOST_STARTED):
        starts.note(at.session_state["session"].key)
    before = len(opened_store().sessions())
    at.button(key="start_session").click()
    assert f"started {MOST_STARTED} sessions within a day" in sentences(ran(at))
    assert len(opened_store().sessions()) == before


def test_own_pictures_are_asked_and_kept_and_what_is_wrong_with_others_is_said():
    at = opened(trials_of="own", sentinels="0")
    assert "cat\\_ref.png" in at.info[0].value
    pixels = np.random.default_rng(1).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, made in (("ref", pixels), ("p0", 255 - pixels), ("p1", pixels // 2)):
            archive.writestr(f"x/{name}.png", png(made))
        archive.writestr("y/ref.png", png(pixels))
    at.file_uploader(key="file_ask_own").upload("trials.zip", stream.getvalue(), "application/zip")
    ran(at)
    assert heading(at).startswith("## Which of two is closer? One trial;")
    assert "y has no p0 and no p1" in sentences(at)
    at.file_uploader(key="file_ask_own").upload("notes.txt", b"nothing", "text/plain")
    assert "None of these files makes a trial" in sentences(ran(at))


def test_pairs_of_disagree_are_asked_once_it_has_found_some_and_only_as_2afc():
    at = opened(trials_of="cards")
    assert "Disagree has found no pairs" in at.info[0].value
    assert at.session_state["session"].state(FoundPairs).found is None
    at.segmented_control(key="ask_kind").set_value("jnd")
    ran(at)
    assert at.selectbox(key="ask_source").value == "samples"


def test_the_pairs_that_disagree_has_found_become_trials_of_the_same_versions():
    at = open_disagree()
    found = at.session_state["session"].state(FoundPairs).found
    go_to(at, {"trials_of": "cards", "sentinels": "0"}, "ask")
    ran(at)
    plan, _pictures = state_of(at).drawing.latest.results[0]
    asked = [{trial.condition_a, trial.condition_b} for trial in plan.trials]
    assert asked == [{side.link for side in card.sides(0)} for card in found.cards]
    assert f"{len(asked)} trials" in heading(at)


def test_a_store_that_cannot_be_opened_is_said_and_what_was_chosen_stays(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_VOTES", str(tmp_path / "file" / "below"))
    (tmp_path / "file").write_text("no folder")
    at = opened(trials="7")
    assert "folder for votes" in sentences(at)
    assert at.number_input(key="ask_count").value == 7


def test_a_browser_comes_back_to_what_it_has_started_and_others_do_not():
    started = Started()
    started.keep("mine", "secret")
    assert (started.find("mine"), started.find("another")) == ("secret", "")
    started.forget("mine")
    assert started.find("mine") == ""


@pytest.mark.parametrize("field", ["kind", "source", "samples", "count", "versions", "each", "seed"])
def test_a_view_comes_back_from_its_own_link(field):
    values = {
        "kind": "jnd", "source": "reference", "samples": ("cat", "brick"), "count": 40, "versions": 5,
        "each": 3, "seed": 12345,
    }  # fmt: skip
    view = AskView(**{field: values[field]})
    assert AskView.from_link(view.to_link()) == (view, ())

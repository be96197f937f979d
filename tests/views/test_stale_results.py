"""A result that is not of what is chosen now says of what it is, and sentences stay until the user acts."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.samples import load_sample
from explorer.views.common import measured_pair
from explorer.views.common import session as session_module
from explorer.views.common.shown import Pair
from explorer.views.common.stale import name_of
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import choose_uploads, open_app, picture, sentences, tiles
from tests.views.test_typed_values import link_of

PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}
CAT = "Cat and its JPEG"


def said_of(at: AppTest) -> list[str]:
    """Whose result is said to be shown dimmed."""
    start, end = ":material/history: Shown dimmed: ", ", which were measured before."
    texts = [text.value for text in at.markdown if "dimmed" in text.value]
    assert all(text.startswith(start) and text.endswith(end) for text in texts)
    return [text.removeprefix(start).removesuffix(end) for text in texts]


def can_be_had(at: AppTest) -> set[bool]:
    """Whether files can be downloaded."""
    return {not button.proto.disabled for button in at.get("download_button")}


def put(at: AppTest, role: str, name: str, data: bytes) -> None:
    at.file_uploader(key=f"file_{role}").set_value((name, data, "image/png")).run()
    assert not at.exception


def test_whatever_keeps_the_chosen_pair_from_being_measured_one_sentence_names_the_pair_that_is_shown():
    at = open_app(**PAIR | {"size": "given"})
    before = tiles(at)
    assert said_of(at) == []
    assert can_be_had(at) == {True}

    def is_shown_dimmed(*words: str) -> None:
        assert said_of(at) == [CAT]
        assert tiles(at) == before
        assert can_be_had(at) == {False}
        assert len(sentences(at)) == bool(words)
        assert all(word in sentences(at)[0] for word in words)

    at.segmented_control(key="setting_source").set_value("upload").run()
    is_shown_dimmed()
    assert [info.value for info in at.info] == ["Choose both pictures in the sidebar."]
    put(at, "reference", "tiny.png", picture(20, 20))
    is_shown_dimmed("tiny.png", "31")
    put(at, "reference", "notes.png", b"my notes")
    is_shown_dimmed("notes.png is text")
    assert len(at.info) == 0
    at.segmented_control(key="setting_source").set_value("sample").run()
    assert said_of(at) == sentences(at) == []
    at.segmented_control(key="setting_pairing").set_value("upload").run()
    put(at, "distorted", "other.png", picture(64, 60))
    is_shown_dimmed("300 × 300", "64 × 60")

    at.segmented_control(key="setting_pairing").set_value("distort").run()
    assert said_of(at) == sentences(at) == []
    assert tiles(at) == before
    assert can_be_had(at) == {True}


def test_a_network_without_weights_leaves_the_pair_before_dimmed(monkeypatch, tmp_path):
    for variable in ("EXPLORER_CACHE", "TORCH_HOME", "EXPLORER_WEIGHTS"):
        monkeypatch.setenv(variable, str(tmp_path))
    at = open_app(**PAIR)
    at.selectbox(key="setting_backbone").set_value("densenet121").run()
    assert len(sentences(at)) == 1
    assert said_of(at) == [CAT]
    assert at.button(key="fetch_inspect_densenet121")


def test_numbers_are_of_the_pair_before_while_a_new_one_is_measured_in_the_background(monkeypatch):
    at = open_app(**PAIR)
    before = tiles(at)
    monkeypatch.setattr(measured_pair, "measured_in_background", lambda *_: False)
    at.selectbox(key="setting_distortion").set_value("contrast").run()
    assert (said_of(at), tiles(at)) == ([CAT], before)
    monkeypatch.undo()
    at.run()
    assert said_of(at) == []
    assert tiles(at) != before


def test_only_a_pair_that_is_in_use_is_called_identical():
    def is_said() -> bool:
        return any("images are identical" in element.proto.body for element in at.get("html"))

    same = picture(70, 50)
    at = choose_uploads(open_app(), same, same)
    assert is_said()
    put(at, "distorted", "tiny.png", picture(20, 20))
    assert said_of(at) == ["a.png and b.png"]
    assert tiles(at)[0] == "0.0000"
    assert not is_said()


@pytest.mark.parametrize(
    ("page", "subject", "has_files"),
    [("region", CAT, True), ("compare", CAT, False), ("candidates", "Cat and its candidates", True)],
)
def test_every_page_says_so_of_the_result_that_it_still_shows(page, subject, has_files):
    at = open_app(**PAIR, columns="alexnet:lpips-0.1", metrics="alexnet:lpips-0.1")
    visit(at, page)
    assert said_of(at) == []
    at.segmented_control(key="setting_source").set_value("upload").run()
    assert not at.exception
    assert said_of(at) == [subject]
    assert can_be_had(at) == ({False} if has_files else set())
    at.segmented_control(key="setting_source").set_value("sample").run()
    assert said_of(at) == []
    assert can_be_had(at) == ({True} if has_files else set())
    at.session_state["session"].leave_pages()


def test_a_pair_is_named_after_what_was_made_of_what_in_either_order():
    at = open_app(**PAIR)
    pair = at.session_state["session"].pair
    assert name_of(pair) == name_of(Pair(pair.distorted, pair.reference, True)) == CAT
    coffee = load_sample("coffee")
    assert name_of(Pair(coffee, load_sample("brick"), False)) == "Coffee and Brick wall"


def test_a_refused_file_is_named_no_more_once_another_source_is_chosen():
    at = open_app(**PAIR)
    at.segmented_control(key="setting_source").set_value("upload").run()
    put(at, "reference", "notes.png", b"my notes")
    assert len(sentences(at)) == 1
    visit(at, "backbones")
    assert sentences(at) == []


def problems_page() -> None:
    from explorer.errors import SettingError
    from explorer.views.common.parts import draw_problems

    draw_problems([f"Column {place // 2} cannot be had." for place in range(80)], SettingError("No pair."))


def test_many_sentences_stand_in_one_box_each_once_with_the_obstacle_first():
    (box,) = AppTest.from_function(problems_page).run().error
    assert box.value.split("\n\n") == [
        "No pair.",
        "Column 0 cannot be had.",
        "Column 1 cannot be had.",
        "And 38 more.",
    ]


def hostile_link_page() -> None:
    from explorer.views.common.parts import draw_problems
    from explorer.views.common.settings import Settings

    for value in ("a" * 3000, "\u202e" + "b " * 1500):
        for name in ("backbone", "layers", "device", "scale", "recipe"):
            draw_problems([*Settings.from_link({name: value})[1]], None)


def test_what_a_link_asks_for_is_quoted_in_short_and_without_marks_that_turn_it_round():
    boxes = AppTest.from_function(hostile_link_page).run().error
    assert len(boxes) == 10
    for box in boxes:
        said = box.value.replace("\\", "")
        assert len(said) < 800
        assert "\u202e" not in said
        assert "The link asks for" in said


def test_pages_run_anew_through_the_session_alone_which_tells_these_runs_from_the_users():
    views = Path(session_module.__file__).parents[1]
    callers = {
        str(path.relative_to(views))
        for path in views.rglob("*.py")
        if "st.rerun()" in path.read_text(encoding="utf-8")
    }
    # Who votes has no session of pictures and settings, and no address that would be followed.
    assert callers == {"common/session.py", "vote/page.py"}


def page_that_runs_anew() -> None:
    import streamlit as st

    from explorer.views.common.parts import draw_problems
    from explorer.views.common.session import current, write_link

    session = current()
    draw_problems(session.sentences(), None)
    write_link(session)
    st.session_state.setdefault("left", 2)
    if st.session_state.left:
        st.session_state.left -= 1
        # As where the browser looks at the page's work before it has heard of the new address.
        st.query_params.from_dict({"sample": "nobody"})
        session.run_anew()


def test_a_links_sentence_outlasts_runs_that_the_page_starts_and_goes_with_the_next_that_the_user_starts(
    monkeypatch,
):
    monkeypatch.setattr(session_module, "READ_SECONDS", -1.0)  # it was read at once
    at = AppTest.from_function(page_that_runs_anew)
    at.query_params["sample"] = "nobody"
    at.run()
    assert not at.exception
    assert at.session_state["left"] == 0
    (sentence,) = sentences(at)
    assert sentence.count("nobody") == 1
    assert at.session_state["session"].problems[1:] == []  # the link was not followed once more
    at.run()
    assert sentences(at) == []


def test_going_back_to_a_bad_link_names_its_faults_once_and_ends():
    at = open_app()
    link = link_of(at)
    go_to(at, {"sample": "nobody"})
    (sentence,) = sentences(at)
    assert sentence.count("nobody") == 1
    assert link_of(at) == link

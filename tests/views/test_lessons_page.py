"""The page Lessons: what each lesson shows, its links, answers once asked for, and one's own file."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from explorer.errors import LessonError
from explorer.lessons.library import FOLDER
from explorer.lessons.markup import plain
from explorer.lessons.reading import USUAL, bundled, bundled_paths
from explorer.places import page
from explorer.views.common.lesson_strip import LessonStrip, OpenedFrom
from explorer.views.common.lessons import all_lessons, base_of, lesson_of, remove_lesson, take_lesson
from explorer.views.common.session import Session
from explorer.views.common.settings import Settings
from explorer.views.common.shelves import Shelves
from explorer.views.learn.view import LearnView
from explorer.views.lessons.view import LessonsView

PAGE = str(page("lessons"))
SECONDS = 180  # a cold start loads the network
OWN = b"lesson: My own\nsteps:\n  - chapter: One\n    view: words?term=heads\n    text: See **heads**.\n"


def opened(**query: str) -> AppTest:
    """The page, by an address."""
    at = AppTest.from_file(PAGE, default_timeout=SECONDS)
    at.context["url"] = "https://example.org/below/lessons"
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def listed(at: AppTest) -> str:
    """The chapters, as HTML."""
    return next(html.proto.body for html in at.get("html") if "chapters" in html.proto.body)


def upload(at: AppTest, name: str, data: bytes) -> None:
    at.file_uploader(key="file_lesson").set_value((name, data, "application/yaml"))
    at.run()
    assert not at.exception


@pytest.mark.parametrize("name", [path.stem for path in bundled_paths()])
def test_every_lesson_shows_its_steps_with_links_that_open_them_and_keeps_its_answers(name):
    at, lesson = opened(of_lesson=name), bundled(name)
    shown = listed(at)
    views = []
    for address in re.findall(r'href="(learn[^"]*)"', shown):
        link = dict(parse_qsl(urlsplit(address.replace("&amp;", "&")).query))
        views.append(LearnView.from_link(link)[0])
    assert [(view.lesson, view.chapter, view.step) for view in views] == [
        (name, *place) for place in lesson.places
    ]
    assert all(plain(chapter.title).replace("'", "&#x27;") in shown for chapter in lesson.chapters)
    links = [code.value for code in at.code]
    own = "" if name == USUAL else f"?lesson={name}"
    assert links[0] == f"https://example.org/below/learn{own}"
    assert links[1].endswith("classroom=1")
    answers = [chapter.answer for chapter in lesson.chapters if chapter.answer]
    if answers:
        assert "of-answer" not in shown
        at.toggle(key="lessons_answers").set_value(True).run()
        assert listed(at).count("of-answer") == len(answers)
        assert dict(at.query_params) == {"of_lesson": name}  # never in the link


def test_a_file_of_ones_own_is_shown_and_its_link_works_in_this_browser_alone():
    at = opened()
    upload(at, "My lesson.yaml", OWN)
    name = at.query_params["of_lesson"]
    assert re.fullmatch("my-lesson~[0-9a-f]{12}", name)
    assert "See <strong>heads</strong>." in listed(at)
    session = at.session_state["session"]
    assert lesson_of(session, name).data == OWN
    other = opened(of_lesson=name)
    assert "upload my-lesson.yaml" in other.error[0].value
    assert listed(other) == listed(opened())


def test_what_was_uploaded_is_listed_again_after_a_reload_until_it_is_removed(monkeypatch):
    kept = Shelves(1_000_000).open("one browser")
    monkeypatch.setattr(Session, "open_shelf", lambda _self: kept)
    first = Session(Settings(), [])
    older = take_lesson(first, "own.yaml", OWN)
    newer = take_lesson(first, "own.yaml", OWN.replace(b"My own", b"My newer"))
    other = take_lesson(first, "other.yaml", OWN.replace(b"My own", b"Another"))

    def listed_in(session: Session) -> list[str]:
        return [file.lesson.name for file in all_lessons(session).files if file.origin == "uploaded"]

    assert listed_in(first) == [newer.lesson.name, other.lesson.name]
    with pytest.raises(LessonError, match=r"upload own\.yaml"):
        lesson_of(first, older.lesson.name)
    again = Session(Settings(), [])
    assert listed_in(again) == listed_in(first)
    remove_lesson(again, newer.lesson.name)
    assert listed_in(again) == listed_in(Session(Settings(), [])) == [other.lesson.name]


def test_a_lesson_of_ones_own_is_removed_by_its_button():
    at = opened()
    assert not [button for button in at.button if button.key == "remove_lesson"]
    upload(at, "own.yaml", OWN)
    at.button(key="remove_lesson").click().run()
    assert not at.exception
    assert dict(at.query_params) == {}
    assert listed(at) == listed(opened())


def test_every_step_says_what_it_shows():
    shown = listed(opened())
    assert not re.search(r"<span></span>", shown)
    assert "<span>Question 4</span>" in shown


def test_a_file_that_is_none_is_told_with_its_line_and_changes_nothing():
    at = opened(of_lesson="restored-eye")
    before = listed(at)
    upload(at, "broken.yaml", OWN + b"    txt: x\n")
    assert [error.value for error in at.error] == [r"Line 6\: there is no “txt”; did you mean text?"]
    assert listed(at) == before
    assert at.query_params["of_lesson"] == "restored-eye"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("region?severity=much", "severity “much”: it must be a number."),
        ("region?sample=dog", "sample “dog”: choose one of cat"),
        ("region?backbone=alexnet&layer=conv9", "conv9"),
        ("inspect?boxes=1,2,3,4", "settings that do not exist: “boxes”."),  # which are Region's
        ("match?recipe=nonesuch~x~1", "recipe"),
        ("learn?scene=cell&needle_mode=equal", "scene cell has no “needle_mode”"),
        ("learn?scene=vote&cell_x=nan", "scene vote has no “cell_x”"),
        ("learn?scene=cell&cell_x=nan", "cell_x “nan”: it must be a number from 0 to 1."),
        ("learn?scene=cell&severity=77", "between 0 and 1"),
    ],
)
def test_a_link_that_its_page_would_refuse_is_told_as_the_lesson_comes(view, words):
    with pytest.raises(LessonError) as error:
        take_lesson(Session(Settings(), []), "own.yaml", OWN.replace(b"words?term=heads", view.encode()))
    assert words in str(error.value)
    assert str(error.value).startswith("Line 4: the view cannot be had: ")


def test_text_of_a_file_is_never_markup():
    at = opened()
    upload(at, "x.yaml", b'lesson: "<b> :red[x] $y$"\nsteps:\n  - {chapter: "x", view: region}\n')
    assert "no HTML" in at.error[0].value
    upload(
        at,
        "y.yaml",
        b'lesson: "1 < 2 :red[x] $y$"\nsteps:\n  - {chapter: "a < b & c", view: region}\n',
    )
    assert not at.error
    assert r"## 1 \< 2 \:red\[x\] \$y\$" in [each.value for each in at.markdown]
    assert "<h3>a &lt; b &amp; c</h3>" in listed(at)


def test_a_lesson_that_is_not_here_is_told_and_the_usual_one_shown():
    at = opened(of_lesson="../../nowhere", sample="coffee")
    assert len(at.error) == 1
    assert "of_lesson" not in at.query_params
    assert listed(at) == listed(opened())
    assert at.session_state["session"].settings.sample == "coffee"


def test_what_is_no_lesson_in_the_servers_folder_is_told_to_who_has_put_it_there(tmp_path, monkeypatch):
    (tmp_path / "broken.yaml").write_bytes(b"lesson: x")
    monkeypatch.setenv(FOLDER, str(tmp_path))
    (tmp_path / "asks.yaml").write_bytes(OWN.replace(b"words?term=heads", b"inspect?severity=77"))
    told = opened().warning[0].value
    assert "broken.yaml" in told
    assert re.search(r"asks.yaml.*Line 4.*severity", told)
    monkeypatch.setenv("EXPLORER_SHARED", "1")
    assert not opened().warning


@pytest.mark.parametrize("name", [USUAL, "restored-eye", "own~0123456789ab"])
def test_a_link_brings_back_its_lesson(name):
    view = LessonsView(name)
    assert LessonsView.from_link(view.to_link()) == (view, ())


def test_the_address_of_the_app_is_that_of_its_pages_without_their_names():
    assert base_of("https://example.org/below/lessons?x=1") == "https://example.org/below"
    assert base_of("http://localhost:8501/") == "http://localhost:8501"
    assert base_of(None) == ""


def strip() -> None:
    """A script of the line alone."""
    import streamlit as st

    from explorer.views.common.lesson_strip import draw_strip

    draw_strip(st.session_state.now)


def test_a_page_that_was_opened_from_a_lesson_says_so_until_one_has_come_back():
    session = opened().session_state["session"]
    state = session.state(LessonStrip)
    state.opened = OpenedFrom("A restored eye", 2, 4, "region", {"lesson": "restored-eye", "chapter": "2"})
    at = AppTest.from_function(strip, default_timeout=SECONDS)
    at.session_state["session"] = session

    def lines(page: str) -> list[str]:
        at.session_state["now"] = page
        at.run()
        return [each.value for each in at.markdown]

    assert lines("region") == [":material/school: A restored eye · 2 of 4"]
    assert lines("match") == []
    assert lines("region") != []
    at.button(key="close_lesson_strip").click().run()
    assert lines("region") == []
    state.opened = OpenedFrom("A restored eye", 2, 4, "region", {})
    assert lines("learn") == []
    assert lines("region") == []
